"""Camera labels of the faces of an export: as imported with the picture, or estimated."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from facewright.align.base import CropSpec
from facewright.camera.label import LENGTH
from facewright.camera.table import COLUMNS, table_cameras
from facewright.errors import UsageError
from facewright.layouts.common.chosen import chosen_crop
from facewright.layouts.seam.export import Export
from facewright.record import ORIGINAL

KEY: Final = "camera"
"""Where `origin.extra` keeps the 25 floats that a layout states for its picture."""


def camera_labels(export: Export) -> NDArray[np.float64]:
    """Labels (N, 25) of the chosen crops, in the order of `export.rows()`.

    A label that came with the picture counts. Others are estimated from the mesh, see
    `facewright.camera.estimate`.

    Raises:
        UsageError: a face has no label, and none can be estimated.
    """
    found: dict[int, list[float]] = {}
    wanted: dict[CropSpec, list[int]] = {}
    ids: list[str] = []
    for n, row in enumerate(export.rows(["face_id", "crops", "origin"])):
        ids.append(row["face_id"])
        crop = chosen_crop(row, export.options.crop)
        own = stated_label(row)
        if crop is None or (crop["alignment"] == ORIGINAL and own is None):
            raise _no_label(ids[n], "it has no such crop, or one of no known alignment")
        if crop["alignment"] == ORIGINAL and own is not None:
            found[n] = own
        else:
            wanted.setdefault(CropSpec(crop["alignment"], crop["size"]), []).append(n)
    out = np.zeros((len(ids), LENGTH))
    for n, label in found.items():
        out[n] = label
    for spec, numbers in wanted.items():
        out[numbers] = _estimated(export, spec, numbers)
    return out


def stated_label(row: Mapping[str, Any]) -> list[float] | None:
    """The label that a record's layout states for its picture."""
    text = (row.get("origin") or {}).get("extra")
    extra = json.loads(text) if text else None
    label = extra.get(KEY) if isinstance(extra, dict) else None
    return label if is_label(label) else None


def is_label(value: Any) -> bool:
    """Whether a value of a JSON file is a list of 25 numbers."""
    return (
        isinstance(value, list)
        and len(value) == LENGTH
        and all(isinstance(x, int | float) and not isinstance(x, bool) for x in value)
    )


def _estimated(export: Export, spec: CropSpec, numbers: list[int]) -> NDArray[np.float64]:
    cameras = table_cameras(export.dataset.table(COLUMNS).take(numbers), spec)
    for face_id, why in cameras.left_out.items():
        raise _no_label(face_id, why)
    return cameras.labels


def _no_label(face_id: str, why: str) -> UsageError:
    return UsageError(
        f"face {face_id} has no camera label: {why}; build the dataset with the annotator"
        " 'geometry', or select the faces that have one"
    )
