"""The 25 numbers that a layout states for a picture, as the Record's camera where they are one."""

from __future__ import annotations

from typing import Any, Final

from facewright.camera.label import CameraLabel
from facewright.errors import UsageError

_DECIMALS: Final = 6


def camera_column(label: Any) -> dict[str, list[float]]:
    """Column `camera` of a label of 25 numbers; none where they are no camera.

    Twenty-five numbers may be anything, a class of 25 say: they are kept in `extra` either way.
    """
    if not isinstance(label, list):
        return {}
    try:
        camera = CameraLabel.parse(label)
    except UsageError:
        return {}
    return {"camera": [round(value, _DECIMALS) for value in camera.values]}
