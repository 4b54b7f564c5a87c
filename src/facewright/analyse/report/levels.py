"""Every attribute's distribution: counts, shares with intervals, and shares less label error."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from facewright.analyse.distributions import Quartiles, quartiles_of
from facewright.analyse.report.corrections import Correction
from facewright.analyse.report.model import AttributeReport, Corrected, Level
from facewright.analyse.report.study import Study
from facewright.attributes.face_table import Coded
from facewright.stats.intervals import wilson

MOST_LEVELS: Final = 100
"""Values of a column without levels of its own that are listed."""
GROUPS: Final[Mapping[str, tuple[str, ...]]] = {
    "people": ("sex", "age_group", "age", "ethnicity", "skin_tone"),
    "expression": ("emotion", "smile", "left_eye", "right_eye"),
    "pose": ("pose", "yaw", "pitch"),
    "hair": ("hair_color", "hair_length", "bald", "beard", "moustache"),
    "worn": (
        "glasses",
        "headwear",
        "eye_makeup",
        "lip_makeup",
        "forehead_occluded",
        "eye_occluded",
        "mouth_occluded",
        "eye_color",
    ),
    "quality": ("quality", "face_size", "blur", "exposure", "noise"),
    "source": ("licence", "author"),
}
"""Parts of the page, and the attributes each shows."""
OWN: Final = "own"
"""The part for columns of the user's."""
_GROUP_OF: Final = {name: group for group, names in GROUPS.items() for name in names}


def attribute_reports(
    study: Study, corrections: Mapping[str, Correction]
) -> Iterator[AttributeReport]:
    """Distributions of all attributes, in order.

    Args:
        study: with one face at least.
        corrections: what is known of label errors, by attribute.
    """
    quartiles = quartiles_of(study.table, list(study.attributes.values()))
    for name, coded in study.coded.items():
        given = corrections.get(name, Correction())
        yield _report(coded, quartiles.get(name), study.sure.get(name), given)


def _report(
    coded: Coded, quartiles: Quartiles | None, sure: float | None, correction: Correction
) -> AttributeReport:
    attribute, counts = coded.attribute, coded.counts
    levels = tuple(_levels(coded, counts, correction))
    listed = levels if attribute.levels is not None else levels[:MOST_LEVELS]
    return AttributeReport(
        name=attribute.name,
        title=attribute.title,
        group=_GROUP_OF.get(attribute.name, OWN),
        note=attribute.note,
        unit=attribute.unit,
        ordered=attribute.ordered,
        known=int(counts.sum()),
        unknown=coded.unknown,
        levels=listed,
        other_levels=len(levels) - len(listed),
        other_faces=int(counts[len(listed) :].sum()),
        quartiles=quartiles,
        sure=sure,
        confusion=correction.source,
        strained=correction.strained,
        correction_notes=correction.notes,
        not_corrected=correction.why_not,
    )


def _levels(coded: Coded, counts: NDArray[np.int64], correction: Correction) -> Iterator[Level]:
    total = int(counts.sum())
    low, high = wilson(counts, total)
    for n, key in enumerate(coded.levels):
        yield Level(
            key=key,
            label=coded.attribute.label(key),
            count=int(counts[n]),
            share=float(counts[n] / total) if total else None,
            low=float(low[n]) if total else None,
            high=float(high[n]) if total else None,
            corrected=_corrected(correction, key),
        )


def _corrected(correction: Correction, key: str) -> Corrected | None:
    found = correction.shares.get(key)
    return None if found is None else Corrected(share=found[0], low=found[1], high=found[2])
