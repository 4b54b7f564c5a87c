"""Reading the archives that StyleGAN and EG3D train from: pictures, `dataset.json`, name lists."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from facewright.errors import LayoutError
from facewright.layouts.archives.cameras import KEY, is_label
from facewright.layouts.archives.labels import ABOUT, CAMERA, columns_of
from facewright.layouts.common.camera_column import camera_column
from facewright.layouts.seam.items import CropItem, FaceItem, PhotoItem
from facewright.layouts.seam.sidecar import DESCRIPTIONS, FOLDER
from facewright.layouts.seam.tree import Tree
from facewright.sources.base import UniqueKeys, is_image_name

LABELS = "dataset.json"


@dataclass
class Archive:
    """What the files beside the pictures say.

    Attributes:
        labels: by picture's path, as they stand in dataset.json.
        problems: by picture's path, what is wrong with its label.
        about: content of `labels.json`, where it is ours.
        notes: by picture's path, what other JSON files say: how often a list of names holds it,
            or the value that an object has for it; by file.
        unread: JSON files that are neither, with what they are.
    """

    labels: dict[str, Any] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)
    about: dict[str, Any] | None = None
    notes: dict[str, dict[str, Any]] = field(default_factory=dict)
    unread: dict[str, str] = field(default_factory=dict)


def read_metadata(tree: Tree) -> Archive:
    """Everything but the pictures.

    Raises:
        LayoutError: `dataset.json` is not one.
    """
    found = Archive()
    if LABELS in tree:
        _read_labels(tree, found)
    pictures = set(tree.pictures())
    for name in tree.names:
        ours = name.startswith(FOLDER) or name in DESCRIPTIONS or name == LABELS
        if name.endswith(".json") and not ours:
            _read_other(tree, name, pictures, found)
    return found


def read_pictures(
    tree: Tree, archive: Archive, mirrors: Mapping[str, str] | None = None
) -> Iterator[PhotoItem]:
    """One photo with one face for each picture, in the order of loaders: sorted by path.

    Args:
        tree: the archive.
        archive: what `read_metadata` found.
        mirrors: pictures that are mirrors, by the picture that they mirror. They are no photos
            of their own; the name is kept with the face.
    """
    mirrors = mirrors or {}
    hidden = set(mirrors.values())
    pictures = tree.pictures()
    stems = Counter(PurePosixPath(name).stem for name in pictures)
    unique = UniqueKeys()
    for name in pictures:
        if name not in hidden:
            path = PurePosixPath(name)
            wanted = path.stem if stems[path.stem] == 1 else str(path.with_suffix(""))
            photo_id = unique(wanted.replace("/", "_"))
            yield _photo(tree, name, photo_id, archive, mirrors.get(name))
    yield from _problems(tree, archive, set(pictures), unique)


def _photo(tree: Tree, name: str, photo_id: str, archive: Archive, mirror: str | None) -> PhotoItem:
    if name in archive.problems:
        return PhotoItem(photo_id, name, problem=("bad_entry", archive.problems[name]))
    label = archive.labels.get(name)
    extra: dict[str, Any] = {}
    if label is not None:
        extra[KEY if is_label(label) else "label"] = label
    if mirror is not None:
        extra["mirror"] = mirror
    if name in archive.notes:
        extra["lists"] = archive.notes[name]
    columns = columns_of(label, archive.about) if label is not None else {}
    if is_label(label) and (archive.about or {}).get("form", CAMERA) == CAMERA:
        columns |= camera_column(label)
    face = FaceItem(name, columns, [CropItem(tree.picture(name))], extra or None)
    return PhotoItem(photo_id, name, faces=[face])


def _problems(
    tree: Tree, archive: Archive, pictures: set[str], unique: UniqueKeys
) -> Iterator[PhotoItem]:
    """Entries that belong to no picture: they are told, not dropped."""

    def problem(name: str, reason: str, detail: str) -> PhotoItem:
        return PhotoItem(unique(name.replace("/", "_")), name, problem=(reason, detail))

    for name in {**archive.labels, **archive.problems}:
        if name not in pictures:
            detail = archive.problems.get(name) or f"{LABELS} labels it, but there is no such file"
            yield problem(name, "bad_entry" if name in archive.problems else "missing", detail)
    for name in tree.names:
        base, mark, _ = name.rpartition("#")
        if mark and base in pictures and name not in pictures and is_image_name(base):
            yield problem(name, "duplicate_id", f"the archive holds {base} more than once")
    for name, what in archive.unread.items():
        yield problem(name, "bad_entry", what)


def _read_labels(tree: Tree, found: Archive) -> None:
    data = tree.json(LABELS, dict)
    entries = data.get("labels")
    if entries is None:
        return
    if not isinstance(entries, list):
        raise LayoutError(f"{LABELS} in {tree.path}: 'labels' must be a list of pairs, or null")
    for n, entry in enumerate(entries):
        where = f"{LABELS}: labels[{n}]"
        if not (isinstance(entry, list) and len(entry) == 2 and isinstance(entry[0], str)):
            raise LayoutError(f"{where} in {tree.path} must be a pair of a path and a label")
        name, label = entry[0].replace("\\", "/"), entry[1]
        if name in found.labels:
            found.problems[name] = f"{where}: {name} has a label already"
        elif fault := _fault(label):
            found.problems[name] = f"{where}: the label of {name} {fault}"
        else:
            found.labels[name] = label


def _fault(label: Any) -> str:
    """What keeps a value from being a label; empty where nothing does."""
    if isinstance(label, list):
        if label and all(_is_number(value) for value in label):
            return ""
        return "must hold finite numbers only, and at least one"
    is_class = isinstance(label, int) and not isinstance(label, bool) and label >= 0
    return "" if is_class else "must be a class (0, 1, ...) or a list of numbers"


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _read_other(tree: Tree, name: str, pictures: set[str], found: Archive) -> None:
    """Take a list of names (as LPFF's), or an object by name, to the pictures it speaks of."""
    try:
        data = tree.json(name)
    except LayoutError as error:
        found.unread[name] = str(error)
        return
    if name == ABOUT and isinstance(data, dict) and "form" in data:
        found.about = data
    elif isinstance(data, list) and data and all(isinstance(each, str) for each in data):
        _take(name, Counter(each.replace("\\", "/") for each in data), pictures, found)
    elif isinstance(data, dict) and any(key in pictures for key in data):
        _take(name, data, pictures, found)
    else:
        found.unread[name] = f"{name} is neither a list of pictures nor an object by picture"


def _take(name: str, told: Mapping[str, Any], pictures: set[str], found: Archive) -> None:
    strange = [picture for picture in told if picture not in pictures]
    if strange:
        count = f"{len(strange)} names that are no picture here"
        found.unread[name] = f"{name} holds {count}, as {strange[0]!r}; the others were taken"
    for picture, value in told.items():
        if picture in pictures:
            found.notes.setdefault(picture, {})[name] = value
