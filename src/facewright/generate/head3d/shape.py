"""Vertices of a head: ancestry, sex, age and features, then expression, then the neck's turn.

The blend-shape model is MakeHuman's: macro targets weigh as the product of their words' shares
(ancestry x sex x age; sex x age x muscle x weight), the others add. Expression units are ARKit's.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from facewright.generate.head3d import pack
from facewright.generate.head3d.arrays import Floats

ANCESTRIES = ("african", "asian", "caucasian")
STAGES = ("baby", "child", "young", "old")
STAGE_YEARS = (2.0, 14.0, 25.0, 60.0, 80.0, 95.0)
"""Years at which the axis of stages has the values below."""
_STAGE_AXIS = (0.0, 1.0, 2.0, 2.40, 2.70, 3.0)


def stage_shares(years: float) -> dict[str, float]:
    """Shares of the four stages at an age; at most two are not 0 and they sum to 1."""
    place = float(np.interp(years, STAGE_YEARS, _STAGE_AXIS))
    low = min(int(place), len(STAGES) - 2)
    return {STAGES[low]: 1 - (place - low), STAGES[low + 1]: place - low}


def macro_weights(
    ancestry: Mapping[str, float], maleness: float, years: float, weight: float
) -> dict[str, float]:
    """Weights of the macro targets.

    Args:
        ancestry: shares of `ANCESTRIES`, sum 1.
        maleness: 0 female to 1 male.
        years: age.
        weight: 0 thin, .5 average, 1 heavy.
    """
    sexes = {"male": maleness, "female": 1 - maleness}
    heavy = abs(weight - 0.5) * 2
    extreme = "maxweight" if weight > 0.5 else "minweight"
    bulks = {"averageweight": 1 - heavy, extreme: heavy}
    out: dict[str, float] = {}
    for stage, share in stage_shares(years).items():
        for sex, part in sexes.items():
            for folk in ANCESTRIES:
                out[f"{folk}-{sex}-{stage}"] = ancestry.get(folk, 0.0) * part * share
            for bulk, most in bulks.items():
                out[f"universal-{sex}-{stage}-averagemuscle-{bulk}"] = part * share * most
    return {name: value for name, value in out.items() if value > 0}


def neutral(macro: Mapping[str, float], local: Mapping[str, float]) -> Floats:
    """Vertices (V, 3) in metres of a face at rest, the point between the eyes at the origin."""
    vertices = pack.array("vertices").astype(np.float32)
    pack.targets("macro").add(vertices, macro)
    pack.targets("local").add(vertices, local)
    return vertices - eye_middle(vertices)


def eye_middle(vertices: NDArray[Any]) -> Floats:
    """(3,) the point between the eyeballs."""
    middle: Floats = vertices[pack.array("group_eyes")].mean(axis=0).astype(np.float32)
    return middle


def express(vertices: Floats, units: Mapping[str, float]) -> Floats:
    """Vertices with expression units (ARKit's names, 0 to 1) added."""
    out = vertices.copy()
    pack.targets("unit").add(out, units)
    _drop_jaw(out, vertices, units.get("jawOpen", 0.0))
    return out


def _drop_jaw(out: Floats, rest: Floats, amount: float) -> None:
    """Turn lower teeth and tongue about the jaw's joint: the data's units move the skin only."""
    if amount <= 0:
        return
    pivot = eye_middle(rest) + np.array([0, -0.035, -0.055], np.float32)
    turn = turn_about_x(0.26 * amount)
    for group in ("jaw", "tongue"):
        which = pack.array(f"group_{group}")
        out[which] = (out[which] - pivot) @ turn.T + pivot


def turn_about_x(angle: float) -> Floats:
    """Rotation (3, 3) by radians that brings the front down where positive."""
    cos, sin = np.cos(angle), np.sin(angle)
    return np.array([[1, 0, 0], [0, cos, -sin], [0, sin, cos]], np.float32)


def neck_joint(vertices: NDArray[Any]) -> Floats:
    """(3,) where the skull turns on the neck."""
    joint: Floats = vertices[pack.array("group_joint")].mean(axis=0).astype(np.float32)
    return joint


def turn_head(
    points: NDArray[Any], follow: NDArray[Any], pivot: NDArray[Any], rotation: NDArray[Any]
) -> Floats:
    """Points turned with the head, each by its share of the rotation's angle.

    Args:
        points: (..., 3).
        follow: (...) 0 stays with the trunk, 1 turns with the skull.
        pivot: (3,) of `neck_joint`.
        rotation: (3, 3) of the skull.

    Returns:
        (..., 3) float32.
    """
    axis, angle = axis_angle(rotation)
    turn = (np.asarray(follow) * angle)[..., None]
    arm = np.asarray(points, np.float64) - pivot
    along = (arm @ axis)[..., None] * axis
    # Rodrigues' formula with an angle a point
    out: Floats = (
        along + (arm - along) * np.cos(turn) + np.cross(axis, arm) * np.sin(turn) + pivot
    ).astype(np.float32)
    return out


def axis_angle(rotation: NDArray[Any]) -> tuple[NDArray[np.float64], float]:
    """Unit axis (3,) and angle in radians of a rotation by less than half a turn."""
    matrix = np.asarray(rotation, np.float64)
    angle = float(np.arccos(np.clip((np.trace(matrix) - 1) / 2, -1, 1)))
    if angle < 1e-9:
        return np.array([0.0, 1.0, 0.0]), 0.0
    skew = np.array(
        [matrix[2, 1] - matrix[1, 2], matrix[0, 2] - matrix[2, 0], matrix[1, 0] - matrix[0, 1]]
    )
    return skew / (2 * np.sin(angle)), angle


@cache
def follow_weights() -> Floats:
    """(V,) how far each vertex follows the skull, 0 to 1."""
    weights: Floats = pack.array("follow").astype(np.float32) / 255
    return weights


def refine(vertices: NDArray[Any]) -> Floats:
    """One step of subdivision: (V, 3) to (V', 3)."""
    index, weight = pack.array("fine_index"), pack.array("fine_weight")
    start = pack.array("fine_start")[:-1].astype(np.int64)
    parts = np.asarray(vertices, np.float32)[index] * weight[:, None]
    out: Floats = np.add.reduceat(parts, start, axis=0)
    return out


@cache
def fine_triangles() -> NDArray[np.int64]:
    """(T, 3) triangles of the subdivided skin."""
    return split_quads(pack.array("fine_faces"))


@cache
def fine_triangle_uv() -> NDArray[np.int64]:
    """(T, 3) texture coordinates of `fine_triangles`, into the pack's `fine_uv`."""
    return split_quads(pack.array("fine_face_uv"))


def split_quads(quads: NDArray[Any]) -> NDArray[np.int64]:
    """Quads (F, 4) as triangles (2 F, 3)."""
    return np.concatenate([quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]]).astype(np.int64)


def vertex_normals(vertices: NDArray[Any], triangles: NDArray[Any]) -> Floats:
    """Unit normals (V, 3), each the area-weighted mean of the triangles around."""
    corners = vertices[triangles]
    faces = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    out = np.empty((len(vertices), 3))
    flat = triangles.ravel()
    for axis in range(3):
        out[:, axis] = np.bincount(flat, np.repeat(faces[:, axis], 3), len(vertices))
    length = np.linalg.norm(out, axis=1, keepdims=True)
    unit: Floats = (out / np.maximum(length, 1e-20)).astype(np.float32)
    return unit
