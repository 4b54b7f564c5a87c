"""The words of the published v1 API, and what they mean of our records.

The API's own documentation is not public in full: its words are those that public clients send.
What our records cannot say is not made up: nobody is `latino` here, for no annotator tells it, and
an emotion that v1 has no word for has none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from facewright.server.asking.filters import Choice, Level, Range
from facewright.server.asking.masks import mask_of
from facewright.server.catalogue.catalogue import Catalogue, Mask

AGES: Final[Mapping[str, Range]] = {
    "infant": Range(high=3.0),
    "child": Range(3.0, 18.0),
    "young-adult": Range(18.0, 35.0),
    "adult": Range(35.0, 60.0),
    "elderly": Range(low=60.0),
}
"""Apparent years of each age group; v1 publishes no limits, these are ours."""


@dataclass(frozen=True, slots=True)
class Word:
    """A parameter of v1.

    Attributes:
        attribute: ours.
        levels: of ours, by v1's value; an empty tuple: nobody.
        told: whether `meta` holds it.
    """

    attribute: str
    levels: Mapping[str, tuple[str, ...]]
    told: bool = True


WORDS: Final[Mapping[str, Word]] = {
    "gender": Word("sex", {"male": ("male",), "female": ("female",)}),
    "age": Word("age", dict.fromkeys(AGES, ())),
    "ethnicity": Word(
        "ethnicity",
        {
            "white": ("white",),
            "latino": (),
            "asian": ("east_asian", "south_asian"),
            "black": ("black",),
        },
    ),
    "eye_color": Word(
        "eye_color",
        {"brown": ("brown", "hazel"), "gray": ("gray",), "blue": ("blue",), "green": ("green",)},
    ),
    "hair_color": Word(
        "hair_color", {name: (name,) for name in ("brown", "black", "blond", "gray", "red")}
    ),
    "hair_length": Word("hair_length", {name: (name,) for name in ("short", "medium", "long")}),
    "emotion": Word(
        "emotion", {"joy": ("happiness",), "neutral": ("neutral",), "surprise": ("surprise",)}
    ),
    "head_pose": Word(
        "pose",
        {"front-facing": ("front",), "left-facing": ("left",), "right-facing": ("right",)},
        told=False,
    ),
}
"""By v1's names, in the order of its answers."""

SPELLINGS: Final[Mapping[str, str]] = {
    "grey": "gray",
    "front": "front-facing",
    "left": "left-facing",
    "right": "right-facing",
}
"""Other spellings that clients send."""


def mask_for(catalogue: Catalogue, name: str, values: tuple[str, ...]) -> Mask:
    """(N,) faces of which a parameter is one of these values of v1's."""
    word = WORDS[name]
    if word.attribute not in catalogue.columns:
        return np.zeros(len(catalogue), np.bool_)
    if name == "age":
        wanted: tuple[Level | Range, ...] = tuple(AGES[value] for value in values)
    else:
        wanted = tuple(Level(key) for value in values for key in word.levels[value])
    if not wanted:
        return np.zeros(len(catalogue), np.bool_)
    return mask_of(catalogue, Choice(word.attribute, tuple(sorted(wanted, key=str))))


def meta_of(catalogue: Catalogue, row: int) -> dict[str, list[str | None]]:
    """What v1 tells of a face: lists of one value; null where it is not known, or has no word."""
    return {name: [_told(catalogue, row, name)] for name, word in WORDS.items() if word.told}


def _told(catalogue: Catalogue, row: int, name: str) -> str | None:
    word = WORDS[name]
    if name == "age":
        column = catalogue.columns.get(word.attribute)
        number = np.nan if column is None or column.numbers is None else column.numbers[row]
        return next((key for key, span in AGES.items() if span.low <= number < span.high), None)
    level = catalogue.level(word.attribute, row)
    return next((key for key, levels in word.levels.items() if level in levels), None)
