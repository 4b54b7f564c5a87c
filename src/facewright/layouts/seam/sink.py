"""Where an export's files go: a folder or a zip that appears whole or not at all."""

from __future__ import annotations

import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Final, Protocol

from facewright.errors import LayoutError, UsageError
from facewright.layouts.seam.stored_zip import StoredZip
from facewright.sources.base import escapes
from facewright.store.atomic import storage_error

_PLAIN: Final = re.compile(r"[\w-][\w.-]*(?:/[\w-][\w.-]*)*", re.ASCII)
"""Most paths: no part starts with a dot. What is another needs a closer look."""


class Sink(Protocol):
    """Takes files by their paths in the layout."""

    def write(self, name: str, *parts: bytes | memoryview, crc32: int | None = None) -> None:
        """Add a file.

        Args:
            name: relative path with forward slashes.
            parts: its content, in one piece or in several.
            crc32: the content's checksum, where it is known already.

        Raises:
            LayoutError: the path leads outside, or was written before.
            StorageError: writing failed.
        """


class FolderSink:
    """Files below a folder."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._names = _Names()
        self._folders: set[Path] = set()

    def write(
        self,
        name: str,
        *parts: bytes | memoryview,
        crc32: int | None = None,  # noqa: ARG002 - file systems keep none
    ) -> None:
        """Add a file."""
        self._names.take(name)
        path = self._root / name
        try:
            if path.parent not in self._folders:
                path.parent.mkdir(parents=True, exist_ok=True)
                self._folders.add(path.parent)
            with path.open("wb") as file:
                file.writelines(parts)
        except OSError as error:
            raise storage_error(path, error) from error


class ZipSink:
    """Files in a zip, stored as they are. Members carry no time: equal content, equal bytes."""

    def __init__(self, archive: StoredZip, path: Path) -> None:
        self._archive = archive
        self._path = path
        self._names = _Names()

    def write(self, name: str, *parts: bytes | memoryview, crc32: int | None = None) -> None:
        """Add a file."""
        self._names.take(name)
        try:
            self._archive.add(name, *parts, crc32=crc32)
        except OSError as error:
            raise storage_error(self._path, error) from error


class _Names:
    """Checks paths and that each is used once."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def take(self, name: str) -> None:
        """Note a path, or refuse it."""
        plain = _PLAIN.fullmatch(name)
        if not plain and (escapes(name) or not name or str(PurePosixPath(name)) != name):
            raise LayoutError(f"'{name}' would lie outside of the export")
        if name in self._taken:
            raise LayoutError(f"'{name}' would be written twice")
        self._taken.add(name)


@contextmanager
def open_sink(out: Path) -> Iterator[Sink]:
    """Collect files under a temporary name beside `out`, which takes its name at the end.

    Args:
        out: a folder, or a zip where it ends in ".zip"; must not exist.

    Raises:
        UsageError: `out` exists.
        StorageError: writing failed; nothing is left behind.
    """
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise UsageError(f"{out} exists; choose another place, or delete it")
    partial = out.with_name(f".{out.name}.{secrets.token_hex(4)}.partial")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        if out.suffix.lower() == ".zip":
            with partial.open("xb") as file:
                archive = StoredZip(file)
                yield ZipSink(archive, out)
                archive.close()
        else:
            partial.mkdir()
            yield FolderSink(partial)
        if out.is_dir():
            out.rmdir()  # it is empty
        partial.rename(out)
    except OSError as error:
        raise storage_error(out, error) from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
        partial.unlink(missing_ok=True)
