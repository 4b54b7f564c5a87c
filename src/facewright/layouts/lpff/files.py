"""Where LPFF keeps its files, and how it calls its faces.

A face is `<owner>_<photo>_<NN>` (Flickr) or `<slug>_<NN>` (Unsplash and Pexels), NN from 01 in
its raw image; `crop/eg3d`, `crop/stylegan` and `realign2400` hold a picture a face, `raw` one a
photo.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, Final

from facewright.align.base import CropSpec
from facewright.layouts.seam.tree import Tree

CROPS: Final[Mapping[str, CropSpec]] = {
    "crop/stylegan": CropSpec("lpff-stylegan", 1024),
    "crop/eg3d": CropSpec("eg3d", 512),
    "realign2400": CropSpec("realign2400", 2400),
}
"""Folder of each crop; the first is the main one."""

RAW: Final = "raw"
CAMERAS: Final = "camera_parameters.json"
INFO: Final = "info.json"
RAW_POINTS: Final = "raw_lm.json"
REALIGN_POINTS: Final = "realign2400_lm.json"
METADATA: Final = (INFO, CAMERAS, RAW_POINTS, REALIGN_POINTS)
"""The JSON files, objects by id of the face; `extra` of a face has the same names as keys."""

_INDENTS: Final[Mapping[str, int | None]] = {CAMERAS: 4, INFO: 1}
_FLICKR_KEYS: Final = (
    "photo_id",
    "user_id",
    "photo_url",
    "server",
    "secret",
    "originalsecret",
    "originalformat",
    "low_resolution_download_url",
    "high_resolution_download_url",
)

_ID = re.compile(r"(.+)_(\d{2,9})", re.ASCII | re.DOTALL)


def split_id(face_id: str) -> tuple[str, int] | None:
    """Raw image's name and number of a face, or None where the id has another form."""
    found = _ID.fullmatch(face_id)
    return (found[1], int(found[2])) if found else None


def join_id(raw_name: str, number: int) -> str:
    """Id of a face."""
    return f"{raw_name}_{number:02d}"


@dataclass(frozen=True, slots=True)
class Pictures:
    """Paths of the pictures there are.

    Attributes:
        crops: by folder of `CROPS`, then by id of the face.
        raw: by name of the raw image.
    """

    crops: Mapping[str, Mapping[str, str]]
    raw: Mapping[str, str]

    @property
    def any(self) -> bool:
        """Whether there is a picture at all."""
        return bool(self.raw or any(self.crops.values()))


def find_pictures(tree: Tree) -> Pictures:
    """Sort a layout's pictures by their folders."""
    crops = {folder: _by_stem(tree, folder) for folder in CROPS}
    return Pictures(crops, _by_stem(tree, RAW))


def _by_stem(tree: Tree, folder: str) -> dict[str, str]:
    """Paths below a folder by name without extension; the first of equals."""
    found: dict[str, str] = {}
    for name in tree.pictures(f"{folder}/"):
        found.setdefault(PurePosixPath(name).stem, name)
    return found


def metadata_bytes(name: str, entries: Mapping[str, Any]) -> bytes:
    """One of the JSON files in its published indentation."""
    return json.dumps(entries, indent=_INDENTS.get(name)).encode()


def info_entry(raw: str, photo: Mapping[str, str | None]) -> dict[str, Any]:
    """An entry of info.json in the style of Flickr's; "" where something is not known.

    Args:
        raw: name of the raw image.
        photo: author, licence, licence_url and source_url of the photo.
    """
    known = {"photo_id": raw, "photo_url": photo["source_url"] or ""}
    return {
        "raw_image_name": raw,
        "image_info": {
            **{key: known.get(key, "") for key in _FLICKR_KEYS},
            "license": {"name": photo["licence"] or "", "url": photo["licence_url"] or ""},
            "username": photo["author"] or "",
        },
    }
