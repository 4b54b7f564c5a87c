"""Which shipped heads there are, what labels they are fitted on and what they read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from facewright.annotators.learn.fitting import (
    DEFAULT_PARTS,
    Fitted,
    Part,
    fit_head,
    identity_groups,
)
from labelled import Labelled

_EMBEDDING = Part(("tight", "wide"))
_CROWN = Part(("crown",))


@dataclass(frozen=True)
class Spec:
    """One shipped head.

    column: of the labels. classes: class to the label values that mean it; a value of no class
    is left out. parts: what it reads. balanced: calibrated for classes of equal frequency.
    """

    name: str
    column: str
    classes: Mapping[str, Sequence[str]]
    parts: Sequence[Part] = DEFAULT_PARTS
    balanced: bool = False


def _yes_no(name: str, parts: Sequence[Part] = DEFAULT_PARTS, column: str = "") -> Spec:
    return Spec(name, column or name, {"no": ("0", "none"), "yes": _YES}, parts)


_YES = ("1", "reading", "sun", "hat", "hood", "headscarf")
_COLOURS = ("brown", "blond", "black", "red", "gray")
_LOOKS = ("white", "black", "east_asian", "south_asian")

SPECS: tuple[Spec, ...] = (
    _yes_no("glasses"),
    _yes_no("beard"),
    _yes_no("moustache"),
    _yes_no("stubble"),
    _yes_no("sideburns"),
    _yes_no("bald", (Part(("wide",), weight=0.5), _CROWN, Part(("hair_pixels",), 0.3))),
    _yes_no("headwear", (_EMBEDDING, _CROWN, Part(("crown_colour",), 0.3))),
    _yes_no("lipstick"),
    _yes_no("eye_makeup"),
    _yes_no("bangs"),
    Spec(
        "hair_colour",
        "hair_colour",
        {c: (c,) for c in _COLOURS},
        (_EMBEDDING, Part(("wide", "crown")), Part(("hair_pixels",), 0.3)),
    ),
    Spec(
        "hair_length",
        "hair_length",
        {c: (c,) for c in ("short", "medium", "long")},
        (_EMBEDDING, Part(("wide", "big")), Part(("hair_pixels",), 0.1)),
    ),
    Spec(
        "ethnicity",
        "apparent_ethnicity",
        {c: (c,) for c in _LOOKS},
        (Part(("tight",)),),
        balanced=True,
    ),
    Spec(
        "happy",
        "expression",
        {"no": ("neutral", "sad", "angry", "surprised", "disgust"), "yes": ("happy",)},
        (Part(("smile",), 0.1),),
    ),
    Spec("squint", "eyes", {"no": ("open",), "yes": ("squint",)}, (Part(("eyelids",), 0.1),)),
)


def labels_of(spec: Spec, column: NDArray[Any]) -> NDArray[np.intp]:
    """(N,) class numbers, -1 where the label is none of the head's."""
    index = {value: k for k, values in enumerate(spec.classes.values()) for value in values}
    return np.array([index.get(str(value), -1) for value in column], np.intp)


def fit_all(faces: Labelled) -> dict[str, Fitted]:
    """Fit and cross-validate every shipped head, broken down by sex and by ethnicity."""
    groups = identity_groups(faces.features["tight"])
    subgroups = {
        "set": faces.column("set"),
        "apparent_sex": faces.column("apparent_sex"),
        "apparent_ethnicity": faces.column("apparent_ethnicity"),
    }
    return {spec.name: _fit(spec, faces, groups, subgroups) for spec in SPECS}


def _fit(
    spec: Spec, faces: Labelled, groups: NDArray[np.intp], subgroups: dict[str, NDArray[Any]]
) -> Fitted:
    labels = labels_of(spec, faces.column(spec.column))
    return fit_head(
        spec.name,
        tuple(spec.classes),
        faces.features,
        labels,
        groups,
        parts=spec.parts,
        balanced=spec.balanced,
        subgroups=subgroups,
    )
