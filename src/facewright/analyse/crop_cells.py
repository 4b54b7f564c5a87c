"""Cells that show a dataset's crops, with box and landmarks mapped into them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from facewright.analyse.cells import Cell, blank, in_threads, resized
from facewright.analyse.marks import crop_map, draw_face
from facewright.analyse.picked import pictures_of
from facewright.analyse.traits import main_traits
from facewright.store.dataset import Dataset
from facewright.store.image import EncodedImage


def crop_cells(
    dataset: Dataset, faces: Sequence[Mapping[str, Any]], side: int, *, marks: bool = True
) -> list[Cell]:
    """A cell for each face: its main crop at `side` pixels.

    Args:
        dataset: whose faces they are.
        faces: rows with `facewright.analyse.picked.MARK_COLUMNS`.
        side: of the picture in pixels.
        marks: draw box and landmarks; they hide what one looks for in a face itself.

    Raises:
        DatasetError: a shard is missing or broken.
    """
    shown = [face["face_id"] for face in faces if face["crops"]]
    part = pictures_of(dataset, shown)
    images = {face_id: part.image(face_id) for face_id in shown}
    return in_threads(
        lambda face: crop_cell(face, images.get(face["face_id"]), side, marks=marks), faces
    )


def crop_cell(
    face: Mapping[str, Any], image: EncodedImage | None, side: int, *, marks: bool = True
) -> Cell:
    """One cell; a face that was dropped has no crop and shows why."""
    if image is None:
        why = ", ".join(face["reasons"]) or "no crop"
        return Cell(blank(side), face["face_id"], (f"dropped: {why}", *main_traits(face)), 1)
    picture = resized(image.numpy(), side, side)
    quad = face["crops"][0]["quad"]  # an imported crop may not say where it lay
    if marks and quad is not None:
        draw_face(picture, face, crop_map(quad, side))
    return Cell(picture, face["face_id"], tuple(main_traits(face)), 1)
