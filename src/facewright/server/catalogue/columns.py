"""What is held of each face in memory: codes of classes, and numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from facewright.attributes.attribute import Attribute

Codes = NDArray[np.unsignedinteger[Any]]
Floats = NDArray[np.float32]

GROUPS: Final = (
    "person", "expression", "pose", "hair", "face", "picture", "provenance", "other",
)  # fmt: skip
"""Groups of attributes, in the order of the page."""

_GROUP_OF: Final = {
    **dict.fromkeys(("sex", "age_group", "age", "ethnicity", "skin_tone"), "person"),
    **dict.fromkeys(("emotion", "smile"), "expression"),
    **dict.fromkeys(("pose", "yaw", "pitch", "theta", "phi"), "pose"),
    **dict.fromkeys(("hair_color", "hair_length", "bald", "headwear"), "hair"),
    **dict.fromkeys(
        (
            *("beard", "moustache", "glasses", "eye_color", "eye_makeup", "lip_makeup"),
            *("left_eye", "right_eye", "forehead_occluded", "eye_occluded", "mouth_occluded"),
        ),
        "face",
    ),
    **dict.fromkeys(("quality", "face_size", "blur", "exposure", "noise"), "picture"),
    **dict.fromkeys(
        ("licence", "author", "synthetic", "dataset", "generator", "flagged"), "provenance"
    ),
}


MOST_LEVELS: Final = 100
"""Levels that an answer lists; those of authors and sources can be many thousands."""


def group_of(name: str) -> str:
    """The page's group of an attribute."""
    return _GROUP_OF.get(name, "other")


@dataclass(frozen=True, eq=False)
class Column:
    """One attribute of every face.

    Attributes:
        attribute: which.
        levels: keys in order.
        codes: (N,) index into `levels`; `len(levels)` where the value is not known. Of lists,
            index into `members`.
        numbers: (N,) float32 that the levels are bins of, NaN where not known; None for classes.
        members: (C, L + 1) of lists: which levels the lists of a code hold, the last of them
            that nothing is known; None where a face has one level.
    """

    attribute: Attribute
    levels: tuple[str, ...]
    codes: Codes
    numbers: Floats | None = None
    members: NDArray[np.bool_] | None = None

    @property
    def name(self) -> str:
        """As URLs spell it."""
        return self.attribute.name

    @property
    def is_binned(self) -> bool:
        """Whether its levels are bins of a number, and not classes such as yes and no."""
        return self.numbers is not None and is_binned(self.levels)

    @property
    def kind(self) -> str:
        """class, bins (levels cut from a number), or number (no levels at all)."""
        if self.numbers is not None and not self.levels:
            return "number"
        return "bins" if self.is_binned else "class"

    @cached_property
    def index(self) -> dict[str, int]:
        """Level to its code."""
        return {key: code for code, key in enumerate(self.levels)}

    @cached_property
    def counts(self) -> NDArray[np.int64]:
        """(L + 1,) faces of each level, then those of which it is not known."""
        return self.counted()

    def counted(self, rows: NDArray[np.intp] | None = None) -> NDArray[np.int64]:
        """(L + 1,) as `counts`, of some faces; None: of all."""
        codes = self.codes if rows is None else self.codes.take(rows)
        if self.members is None:
            return count(codes, len(self.levels))
        found: NDArray[np.int64] = count(codes, len(self.members) - 1) @ self.members
        return found

    @cached_property
    def span(self) -> tuple[float, float] | None:
        """Least and largest number; None where there is none."""
        if self.numbers is None or np.isnan(self.numbers).all():
            return None
        return float(np.nanmin(self.numbers)), float(np.nanmax(self.numbers))


def is_binned(levels: Sequence[str]) -> bool:
    """Whether keys are those of `facewright.attributes.attribute.binned`."""
    return bool(levels) and levels[0].startswith("<")


def count(codes: Codes, levels: int) -> NDArray[np.int64]:
    """(levels + 1,) how often each code comes; the last is that of unknown values."""
    return np.bincount(codes, minlength=levels + 1).astype(np.int64, copy=False)


def narrowest(levels: int) -> type[np.uint8 | np.uint16 | np.uint32]:
    """Type of codes from 0 to `levels`, which stands for unknown."""
    if levels < 2**8:
        return np.uint8
    return np.uint16 if levels < 2**16 else np.uint32


def joined(columns: Sequence[tuple[Column | None, int]]) -> Column:
    """One attribute of several datasets, one after the other.

    Args:
        columns: of each dataset its column, None where it has none, and its number of faces.
    """
    there = [column for column, _ in columns if column is not None]
    if len(columns) == 1:
        return there[0]
    levels = tuple(dict.fromkeys(key for column in there for key in column.levels))
    kind = narrowest(len(levels))
    index = {key: code for code, key in enumerate(levels)}
    codes = [
        np.full(length, len(levels), kind)
        if column is None
        else np.array([*(index[key] for key in column.levels), len(levels)], kind)[column.codes]
        for column, length in columns
    ]
    numbers = None
    if any(column.numbers is not None for column in there):
        numbers = np.concatenate(
            [
                np.full(length, np.nan, np.float32)
                if column is None or column.numbers is None
                else column.numbers
                for column, length in columns
            ]
        )
    return Column(there[0].attribute, levels, np.concatenate(codes), numbers)
