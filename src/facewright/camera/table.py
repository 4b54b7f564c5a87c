"""Camera labels of a faces table: which faces have one, and why the others have none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from facewright.align.base import CropSpec
from facewright.align.eg3d import EG3D
from facewright.camera.coefficients import stacked
from facewright.camera.deep3d import Mode, labels_of_deep3d
from facewright.camera.estimate import estimate_labels
from facewright.camera.label import LENGTH, Floats
from facewright.camera.window import through_window
from facewright.errors import PhotoError
from facewright.vision.mesh import ibug68

COLUMNS = ("face_id", "mesh", "crops")
"""Columns of the faces table that labels are made from."""

_BATCH = 2048
_MESH = (478, 3)


class Cameras(NamedTuple):
    """Labels of some faces of a table.

    Attributes:
        rows: (N,) rows of the table that have a label.
        labels: (N, 25).
        formats: (N) file ending of each face's crop; "png" where it was not cut.
        left_out: face id to the reason why it has no label.
    """

    rows: NDArray[np.int64]
    labels: Floats
    formats: list[str]
    left_out: dict[str, str]


def table_cameras(
    table: pa.Table,
    crop: CropSpec,
    mode: Mode = "orig",
    placements: Mapping[str, Floats] | None = None,
) -> Cameras:
    """Label the faces of a table.

    Args:
        table: with at least `COLUMNS`.
        crop: the crop that labels are for. EG3D's need not have been cut: it follows from the
            landmarks. Any other's must be in the table.
        mode: of `facewright.camera.deep3d`.
        placements: Deep3DFaceRecon's coefficients by face id; None estimates from the mesh.
    """
    parts = [
        _batch(table.slice(start, _BATCH), start, crop, mode, placements)
        for start in range(0, len(table), _BATCH)
    ]
    return Cameras(
        np.concatenate([np.zeros(0, np.int64), *(part.rows for part in parts)]),
        np.concatenate([np.zeros((0, LENGTH)), *(part.labels for part in parts)]),
        [ending for part in parts for ending in part.formats],
        {face: why for part in parts for face, why in part.left_out.items()},
    )


class _Framed(NamedTuple):
    """Where a face's crops lie: EG3D's, and the one that its label is for; the latter's ending."""

    eg3d: Floats
    wanted: Floats
    ending: str


def _batch(
    table: pa.Table,
    start: int,
    crop: CropSpec,
    mode: Mode,
    placements: Mapping[str, Floats] | None,
) -> Cameras:
    ids: list[str] = table.column("face_id").to_pylist()
    meshes, there = _meshes(table.column("mesh"))
    framed: dict[int, _Framed] = {}
    left_out: dict[str, str] = {}
    for row, crops in enumerate(table.column("crops").to_pylist()):
        if placements is not None and ids[row] not in placements:
            left_out[ids[row]] = "no coefficients"
        elif not there[row]:
            left_out[ids[row]] = "no mesh"
        else:
            try:
                framed[row] = _frame(meshes[row], crops, crop)
            except PhotoError as error:
                left_out[ids[row]] = error.detail
    rows = np.array(list(framed), np.int64)
    eg3d = np.array([face.eg3d for face in framed.values()]).reshape(-1, 4, 2)
    wanted = np.array([face.wanted for face in framed.values()]).reshape(-1, 4, 2)
    if placements is None:
        labels = estimate_labels(meshes[rows], eg3d, mode)
    else:
        labels = labels_of_deep3d(*stacked(placements[ids[row]] for row in framed), mode)
    if crop.alignment != EG3D.name:
        labels = through_window(labels, eg3d, wanted)
    endings = [face.ending for face in framed.values()]
    return Cameras(rows + start, labels, endings, left_out)


def _frame(mesh: Floats, crops: list[dict[str, Any]], crop: CropSpec) -> _Framed:
    """Raises PhotoError: there is no such crop of this face."""
    cut = {(c["alignment"], c["size"]): c for c in crops}
    found = cut.get((crop.alignment, crop.size))
    if crop.alignment == EG3D.name:
        quad = _quad(found) if found else EG3D.quad(ibug68(mesh[None])[0])
        return _Framed(quad, quad, found["format"] if found else "png")
    if found is None:
        raise PhotoError("no_crop", f"no crop {crop}")
    return _Framed(EG3D.quad(ibug68(mesh[None])[0]), _quad(found), found["format"])


def _quad(cut: dict[str, Any]) -> Floats:
    return np.array(cut["quad"], np.float64).reshape(4, 2)


def _meshes(column: pa.ChunkedArray) -> tuple[Floats, NDArray[np.bool_]]:
    """Meshes (N, 478, 3), zeros where there is none, and where there is one."""
    there: NDArray[np.bool_] = column.is_valid().to_numpy()
    out = np.zeros((len(column), *_MESH))
    present = column.drop_null().combine_chunks()
    out[there] = present.flatten().flatten().to_numpy().reshape(-1, *_MESH)
    return out, there
