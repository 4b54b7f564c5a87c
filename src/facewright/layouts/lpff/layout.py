"""LPFF and Unsplash-Pexels: faces turned far aside, cut for EG3D and StyleGAN, with cameras.

Written from the published description (github.com/oneThousand1000/LPFF-dataset). Camera labels
and the points on the realign2400 pictures are kept as they are in the faces' `extra`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from facewright.layouts.lpff.files import CAMERAS, CROPS, METADATA, RAW_POINTS, REALIGN_POINTS
from facewright.layouts.lpff.read import read_photos
from facewright.layouts.lpff.write import LPFFWriter
from facewright.layouts.seam.export import Export
from facewright.layouts.seam.items import PhotoItem
from facewright.layouts.seam.sink import Sink
from facewright.layouts.seam.tree import Tree


@dataclass(frozen=True, slots=True)
class LPFFLayout:
    """The layout of LPFF and of its sister set Unsplash-Pexels."""

    name: str = "lpff"
    summary: str = "crop/eg3d, crop/stylegan, raw, realign2400, camera_parameters.json, info.json"

    def recognises(self, tree: Tree) -> bool:
        """Whether there is one of its folders of crops, or one of its JSON files with landmarks."""
        crops = any(tree.pictures(f"{folder}/") for folder in CROPS)
        points = RAW_POINTS in tree or REALIGN_POINTS in tree
        return crops or points or (CAMERAS in tree and all(name in METADATA for name in tree))

    def read(self, tree: Tree) -> Iterator[PhotoItem]:
        """One photo a raw image with its faces, in the order of info.json, then of the others.

        Raises:
            LayoutError: a JSON file is none.
        """
        yield from read_photos(tree)

    def write(self, export: Export, sink: Sink) -> list[str]:
        """Write the crops, photos and JSON files that can be had; see `LPFFWriter`."""
        return LPFFWriter(export, sink).write()


LPFF = LPFFLayout()
