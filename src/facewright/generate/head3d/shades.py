"""Hair of several colours: lighter and darker locks, and the white hairs of those who grey."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from facewright.generate.head3d.arrays import Floats
from facewright.generate.head3d.parts import Hair, Strands
from facewright.generate.head3d.person import Person

HAIR: dict[str, Hair] = {
    "black": Hair(3.6, 0.22, (0.012, 0.009, 0.008)),
    "dark-brown": Hair(2.3, 0.16, (0.028, 0.018, 0.012)),
    "brown": Hair(1.4, 0.16, (0.065, 0.038, 0.022)),
    "light-brown": Hair(0.85, 0.16, (0.13, 0.080, 0.045)),
    "auburn": Hair(0.70, 0.85, (0.12, 0.042, 0.018)),
    "red": Hair(0.25, 0.95, (0.24, 0.085, 0.028)),
    "dark-blond": Hair(0.42, 0.16, (0.22, 0.145, 0.078)),
    "blond": Hair(0.22, 0.13, (0.36, 0.25, 0.135)),
    "grey": Hair(0, 0, (0.24, 0.235, 0.23), absorption=(0.16, 0.17, 0.18)),
    "white": Hair(0, 0, (0.48, 0.47, 0.45), absorption=(0.035, 0.040, 0.050)),
}
"""By the words of `words.HAIR_COLOURS`; pigments from fits to renders, not from chemistry."""

_LOCKS = (("", 1.0, 0.45), ("-light", 0.62, 0.75), ("-dark", 1.3, 1.0))
"""Name, pigment over that of the colour, and share of locks up to here."""
_LEFT = "dark-brown"
"""What is not yet white in grey hair."""


def in_shades(bundle: Strands, person: Person) -> list[Strands]:
    """A bundle as up to four whose hairs differ in colour.

    Locks differ as a whole, white hairs are strewn among all of them.
    """
    rng = np.random.default_rng((person.seed, 0x5AAD))
    white = rng.random(len(bundle.points)) < person.greying
    # the hair that is named grey is the mean of white hairs and what is left of the others
    hair = HAIR[_LEFT] if person.hair_colour == "grey" and person.greying else bundle.hair
    place = _lock(bundle.points[:, 0], rng)
    out, low = [], 0.0
    for name, pigment, high in _LOCKS:
        mine = (place >= low) & (place < high) & ~white
        out.append((name, _with_pigment(hair, pigment), mine))
        low = high
    out.append(("-white", HAIR["white"], white))
    return [
        replace(bundle, name=bundle.name + name, points=bundle.points[mine], hair=shade)
        for name, shade, mine in out
        if mine.any()
    ]


def _lock(roots: Floats, rng: np.random.Generator) -> NDArray[np.float64]:
    """A number from 0 to 1 a hair, alike in hairs that grow side by side."""
    phase = rng.uniform(0, 2 * np.pi, 3)
    wave = np.sin(roots @ np.array([700.0, 330.0, 170.0]) + phase[0])
    wave = wave + np.sin(roots @ np.array([-240.0, 510.0, 620.0]) + phase[1])
    place = 0.5 + 0.2 * wave + rng.normal(0, 0.12, len(roots))
    out: NDArray[np.float64] = np.clip(place, 0.0, 0.999)
    return out


def _with_pigment(hair: Hair, share: float) -> Hair:
    if hair.absorption is not None:
        red, green, blue = (share * value for value in hair.absorption)
        return replace(hair, absorption=(red, green, blue))
    return replace(hair, eumelanin=share * hair.eumelanin, pheomelanin=share * hair.pheomelanin)
