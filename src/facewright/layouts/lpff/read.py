"""From LPFF's files to photos with their faces."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from facewright.align.eg3d import EG3D
from facewright.align.lpff import LPFF_STYLEGAN
from facewright.align.realign import REALIGN2400
from facewright.errors import PhotoError
from facewright.layouts.common.camera_column import camera_column
from facewright.layouts.common.checked import EntryError, Node, numbers
from facewright.layouts.common.members import read_members
from facewright.layouts.common.points import COUNT, landmark_columns, out_of_crop
from facewright.layouts.lpff.files import (
    CAMERAS,
    CROPS,
    INFO,
    METADATA,
    RAW_POINTS,
    REALIGN_POINTS,
    Pictures,
    find_pictures,
    split_id,
)
from facewright.layouts.seam.items import CropItem, FaceItem, PhotoItem
from facewright.layouts.seam.tree import Tree
from facewright.sources.base import printable

_CAMERA: Final = (25,)
_POINTS: Final = (COUNT, 2)
_SHAPES: Final = {CAMERAS: _CAMERA, RAW_POINTS: _POINTS, REALIGN_POINTS: _POINTS}
_SITES: Final = {
    "unsplash.com": ("Unsplash License", "https://unsplash.com/license"),
    "pexels.com": ("Pexels License", "https://www.pexels.com/license/"),
}
"""Licence of a picture by the site that it was taken from."""


@dataclass(slots=True)
class _Face:
    """What the JSON files say of one face, by file, and what is wrong with it."""

    said: dict[str, Any] = field(default_factory=dict)
    fault: str | None = None


def read_photos(tree: Tree) -> Iterator[PhotoItem]:
    """All photos; a face whose entries cannot be used comes as a photo of its own.

    Raises:
        LayoutError: a JSON file is none.
    """
    pictures = find_pictures(tree)
    faces = _faces(tree, pictures)
    by_raw: dict[str, list[tuple[int, str]]] = {}
    for face_id, face in faces.items():
        place = split_id(face_id)
        if place is None and face.fault is None:
            face.fault = f"'{face_id}' is no id of a face: it must end in _01, _02, ..."
        if place is None or face.fault is not None:
            yield _broken(face_id, face)
        else:
            by_raw.setdefault(place[0], []).append((place[1], face_id))
    for raw, numbered in by_raw.items():
        yield _photo(raw, [face_id for _, face_id in sorted(numbered)], faces, pictures, tree)
    for raw, path in pictures.raw.items():
        if raw not in by_raw:  # it shows no face that was kept
            yield PhotoItem(raw, path, picture=tree.picture(path))


def _faces(tree: Tree, pictures: Pictures) -> dict[str, _Face]:
    """What is said of each face, in the order in which they are first named."""
    faces: dict[str, _Face] = {}
    for name in METADATA:
        for member in read_members(tree, name, dict) if name in tree else ():
            face = faces.setdefault(printable(member.key), _Face())
            where = f"{name}: '{printable(member.key)}'"
            if member.fault or name in face.said:
                face.fault = f"{where}: {member.fault or 'the key comes twice'}"
                continue
            face.said[name] = member.value
            try:
                _check(name, member.value, where)
            except EntryError as error:
                face.fault = str(error)
    for paths in pictures.crops.values():
        for face_id in paths:
            faces.setdefault(face_id, _Face())
    return faces


def _check(name: str, value: Any, where: str) -> None:
    """Check one entry of one JSON file.

    Raises:
        EntryError: it is not what the file holds.
    """
    if name == INFO:
        _photo_columns(value, where)
    else:
        numbers(value, _SHAPES[name], where)


def _broken(face_id: str, face: _Face) -> PhotoItem:
    problem = ("bad_entry", face.fault or face_id)
    return PhotoItem(face_id, f"#{face_id}", extra=face.said or None, problem=problem)


def _photo(
    raw: str, face_ids: list[str], faces: Mapping[str, _Face], pictures: Pictures, tree: Tree
) -> PhotoItem:
    path = pictures.raw.get(raw)
    infos = [faces[face_id].said.get(INFO) for face_id in face_ids]
    info = next((info for info in infos if info is not None), None)
    columns = _photo_columns(info, INFO) if info is not None else {}
    items = [_face(face_id, faces[face_id].said, pictures, tree) for face_id in face_ids]
    problem = None
    if pictures.any and path is None and not any(item.crops for item in items):
        problem = ("missing", f"there is no picture of {', '.join(face_ids)}")
    picture = tree.picture(path) if path else None
    return PhotoItem(raw, path or raw, columns, items, picture, problem=problem)


def _face(face_id: str, said: Mapping[str, Any], pictures: Pictures, tree: Tree) -> FaceItem:
    raw_points = _points(said, RAW_POINTS)
    quads = crop_quads(raw_points, _points(said, REALIGN_POINTS))
    crops = [
        CropItem(tree.picture(pictures.crops[folder][face_id]), spec.alignment, quads.get(folder))
        for folder, spec in CROPS.items()
        if face_id in pictures.crops[folder]
    ]
    columns: dict[str, Any] = landmark_columns(raw_points) if raw_points is not None else {}
    if CAMERAS in said:
        columns |= camera_column(said[CAMERAS])
    return FaceItem(face_id, columns, crops, dict(said) or None, face_id)


def _points(said: Mapping[str, Any], name: str) -> NDArray[np.float64] | None:
    return numbers(said[name], _POINTS, name) if name in said else None


def crop_quads(
    raw: NDArray[np.float64] | None, realigned: NDArray[np.float64] | None
) -> dict[str, list[float]]:
    """Corners of the crops in the raw image: theirs in the realign2400 picture, and its own there.

    EG3D's are known to a pixel of its resized picture; see `EG3DCrop.quad`.
    """
    if raw is None:
        return {}
    found: dict[str, list[float]] = {}
    try:
        whole: list[float] = REALIGN2400.quad(raw).reshape(-1).tolist()
        found["realign2400"] = whole
        if realigned is not None:
            side = REALIGN2400.default_size
            for folder, crop in (("crop/stylegan", LPFF_STYLEGAN), ("crop/eg3d", EG3D)):
                corners = out_of_crop(crop.quad(realigned), whole, side)
                found[folder] = corners.reshape(-1).tolist()
    except PhotoError:  # points that no face has: the pictures stay, their places are not known
        return found
    return found


def _photo_columns(info: Any, where: str) -> dict[str, Any]:
    """Columns of the photo table from an entry of info.json: a Flickr object, or a URL.

    Raises:
        EntryError: it is neither.
    """
    if isinstance(info, str):
        site = urlsplit(printable(info)).netloc.lower() if "[" not in info else ""
        names = (terms for end, terms in _SITES.items() if f".{site}".endswith(f".{end}"))
        licence, url = next(names, (None, None))
        return {"source_url": printable(info), "licence": licence, "licence_url": url}
    node = Node.of(info, where)
    node.text("raw_image_name")
    image = node.child("image_info")
    if image is None:
        return {}
    licence_node = image.child("license")
    return {
        "author": image.text("username"),
        "licence": licence_node.text("name") if licence_node else None,
        "licence_url": licence_node.text("url") if licence_node else None,
        "source_url": image.text("photo_url"),
    }
