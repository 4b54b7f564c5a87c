"""Which of a face's crops an export means, and what of the record is seen from it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from facewright.layouts.common.points import into_crop, landmarks_of


def chosen_crop(row: Mapping[str, Any], wanted: str | None) -> dict[str, Any] | None:
    """The crop that `ExportOptions.crop` names, as the record describes it.

    Args:
        row: a record with its crops.
        wanted: "ffhq", "ffhq:1024", or None for the main one.
    """
    for crop in row["crops"]:
        if wanted in (None, crop["alignment"], crop_name(crop)):
            found: dict[str, Any] = crop
            return found
    return None


def crop_name(crop: Mapping[str, Any]) -> str:
    """A crop as commands name it: "ffhq:1024"."""
    return f"{crop['alignment']}:{crop['size']}"


def points_in_crop(
    row: Mapping[str, Any], photo: Mapping[str, Any] | None, crop: Mapping[str, Any], side: int
) -> NDArray[np.float64] | None:
    """The 68 points of a face in one of its crops.

    Args:
        row: a record with landmarks.
        photo: row of its photo.
        crop: one of the record's crops.
        side: at which the crop is seen, in pixels; the longer one.

    Returns:
        (68, 2) in pixels of the crop, centres at integers; None where there are no points, or the
        crop's place in the photo is not known.
    """
    points = landmarks_of(row)
    if points is None:
        return None
    if crop["quad"] is not None:
        return into_crop(points, crop["quad"], side)
    sides = (photo["width"], photo["height"]) if photo is not None else (None, None)
    is_photo = None not in sides and max(sides) == crop["size"]
    return (points + 0.5) * side / crop["size"] - 0.5 if is_photo else None


def original_entry(row: Mapping[str, Any], layout: str) -> dict[str, Any]:
    """What a layout said of a face that was read from it, word for word; empty for others."""
    origin = row["origin"]
    if not origin or origin["layout"] != layout or not origin["extra"]:
        return {}
    entry = json.loads(origin["extra"])
    return entry if isinstance(entry, dict) else {}
