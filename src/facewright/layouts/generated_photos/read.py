"""From pictures and JSON files of the same names to photos with one face each."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any, Final

from facewright.errors import LayoutError
from facewright.layouts.common.checked import EntryError
from facewright.layouts.generated_photos.values import (
    ATTRIBUTES,
    LANDMARKS,
    columns_of,
    with_published_keys,
)
from facewright.layouts.seam.items import CropItem, FaceItem, PhotoItem
from facewright.layouts.seam.sidecar import is_metadata
from facewright.layouts.seam.tree import Tree, parse_json
from facewright.sources.base import UniqueKeys

_PHOTO: Final = {
    "author": "Generated Photos",
    "licence": "Academic Dataset by Generated Photos: research only, cite and link,"
    " passed on within the university only",
    "licence_url": "https://generated.photos/datasets",
    "source_url": "https://generated.photos/datasets",
}
"""The set's own terms, which hold for all its pictures."""


def read_photos(tree: Tree) -> Iterator[PhotoItem]:
    """All pictures, then the JSON files that describe none."""
    unique = UniqueKeys()
    pictures = [name for name in tree.pictures() if not name.startswith("facewright/")]
    entries, left = _pairs(tree, pictures)
    for picture in pictures:
        yield _item(unique(PurePosixPath(picture).stem), picture, entries.get(picture), tree)
    for name, taken in left:
        photo_id = unique(PurePosixPath(name).stem)
        if taken:
            problem = ("bad_entry", f"{name}: another file describes {taken}")
            yield PhotoItem(photo_id, name, _PHOTO, problem=problem)
        else:
            yield _item(photo_id, None, name, tree)


def _pairs(tree: Tree, pictures: list[str]) -> tuple[dict[str, str], list[tuple[str, str | None]]]:
    """JSON file of each picture, and the others: each with the picture that another has taken.

    Files of one folder belong together by their names, files of two where only one picture has
    that name.
    """
    by_path = {_without_suffix(name): name for name in pictures}
    by_name: dict[str, list[str]] = {}
    for name in pictures:
        by_name.setdefault(PurePosixPath(name).stem, []).append(name)
    entries: dict[str, str] = {}
    left: list[tuple[str, str | None]] = []
    files = [n for n in tree.names if n.lower().endswith(".json") and is_metadata(n)]
    for name in sorted(files, key=lambda name: _without_suffix(name) not in by_path):
        namesakes = by_name.get(PurePosixPath(name).stem, [])
        lone = namesakes[0] if len(namesakes) == 1 else None
        picture = by_path.get(_without_suffix(name)) or lone
        if picture is None or picture in entries:
            left.append((name, picture))
        else:
            entries[picture] = name
    return entries, sorted(left)


def _without_suffix(name: str) -> str:
    return str(PurePosixPath(name).with_suffix(""))


def _item(photo_id: str, picture: str | None, entry: str | None, tree: Tree) -> PhotoItem:
    """One picture with what its JSON file says; one of the two may be missing."""
    path = picture or entry or photo_id
    crops = [CropItem(tree.picture(picture))] if picture else []
    if entry is None:
        return PhotoItem(photo_id, path, _PHOTO, [FaceItem(path, crops=crops)])
    try:
        data = _entry(entry, tree)
        columns = columns_of(with_published_keys(data, entry), entry)
    except (EntryError, LayoutError) as error:
        return PhotoItem(photo_id, path, _PHOTO, problem=("bad_entry", str(error)))
    return PhotoItem(photo_id, path, _PHOTO, [FaceItem(path, columns, crops, data)])


def _entry(name: str, tree: Tree) -> dict[str, Any]:
    """Content of a JSON file.

    Raises:
        EntryError: it is no JSON, or nothing of this layout.
        LayoutError: it cannot be read.
    """
    try:
        data = parse_json(tree.text(name))
    except (ValueError, RecursionError) as error:
        raise EntryError(f"{name} is not JSON: {error}") from error
    if not isinstance(data, dict):
        raise EntryError(f"{name} must hold an object")
    spelt = with_published_keys(data, name)
    if spelt.get(LANDMARKS) is None and spelt.get(ATTRIBUTES) is None:
        raise EntryError(f"{name} has neither {LANDMARKS} nor {ATTRIBUTES}")
    return data
