"""Where the sources are, and the shifted squares of the unaligned sets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from facewright.align.base import sequence_alignment
from facewright.align.random_shift import Placement
from facewright.errors import PhotoError, SourceError
from facewright.layouts.seam.items import FilePicture
from facewright.layouts.seam.tree import Tree
from facewright.limits import Limits
from facewright.reproduce.entries import Listed
from facewright.reproduce.task import Outcome, Task
from facewright.vision.decoding.header import read_header


@dataclass(frozen=True, slots=True)
class Ready:
    """A task with the picture that it is made from."""

    task: Task
    picture: FilePicture


class Sources:
    """Photos of a source folder or archive, found by the published path or by name alone."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._by_name = {PurePosixPath(name).name: name for name in reversed(tree.names)}

    def find(self, path: str, md5: str | None) -> FilePicture | None:
        """The photo that the metadata call `path`; None where it is not there."""
        name = path if path in self._tree else self._by_name.get(PurePosixPath(path).name)
        return None if name is None else self._tree.picture(name, md5)


def ready(entries: Sequence[Listed], sources: Sources, limits: Limits) -> Iterator[Ready | Outcome]:
    """Tasks whose photos are there, each with its picture; the others with what is wrong."""
    squares: Iterator[Listed | Outcome] = iter(entries)
    if any(entry.task is not None and entry.task.alignment.endswith("-u") for entry in entries):
        squares = _shifted(entries, sources, limits)
    for entry in squares:
        if isinstance(entry, Outcome):
            yield entry
        elif entry.task is None:
            assert entry.problem is not None  # an entry has one or the other
            yield entry.problem
        elif (picture := sources.find(entry.task.source, entry.task.source_md5)) is None:
            yield Outcome(entry.task.name, "missing", f"{entry.task.source} is not there")
        else:
            yield Ready(entry.task, picture)


def _shifted(
    entries: Sequence[Listed], sources: Sources, limits: Limits
) -> Iterator[Listed | Outcome]:
    """Entries with their squares, as one run over the whole list places them.

    A photo whose size is not known, or an entry that cannot be used, breaks the stream: nothing
    after it can be placed, and that is said of each.
    """
    placed, broken = _placements(entries, sources, limits)
    at = next((e.task.alignment for e in entries if e.task is not None), "ffhq-u")
    squares = sequence_alignment(at).squares(placed)
    for entry in entries[: len(placed)]:
        assert entry.task is not None  # it was placed
        try:
            _, square = next(squares)
        except (SourceError, StopIteration) as error:
            yield Outcome(entry.task.name, "given_up", str(error) or "the published run ended here")
            squares = iter(())
            continue
        if square is None:
            yield Outcome(entry.task.name, "given_up", "no shift keeps it inside its photo")
        else:
            yield replace(entry, task=replace(entry.task, square=square))
    for entry in entries[len(placed) :]:
        if entry.task is None:
            yield entry
        else:
            yield Outcome(entry.task.name, "unplaced", broken)


def _placements(
    entries: Sequence[Listed], sources: Sources, limits: Limits
) -> tuple[list[Placement], str]:
    """Placements up to the first entry that has none, and why it has none."""
    placed: list[Placement] = []
    for entry in entries:
        if entry.task is None:
            return placed, f"an entry before it cannot be used: {entry.problem}"
        try:
            width, height = entry.size or _size(entry.task, sources, limits)
        except PhotoError as error:
            return placed, f"the size of {entry.task.source} before it is not known: {error}"
        found = sequence_alignment(entry.task.alignment)
        placed.append(found.placement(entry.task.landmarks, width, height, entry.task.name))
    return placed, ""


def _size(task: Task, sources: Sources, limits: Limits) -> tuple[int, int]:
    picture = sources.find(task.source, None)
    if picture is None:
        raise PhotoError("missing", "it is not there")
    header = read_header(picture.read(limits), limits)
    return header.width, header.height
