"""What can be wanted of a face: names, levels and ranges that every generator shares.

Names and levels are those of `facewright.attributes.known`, so that an order can be written by
`facewright balance`, and what was made can be counted against it. "Left" and "right" of poses are
the picture's, as in the attribute `pose`; signs of angles are those of `record.HeadPose`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from facewright.errors import UsageError
from facewright.record import EMOTIONS

Value = str | float | bool


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several levels.

    Attributes:
        levels: names, the usual ones first.
        of_person: true of a person in every picture; else of one picture.
    """

    levels: tuple[str, ...]
    of_person: bool = True


@dataclass(frozen=True, slots=True)
class Number:
    """A number in a range.

    Attributes:
        low: least that makes sense.
        high: most that makes sense.
        unit: of it.
        of_person: true of a person in every picture; else of one picture.
        whole: whether only whole numbers make sense.
    """

    low: float
    high: float
    unit: str
    of_person: bool = True
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Mix:
    """Shares of several parts in one face, which sum to 1: a mixed ethnicity."""

    parts: tuple[str, ...]
    of_person: bool = True


Kind = Choice | Number | Mix

YES_NO: Final = ("no", "yes")
AGE_GROUPS: Final[Mapping[str, tuple[float, float]]] = {
    "child": (4, 18),
    "adult": (18, 60),
    "elderly": (60, 86),
}
"""Ages, in years, from which up to which each level of `age_group` is drawn."""
POSES: Final[Mapping[str, tuple[float, float]]] = {
    "left": (-45, -15),
    "front": (-15, 15),
    "right": (15, 45),
}
"""Yaws, in degrees, from which up to which each level of `pose` is drawn."""

VOCABULARY: Final[Mapping[str, Kind]] = {
    "sex": Choice(("female", "male")),
    "age": Number(4, 90, "years", whole=True),
    "age_group": Choice(tuple(AGE_GROUPS)),
    "ethnicity": Mix(("white", "black", "east_asian", "south_asian")),
    "skin_tone": Number(1, 10, "Monk scale", whole=True),
    "weight": Number(0, 1, "0 slim, 1 heavy"),
    "hair_style": Choice(
        (
            "buzz",
            "crop",
            "sidepart",
            "slick",
            "curly",
            "afro",
            "bob",
            "long",
            "wavy",
            "tied",
            "braids",
        )
    ),
    "hair_length": Choice(("short", "medium", "long")),
    "hair_color": Choice(("brown", "blond", "black", "red", "gray", "white")),
    "bald": Choice(YES_NO),
    "beard": Choice(("no", "stubble", "yes")),
    "moustache": Choice(YES_NO),
    "eye_color": Choice(("brown", "hazel", "green", "blue", "gray")),
    "glasses": Choice(("NoGlasses", "ReadingGlasses", "Sunglasses")),
    "headwear": Choice(YES_NO),
    "eye_makeup": Choice(YES_NO),
    "lip_makeup": Choice(YES_NO),
    "emotion": Choice(EMOTIONS, of_person=False),
    "strength": Number(0, 1, "of the emotion", of_person=False),
    "smile": Choice(YES_NO, of_person=False),
    "pose": Choice(tuple(POSES), of_person=False),
    "yaw": Number(-90, 90, "degrees", of_person=False),
    "pitch": Number(-45, 45, "degrees", of_person=False),
    "roll": Number(-45, 45, "degrees", of_person=False),
    "gaze_yaw": Number(-35, 35, "degrees", of_person=False),
    "gaze_pitch": Number(-25, 25, "degrees", of_person=False),
    "light": Choice(("studio", "indoor", "outdoor", "sunset", "night"), of_person=False),
    "background": Choice(("plain", "blurred", "white"), of_person=False),
}
"""Every attribute that an order may name."""

EXCLUSIVE: Final[tuple[tuple[str, str], ...]] = (
    ("age", "age_group"),
    ("yaw", "pose"),
    ("smile", "emotion"),
    ("hair_style", "hair_length"),
)
"""Two spellings of one thing: an order may use either."""


def kind_of(name: str, where: str) -> Kind:
    """What an attribute is.

    Raises:
        UsageError: nothing of that name can be wanted; says `where` and what there is.
    """
    if name in VOCABULARY:
        return VOCABULARY[name]
    near = get_close_matches(name, VOCABULARY, n=3, cutoff=0.6)
    hint = f"did you mean {' or '.join(near)}?" if near else f"there are {', '.join(VOCABULARY)}"
    raise UsageError(f"{where}: no attribute '{name}' can be ordered; {hint}")


def check_level(name: str, level: str, where: str) -> None:
    """Refuse what is no level of an attribute.

    Raises:
        UsageError: lists those that there are.
    """
    kind = kind_of(name, where)
    levels = {Choice: "levels", Mix: "parts"}.get(type(kind))
    known: tuple[str, ...] = getattr(kind, levels) if levels else ()
    if level not in known:
        said = ", ".join(known) or "a number or a range such as 20..40"
        raise UsageError(f"{where}: {name} cannot be {level!r}; it can be {said}")
