"""What an order wishes for, in head3d's own words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from facewright.generate.head3d import words
from facewright.generate.head3d.render import View
from facewright.generate.head3d.shape import ANCESTRIES
from facewright.generate.vocabulary import VOCABULARY, Value
from facewright.generate.wanted import Wanted

ATTRIBUTES: Final = frozenset(VOCABULARY)
"""Names that head3d understands; of some, not every level: see `cannot`."""

_FOLK: Final = {
    "white": "white",
    "black": "black",
    "east_asian": "asian",
    "south_asian": "indian",
}
_HAIR: Final[Mapping[str, Any]] = {
    "brown": ["brown", "dark-brown", "light-brown"],
    "blond": ["blond", "dark-blond"],
    "black": "black",
    "red": ["red", "auburn"],
    "gray": "grey",
    "white": "white",
}
_EYES: Final[Mapping[str, Any]] = {
    "brown": ["brown", "dark-brown"],
    "hazel": "hazel",
    "green": "green",
    "blue": "blue",
    "gray": "grey",
}
_WORLDS: Final[Mapping[str, tuple[str, ...]]] = {
    "studio": ("studio",),
    "indoor": ("interior", "courtyard"),
    "outdoor": ("city", "forest", "courtyard"),
    "sunset": ("sunset", "sunrise"),
    "night": ("night",),
}
_PLAIN: Final = ("b8bcc2", "c9c3ba", "9fa8ad", "d6d6d2", "a89f97", "8c99a8")
_WHITE: Final = "ffffff"
_BROAD: Final = 0.8
"""Strength of happiness from which the smile is a laugh."""


def cannot(attributes: Mapping[str, Value]) -> str | None:
    """Why head3d cannot make this, or None where it can."""
    if attributes.get("sex") == "female":
        hairy = [n for n in ("beard", "moustache") if attributes.get(n, "no") != "no"]
        if hairy:
            return f"it makes no {hairy[0]} on a female face"
    if {attributes.get("eye_makeup"), attributes.get("lip_makeup")} == {"yes", "no"}:
        return "eye_makeup and lip_makeup come together: order both, or neither"
    length, style = attributes.get("hair_length"), attributes.get("hair_style")
    if length and style and style not in words.HAIR_LENGTHS[str(length)]:
        return f"hair_style {style} is not {length}"
    if attributes.get("bald") == "yes" and (length or style):
        return "bald and a hair style or length"
    return None


def person_wishes(attributes: Mapping[str, Value]) -> dict[str, Any]:
    """The wishes that `person.sample_person` takes."""
    wishes: dict[str, Any] = {
        name: attributes[name]
        for name in ("sex", "age", "skin_tone", "weight", "hair_style", "hair_length")
        if name in attributes
    }
    if "ethnicity" in attributes:
        wishes["ethnicity"] = _ancestry(str(attributes["ethnicity"]))
    for name, own, table in (
        ("hair_color", "hair_colour", _HAIR),
        ("eye_color", "eye_colour", _EYES),
        ("beard", "beard", {"no": "none", "stubble": "stubble", "yes": ["short", "full"]}),
        ("moustache", "moustache", {"no": "none", "yes": "full"}),
        (
            "glasses",
            "glasses",
            {"NoGlasses": "none", "ReadingGlasses": ["round", "square"], "Sunglasses": "sun"},
        ),
        ("headwear", "hat", {"no": "none", "yes": ["fedora", "fedora-cocked"]}),
        ("bald", "bald", {"no": False, "yes": True}),
        ("eye_makeup", "makeup", {"no": 0.0, "yes": 0.85}),
        ("lip_makeup", "makeup", {"no": 0.0, "yes": 0.85}),
    ):
        if name in attributes:
            wishes[own] = table[str(attributes[name])]
    if wishes.get("beard") == "none" and "moustache" not in wishes:
        wishes["moustache"] = "none"
    return wishes


def _ancestry(written: str) -> str | dict[str, float]:
    """One group's own mix, or the even mean of several."""
    parts = [_FOLK[part] for part in written.split("+")]
    if len(parts) == 1:
        return parts[0]
    mixes = [words.ETHNICITIES[part] for part in parts]
    return {f: float(np.mean([mix.get(f, 0.0) for mix in mixes])) for f in ANCESTRIES}


def view_of(wanted: Wanted) -> View:
    """How the picture is taken; what the order leaves open is drawn from the picture's seed."""
    given = wanted.attributes
    rng = np.random.default_rng((wanted.seed, 0x71E3))
    drawn = {
        "yaw": float(np.clip(rng.normal(0, 14), -40, 40)),
        "pitch": float(np.clip(rng.normal(0, 6), -15, 15)),
        "roll": float(np.clip(rng.normal(0, 4), -12, 12)),
    }
    angles = {name: float(given.get(name, drawn[name])) for name in drawn}
    emotion, strength = _expression(given, rng)
    gaze = (float(given.get("gaze_yaw", -0.3 * angles["yaw"])), float(given.get("gaze_pitch", 0.0)))
    return View(
        **{name: round(angle, 2) for name, angle in angles.items()},
        expression=emotion,
        strength=strength,
        gaze=(round(gaze[0], 2), round(gaze[1], 2)),
        light=_world(given, rng),
        background=_background(given, rng),
    )


def _expression(given: Mapping[str, Value], rng: np.random.Generator) -> tuple[str, float]:
    emotion = given.get("emotion")
    if emotion is None:
        emotion = str(rng.choice(("neutral", "soft", "happiness"), p=(0.35, 0.3, 0.35)))
    strength = float(given.get("strength", rng.uniform(0.7, 1.0)))
    if emotion == "happiness":
        return ("laugh" if strength >= _BROAD else "smile"), strength
    return str(emotion), strength


def _world(given: Mapping[str, Value], rng: np.random.Generator) -> str | None:
    if "light" not in given:
        return None
    worlds = _WORLDS[str(given["light"])]
    return worlds[int(rng.integers(len(worlds)))]


def _background(given: Mapping[str, Value], rng: np.random.Generator) -> str | None:
    background = given.get("background", "blurred")
    if background == "white":
        return _WHITE
    return None if background == "blurred" else _PLAIN[int(rng.integers(len(_PLAIN)))]
