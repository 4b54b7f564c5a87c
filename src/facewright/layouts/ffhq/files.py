"""Where FFHQ keeps its files: parts by folder, pictures by number.

ffhq-dataset-v2.json
images1024x1024/00000/00000.png      folders of 1000 (v2); v1 has images1024x1024/00000.png
thumbnails128x128/00000/00000.png
in-the-wild-images/00000/00000.png
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from facewright.sources.base import is_image_name

METADATA: Final = "ffhq-dataset-v2.json"
THUMBNAILS: Final = "thumbnails128x128"
WILD: Final = "in-the-wild-images"
THUMBNAIL_SIDE: Final = 128

_PART = re.compile(
    r"(?:^|/)(images([1-9]\d*)x\2|thumbnails128x128|in-the-wild-images)/(?:\d{5}/)?(\d{5,9})\.\w+$",
    re.ASCII,
)
_BARE = re.compile(r"^(?:\d{5}/)?(\d{5,9})\.\w+$", re.ASCII)
_METADATA = re.compile(r"(?:^|/)ffhq-dataset-v(\d+)\.json$", re.ASCII)


def images_folder(side: int) -> str:
    """Folder of the aligned pictures: the published one where they are of 1024 pixels."""
    return f"images{side}x{side}"


def numbered(folder: str, number: int) -> str:
    """Path of a picture in folders of 1000."""
    return f"{folder}/{number - number % 1000:05d}/{number:05d}.png"


def folder_of(path: str) -> str | None:
    """Folder of the part that a path belongs to ("images1024x1024"), or None."""
    found = _PART.search(path)
    return found[1] if found else None


@dataclass
class Files:
    """The pictures of a layout by their numbers.

    Attributes:
        images: aligned pictures, the largest first.
        thumbnails: of 128 pixels.
        wild: photos.
        metadata: path of the JSON file, the newest version; None where there is none.
    """

    images: dict[int, list[str]] = field(default_factory=dict)
    thumbnails: dict[int, str] = field(default_factory=dict)
    wild: dict[int, str] = field(default_factory=dict)
    metadata: str | None = None

    @property
    def numbers(self) -> set[int]:
        """Numbers of which there is a picture."""
        return self.images.keys() | self.thumbnails.keys() | self.wild.keys()


def find_files(names: Iterable[str]) -> Files:
    """Sort a layout's files into its parts; one part's folder by itself is taken for images."""
    listed = list(names)
    files = Files(metadata=_newest(listed))
    sides: dict[str, int] = {}
    for name in listed:
        found = _PART.search(name) if is_image_name(name) else None
        if found is None:
            continue
        number = int(found[3])
        if found[2]:
            sides[name] = int(found[2])
            files.images.setdefault(number, []).append(name)
        else:
            part = files.thumbnails if found[1] == THUMBNAILS else files.wild
            part.setdefault(number, name)
    for paths in files.images.values():
        paths.sort(key=lambda path: (-sides[path], path))
    if files.metadata is None and not files.numbers:
        for name in listed:
            if is_image_name(name) and (bare := _BARE.match(name)):
                files.images.setdefault(int(bare[1]), [name])
    return files


def has_parts(names: Iterable[str]) -> bool:
    """Whether a file is one of a part, or the metadata."""
    return any(_METADATA.search(name) or _PART.search(name) for name in names)


def _newest(names: Iterable[str]) -> str | None:
    found = [(int(match[1]), name) for name in names if (match := _METADATA.search(name))]
    return max(found)[1] if found else None
