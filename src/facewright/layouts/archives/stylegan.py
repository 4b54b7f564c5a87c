"""StyleGAN2's and StyleGAN3's training archive: numbered PNGs and `dataset.json`.

    00000/img00000000.png    uncompressed; 1000 to a folder
    dataset.json             {"labels": [[path, class or list of floats], ...]}, or null
    labels.json              ours: of which columns the labels are; loaders pass it over

Reading takes the pictures in the loaders' order (sorted paths). Two things differ from the
published tool: palettes and other modes are decoded to the colours that they mean, not to their
indices, and EXIF orientation is applied.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from facewright.errors import UsageError
from facewright.layouts.archives.labels import ABOUT, make_labels
from facewright.layouts.archives.pictures import write_pictures
from facewright.layouts.archives.read import LABELS, read_metadata, read_pictures
from facewright.layouts.seam.export import Export
from facewright.layouts.seam.items import PhotoItem
from facewright.layouts.seam.sink import Sink
from facewright.layouts.seam.tree import Tree

_NUMBERED: Final = re.compile(r"\d{5}/img\d{8}\.png")


def is_numbered(tree: Tree) -> bool:
    """Whether pictures are called as the published tool calls them, `dataset.json` beside."""
    first = next(iter(tree.pictures()), "")
    return LABELS in tree and _NUMBERED.fullmatch(first) is not None


def write_labels(sink: Sink, pairs: list[tuple[str, Any]] | None, about: Any) -> None:
    """Write `labels.json`, where there is something to say, and `dataset.json` last."""
    if about is not None:
        sink.write(ABOUT, json.dumps(about, indent=1).encode() + b"\n")
    sink.write(LABELS, json.dumps({"labels": pairs}).encode())


def check_power_of_two(side: int) -> None:
    """Raise UsageError for a side that StyleGAN cannot be trained at."""
    if side < 4 or side & (side - 1):
        lower = 1 << max(2, side.bit_length() - 1)
        raise UsageError(
            f"StyleGAN needs a power of two for a side, not {side}; give a size of {lower}"
        )


@dataclass(frozen=True, slots=True)
class StyleGan:
    """See the module."""

    name: str = "stylegan"
    summary: str = "StyleGAN2/3: zip or folder of numbered PNGs with dataset.json"

    def recognises(self, tree: Tree) -> bool:
        """By numbered names and `dataset.json`."""
        return is_numbered(tree)

    def read(self, tree: Tree) -> Iterator[PhotoItem]:
        """Yield the pictures; labels go into columns where `labels.json` names them, and extra."""
        yield from read_pictures(tree, read_metadata(tree))

    def write(self, export: Export, sink: Sink) -> list[str]:
        """Write the archive; a class or vector for each picture where labels are asked for.

        Raises:
            UsageError: a side that is no power of two, pictures of several sizes, a face without
                a label, or a column that cannot be one.
        """
        labels = make_labels(export)
        names = write_pictures(export, sink, check_power_of_two)
        pairs = None
        if labels.values is not None:
            both = zip(names, labels.values, strict=True)
            pairs = [(files[0], label) for files, label in both if files]
        write_labels(sink, pairs, labels.about)
        return [files[0] if files else "" for files in names]


STYLEGAN = StyleGan()
