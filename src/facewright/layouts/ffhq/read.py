"""From an entry of ffhq-dataset-v2.json and its files to a photo with its face."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from facewright.align.ffhq import FFHQ
from facewright.errors import PhotoError
from facewright.layouts.common.checked import EntryError, Node
from facewright.layouts.common.members import Member
from facewright.layouts.common.points import landmark_columns
from facewright.layouts.ffhq.files import Files, folder_of
from facewright.layouts.seam.items import CropItem, FaceItem, FilePicture, PhotoItem
from facewright.layouts.seam.tree import Tree
from facewright.sources.base import printable

_KEY = re.compile(r"\d{1,9}", re.ASCII)
_PHOTO_COLUMNS: Final = {
    "author": "author",
    "licence": "license",
    "licence_url": "license_url",
    "source_url": "photo_url",
    "title": "photo_title",
    "retrieved": "date_crawled",
}
"""Column of the photo table to the key of `metadata`."""


def entry_name(number: int) -> str:
    """What a picture is called throughout: its number with five digits."""
    return f"{number:05d}"


def entry_number(key: str) -> int | None:
    """Number of an entry by its key; None where the key is no number."""
    return int(key) if _KEY.fullmatch(key) else None


def described_item(member: Member, tree: Tree, files: Files) -> PhotoItem:
    """The photo that an entry of the metadata describes; one with a problem where it is broken."""
    where = f"{files.metadata}: '{printable(member.key)}'"
    number = entry_number(member.key)
    photo_id = printable(member.key) if number is None else entry_name(number)
    if number is None:
        fault = f"{where} is no picture's number"
    elif member.fault:
        fault = f"{where}: {member.fault}"
    else:
        try:
            return _Entry(number, Node.of(member.value, where), tree, files).item()
        except EntryError as error:
            fault = str(error)
    extra = None if member.fault else member.value
    key = f"{files.metadata}#{printable(member.key)}"
    return PhotoItem(photo_id, key, extra=extra, problem=("bad_entry", fault))


def bare_item(number: int, tree: Tree, files: Files) -> PhotoItem:
    """A numbered picture that no metadata describe."""
    crops = [CropItem(tree.picture(path), FFHQ.name) for path in _crop_paths(number, files)]
    wild = files.wild.get(number)
    name = entry_name(number)
    faces = [FaceItem(name, crops=crops)] if crops else []
    key = wild or crops[0].picture.name
    return PhotoItem(name, key, faces=faces, picture=tree.picture(wild) if wild else None)


def _crop_paths(number: int, files: Files) -> Iterator[str]:
    yield from files.images.get(number, ())
    if number in files.thumbnails:
        yield files.thumbnails[number]


class _Entry:
    """One entry with the files that are there for it."""

    def __init__(self, number: int, node: Node, tree: Tree, files: Files) -> None:
        self._number = number
        self._node = node
        self._tree = tree
        self._files = files
        self._image = node.child("image")
        self._thumbnail = node.child("thumbnail")
        self._wild = node.child("in_the_wild")
        self._points = self._wild.points("face_landmarks") if self._wild else None

    def item(self) -> PhotoItem:
        """Put together what the entry says.

        Raises:
            EntryError: it does not say what it should.
        """
        photo, crops = self._photo(), self._crops()
        name = entry_name(self._number)
        if self._points is None and photo is None and crops:
            key = crops[0].picture.name  # the crop is the photo
        else:
            key = photo.name if photo else name
        problem = None
        if not crops and photo is None and self._files.numbers:
            problem = ("missing", f"there is no picture of {self._node.where}")
        face = FaceItem(name, self._face_columns(photo), crops, extra=self._node.data)
        return PhotoItem(name, key, self._photo_columns(), [face], photo, problem=problem)

    def _photo(self) -> FilePicture | None:
        stated = self._wild.path("file_path") if self._wild else None
        md5 = self._wild.md5("file_md5") if self._wild else None
        path = self._files.wild.get(self._number)
        if stated is not None and stated in self._tree:
            path = stated
        return self._tree.picture(path, md5) if path else None

    def _crops(self) -> list[CropItem]:
        quad = self._quad()
        found: dict[str, str | None] = {}
        for part in (self._image, self._thumbnail):
            stated = part.path("file_path") if part else None
            md5 = part.md5("file_md5") if part else None
            if stated is not None and stated in self._tree:
                found[stated] = md5
            for path in _crop_paths(self._number, self._files):
                if stated is not None and folder_of(path) == folder_of(stated):
                    found.setdefault(path, md5)
        for path in _crop_paths(self._number, self._files):
            found.setdefault(path, None)
        order = {path: n for n, path in enumerate(_crop_paths(self._number, self._files))}
        seen: set[str] = set()
        crops = []
        for path in sorted(found, key=lambda path: order.get(path, -1)):
            md5 = found[path]
            if md5 is None or md5 not in seen:  # a picture of 128 pixels is its own thumbnail
                crops.append(CropItem(self._tree.picture(path, md5), FFHQ.name, quad))
                seen.update([md5] if md5 else [])
        return crops

    def _quad(self) -> list[float] | None:
        """Corners of the crop in the photo, where the photo is described."""
        if self._wild is None or self._points is None:
            return None
        stated = self._wild.numbers("face_quad", (4, 2))
        if stated is None:
            try:
                stated = FFHQ.quad(self._points)
            except PhotoError:
                return None
        corners: list[float] = stated.reshape(-1).tolist()
        return corners

    def _face_columns(self, photo: FilePicture | None) -> dict[str, Any]:
        if self._wild is not None and self._points is not None:
            return {**landmark_columns(self._points), **_rectangle(self._wild)}
        points = self._image.points("face_landmarks") if self._image else None
        # Points of the crop say nothing of a photo in which the crop's place is not known.
        return landmark_columns(points) if points is not None and photo is None else {}

    def _photo_columns(self) -> dict[str, Any]:
        columns: dict[str, Any] = {}
        metadata = self._node.child("metadata")
        if metadata is not None:
            columns = {name: metadata.text(key) for name, key in _PHOTO_COLUMNS.items()}
        if self._wild is not None and self._points is not None:
            size = self._wild.numbers("pixel_size", (2,))
            if size is not None:
                columns["width"], columns["height"] = (int(v) for v in size)
        return columns


def _rectangle(wild: Node) -> dict[str, int]:
    box = wild.numbers("face_rect", (4,))
    if box is None:
        return {}
    left, top, right, bottom = (int(v) for v in box)
    sides = {"width": right - left, "height": bottom - top}
    return {f"rectangle.{k}": v for k, v in {"left": left, "top": top, **sides}.items()}
