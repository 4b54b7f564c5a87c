"""Light: a baked world turned so that its brightest part stands where wanted, and a soft key."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from facewright.errors import UsageError
from facewright.generate.head3d import pack
from facewright.generate.head3d.arrays import Floats
from facewright.generate.head3d.colour import LUMINANCE
from facewright.generate.head3d.parts import Lighting

_SUN_CAP = 40.0
"""Radiance above this, in units of the world's mean, makes noise and hard shadows only."""


@dataclass(frozen=True)
class Light:
    """What is ordered of the light.

    Attributes:
        world: a name of `pack.LIGHTS`.
        azimuth: degrees at which the brightest part stands: 0 behind the camera, positive to the
            picture's right, beyond 90 behind the head.
        key: strength of a soft lamp, 1 as bright as the world's mean on the face.
        key_azimuth, key_height: degrees where the lamp stands.
        exposure: stops above the metered one.
    """

    world: str = "studio"
    azimuth: float = -40.0
    key: float = 0.5
    key_azimuth: float = 35.0
    key_height: float = 28.0
    exposure: float = 0.0

    def __post_init__(self) -> None:
        """Refuse unknown worlds.

        Raises:
            UsageError: the world is not one of the pack.
        """
        if self.world not in pack.LIGHTS:
            raise UsageError(f"light {self.world!r}: known are {', '.join(pack.LIGHTS)}")


def draw_light(rng: np.random.Generator) -> Light:
    """A light as portraits have it: rarely from behind, key on the other side."""
    odds = {"studio": 3, "interior": 3, "city": 3, "courtyard": 3, "forest": 2, "sunset": 1.5,
            "sunrise": 1.5, "night": 0.5}  # fmt: skip
    chances = np.array(list(odds.values()))
    azimuth = float(rng.choice((-1, 1)) * rng.uniform(15, 75))
    return Light(
        world=str(rng.choice(list(odds), p=chances / chances.sum())),
        azimuth=azimuth,
        key=float(rng.uniform(0.25, 0.9)),
        key_azimuth=float(-np.sign(azimuth) * rng.uniform(10, 50)),
        key_height=float(rng.uniform(15, 40)),
        exposure=float(rng.normal(0, 0.12)),
    )


@dataclass(frozen=True)
class LitWorld:
    """A light made ready.

    Attributes:
        lighting: for the renderer.
        rotation: columns by which the pack's world was rolled.
        meter: what a lamp meter at the face reads: radiance of a white matt surface.
    """

    lighting: Lighting
    rotation: int
    meter: float


def light_world(light: Light) -> LitWorld:
    """Turn the world, place the lamp, read the meter."""
    world = pack.light(light.world)
    height, width = world.shape[:2]
    rise = np.cos((np.arange(height) + 0.5) / height * np.pi - np.pi / 2)
    bright = cv2.GaussianBlur((world @ LUMINANCE) * rise[:, None].astype(np.float32), (0, 0), 4)
    column = int(np.argmax(bright.max(axis=0)))
    wanted = round((0.5 - light.azimuth / 360) * width)
    rotation = (wanted - column) % width
    # a floor above 0: the renderer draws directions by radiance and crashed on negative ones
    turned = np.clip(np.roll(world, rotation, axis=1), 1e-4, _SUN_CAP)
    # a coloured sky makes coloured faces: half of the cast is balanced out, as a camera does
    mean = turned.mean(axis=(0, 1))
    balance = (mean.mean() / mean) ** 0.8
    turned = (turned * balance).astype(np.float32)
    meter = _irradiance(turned)
    lamp = light.key * meter
    direction = _direction(light.key_azimuth, light.key_height)
    # a lamp of side .7 m at 1.5 m fills .49 / (2.25 pi) of what a matt surface sees
    radiance = lamp / (0.49 / (np.pi * 2.25))
    colour = np.array([1.0, 0.96, 0.90]) * radiance
    key = ((_triple(direction), _triple(colour)),) if light.key > 0 else ()
    facing = max(float(direction[2]), 0.0)
    return LitWorld(Lighting(turned, key), rotation, meter + lamp * (0.5 + 0.5 * facing))


def _direction(azimuth: float, height: float) -> NDArray[np.float64]:
    a, h = np.radians([azimuth, height])
    return np.array([np.sin(a) * np.cos(h), np.sin(h), np.cos(a) * np.cos(h)])


def _triple(values: Any) -> tuple[float, float, float]:
    a, b, c = (float(x) for x in values)
    return a, b, c


def directions(height: int, width: int) -> NDArray[np.float64]:
    """Unit vectors (H, W, 3) towards the pixels of a world as `parts.Lighting` lays it out."""
    azimuth = (0.5 - (np.arange(width) + 0.5) / width) * 2 * np.pi
    rise = np.pi / 2 - (np.arange(height) + 0.5) / height * np.pi
    flat = np.cos(rise)[:, None]
    x, z = np.sin(azimuth)[None] * flat, np.cos(azimuth)[None] * flat
    return np.stack([x, np.broadcast_to(np.sin(rise)[:, None], x.shape), z], axis=-1)


def _irradiance(world: Floats) -> float:
    """Mean radiance that three surfaces facing the camera would give back."""
    height, width = world.shape[:2]
    small = cv2.resize(world, (width // 4, height // 4), interpolation=cv2.INTER_AREA) @ LUMINANCE
    towards = directions(*small.shape)
    solid = np.cos(np.pi / 2 - (np.arange(len(small)) + 0.5) / len(small) * np.pi)[:, None]
    solid = np.abs(solid) * (2 * np.pi / small.shape[1]) * (np.pi / small.shape[0])
    seen = []
    for normal in ((0, 0.1, 0.99), (0.62, 0.15, 0.76), (-0.62, 0.15, 0.76)):
        facing = np.clip(towards @ np.array(normal), 0, None)
        seen.append(float((small * facing * solid).sum() / np.pi))
    return 0.5 * float(np.mean(seen)) + 0.5 * max(seen)
