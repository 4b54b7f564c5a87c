"""The skin of a person: albedo, roughness and bump over the atlas.

The painted skins of MakeHuman give the large patterns. They are recoloured to the ordered Monk
tone in linear light, the painted scalp and brows are taken out, and pores, mottling, freckles,
lines, makeup and the shade of hair's roots are added.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import cv2
import numpy as np

from facewright.generate.head3d import pack, regions, wrinkles
from facewright.generate.head3d.arrays import Floats
from facewright.generate.head3d.colour import LUMINANCE, bytes_to_linear, skin_albedo
from facewright.generate.head3d.facial_hair import brow_form
from facewright.generate.head3d.noise import fine_noise, smooth_noise
from facewright.generate.head3d.person import Person
from facewright.generate.head3d.shades import HAIR
from facewright.generate.head3d.shape import ANCESTRIES
from facewright.generate.head3d.strands import hairline_bend

SCALE = 3
"""Texels of the maps for each of the atlas."""


@dataclass(frozen=True)
class SkinMaps:
    """Maps over the atlas, (H, W, ...).

    Attributes:
        albedo: linear RGB; roughness; bump: metres.
    """

    albedo: Floats
    roughness: Floats
    bump: Floats


@cache
def masks() -> dict[str, Floats]:
    """Regions of the face as maps (H, W) over the enlarged atlas."""
    places = _enlarge(regions.atlas_positions())
    found = {
        "lips": _lip_map(),
        "cheeks": regions.cheeks(places),
        "nose": regions.nose(places),
        "forehead": regions.forehead(places),
        "lids": regions.lids(places),
        "under": regions.under_eyes(places),
        "lash line": regions.lash_line(places),
        "cheekbones": regions.cheekbones(places),
        "sockets": regions.sockets(places),
        "beard": _soft(regions.beard(places)),
        "moustache": _soft(regions.moustache(places)),
        "whole_scalp": regions.scalp(places, -0.004, 0.016),
        "face": _smooth_map("face"),
    }
    return {name: np.asarray(value, np.float32) for name, value in found.items()}


def _enlarge(picture: Floats) -> Floats:
    size = (picture.shape[1] * SCALE, picture.shape[0] * SCALE)
    return cv2.resize(picture, size, interpolation=cv2.INTER_LINEAR)


def _soft(region: Floats) -> Floats:
    """A region of hair with the wide border that its shade on the skin has."""
    return cv2.GaussianBlur(np.asarray(region, np.float32), (0, 0), 3.5 * SCALE)


def _smooth_map(name: str) -> Floats:
    return _enlarge(pack.picture(f"mask_{name}")[..., 0].astype(np.float32) / 255)


def _lip_map() -> Floats:
    """The lips' own mask, its hard border made soft."""
    return cv2.GaussianBlur(_smooth_map("lips"), (0, 0), 1.8 * SCALE / 3 * 2)


def skin_maps(person: Person) -> SkinMaps:
    """Draw the maps of a person."""
    rng = np.random.default_rng((person.seed, 0x5C1))
    area = masks()
    painted = _painted(_skin_name(person))
    shape = (painted.shape[0], painted.shape[1])
    tone = skin_albedo(person.skin_tone)
    # the painted skins wear shadow around the eyes, which light makes by itself
    calm = 1 - np.float32(0.75) * area["sockets"][..., None]
    albedo = painted**calm * tone
    albedo = _clear_scalp(albedo, tone, area["whole_scalp"])
    albedo = _mottle(rng, albedo, person, area, shape)
    albedo = _freckles(rng, albedo, person, area, shape)
    albedo = _age_spots(rng, albedo, person, shape)
    albedo = _under_hair(albedo, person, area)
    albedo = _lips_and_lids(albedo, person, area, tone)
    aged, folds = _wrinkles(rng, person, shape)
    shade = aged[..., None] * np.array([0.24, 0.34, 0.34], np.float32)
    shade += folds[..., None] * np.array([0.18, 0.26, 0.26], np.float32)
    albedo = albedo * np.maximum(1 - shade, 0.3)
    lines = np.log(_enlarge_cached(_skin_name(person)) + 0.05)
    return SkinMaps(
        np.clip(albedo, 0.004, 0.85).astype(np.float32),
        _roughness(rng, area, shape),
        _bump(rng, lines, person, shape) - np.float32(0.0009) * aged - np.float32(0.0022) * folds,
    )


def _wrinkles(
    rng: np.random.Generator, person: Person, shape: tuple[int, int]
) -> tuple[Floats, Floats]:
    """Depth (H, W) of lines and of folds, each 0 to about 1."""
    lines, folds = np.zeros(shape, np.float32), np.zeros(shape, np.float32)
    years = person.age - float(np.interp(person.skin_tone, (5, 9), (0.0, _SHIELD)))
    for key, depth in wrinkles.depths(years, rng, male=person.sex == "male").items():
        if depth > 0:
            out = folds if key in wrinkles.FOLDS else lines
            out += np.float32(depth) * wrinkles.grooves(shape, key)
    uneven = np.float32(1) + np.float32(0.3) * smooth_noise(rng, shape, 30)
    return np.clip(lines * uneven, 0, 1.3), np.clip(folds * uneven, 0, 1.3)


_SHIELD = 8.0
"""Years by which the deepest skin, which the sun harms less, wrinkles later than fair skin."""


def _skin_name(person: Person) -> str:
    age = "young" if person.age < 40 else "middleage" if person.age < 58 else "old"
    folk = ANCESTRIES[int(np.argmax(person.ancestry))]
    sex = "female" if person.age < 15 else person.sex
    return f"{age}_{folk}_{sex}"


@lru_cache(maxsize=2)
def _painted(name: str) -> Floats:
    """A painted skin over its face's median colour, (H, W, 3), contrast tamed."""
    linear = _enlarge(bytes_to_linear(pack.picture(f"skin_{name}")))
    face = masks()["face"] > 0.6
    relative = linear / np.median(linear[face], axis=0)
    # Dark skins were painted with wide strokes; pull far values in.
    out: Floats = np.clip(relative, 0.25, 2.2) ** np.float32(0.85)
    return out


@lru_cache(maxsize=2)
def _enlarge_cached(name: str) -> Floats:
    flat = bytes_to_linear(pack.picture(f"skin_{name}")) @ LUMINANCE
    return _enlarge(flat.astype(np.float32))


def _clear_scalp(albedo: Floats, tone: Floats, scalp: Floats) -> Floats:
    plain = tone * np.float32(0.92)
    out: Floats = albedo * (1 - scalp[..., None]) + plain * scalp[..., None]
    return out


def _mottle(
    rng: np.random.Generator, albedo: Floats, person: Person, area: dict[str, Floats], shape: Any
) -> Floats:
    """Uneven melanin and blood: darker and lighter, redder and paler patches."""
    melanin = 0.6 * smooth_noise(rng, shape, 40) + 0.8 * smooth_noise(rng, shape, 100)
    blood = 0.5 * smooth_noise(rng, shape, 16) + 0.7 * smooth_noise(rng, shape, 60)
    pores = fine_noise(rng, shape, 0.7)
    deep = float(np.interp(person.skin_tone, (1, 6, 10), (1.0, 0.7, 0.35)))
    red = person.flush * deep * (0.34 * area["cheeks"] + 0.28 * area["nose"]) + 0.06 * deep * blood
    red += 0.10 * deep * area["under"]
    uneven = float(np.interp(person.age, (12, 25, 45, 75), (0.5, 1.0, 1.6, 2.6)))
    red *= 1 + 0.3 * (uneven - 1)
    worn = _worn(person)
    light = 1 + uneven * 0.028 * melanin + 0.03 * pores - 0.05 * uneven * area["under"]
    light += worn * (0.045 * smooth_noise(rng, shape, 7) + 0.045 * smooth_noise(rng, shape, 15))
    tint = np.stack([1 + 0.05 * red, 1 - 0.13 * red, 1 - 0.10 * red], axis=-1)
    return albedo * light[..., None] * tint.astype(np.float32)


def _worn(person: Person) -> np.float32:
    """How far the sun has worn somebody's skin, 0 to 1: its grain becomes coarse and spotted."""
    worn = float(np.interp(person.age, (35, 55, 78), (0.0, 0.5, 1.0)))
    return np.float32(worn if person.sex == "male" else 0.15 * worn)


def _spots(
    rng: np.random.Generator, shape: Any, count: int, size: tuple[float, float], weight: Floats
) -> Floats:
    """Dots (H, W) of strength 0 to 1, more where weight is."""
    out = np.zeros(shape, np.float32)
    if count <= 0:
        return out
    chances = weight.ravel().astype(np.float64)
    flat = rng.choice(chances.size, count, p=chances / chances.sum())
    for y, x in zip(*np.unravel_index(flat, shape), strict=True):
        radius = float(rng.uniform(*size))
        strength = float(rng.uniform(0.15, 0.55))
        axes = (max(1, round(radius)), max(1, round(radius * rng.uniform(0.6, 1))))
        cv2.ellipse(
            out, (int(x), int(y)), axes, rng.uniform(0, 180), 0, 360, strength, -1, cv2.LINE_AA
        )
    return cv2.GaussianBlur(out, (0, 0), 0.9)


def _freckles(
    rng: np.random.Generator, albedo: Floats, person: Person, area: dict[str, Floats], shape: Any
) -> Floats:
    weight = area["cheeks"] * 1.2 + area["nose"] + 0.25 * area["forehead"]
    dots = _spots(rng, shape, round(900 * person.freckles), (0.8, 2.2), weight)
    out: Floats = albedo * (1 - dots[..., None] * np.array([0.22, 0.38, 0.46], np.float32))
    return out


def _age_spots(rng: np.random.Generator, albedo: Floats, person: Person, shape: Any) -> Floats:
    count = round(max(person.age - 42, 0) * 3.2)
    dots = _spots(rng, shape, count, (2, 8), np.maximum(masks()["face"], 0.1))
    dots = cv2.GaussianBlur(dots, (0, 0), 1.6) * 0.5
    out: Floats = albedo * (1 - dots[..., None] * np.array([0.35, 0.5, 0.6], np.float32))
    return out


def _under_hair(albedo: Floats, person: Person, area: dict[str, Floats]) -> Floats:
    """Shade of roots: no strands are ever as many as real hairs, so the skin below takes part."""
    colour = np.array(HAIR[person.hair_colour].albedo, np.float32)
    scalp = _enlarge(_scalp(person.hairline, hairline_bend(person)))
    shares = {
        "bald": 0.10, "buzz": 0.6, "curly": 0.85, "afro": 0.92, "crop": 0.75, "braids": 0.85
    }  # fmt: skip
    roots = np.broadcast_to(colour * np.float32(1.1), albedo.shape)
    albedo = _mixed(albedo, roots, scalp * np.float32(shares.get(person.hair_style, 0.85)))
    beard = {"none": _shadow(person), "stubble": 0.30, "short": 0.5, "full": 0.6}
    albedo = _stain(albedo, colour, area["beard"] * beard[person.beard])
    lip = {"none": 0.8 * _shadow(person), "thin": 0.28, "full": 0.45}
    albedo = _stain(albedo, colour, area["moustache"] * lip[person.moustache])
    brow_colour = np.array(HAIR[person.brow_colour].albedo, np.float32)
    brow = _brow_map(*brow_form(person))
    return _stain(albedo, brow_colour, brow * np.float32(0.26 * person.brow_density))


def _scalp(hairline: float, bend: float) -> Floats:
    """Where hair grows (H, W) over the atlas as it is: its border is far wider than a texel.

    Its shade begins behind the first hairs, or they would stand on an edge.
    """
    places = regions.atlas_positions()
    found: Floats = regions.scalp(places, hairline + 0.004, 0.013, bend).astype(np.float32)
    return found


@cache
def _brow_map(thick: float, arch: float) -> Floats:
    places = _enlarge(regions.atlas_positions())
    found: Floats = regions.brow(places, thick, arch).astype(np.float32)
    return found


def _shadow(person: Person) -> float:
    """How far a shaven beard darkens the skin: more with dark hair."""
    if person.sex != "male":
        return 0.0
    dark = 1 - min(1.0, 3 * person_hair_light(person))
    return float(np.interp(person.age, (15, 22), (0.0, 0.05 + 0.15 * dark)))


def person_hair_light(person: Person) -> float:
    """Luminance of somebody's hair."""
    return float(np.array(HAIR[person.hair_colour].albedo) @ LUMINANCE)


def _stain(albedo: Floats, colour: Floats, share: Any) -> Floats:
    """Skin seen between hairs: mixed in logarithms, as a filter over it."""
    mask = np.asarray(share, np.float32)
    return _mixed(albedo, np.minimum(colour * np.float32(1.2) + np.float32(0.004), albedo), mask)


def _mixed(albedo: Floats, target: Floats, share: Floats) -> Floats:
    where = share > 1e-3
    part = share[where][:, None]
    out = albedo.copy()
    out[where] = albedo[where] ** (1 - part) * target[where] ** part
    return out


def _lips_and_lids(albedo: Floats, person: Person, area: dict[str, Floats], tone: Floats) -> Floats:
    deep = float(np.interp(person.skin_tone, (1, 5, 10), (1.0, 0.8, 0.5)))
    red = (0.92, 0.66, 0.68) if person.sex == "female" and person.age >= 15 else (0.92, 0.74, 0.74)
    bare = tone * np.array(red, np.float32) * np.float32(0.95 if deep > 0.6 else 0.9)
    lips = area["lips"][..., None]
    relief = np.clip((albedo @ LUMINANCE) / float(tone @ LUMINANCE), 0.6, 1.2)[..., None]
    natural = bare * relief
    rich = np.float32(np.interp(person.skin_tone, (1, 4, 7, 10), (1.0, 0.8, 0.42, 0.24)))
    made_up = np.array(person.lip_colour, np.float32) * rich * relief
    share = np.float32(0.8 * person.makeup)
    albedo = albedo * (1 - lips * 0.8) + (natural * (1 - share) + made_up * share) * lips * 0.8
    return _made_up(albedo, person, area)


def _made_up(albedo: Floats, person: Person, area: dict[str, Floats]) -> Floats:
    """Shadow on the lids, a line along the lashes, colour on the cheekbones."""
    if not person.makeup:
        return albedo
    strength = np.float32(person.makeup)
    shadow = area["lids"][..., None] * np.float32(0.45) * strength
    albedo = albedo * (1 - shadow * np.array([0.45, 0.55, 0.5], np.float32))
    line = area["lash line"][..., None] * np.float32(0.5) * strength
    albedo = albedo * (1 - line)
    rouge = area["cheekbones"][..., None] * np.float32(0.8) * strength
    out: Floats = albedo * (1 - rouge * np.array([0.02, 0.26, 0.20], np.float32))
    return out


def _roughness(rng: np.random.Generator, area: dict[str, Floats], shape: Any) -> Floats:
    shine = np.clip(area["nose"] + 0.7 * area["forehead"], 0, 1)
    rough = 0.50 - 0.08 * shine - 0.14 * area["lips"] + 0.03 * smooth_noise(rng, shape, 14)
    return np.clip(rough, 0.28, 0.7).astype(np.float32)


def _bump(rng: np.random.Generator, lines: Floats, person: Person, shape: Any) -> Floats:
    """Painted lines as grooves, and pores; deeper with age."""
    grooves = lines - cv2.GaussianBlur(lines, (0, 0), 8)
    grooves *= 1 - masks()["whole_scalp"]
    deep = np.interp(person.age, (10, 25, 50, 80), (0.00003, 0.00010, 0.00045, 0.0010))
    pores = fine_noise(rng, shape, 1.1) * np.interp(person.age, (8, 20, 80), (4e-6, 1.2e-5, 2e-5))
    grain = smooth_noise(rng, shape, 6) * _worn(person) * np.float32(_GRAIN)
    return (grooves * deep + pores + grain).astype(np.float32)


_GRAIN = 0.00013
"""Metres by which the coarse grain of old skin stands up."""
