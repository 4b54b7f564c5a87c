"""Label error: what is known of it for each attribute, and the shares that it leaves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from facewright.analyse.report.study import Study
from facewright.attributes.face_table import Coded
from facewright.errors import UsageError
from facewright.stats.label_error import Audit, Confusion, corrected_faces

IMPORTED: Final = "layout:"
"""Start of the id of an annotator that stands for what a layout stated."""
_ELSEWHERE: Final = (
    "These values are not, or not all, estimated by Facewright, so its measured errors do not"
    " apply; a checked sample (--audit) would tell theirs."
)


@dataclass(frozen=True, slots=True)
class Correction:
    """Shares of one attribute with label error taken out.

    Attributes:
        source: what the confusion is from, in words; None where there is no correction.
        shares: level key to share, low, high.
        notes: what a reader must know of it.
        strained: whether the inversion left 0 to 1 and was held to it: the confusion does not fit
            these pictures well.
        why_not: why there is none, where one could be expected.
    """

    source: str | None = None
    shares: Mapping[str, tuple[float, float, float]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    strained: bool = False
    why_not: str = ""


def corrections(study: Study, audit: Path | None) -> dict[str, Correction]:
    """What is known of label errors, by attribute.

    The user's audited sample comes first; else, for values that this version's annotators
    estimated, the confusion that was measured for their cards.

    Raises:
        UsageError: the audit cannot be read, or speaks of faces or levels that are not there.
    """
    told = Audit.load(audit) if audit is not None else None
    if told is not None:
        _check(study, told)
    return dict(_each(study, told))


def _check(study: Study, audit: Audit) -> None:
    for name in audit.attributes:
        if name not in study.coded:
            study.table.attribute(name)  # names those that are near
            raise UsageError(f"{audit.path}: {study.table.name} does not count '{name}'")


def _each(study: Study, audit: Audit | None) -> Iterator[tuple[str, Correction]]:
    for name, coded in study.coded.items():
        if audit is not None and name in audit.attributes:
            confusion: Confusion | None = Confusion.of_audit(audit, coded, study.table.face_ids)
            kind = "your audited sample"
        else:
            confusion, kind = Confusion.of_card(name), "the model card"
            if confusion is not None and not _is_ours(study, coded):
                yield name, Correction(why_not=_ELSEWHERE)
                continue
        if confusion is not None:
            yield name, _corrected(coded, confusion, kind)


def _corrected(coded: Coded, confusion: Confusion, kind: str) -> Correction:
    found = corrected_faces(coded, confusion)
    if found.problem:
        return Correction(why_not=f"{found.problem} ({kind}).")
    bounds = zip(found.levels, found.shares, found.low, found.high, strict=True)
    shares = {key: (float(share), float(low), float(high)) for key, share, low, high in bounds}
    return Correction(f"{kind}: {found.source}", shares, tuple(found.notes), found.clipped)


def _is_ours(study: Study, coded: Coded) -> bool:
    """Whether the values were estimated by Facewright's annotators, and none was imported."""
    if study.table.dataset is None:
        return False
    uses = study.table.dataset.manifest.annotators
    gave = [use.id for use in uses for leaf in coded.attribute.needs if _gives(use.columns, leaf)]
    return bool(gave) and not any(each.startswith(IMPORTED) for each in gave)


def _gives(columns: tuple[str, ...], leaf: str) -> bool:
    return any(each in (leaf, "*") or leaf.startswith(f"{each}.") for each in columns)
