"""The Academic Dataset by Generated Photos: synthetic faces, each with a JSON file.

Only the names of the JSON's keys are published. Pictures and JSON files belong together by their
names, in one folder or in two; ours are `images/<id>.png` and `metadata/<id>.json`. The published
pictures have 256 pixels a side.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from facewright.layouts.generated_photos.read import read_photos
from facewright.layouts.generated_photos.write import IMAGES, METADATA, NAME, write_faces
from facewright.layouts.seam.export import Export
from facewright.layouts.seam.items import PhotoItem
from facewright.layouts.seam.sink import Sink
from facewright.layouts.seam.tree import Tree
from facewright.sources.base import is_image_name


@dataclass(frozen=True, slots=True)
class GeneratedPhotosLayout:
    """The layout of the Academic Dataset by Generated Photos."""

    name: str = NAME
    summary: str = "a picture and a JSON file (FaceLandmarks, FaceAttributes) a face"

    def recognises(self, tree: Tree) -> bool:
        """Whether `images` and `metadata` hold pictures and JSON files of the same names.

        Files in one folder look like other layouts' too; they are read when it is named.
        """
        pictures, entries = set(), set()
        for name in tree.names:
            *_, folder, file = ("", *name.rsplit("/", 2))
            stem, _, extension = file.rpartition(".")
            if folder == IMAGES and is_image_name(file):
                pictures.add(stem)
            elif folder == METADATA and extension.lower() == "json":
                entries.add(stem)
        return bool(entries) and entries <= pictures

    def read(self, tree: Tree) -> Iterator[PhotoItem]:
        """One photo a picture, in the order of their paths; then JSON files without a picture."""
        yield from read_photos(tree)

    def write(self, export: Export, sink: Sink) -> list[str]:
        """Write a picture and a JSON file a face; names are the pictures' paths."""
        return write_faces(export, sink)


GENERATED_PHOTOS = GeneratedPhotosLayout()
