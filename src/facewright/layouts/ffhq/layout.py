"""FFHQ: 70,000 aligned faces, their thumbnails and photos, and ffhq-dataset-v2.json.

Written from the published description (github.com/NVlabs/ffhq-dataset). Any part may be missing
when it is read: pictures alone, the JSON alone, thumbnails alone. Thumbnails are written with
Pillow's Lanczos filter; which filter made the published ones is not known.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from facewright.layouts.common.members import read_members
from facewright.layouts.ffhq.files import find_files, has_parts
from facewright.layouts.ffhq.read import bare_item, described_item, entry_number
from facewright.layouts.ffhq.write import FFHQWriter
from facewright.layouts.seam.export import Export
from facewright.layouts.seam.items import PhotoItem
from facewright.layouts.seam.sink import Sink
from facewright.layouts.seam.tree import Tree


@dataclass(frozen=True, slots=True)
class FFHQLayout:
    """The layout of Flickr-Faces-HQ."""

    name: str = "ffhq"
    summary: str = "images1024x1024, thumbnails128x128, in-the-wild-images, ffhq-dataset-v2.json"

    def recognises(self, tree: Tree) -> bool:
        """Whether there is one of FFHQ's folders with numbered pictures, or its JSON."""
        return has_parts(tree.names)

    def read(self, tree: Tree) -> Iterator[PhotoItem]:
        """One photo an entry, in the JSON's order; then pictures that it does not name.

        Raises:
            LayoutError: the JSON is none.
        """
        files = find_files(tree.names)
        described: set[int | None] = set()
        if files.metadata is not None:
            for member in read_members(tree, files.metadata, dict):
                described.add(entry_number(member.key))
                yield described_item(member, tree, files)
        for number in sorted(files.numbers - described):
            yield bare_item(number, tree, files)

    def write(self, export: Export, sink: Sink) -> list[str]:
        """Write all parts that can be had; see `FFHQWriter`."""
        return FFHQWriter(export, sink).write()


FFHQ = FFHQLayout()
