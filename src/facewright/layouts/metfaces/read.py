"""Reading MetFaces: one photo an object with its faces, in the list's order.

Landmarks are those of the photo reduced by `shrink`: `(landmarks + 0.5) * shrink` is in photo
pixels, in 32-bit floats. Faces of one object keep the list's order, which is not by size.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, Final

from facewright.align.metfaces import METFACES as METFACES_CROP
from facewright.align.metfaces import photo_landmarks
from facewright.errors import PhotoError
from facewright.layouts.common.checked import EntryError, Node
from facewright.layouts.common.members import Member, read_members
from facewright.layouts.common.points import landmark_columns
from facewright.layouts.seam.items import CropItem, FaceItem, PhotoItem
from facewright.layouts.seam.tree import Tree

METADATA: Final = ("metfaces.json", "metfaces-dataset.json")
"""Names of the JSON file: the published one, and the one that the published commands use."""

_PICTURE = re.compile(r"(?:^|/)images/([^/]+)-(\d{2,})\.\w+$", re.ASCII)
_LARGEST_SHRINK: Final = 1000
_CC0: Final = {
    "licence": "CC0 1.0",
    "licence_url": "https://creativecommons.org/publicdomain/zero/1.0/",
}
"""The Metropolitan Museum of Art's Open Access pictures."""


def metadata_name(tree: Tree) -> str | None:
    """The JSON file of a tree: the topmost, and the published name before the other."""
    found = [path for name in METADATA for path in tree.by_filename.get(name, ())]
    return min(found, key=lambda name: (name.count("/"), METADATA.index(name.split("/")[-1])),
               default=None)  # fmt: skip


def read_metfaces(tree: Tree) -> Iterator[PhotoItem]:
    """Photos of the list with their faces, then pictures that it does not name.

    Raises:
        LayoutError: the JSON is none.
    """
    name = metadata_name(tree)
    photos: dict[str, list[_Entry]] = {}
    if name is not None:
        for member in read_members(tree, name, list):
            entry = _entry(member, name, tree, photos)
            if isinstance(entry, PhotoItem):
                yield entry
            else:
                photos.setdefault(entry.obj_id, []).append(entry)
    named = {entry.picture for entries in photos.values() for entry in entries}
    for obj_id, entries in photos.items():
        yield _photo(obj_id, entries, tree)
    yield from _bare(tree, named, photos)


@dataclass(frozen=True, slots=True)
class _Entry:
    """One face of the list: its object, its number and its picture, if that is there."""

    node: Node
    obj_id: str
    number: int
    picture: str | None
    columns: dict[str, Any]
    quad: list[float] | None

    @property
    def face_id(self) -> str:
        """`<obj_id>-<NN>`."""
        return f"{self.obj_id}-{self.number:02d}"


def _entry(
    member: Member, name: str, tree: Tree, photos: dict[str, list[_Entry]]
) -> _Entry | PhotoItem:
    """One checked entry; a photo with a problem where it is broken."""
    where = f"{name}: [{member.key}]"
    photo_id = f"{PurePosixPath(name).stem}-{member.key}"
    extra = None
    if member.fault:
        fault = f"{where}: {member.fault}"
    else:
        extra = member.value
        try:
            entry = _checked(Node.of(member.value, where), tree)
            if all(entry.number != other.number for other in photos.get(entry.obj_id, ())):
                return entry
            fault = f"{where}: an earlier entry is {entry.face_id} too"
        except EntryError as error:
            fault = str(error)
    return PhotoItem(photo_id, f"{name}#{member.key}", extra=extra, problem=("bad_entry", fault))


def _checked(node: Node, tree: Tree) -> _Entry:
    obj_id = node.data.get("obj_id")
    if isinstance(obj_id, int) and not isinstance(obj_id, bool):
        obj_id = str(obj_id)
    else:
        obj_id = node.text("obj_id")
    number = node.whole("face_idx")
    if obj_id is None or number is None:
        node.needed("obj_id")
        node.needed("face_idx")
        raise EntryError(f"{node.where}.obj_id is empty")
    for key in ("title", "artist_display_name", "source_url"):
        node.text(key)
    node.path("source_path")
    node.md5("source_md5")
    node.md5("image_md5")
    spec = node.child("face_spec")
    columns, quad = _place(spec) if spec else ({}, None)
    return _Entry(node, obj_id, number, _picture(node, obj_id, number, tree), columns, quad)


def _picture(node: Node, obj_id: str, number: int, tree: Tree) -> str | None:
    stated = node.path("image_path") or f"images/{obj_id}-{number:02d}.png"
    if stated in tree:
        return stated
    return next((name for name in tree.pictures() if name.endswith(f"/{stated}")), None)


def _place(spec: Node) -> tuple[dict[str, Any], list[float] | None]:
    """Columns of where the face lies in its photo, and the corners of its crop there."""
    columns: dict[str, Any] = {}
    quad = None
    shrink = _shrink(spec)
    small = spec.points("landmarks")
    if small is not None:
        points = photo_landmarks(small, shrink)
        columns = dict(landmark_columns(points))
        try:
            quad = METFACES_CROP.quad(points).reshape(-1).tolist()
        except PhotoError:  # points that no face has: the picture stays, its place is not known
            quad = None
    box = spec.numbers("rect", (4,))
    if box is not None:
        left, top, right, bottom = (int(v) for v in box * shrink)
        sides = {"left": left, "top": top, "width": right - left, "height": bottom - top}
        columns |= {f"rectangle.{name}": value for name, value in sides.items()}
    return columns, quad


def _shrink(spec: Node) -> int:
    shrink = spec.whole("shrink")
    if shrink is not None and not 1 <= shrink <= _LARGEST_SHRINK:
        raise EntryError(f"{spec.where}.shrink must be 1 to {_LARGEST_SHRINK}, not {shrink}")
    return shrink or 1


def _photo(obj_id: str, entries: list[_Entry], tree: Tree) -> PhotoItem:
    node = entries[0].node
    stated = node.path("source_path") or f"unprocessed/image-{obj_id}.png"
    source = next((name for name in tree.pictures() if f"/{name}".endswith(f"/{stated}")), None)
    columns = {
        "title": node.text("title"),
        "author": node.text("artist_display_name"),
        "source_url": node.text("source_url"),
        **_CC0,
    }
    faces = [_face(entry, tree) for entry in entries]
    problem = None
    if source is None and tree.pictures() and not any(face.crops for face in faces):
        problem = ("missing", f"there is neither {stated} nor a picture of its faces")
    picture = tree.picture(source, node.md5("source_md5")) if source else None
    return PhotoItem(obj_id, source or obj_id, columns, faces, picture, problem=problem)


def _face(entry: _Entry, tree: Tree) -> FaceItem:
    crops = []
    if entry.picture is not None:
        picture = tree.picture(entry.picture, entry.node.md5("image_md5"))
        crops = [CropItem(picture, METFACES_CROP.name, entry.quad)]
    return FaceItem(entry.face_id, entry.columns, crops, entry.node.data, entry.face_id)


def _bare(
    tree: Tree, named: set[str | None], photos: dict[str, list[_Entry]]
) -> Iterator[PhotoItem]:
    """Pictures that the list does not name, one photo each object."""
    found: dict[str, list[tuple[str, str]]] = {}
    for name in tree.pictures():
        match = _PICTURE.search(name)
        if match and name not in named:
            found.setdefault(match[1], []).append((f"{match[1]}-{match[2]}", name))
    for obj_id, pictures in found.items():
        faces = [
            FaceItem(face, crops=[CropItem(tree.picture(path), METFACES_CROP.name)], face_id=face)
            for face, path in pictures
        ]
        photo_id = obj_id if obj_id not in photos else pictures[0][0]
        yield PhotoItem(photo_id, pictures[0][1], _CC0, faces)
