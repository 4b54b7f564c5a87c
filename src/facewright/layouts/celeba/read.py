"""CelebA's lists, as published (text, columns by spaces) or as Kaggle has them (tables).

An attribute whose sign fills a field of the Record exactly goes there; all signs, points, the
identity and the split are kept in `extra`. The pictures are aligned already and have no photo.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any, Final

from facewright.errors import LayoutError
from facewright.layouts.celeba.attributes import ATTRIBUTES, columns_of
from facewright.layouts.seam.items import CropItem, FaceItem, PhotoItem
from facewright.layouts.seam.tree import Tree
from facewright.sources.base import UniqueKeys, escapes

FOLDER: Final = "img_align_celeba/"
ATTR: Final = "list_attr_celeba.txt"
POINTS: Final = "list_landmarks_align_celeba.txt"
IDENTITY: Final = "identity_CelebA.txt"
PARTITION: Final = "list_eval_partition.txt"
UNKNOWN: Final = "list_unknown_celeba.txt"
SPLITS: Final = ("train", "valid", "test")
POINT_NAMES: Final = tuple(
    f"{part}_{axis}"
    for part in ("lefteye", "righteye", "nose", "leftmouth", "rightmouth")
    for axis in "xy"
)
_LONGEST: Final = 9  # digits of a number


@dataclass(frozen=True, slots=True)
class _List:
    """One list: names of its columns, values by file, and what is wrong by file."""

    columns: tuple[str, ...] = ()
    rows: dict[str, list[int]] = field(default_factory=dict)
    wrong: dict[str, str] = field(default_factory=dict)


def has_lists(tree: Tree) -> bool:
    """Whether the list of attributes is there."""
    return _find(tree, ATTR) is not None


def read_celeba(tree: Tree) -> Iterator[PhotoItem]:
    """A photo a picture, in the order of the attributes' list, then those only others name.

    Raises:
        LayoutError: no list of attributes, or one whose head is not what CelebA has.
    """
    attributes = _read(tree, ATTR, None)
    if attributes is None:
        raise LayoutError(f"{tree.path} has no {ATTR}")
    if not set(attributes.columns) <= set(ATTRIBUTES):
        strange = ", ".join(sorted(set(attributes.columns) - set(ATTRIBUTES))[:3])
        raise LayoutError(f"{ATTR} in {tree.path} has columns that CelebA has not: {strange}")
    others = {
        "landmarks": _read(tree, POINTS, POINT_NAMES) or _List(),
        "identity": _read(tree, IDENTITY, ("identity",), headless=True) or _List(),
        "partition": _read(tree, PARTITION, ("partition",), headless=True) or _List(),
        "unknown": _read(tree, UNKNOWN, attributes.columns) or _List(),
    }
    lists = {"attributes": attributes, **others}
    folder = _Pictures(tree)
    unique = UniqueKeys()
    files = (file for each in lists.values() for file in (*each.rows, *each.wrong))
    for file in dict.fromkeys([*files, *folder.unnamed(attributes)]):
        yield _photo(tree, folder, file, lists, unique)


class _Pictures:
    """Where the pictures lie: CelebA's folder, wherever it was unpacked."""

    def __init__(self, tree: Tree) -> None:
        self._paths: dict[str, str] = {}
        for name in tree.pictures():
            if FOLDER in name or "/" not in name:
                self._paths.setdefault(PurePosixPath(name).name, name)

    def path(self, file: str) -> str:
        """Where a picture lies."""
        return self._paths.get(file, f"{FOLDER}{file}")

    def unnamed(self, attributes: _List) -> list[str]:
        """Pictures that the list of attributes does not name."""
        return [file for file in self._paths if file not in attributes.rows]


def _photo(
    tree: Tree, folder: _Pictures, file: str, lists: dict[str, _List], unique: UniqueKeys
) -> PhotoItem:
    path = folder.path(file)
    photo_id = unique(PurePosixPath(file).stem or file)
    if escapes(file):
        return PhotoItem(photo_id, path, problem=("escapes", f"{ATTR}: {file}"))
    wrong = next((each.wrong[file] for each in lists.values() if file in each.wrong), None)
    if wrong is not None:
        return PhotoItem(photo_id, path, problem=("bad_entry", wrong))
    try:
        columns, extra = _stated(file, lists)
    except ValueError as error:
        return PhotoItem(photo_id, path, problem=("bad_entry", f"{file}: {error}"))
    face = FaceItem(path, columns, [CropItem(tree.picture(path))], extra or None)
    return PhotoItem(photo_id, path, {}, [face])


def _stated(file: str, lists: dict[str, _List]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Columns of the Record, and all that CelebA says, of one picture.

    Raises:
        ValueError: a value that CelebA does not have; names list and column.
    """
    names = lists["attributes"].columns
    extra: dict[str, Any] = {}
    known: dict[str, bool] = {}
    if (signs := lists["attributes"].rows.get(file)) is not None:
        strange = next(
            (n for n, sign in zip(names, signs, strict=True) if sign not in (-1, 1)), None
        )
        if strange:
            raise ValueError(f"'{strange}' of {ATTR} must be -1 or 1")
        hidden = lists["unknown"].rows.get(file) or [-1] * len(names)
        said = {n: s for n, s, h in zip(names, signs, hidden, strict=True) if h != 1}
        extra["attributes"] = said
        known = {name: sign == 1 for name, sign in said.items()}
    points = lists["landmarks"].rows.get(file)
    if points is not None and any(points):
        extra["landmarks"] = points
    if (person := lists["identity"].rows.get(file)) is not None:
        extra["identity"] = person[0]
    if (split := lists["partition"].rows.get(file)) is not None:
        if not 0 <= split[0] < len(SPLITS):
            raise ValueError(f"the split of {PARTITION} must be 0, 1 or 2, not {split[0]}")
        extra["partition"] = SPLITS[split[0]]
    return columns_of(known), extra


def _find(tree: Tree, name: str) -> str | None:
    """Path of a list: anywhere, as text or as table."""
    stem = PurePosixPath(name).stem.lower()
    found = [
        path
        for file, paths in tree.by_filename.items()
        if file.endswith((".txt", ".csv")) and file[:-4].lower() == stem
        for path in paths
    ]
    return min(found, key=lambda path: (path.count("/"), path.endswith(".csv")), default=None)


def _read(
    tree: Tree, name: str, columns: Sequence[str] | None, *, headless: bool = False
) -> _List | None:
    path = _find(tree, name)
    if path is None:
        return None
    lines = tree.text(path).splitlines()
    is_table = path.endswith(".csv")
    try:
        rows = list(csv.reader(lines)) if is_table else [line.split() for line in lines]
    except csv.Error as error:
        raise LayoutError(f"{path} in {tree.path} is not CSV: {error}") from error
    start = 1 if is_table else 0 if headless else 2
    if start:
        found = _head(tree, path, rows, is_table=is_table)
        if columns is not None and len(found) != len(columns):
            raise LayoutError(f"{path} in {tree.path} has {len(found)} columns, not {len(columns)}")
        columns = columns or found
    assert columns is not None
    result = _List(tuple(columns))
    for number, row in enumerate(rows[start:], start + 1):
        if row:
            _take(result, f"{path}:{number}", row)
    return result


def _head(tree: Tree, path: str, rows: list[list[str]], *, is_table: bool) -> list[str]:
    """Names of the columns from the list's first lines.

    Raises:
        LayoutError: they are not what CelebA has.
    """
    if is_table:
        if not rows:
            raise LayoutError(f"{path} in {tree.path} is empty")
        return [name.strip() for name in rows[0][1:]]
    if len(rows) < 2 or len(rows[0]) != 1 or not rows[0][0].isdigit() or not rows[1]:
        raise LayoutError(f"{path} in {tree.path} must start with a count and a line of names")
    return rows[1]


def _take(into: _List, where: str, row: list[str]) -> None:
    file, *cells = (cell.strip() for cell in row)
    if file in into.rows or file in into.wrong:
        into.rows.pop(file, None)
        into.wrong[file] = f"{where}: {file} comes twice"
    elif len(cells) != len(into.columns):
        into.wrong[file] = f"{where}: {len(cells)} values for {len(into.columns)} columns"
    elif not all(_is_whole(cell) for cell in cells):
        into.wrong[file] = f"{where}: '{next(c for c in cells if not _is_whole(c))}' is no number"
    else:
        into.rows[file] = [int(cell) for cell in cells]


def _is_whole(cell: str) -> bool:
    digits = cell.removeprefix("-")
    return digits.isascii() and digits.isdigit() and len(digits) <= _LONGEST
