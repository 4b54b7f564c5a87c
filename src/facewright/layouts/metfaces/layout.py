"""MetFaces: faces of works of art, their photos, and metfaces.json.

Written from the published description (github.com/NVlabs/metfaces-dataset): a list of objects;
`images/<obj_id>-<face_idx>.png` with two digits from 00; `unprocessed/image-<obj_id>.png`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from facewright.layouts.metfaces.read import metadata_name, read_metfaces
from facewright.layouts.metfaces.write import MetFacesWriter
from facewright.layouts.seam.export import Export
from facewright.layouts.seam.items import PhotoItem
from facewright.layouts.seam.sink import Sink
from facewright.layouts.seam.tree import Tree


@dataclass(frozen=True, slots=True)
class MetFacesLayout:
    """The layout of MetFaces."""

    name: str = "metfaces"
    summary: str = "images/<obj_id>-00.png, unprocessed/image-<obj_id>.png, metfaces.json"

    def recognises(self, tree: Tree) -> bool:
        """Whether its JSON file is there."""
        return metadata_name(tree) is not None

    def read(self, tree: Tree) -> Iterator[PhotoItem]:
        """One photo an object with its faces, in the list's order; then pictures not in the list.

        Raises:
            LayoutError: the JSON is none.
        """
        return read_metfaces(tree)

    def write(self, export: Export, sink: Sink) -> list[str]:
        """Write pictures, photos that can be had, and the list; see `MetFacesWriter`."""
        return MetFacesWriter(export, sink).write()


METFACES = MetFacesLayout()
