"""Photos in a folder and the folders under it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from facewright.errors import PhotoError, SourceError
from facewright.limits import Limits
from facewright.sources.base import (
    Accept,
    Entry,
    SourceReason,
    UniqueKeys,
    is_image_name,
    posix_key,
    raise_problem,
)
from facewright.sources.files import check_regular, file_size, photo_error, read_regular_file


@dataclass
class FolderSource:
    """All files under a folder whose names have a picture's extension, sorted by key.

    Links to files are followed wherever they lead: a folder of links is a usual way to choose
    photos. Links to directories are not followed but listed with a problem, so that nothing
    is missed in silence. Hidden files and folders are passed over.

    Attributes:
        root: the folder.
        accept: tells by its name whether a file is listed.
        ignored: files passed over by the last complete listing.
    """

    root: Path
    accept: Accept = is_image_name
    ignored: int = field(default=0, compare=False)

    def describe(self) -> str:
        """Say what this is, for people."""
        return f"folder {self.root}"

    def entries(self) -> Iterator[Entry]:
        """List the photos, sorted by key.

        Raises:
            SourceError: the folder itself cannot be listed.
        """
        found = _Walk(os.fspath(self.root.absolute()), self.accept)
        found.run()
        self.ignored = found.ignored
        found.entries.sort(key=lambda entry: entry.key)
        unique = UniqueKeys()
        for entry in found.entries:
            # Only an escape can collide with a name spelled like it.
            yield entry if "\\" not in entry.key else replace(entry, key=unique(entry.key))

    def read(self, entry: Entry, limits: Limits) -> bytes:
        """Read the file of one photo.

        Raises:
            PhotoError: missing, unreadable, not_a_file, link_loop or too_large_file.
        """
        raise_problem(entry)
        return read_regular_file(self.root / entry.locator, limits)


class _Walk:
    """One pass over the tree, with an own stack: deep trees are no recursion."""

    def __init__(self, root: str, accept: Accept) -> None:
        self.root = root
        self._accept = accept
        self.entries: list[Entry] = []
        self.ignored = 0
        self._folders = [""]

    def run(self) -> None:
        """Visit everything below the root."""
        while self._folders:
            folder = self._folders.pop()
            try:
                with os.scandir(f"{self.root}/{folder}") as items:
                    for item in items:
                        self._visit(folder + item.name, item)
            except OSError as error:
                if not folder:
                    raise SourceError(
                        f"cannot list the folder {self.root}: {error.strerror}; check its path"
                        " and permissions"
                    ) from error
                self._add(folder.removesuffix("/"), photo_error(error))

    def _visit(self, path: str, item: os.DirEntry[str]) -> None:
        if item.name.startswith("."):
            self.ignored += 1
        elif item.is_dir(follow_symlinks=False):
            self._folders.append(f"{path}/")
            if is_image_name(item.name):
                self._add(path, PhotoError(SourceReason.NOT_A_FILE, "it is a directory"))
        elif item.is_symlink():
            self._visit_link(path, item)
        elif not self._accept(item.name):
            self.ignored += 1
        elif item.is_file(follow_symlinks=False):
            self._add(path, size=file_size(f"{self.root}/{path}"))
        else:
            self._add(path, _problem(item))

    def _visit_link(self, path: str, item: os.DirEntry[str]) -> None:
        problem = _problem(item)
        if problem is not None and "directory" in problem.detail:
            detail = "a link to a directory; such links are not followed"
            self._add(path, PhotoError(SourceReason.NOT_A_FILE, detail))
        elif self._accept(item.name):
            self._add(path, problem, None if problem else file_size(f"{self.root}/{path}"))
        else:
            self.ignored += 1

    def _add(self, path: str, problem: PhotoError | None = None, size: int | None = None) -> None:
        key = posix_key(path)
        if problem is None:
            self.entries.append(Entry(key, path, size))
        else:
            self.entries.append(
                Entry(key, path, problem=problem.reason, problem_detail=problem.detail)
            )


def _problem(item: os.DirEntry[str]) -> PhotoError | None:
    try:
        check_regular(item.stat())
    except OSError as error:
        return photo_error(error)
    except PhotoError as error:
        return error
    return None


def open_folder(path: Path, head: bytes) -> FolderSource | None:  # noqa: ARG001 - an opener
    """Take a directory."""
    return FolderSource(path) if path.is_dir() else None
