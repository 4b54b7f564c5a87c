"""68 landmarks out of the JSON in which people keep them."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from facewright.align.geometry import LANDMARKS
from facewright.align.metfaces import photo_landmarks
from facewright.errors import UsageError
from facewright.record import Landmarks68

_WRAPPERS = ("in_the_wild", "face_spec")
_NAMES = ("face_landmarks", "landmarks")
_WANTED = (
    "a list of 68 [x, y], or an object with one as 'face_landmarks' or 'landmarks'"
    " (an entry of FFHQ's or MetFaces' JSON, or a line of 'facewright annotate')"
)


def landmarks_from_json(text: str | bytes, where: str) -> NDArray[np.float64]:
    """Read the landmarks of one face.

    Understood are a list of 68 [x, y]; an object that holds one as `face_landmarks` or
    `landmarks`, by itself or within `in_the_wild` (an entry of `ffhq-dataset-v2.json`) or
    `face_spec` (one of `metfaces.json`: its `shrink` is applied as MetFaces does); and a record
    of this project, whose landmarks are in seven named groups.

    Args:
        text: the JSON.
        where: name of the file, for the error's text.

    Returns:
        float64 (68, 2), iBUG order, photo pixels (x, y).

    Raises:
        UsageError: it is something else; names the file and what was found.
    """
    try:
        data = json.loads(text)
    except ValueError as error:  # UnicodeDecodeError is one too
        raise UsageError(f"{where}: no JSON ({error}); it should be {_WANTED}") from error
    shrink = None
    if isinstance(data, dict):
        holder = next((data[key] for key in _WRAPPERS if isinstance(data.get(key), dict)), data)
        name = next((key for key in _NAMES if key in holder), None)
        if name is None:
            raise UsageError(f"{where}: no 'face_landmarks' in it; it should be {_WANTED}")
        data, shrink = holder[name], holder.get("shrink")
    points = _points(_ungrouped(data, where), where)
    return points if shrink is None else photo_landmarks(points, _shrink(shrink, where))


def _ungrouped(data: Any, where: str) -> Any:
    """The points of the seven groups of a record as one list; anything else as it is."""
    if not isinstance(data, dict):
        return data
    groups = [data.get(name) for name in Landmarks68.model_fields]
    if not all(isinstance(group, list) for group in groups):
        names = ", ".join(Landmarks68.model_fields)
        raise UsageError(f"{where}: landmarks by name need the groups {names}, each a list")
    return [point for group in groups if isinstance(group, list) for point in group]


def _points(data: Any, where: str) -> NDArray[np.float64]:
    if not isinstance(data, list):
        raise UsageError(f"{where}: landmarks are a list, not {type(data).__name__}")
    if len(data) != LANDMARKS[0]:
        raise UsageError(f"{where}: {len(data)} landmarks; it should be {_WANTED}")
    for i, point in enumerate(data):
        if not (isinstance(point, list) and len(point) == LANDMARKS[1] and all(map(_real, point))):
            raise UsageError(f"{where}: landmark {i} is no [x, y] of two finite numbers")
    return np.array(data, dtype=np.float64)


def _real(value: Any) -> bool:
    """Whether it is a finite number; true and false are none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    try:
        return math.isfinite(value)
    except OverflowError:  # an integer beyond every float
        return False


def _shrink(value: Any, where: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise UsageError(f"{where}: 'shrink' is a whole number from 1 on, not {value!r}")
    return value
