"""Entries of published metadata as tasks: MetFaces' list and FFHQ's object."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from facewright.align.metfaces import photo_landmarks
from facewright.errors import LayoutError, UsageError
from facewright.layouts.common.checked import EntryError, Node
from facewright.layouts.common.members import Member, members_of
from facewright.reproduce.task import Outcome, Task

SETS = ("ffhq", "metfaces")
_LARGEST_SHRINK = 1000


@dataclass(frozen=True, slots=True)
class Listed:
    """One entry in the list's order.

    Attributes:
        task: what is to be made, or None where the entry cannot be used.
        problem: then, why.
        size: width and height of the photo, where the metadata state them.
    """

    task: Task | None
    problem: Outcome | None = None
    size: tuple[int, int] | None = None


def listed(name: str, metadata: Path, *, unaligned: bool = False) -> Iterator[Listed]:
    """Entries of a set's metadata, in their order, which for both sets means something.

    Args:
        name: "ffhq" or "metfaces".
        metadata: `ffhq-dataset-v2.json` (or v1), `metfaces.json`.
        unaligned: the sets FFHQ-U and MetFaces-U, of which no checksums were published.

    Raises:
        UsageError: no such set.
        LayoutError: the file cannot be read, is no JSON, or holds something else.
    """
    if name not in SETS:
        raise UsageError(f"there is no recipe to reproduce '{name}'; known: {', '.join(SETS)}")
    try:
        text = metadata.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise LayoutError(f"cannot read {metadata}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise LayoutError(f"cannot read {metadata}: {error}") from error
    one = _ffhq if name == "ffhq" else _metfaces
    kind = dict if name == "ffhq" else list
    for position, member in enumerate(members_of(text, str(metadata), kind)):
        where = f"{metadata.name}[{member.key}]"
        try:
            yield one(_node(member, where), position, unaligned=unaligned)
        except EntryError as error:
            yield Listed(None, Outcome(where, "bad_entry", str(error)))


def _node(member: Member, where: str) -> Node:
    if member.fault:
        raise EntryError(f"{where}: {member.fault}")
    return Node.of(member.value, where)


def _ffhq(entry: Node, position: int, *, unaligned: bool) -> Listed:
    """FFHQ numbers its files by position in the JSON, not by key."""
    image, wild = _part(entry, "image"), _part(entry, "in_the_wild")
    width, height = _pair(wild, "pixel_size")
    task = Task(
        name=f"{position - position % 1000:05d}/{position:05d}.png",
        source=_path(wild, "file_path"),
        source_md5=wild.md5("file_md5"),
        alignment="ffhq-u" if unaligned else "ffhq",
        landmarks=_points(wild, "face_landmarks"),
        file_md5=None if unaligned else image.md5("file_md5"),
        pixel_md5=None if unaligned else image.md5("pixel_md5"),
        to_rgb=False,
    )
    return Listed(task, size=(width, height))


def _metfaces(entry: Node, position: int, *, unaligned: bool) -> Listed:
    del position  # its names say which face it is
    spec = _part(entry, "face_spec")
    number, shrink = entry.whole("face_idx"), spec.whole("shrink")
    obj_id = entry.needed("obj_id")
    if number is None or shrink is None or not 1 <= shrink <= _LARGEST_SHRINK:
        raise EntryError(f"{entry.where} needs face_idx, and a shrink of 1 to {_LARGEST_SHRINK}")
    if not isinstance(obj_id, str | int) or not str(obj_id).isalnum():
        raise EntryError(f"{entry.where}.obj_id cannot be {obj_id!r}")
    task = Task(
        name=f"{obj_id}-{number:02d}.png",
        source=_path(entry, "source_path"),
        source_md5=entry.md5("source_md5"),
        alignment="metfaces-u" if unaligned else "metfaces",
        landmarks=photo_landmarks(_points(spec, "landmarks"), shrink),
        file_md5=None if unaligned else entry.md5("image_md5"),
    )
    return Listed(task)


def _part(node: Node, key: str) -> Node:
    part = node.child(key)
    if part is None:
        raise EntryError(f"{node.where}.{key} is missing")
    return part


def _path(node: Node, key: str) -> str:
    node.needed(key)
    path = node.path(key)
    if path is None:
        raise EntryError(f"{node.where}.{key} is empty")
    return path


def _points(node: Node, key: str) -> NDArray[np.float64]:
    node.needed(key)
    points = node.points(key)
    assert points is not None  # it is there
    return points


def _pair(node: Node, key: str) -> tuple[int, int]:
    node.needed(key)
    pair = node.numbers(key, (2,))
    assert pair is not None  # it is there
    if (pair < 1).any():
        raise EntryError(f"{node.where}.{key} cannot be {pair.tolist()}")
    return int(pair[0]), int(pair[1])
