"""Hair styles: how long hair is where, which way it goes, how it clumps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from facewright.generate.head3d.arrays import Floats


@dataclass(frozen=True)
class Place:
    """Where strands are while they grow.

    Attributes:
        at: (N, 3) tips so far; root: (N, 3).
        outward: (N, 3) away from the skull.
        side: (N,) -1 or 1, of the parting.
        along: 0 at the root to 1 at the tip.
    """

    at: Floats
    root: Floats
    outward: Floats
    side: Floats
    along: float


Field = Callable[[Place], NDArray[Any]]


@dataclass(frozen=True)
class Style:
    """A hair style.

    Attributes:
        points: along a strand.
        count: strands at standard quality.
        radius: metres, thicker than hair: each strand stands for several.
        length: metres at root heights (metres above the eyes), as two tuples for interpolation.
        field: direction that a strand is combed towards.
        lift: how far roots stand up.
        stiff: share of the last direction that a strand keeps a step.
        gap: metres above the skin that strands end at, from, to.
        jitter: of the direction a step; vary: of the length.
        clump: how far strands close up with their guide; frizz: metres of noise.
        flat: how far strands are kept from leaving the skull.
        curl: radius of curls in metres; turns: of a curl a metre of hair.
        front: keep the face free.
        layers: share of its length that the shortest hair at the front lacks.
        plait: radius of a plait's ropes in metres, `count` plaits are worn; 0 for loose hair.
    """

    points: int
    count: int
    radius: float
    length: tuple[tuple[float, ...], tuple[float, ...]]
    field: Field
    lift: float = 0.6
    stiff: float = 0.5
    gap: tuple[float, float] = (0.001, 0.012)
    jitter: float = 0.04
    vary: float = 0.1
    clump: float = 0.35
    frizz: float = 0.0008
    flat: float = 0.8
    curl: float = 0.0
    turns: float = 0.0
    front: bool = True
    layers: float = 0.0
    plait: float = 0.0


def _unit(v: Any) -> Any:
    return v / np.maximum(np.linalg.norm(v, axis=-1, keepdims=True), 1e-9)


def _along_skull(place: Place, comb: Any, rise: float = 0.22) -> Any:
    """A direction laid along the skull, with a little of outward."""
    inward = (comb * place.outward).sum(axis=1, keepdims=True)
    return _unit(_unit(comb - inward * place.outward * 0.85) + place.outward * rise)


def _forward_crop(place: Place) -> Any:
    top = np.clip((place.root[:, 1:2] - 0.035) / 0.03, 0, 1)
    down = np.array([0, -1.0, -0.15])
    return _along_skull(place, top * np.array([0.35, 0.1, 1.0]) + (1 - top) * down, 0.3)


def _side_part(place: Place) -> Any:
    top = np.clip((place.root[:, 1:2] - 0.045) / 0.03, 0, 1)
    reach = np.clip(1.2 - np.abs(place.at[:, :1]) / 0.075, 0.15, 1)
    over = np.stack([place.side * 1.2, 0 * place.side, 0 * place.side - 0.35], axis=1) * reach
    over[:, 1] += 0.25
    down = np.array([0, -1.0, -0.45])
    return _along_skull(place, top * over + (1 - top) * down)


def _back(place: Place) -> Any:
    rise = np.clip((place.at[:, 2:3] + 0.02) / 0.07, 0, 1)
    comb = np.array([0, -0.35, -1.0]) + rise * np.array([0, 0.75, 0])
    return _along_skull(place, comb)


def _down_short(place: Place) -> Any:
    front = np.clip((place.at[:, 2:3] + 0.085) / 0.09, 0, 1)
    return _along_skull(place, np.array([0, -0.5, -0.6]) + front * np.array([0, 0, 1.3]), 0.5)


def _outwards(place: Place) -> Any:
    return place.outward


def _curls(place: Place) -> Any:
    return _unit(place.outward + np.array([0, -0.25, 0.2]))


def fall_forward(place: Place) -> Any:
    """Over the forehead and down, a little towards the sides."""
    aside = np.stack([place.root[:, 0] * 6, 0 * place.side, 0 * place.side], axis=1)
    return _along_skull(place, aside + np.array([0, -1.0, 0.55]), 0.1)


def loosely(place: Place) -> Any:
    """Down before the ears, in a soft bow."""
    bow = np.sin(place.along * 5 + place.root[:, 1:2] * 90)
    aside = place.side[:, None] * np.array([1.0, 0, 0.4]) * (0.25 + 0.25 * bow)
    return _unit(np.array([0, -1.0, 0.0]) + aside)


_BEFORE, _BEHIND = -0.040, -0.180
"""Where (z) long hair passes the shoulders."""


def _long(wave: float) -> Field:
    def field(place: Place) -> Any:
        """Directions of growth at places of the scalp."""
        at = place.at
        above = np.clip((at[:, 1:2] - 0.0) / 0.075, 0, 1)
        front = np.clip((at[:, 2:3] + 0.085) / 0.085, 0, 1)
        reach = np.clip(1 - np.abs(at[:, :1]) / 0.07, 0, 1)
        aside = place.side[:, None] * np.array([1.5, 0, 0]) * reach
        comb = np.array([0, -1.0, 0]) * (1 - 0.55 * above) + aside * above
        comb = comb + np.array([0, 0, -1.0]) * (0.6 * front * above + 0.22 * front * (1 - above))
        # beside the neck hair turns to where it came from: before the shoulder, or behind it
        low = np.clip((-0.015 - at[:, 1:2]) / 0.05, 0, 1)
        ahead = place.root[:, 2:3] + 0.03 * np.sin(900 * place.root[:, 1:2]) > -0.075
        aim = np.where(ahead, _BEFORE, _BEHIND)
        comb = comb + np.clip((aim - at[:, 2:3]) / 0.05, -1, 1) * np.array([0, 0, 0.9]) * low
        if wave:
            phase = place.along * 20 + place.root[:, :1] * 90 + place.root[:, 1:2] * 60
            comb = comb + wave * np.sin(phase) * np.array([0.6, 0, 0.8])
        return _unit(comb)

    return field


def to_knot(knot: Floats) -> Field:
    """Towards where hair is tied."""

    def field(place: Place) -> Any:
        """Directions of growth at places of the scalp."""
        return _unit(knot - place.at)

    return field


_EVERYWHERE = (-0.08, 0.1)

STYLES: dict[str, Style] = {
    "buzz": Style(4, 9000, 0.00016, (_EVERYWHERE, (0.004, 0.007)), _down_short,
                  lift=1.0, stiff=0.55, gap=(0.0004, 0.002), jitter=0.08, front=False),
    "crop": Style(6, 8000, 0.00020, ((-0.06, 0.02, 0.06, 0.1), (0.006, 0.011, 0.022, 0.030)),
                  _forward_crop, lift=0.5, stiff=0.5, jitter=0.06, vary=0.14, flat=0.9,
                  front=False),
    "sidepart": Style(8, 8000, 0.00020, ((-0.06, 0.02, 0.07, 0.1), (0.008, 0.018, 0.055, 0.070)),
                      _side_part, gap=(0.001, 0.015), jitter=0.05, vary=0.15, flat=0.9),
    "slick": Style(8, 8000, 0.00020, ((-0.06, 0.03, 0.1), (0.02, 0.05, 0.09)), _back,
                   lift=0.3, stiff=0.2, jitter=0.04, flat=0.9),
    "curly": Style(14, 6000, 0.00026, ((-0.06, 0.03, 0.1), (0.020, 0.036, 0.055)), _curls,
                   lift=1.0, stiff=0.5, gap=(0.001, 0.008), jitter=0.16, vary=0.15, clump=0.15,
                   frizz=0.001, flat=0.35, curl=0.0038, turns=55, front=False),
    "afro": Style(14, 7500, 0.00026, (_EVERYWHERE, (0.036, 0.052)), _outwards, lift=1.0,
                  gap=(0.0, 0.001), jitter=0.10, vary=0.06, clump=0.0, frizz=0.0015, flat=0.0,
                  curl=0.0034, turns=70, front=False),
    "bob": Style(12, 6500, 0.00028, ((-0.07, 0.0, 0.06, 0.1), (0.034, 0.094, 0.160, 0.215)),
                 _long(0.10), lift=0.7, stiff=0.55, gap=(0.002, 0.023), jitter=0.035, vary=0.07,
                 clump=0.6, frizz=0.0011, flat=0.9),
    "long": Style(18, 6500, 0.00030, (_EVERYWHERE, (0.19, 0.39)), _long(0.10), lift=0.7,
                  stiff=0.55, gap=(0.002, 0.021), jitter=0.035, vary=0.10, clump=0.55, frizz=0.0012,
                  flat=0.9, layers=0.35),
    "wavy": Style(22, 6500, 0.00030, (_EVERYWHERE, (0.17, 0.36)), _long(0.5), lift=0.7,
                  stiff=0.5, gap=(0.002, 0.032), jitter=0.05, vary=0.12, clump=0.5, frizz=0.0016,
                  flat=0.85, layers=0.4),
    "braids": Style(110, 300, 0.00155, (_EVERYWHERE, (0.20, 0.40)), _long(0.06), lift=0.5,
                    stiff=0.88, gap=(0.003, 0.020), jitter=0.010, vary=0.08, clump=0.0, frizz=0.0,
                    flat=0.95, plait=0.0016),
    "tied": Style(12, 8000, 0.00020, (_EVERYWHERE, (0.15, 0.17)), to_knot(np.zeros(3)), lift=0.4,
                  stiff=0.4, gap=(0.001, 0.006), jitter=0.03, vary=0.02, clump=0.35, frizz=0.0006,
                  flat=0.9),
}  # fmt: skip
"""By the words of `words.HAIR_STYLES`; "bald" has none."""
