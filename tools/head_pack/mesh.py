"""The base mesh: which vertices and faces of the body a portrait needs, subdivided once."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from head_pack.sources import BASE_MESH

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

METRES = 0.1
"""MakeHuman counts in decimetres."""
EYES = slice(14598, 14742)
"""Vertices of the two helper eyeballs: their mean lies between the eyes."""


@dataclass(frozen=True, slots=True)
class BaseMesh:
    """MakeHuman's hm08 mesh.

    Attributes:
        vertices: (19158, 3) metres, x to the subject's left, y up, z forward.
        uv: (T, 2) texture coordinates, v up.
        faces: (F, 4) vertices of the quads of the body proper, without helpers.
        face_uv: (F, 4) into `uv`.
    """

    vertices: Floats
    uv: Floats
    faces: Ints
    face_uv: Ints


def read_base(root: Path) -> BaseMesh:
    """Parse base.obj."""
    vertices: list[list[float]] = []
    uv: list[list[float]] = []
    corners: list[list[list[int]]] = []
    group = ""
    for line in (root / BASE_MESH).read_text(encoding="utf-8").splitlines():
        kind, *rest = line.split() or [""]
        if kind == "v":
            vertices.append([float(x) for x in rest])
        elif kind == "vt":
            uv.append([float(x) for x in rest[:2]])
        elif kind == "g":
            group = rest[0]
        elif kind == "f" and group == "body":
            corners.append([[int(x) - 1 for x in corner.split("/")[:2]] for corner in rest])
    quads = np.array(corners)
    return BaseMesh(np.array(vertices) * METRES, np.array(uv), quads[:, :, 0], quads[:, :, 1])


def portrait_box(adult: Floats) -> NDArray[np.bool_]:
    """Which vertices lie in the box that a portrait shows: 33 cm below the eyes, 25 cm aside."""
    eyes = adult[EYES].mean(axis=0)
    inside: NDArray[np.bool_] = (adult[:, 1] > eyes[1] - 0.33) & (np.abs(adult[:, 0]) < 0.25)
    return inside


@dataclass(frozen=True, slots=True)
class Subdivision:
    """One step of Catmull and Clark (1978) as a sparse matrix, with the new faces.

    Attributes:
        index, weight, start: rows of the matrix: row r is
            sum(weight[k] * vertex[index[k]] for k in start[r] .. start[r + 1]).
        faces: (4 F, 4) quads of the finer mesh.
        uv: (T', 2); face_uv: (4 F, 4), linearly halved.
    """

    index: Ints
    weight: Floats
    start: Ints
    faces: Ints
    uv: Floats
    face_uv: Ints


def subdivide(faces: Ints, count: int, uv: Floats, face_uv: Ints) -> Subdivision:
    """Subdivide quads over `count` vertices; borders become cubic B-splines."""
    edges, edge_of, sides = _edges(faces)
    rows = _face_rows(faces)
    face_points = [rows[f] for f in range(len(faces))]
    edge_points = [
        _edge_row(edge, near, face_points) for edge, near in zip(edges, sides, strict=True)
    ]
    vertex_points = _vertex_rows(faces, count, edges, sides, face_points)
    matrix = [*vertex_points, *edge_points, *face_points]
    start = np.cumsum([0, *(len(row) for row in matrix)])
    index = np.array([k for row in matrix for k in row])
    weight = np.array([w for row in matrix for w in row.values()])
    middle = count + edge_of
    centre = count + len(edges) + np.arange(len(faces))
    fine = _quarter(faces, middle, centre)
    fine_uv, fine_face_uv = _halve_uv(uv, face_uv)
    return Subdivision(index, weight, start, fine, fine_uv, fine_face_uv)


Row = dict[int, float]


def _face_rows(faces: Ints) -> list[Row]:
    return [dict.fromkeys(map(int, face), 0.25) for face in faces]


def _edges(faces: Ints) -> tuple[list[tuple[int, int]], Ints, list[list[int]]]:
    """Edges, the edge after each corner (F, 4), the faces at each edge."""
    found: dict[tuple[int, int], int] = {}
    near: list[list[int]] = []
    edge_of = np.zeros_like(faces)
    for f, face in enumerate(faces):
        for c in range(4):
            a, b = int(face[c]), int(face[(c + 1) % 4])
            key = (min(a, b), max(a, b))
            if key not in found:
                found[key] = len(near)
                near.append([])
            edge_of[f, c] = found[key]
            near[found[key]].append(f)
    return list(found), edge_of, near


def _blend(parts: list[tuple[float, Row]]) -> Row:
    out: Row = {}
    for share, row in parts:
        for k, w in row.items():
            out[k] = out.get(k, 0.0) + share * w
    return out


def _edge_row(edge: tuple[int, int], near: list[int], face_points: list[Row]) -> Row:
    a, b = ({edge[0]: 1.0}, {edge[1]: 1.0})
    if len(near) < 2:
        return _blend([(0.5, a), (0.5, b)])
    return _blend([(0.25, a), (0.25, b), *((0.25, face_points[f]) for f in near[:2])])


def _vertex_rows(
    faces: Ints,
    count: int,
    edges: list[tuple[int, int]],
    sides: list[list[int]],
    face_points: list[Row],
) -> list[Row]:
    around: list[list[int]] = [[] for _ in range(count)]
    border: list[list[int]] = [[] for _ in range(count)]
    touching: list[list[int]] = [[] for _ in range(count)]
    for (a, b), near in zip(edges, sides, strict=True):
        for here, there in ((a, b), (b, a)):
            around[here].append(there)
            if len(near) < 2:
                border[here].append(there)
    for f, face in enumerate(faces):
        for v in face:
            touching[int(v)].append(f)
    return [
        _vertex_row(v, around[v], border[v], [face_points[f] for f in touching[v]])
        for v in range(count)
    ]


def _vertex_row(v: int, around: list[int], border: list[int], near: list[Row]) -> Row:
    if border:
        if len(border) != 2:
            return {v: 1.0}
        return _blend([(0.75, {v: 1.0}), *((0.125, {k: 1.0}) for k in border)])
    n = len(around)
    if n == 0:
        return {v: 1.0}
    # (F + 2 R + (n - 3) P) / n with R the mean of the edges' middles
    own = (n - 3) / n + 1.0 / n
    middles = [(1.0 / n / n, {k: 1.0}) for k in around]
    return _blend([(own, {v: 1.0}), *middles, *((1.0 / n / n, row) for row in near)])


def _quarter(corners: Ints, middle: Ints, centre: Ints) -> Ints:
    parts = [
        np.stack([corners[:, c], middle[:, c], centre, middle[:, c - 1]], axis=1) for c in range(4)
    ]
    return np.stack(parts, axis=1).reshape(-1, 4)


def _halve_uv(uv: Floats, face_uv: Ints) -> tuple[Floats, Ints]:
    edges, edge_of, _ = _edges(face_uv)
    middles = uv[np.array(edges)].mean(axis=1)
    centres = uv[face_uv].mean(axis=1)
    first = len(uv) + len(middles)
    quads = _quarter(face_uv, len(uv) + edge_of, first + np.arange(len(face_uv)))
    return np.concatenate([uv, middles, centres]), quads
