"""Single features of a face: how far they vary between people, with sex and with age.

A feature is an axis between two of MakeHuman's local targets (`nose-hump-decr` to
`nose-hump-incr`), from -1 to 1. Values are drawn from normal distributions that were narrowed until
sheets of faces held nobody who looks made up; the shifts with sex follow the known differences
(jaw, brow ridge, nose, lips, eyes; Farkas 1994) and were raised until this project's own sex
classifier agreed.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import numpy as np

from facewright.generate.head3d import pack

OPPOSITES = (
    ("decr", "incr"), ("down", "up"), ("in", "out"), ("backward", "forward"),
    ("concave", "convex"), ("compress", "uncompress"), ("l", "r"),
)  # fmt: skip

SPREAD = {
    "head": 0.15, "forehead": 0.16, "eyebrows": 0.15, "eye": 0.15, "ear": 0.2, "nose": 0.22,
    "cheek": 0.2, "mouth": 0.18, "chin": 0.2, "neck": 0.1, "asym": 0.09,
}  # fmt: skip
"""Standard deviations by part of the face."""

LIMIT = 0.42
"""Largest drawn value: beyond lie caricatures."""

_NARROW = ("double", "trans", "epicanthus", "push", "jaw-drop", "prognathism", "angle")
_LEFT_ALONE = ("head-scale", "head-back", "eye-bag-in", "nose-trans-in", "mouth-trans-in")

FEMALE = {
    "head-fat": -0.05, "head-scale-horiz": -0.10, "l-cheek-volume": 0.12, "l-cheek-bones": 0.36,
    "nose-width2": -0.20, "nose-scale-vert": -0.12, "nose-scale-horiz": -0.20,
    "nose-volume": -0.28, "nose-hump": -0.25, "nose-point": 0.18, "nose-flaring": -0.12,
    "chin-width": -0.43, "chin-bones": -0.38, "chin-prominent": -0.18, "chin-height": -0.25,
    "l-eye-scale": 0.42, "l-eye-corner2": 0.10, "l-eye-height2": 0.15,
    "mouth-upperlip-volume": 0.25, "mouth-lowerlip-volume": 0.25, "mouth-scale-horiz": -0.07,
    "mouth-upperlip-height": 0.15, "mouth-lowerlip-height": 0.12, "eyebrows-trans": 0.26,
    "eyebrows-angle": 0.07, "neck-scale-horiz": -0.28, "neck-scale-depth": -0.15,
    "forehead-nubian": 0.15, "forehead-trans": 0.10, "mouth-angles": 0.07,
    "eyebrows-trans-backward": -0.22, "nose-point-width": -0.15, "l-eye-eyefold": 0.10,
}  # fmt: skip
MALE = {
    "chin-width": 0.30, "chin-bones": 0.30, "chin-prominent": 0.20, "chin-height": 0.14,
    "neck-scale-horiz": 0.30, "neck-scale-depth": 0.15, "eyebrows-trans": -0.14,
    "eyebrows-trans-backward": 0.30, "eyebrows-angle": 0.02, "nose-scale-vert": 0.10,
    "nose-volume": 0.10, "nose-hump": 0.08, "nose-scale-depth": 0.10, "l-eye-scale": 0.05,
    "mouth-upperlip-volume": -0.16, "mouth-lowerlip-volume": -0.10, "mouth-scale-horiz": 0.08,
    "mouth-upperlip-height": -0.08, "forehead-trans": -0.08, "mouth-angles": 0.02,
    "l-cheek-volume": -0.08, "head-scale-horiz": 0.05,
}  # fmt: skip
CHILD = {
    "l-eye-scale": 0.95, "l-eye-height2": 0.30, "mouth-angles": 0.06, "nose-point": 0.30,
    "nose-volume": -0.45, "nose-hump": -0.40, "nose-scale-vert": -0.50, "nose-scale-horiz": -0.20,
    "nose-scale-depth": -0.30, "l-cheek-volume": 0.40, "chin-height": -0.55, "chin-width": -0.30,
    "chin-bones": -0.45, "chin-prominent": -0.3, "mouth-scale-horiz": -0.30, "head-fat": 0.12,
    "head-age": -0.6, "head-scale-horiz": 0.14, "head-scale-vert": -0.35, "eyebrows-trans": -0.10,
    "forehead-nubian": 0.25, "forehead-scale-vert": 0.25, "mouth-trans": 0.15,
    "neck-scale-horiz": -0.35, "neck-scale-depth": -0.30, "neck-scale-vert": -0.55,
}  # fmt: skip

_GROWING = (6, 15.5)
"""Years over which a child's face turns into a woman's or a man's."""

FACES = ("head-oval", "head-invertedtriangular", "head-round", "head-square")
"""Whole outlines, which have no opposite: their features run from 0 to 1."""
_OUTLINES: dict[str, dict[str, float]] = {
    "female": {"head-oval": 0.15, "head-invertedtriangular": 0.30},
    "male": {"head-square": 0.25},
    "child": {"head-round": 0.30, "head-invertedtriangular": 0.10},
}

AGED: dict[str, tuple[tuple[float, ...], tuple[float, ...]]] = {
    "head-age": ((14, 25, 40, 55, 70, 85), (-0.1, -0.1, 0.2, 0.6, 0.95, 1.0)),
    "l-eye-bag": ((25, 45, 75), (-0.1, 0.2, 0.8)),
    "mouth-laugh-lines": ((25, 45, 80), (-0.1, 0.25, 0.85)),
    "l-eye-eyefold": ((30, 75), (0.0, -0.55)),
    "mouth-upperlip-volume": ((35, 80), (0.0, -0.45)),
    "mouth-lowerlip-volume": ((35, 80), (0.0, -0.35)),
    "mouth-angles": ((40, 80), (0.0, -0.15)),
    "l-cheek-volume": ((40, 85), (0.0, -0.3)),
    "l-ear-lobe": ((40, 85), (0.0, 0.4)),
    "nose-point": ((45, 85), (0.0, -0.25)),
    "neck-double": ((40, 80), (0.0, 0.3)),
}
"""What age adds: years, values."""


_AGED_LESS = {
    "head-age": 0.25, "l-eye-bag": 0.45, "mouth-laugh-lines": 0.5, "l-eye-eyefold": 0.5,
    "nose-point": 0.5, "l-cheek-volume": 0.4, "mouth-angles": 0.3,
}  # fmt: skip
"""What of `AGED` women show, where it is less: the data's ageing makes faces manly."""


@cache
def axes() -> dict[str, tuple[str, str]]:
    """Features by name: the targets of their negative and positive end."""
    known = set(pack.targets("local").names)
    out = {}
    for low, high in OPPOSITES:
        for name in sorted(known):
            stem, _, end = name.rpartition("-")
            if end == low and f"{stem}-{high}" in known:
                # "nose-trans-down/up" and "nose-trans-in/out" would share a stem
                key = stem if stem not in out else f"{stem}-{low}"
                out[key] = (name, f"{stem}-{high}")
    return out


def target_weights(features: Mapping[str, float]) -> dict[str, float]:
    """Weights (not negative) of the local targets of features between -1 and 1."""
    pairs = axes() | {name: (name, name) for name in FACES}
    return {pairs[name][value > 0]: abs(value) for name, value in features.items() if value}


def draw_features(rng: np.random.Generator, sex: str, years: float) -> dict[str, float]:
    """A plausible face's features; the left side's hold for the right too, but for `asym`."""
    child = years < 15
    out: dict[str, float] = {}
    for name in axes():
        if name.startswith("r-"):
            continue
        value = float(np.clip(rng.normal(0, _spread(name, sex, child=child)), -LIMIT, LIMIT))
        out[name] = value + _shift(name, sex, years)
        mirrored = f"r-{name[2:]}"
        if name.startswith("l-") and mirrored in axes():
            out[mirrored] = out[name]
    return {name: round(float(np.clip(value, -1, 1)), 4) for name, value in out.items()}


def draw_outline(rng: np.random.Generator, sex: str, years: float) -> dict[str, float]:
    """A plausible face's shares of `FACES`, most of them small."""
    grown = float(np.interp(years, _GROWING, (0.0, 1.0)))
    out = {}
    for name in FACES:
        usual = grown * _OUTLINES[sex].get(name, 0.0)
        usual += (1 - grown) * _OUTLINES["child"].get(name, 0.0)
        out[name] = round(float(np.clip(rng.normal(usual, 0.08), 0.0, LIMIT + usual)), 4)
    return out


def skull_years(sex: str, years: float) -> float:
    """Age of the shape under the features: women's skulls and soft parts change later."""
    later = float(np.interp(years, (38, 60, 90), (38, 46, 60)))
    return later if sex == "female" and years > 38 else years


def _spread(name: str, sex: str, *, child: bool) -> float:
    if name.startswith(_LEFT_ALONE):
        return 0.05
    words = name.split("-")
    part = words[1] if words[0] == "l" else words[0]
    spread = SPREAD[part]
    if any(word in name for word in _NARROW):
        spread *= 0.5
    return spread * (0.6 if child else 0.85 if sex == "female" else 1.0)


def _shift(name: str, sex: str, years: float) -> float:
    grown = float(np.interp(years, _GROWING, (0.0, 1.0)))
    shift = (FEMALE if sex == "female" else MALE).get(name, 0.0) * grown
    shift += CHILD.get(name, 0.0) * (1 - grown)
    if name in AGED:
        aged = float(np.interp(years, *AGED[name]))
        shift += aged * (_AGED_LESS.get(name, 1.0) if sex == "female" else 1.0)
    return shift
