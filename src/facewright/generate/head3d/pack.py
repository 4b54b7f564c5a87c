"""The baked head: arrays, pictures, proxies and blend shapes of `head.npz`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from facewright.generate.head3d.arrays import Floats, Ints


@cache
def _arrays() -> dict[str, NDArray[Any]]:
    resource = files("facewright") / "generate" / "head3d" / "head.npz"
    with resource.open("rb") as file, np.load(file, allow_pickle=False) as data:
        return {name: data[name] for name in data.files if not name.startswith("light_")}


@cache
def light(name: str) -> Floats:
    """Equirectangular light (256, 512, 3): linear RGB of mean luminance 1, see `lights`.

    The left edge looks along -z, the middle along +z seen from inside, rows go from up to down.
    """
    resource = files("facewright") / "generate" / "head3d" / "head.npz"
    with resource.open("rb") as file, np.load(file, allow_pickle=False) as data:
        found: Floats = data[f"light_{name}"].astype(np.float32)
        return found


LIGHTS = ("city", "courtyard", "forest", "interior", "night", "studio", "sunrise", "sunset")
"""Names of the baked lights."""


def array(name: str) -> NDArray[Any]:
    """An array of the pack; those of others must not be changed."""
    return _arrays()[name]


def has(name: str) -> bool:
    """Whether the pack holds an array."""
    return name in _arrays()


def names(prefix: str) -> tuple[str, ...]:
    """Names of arrays without their prefix, in the order of the pack."""
    return tuple(name.removeprefix(prefix) for name in _arrays() if name.startswith(prefix))


@cache
def picture(name: str) -> NDArray[np.uint8]:
    """A picture of the pack: (H, W, 3) RGB, (H, W, 4) RGBA, sRGB-encoded."""
    flat = cv2.imdecode(array(name), cv2.IMREAD_UNCHANGED)
    assert flat is not None, name
    if flat.ndim == 2:
        flat = cv2.cvtColor(flat, cv2.COLOR_GRAY2BGR)
    order = [2, 1, 0, 3][: flat.shape[2]]
    return np.ascontiguousarray(flat[..., order]).astype(np.uint8)


def provenance() -> list[dict[str, str]]:
    """Source, author and licence of each asset of the pack."""
    found: list[dict[str, str]] = json.loads(array("provenance").tobytes())
    return found


@dataclass(frozen=True)
class Targets:
    """Blend shapes as sparse displacements.

    Attributes:
        names: of the targets.
        start: (N + 1,) where each target's run begins.
        index: (K,) vertices.
        shift: (K, 3) metres.
    """

    names: tuple[str, ...]
    start: Ints
    index: Ints
    shift: Floats

    def add(self, vertices: NDArray[Any], weights: Mapping[str, float]) -> None:
        """Displace vertices (V, 3) in place by weighted targets.

        Raises:
            KeyError: no target of that name.
        """
        numbers = _numbers(self.names)
        for name, weight in weights.items():
            if weight:
                k = numbers[name]
                run = slice(int(self.start[k]), int(self.start[k + 1]))
                vertices[self.index[run]] += self.shift[run] * np.float32(weight)


@cache
def _numbers(known: tuple[str, ...]) -> dict[str, int]:
    return {name: k for k, name in enumerate(known)}


@cache
def targets(kind: str) -> Targets:
    """Targets of a kind: `macro` (ancestry, sex, age), `local` (features), `unit` (ARKit)."""
    step = array("targets_step").item()
    return Targets(
        tuple(array(f"{kind}_names").tolist()),
        array(f"{kind}_start").astype(np.int64),
        array(f"{kind}_index").astype(np.int64),
        array(f"{kind}_shift").astype(np.float32) * np.float32(step),
    )


@dataclass(frozen=True)
class Proxy:
    """A mesh that rides on the head's vertices.

    Attributes:
        reference: (N, 3) vertices; weight: (N, 3); offset: (N, 3) metres.
        triangles: (T, 3); uv: (U, 2), v down; triangle_uv: (T, 3).
    """

    reference: Ints
    weight: Floats
    offset: Floats
    triangles: Ints
    uv: Floats
    triangle_uv: Ints

    def fit(self, vertices: NDArray[Any]) -> Floats:
        """Positions (N, 3) float32 over vertices (V, 3) of the head."""
        corners = vertices[self.reference] * self.weight[:, :, None]
        out: Floats = (corners.sum(axis=1) + self.offset).astype(np.float32)
        return out


@cache
def proxy(name: str) -> Proxy:
    """A proxy by name."""
    part = {key: array(f"proxy_{name}_{key}") for key in Proxy.__dataclass_fields__}
    return Proxy(
        part["reference"].astype(np.int64),
        part["weight"].astype(np.float32),
        part["offset"].astype(np.float32),
        part["triangles"].astype(np.int64),
        part["uv"].astype(np.float32),
        part["triangle_uv"].astype(np.int64),
    )
