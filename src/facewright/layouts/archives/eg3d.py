"""EG3D's training archive: the StyleGAN archive of 512-pixel crops with a camera each.

Labels are the 25 floats of `facewright.camera.label`. With mirrors, picture 2 i is face i and
2 i + 1 its mirror with the mirrored camera: the order of the published FFHQ, whose names (00000,
00000_mirror, 00001, ...) were numbered after sorting. Read are that folder as well, and zips.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, Final

from facewright.align.eg3d import EG3D as CROP
from facewright.camera.label import mirrored
from facewright.errors import UsageError
from facewright.layouts.archives.cameras import camera_labels, is_label, stated_label
from facewright.layouts.archives.pictures import write_pictures
from facewright.layouts.archives.read import LABELS, Archive, read_metadata, read_pictures
from facewright.layouts.archives.stylegan import check_power_of_two, is_numbered, write_labels
from facewright.layouts.common.chosen import chosen_crop
from facewright.layouts.seam.export import Export
from facewright.layouts.seam.items import PhotoItem
from facewright.layouts.seam.sink import Sink
from facewright.layouts.seam.tree import Tree
from facewright.record import ORIGINAL

_MIRROR: Final = "_mirror"
_FORM: Final = "camera"


@dataclass(frozen=True, slots=True)
class EG3DLayout:
    """See the module."""

    name: str = "eg3d"
    summary: str = "EG3D: zip or folder of 512-pixel PNGs with a 25-float camera each"

    def recognises(self, tree: Tree) -> bool:
        """By `_mirror` names beside `dataset.json`; numbered archives look like StyleGAN's."""
        return LABELS in tree and not is_numbered(tree) and bool(_named_mirrors(tree))

    def read(self, tree: Tree) -> Iterator[PhotoItem]:
        """Yield the pictures with their cameras in `extra`.

        A picture that is known for another's mirror, by its name or by `labels.json`, is no
        photo of its own.
        """
        archive = read_metadata(tree)
        for name, label in list(archive.labels.items()):
            if not is_label(label):
                archive.problems[name] = f"{LABELS}: the label of {name} is not 25 numbers"
        mirrors = _named_mirrors(tree) or _numbered_mirrors(tree, archive)
        yield from read_pictures(tree, archive, mirrors)

    def write(self, export: Export, sink: Sink) -> list[str]:
        """Write the archive.

        Raises:
            UsageError: a face has no EG3D crop or no camera.
        """
        _check_crops(export)
        labels = camera_labels(export)
        mirror = export.options.mirror
        names = write_pictures(export, sink, check_power_of_two, mirror=mirror)
        pairs: list[tuple[str, Any]] = []
        for files, label, flipped in zip(names, labels, mirrored(labels), strict=True):
            pairs += zip(files, (label.tolist(), flipped.tolist()), strict=False)
        write_labels(sink, pairs, {"form": _FORM, "mirror": mirror})
        return [files[0] if files else "" for files in names]


EG3D = EG3DLayout()


def _check_crops(export: Export) -> None:
    """Raise UsageError for faces whose chosen crop is not EG3D's, nor came with a camera."""
    for row in export.rows(["face_id", "crops", "origin"]):
        crop = chosen_crop(row, export.options.crop)
        if crop is not None and crop["alignment"] == CROP.name:
            continue
        if crop is not None and crop["alignment"] == ORIGINAL and stated_label(row):
            continue
        have = any(each["alignment"] == CROP.name for each in row["crops"])
        do = "choose the crop eg3d:512" if have else "build the dataset with the crop eg3d:512"
        raise UsageError(
            f"face {row['face_id']}: EG3D trains on its own 512-pixel crop, which its cameras are"
            f" for; {do}"
        )


def _named_mirrors(tree: Tree) -> dict[str, str]:
    """Mirrors by the picture they mirror: <name before its first dot>_mirror.<rest>."""
    pictures = set(tree.pictures())
    found = {}
    for name in pictures:
        folder, (base, dot, rest) = (
            PurePosixPath(name).parent,
            PurePosixPath(name).name.partition("."),
        )
        twin = str(folder / f"{base}{_MIRROR}{dot}{rest}")
        if twin in pictures:
            found[name] = twin
    return found


def _numbered_mirrors(tree: Tree, archive: Archive) -> dict[str, str]:
    """Pairs of a numbered archive, where `labels.json` says so and the cameras agree."""
    if not (archive.about and archive.about.get("mirror") is True):
        return {}
    found = {}
    names = sorted(archive.labels)
    there = set(tree.pictures())
    for name, twin in zip(names[::2], names[1::2], strict=False):
        cameras = archive.labels[name], archive.labels[twin]
        usable = {name, twin} <= there and all(map(is_label, cameras))
        if usable and mirrored(cameras[0]).tolist() == cameras[1]:
            found[name] = twin
    return found
