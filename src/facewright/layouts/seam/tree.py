"""A layout's files for reading: a folder, or an archive that is read in place.

Nothing is unpacked and no path leads outside: archives' members are found by their own listing,
with `..`, absolute names, links to the outside, repeated names and sizes checked there.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from facewright.errors import LayoutError, PhotoError, UsageError
from facewright.layouts.seam.items import FilePicture
from facewright.limits import Limits
from facewright.sources.base import Entry, is_any_name, is_image_name
from facewright.sources.folder import FolderSource
from facewright.sources.opening import open_source
from facewright.sources.tar import TarSource
from facewright.sources.zip import ZipSource

_METADATA = Limits(max_bytes=4 << 30)
"""Metadata of 70,000 photos are 268 MB; memory, not this, is the limit."""


class Tree:
    """Files of a folder, tar or zip by their paths with forward slashes.

    Args:
        path: the folder or archive.

    Raises:
        SourceError: there is nothing there, or it cannot be read.
        UsageError: it is neither.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        source = open_source(self.path)
        if not isinstance(source, FolderSource | TarSource | ZipSource):
            raise UsageError(f"{path} is no layout: give its folder, tar or zip")
        source.accept = is_any_name
        self.source = source

    @cached_property
    def _entries(self) -> dict[str, Entry]:
        return {entry.key: entry for entry in self.source.entries()}

    @property
    def names(self) -> list[str]:
        """Paths of all files, sorted; hidden ones are passed over."""
        return list(self._entries)

    @property
    def entries(self) -> list[Entry]:
        """All files as the source lists them."""
        return list(self._entries.values())

    @cached_property
    def by_filename(self) -> Mapping[str, Sequence[str]]:
        """Paths by the last part of their names ("list.txt"), in the order of `names`."""
        found: dict[str, list[str]] = {}
        for name in self._entries:
            found.setdefault(name.rpartition("/")[2], []).append(name)
        return found

    def pictures(self, folder: str = "") -> list[str]:
        """Paths of the pictures below a folder ("images/" or "" for all), sorted."""
        return [name for name in self._pictures if name.startswith(folder)]

    @cached_property
    def _pictures(self) -> list[str]:
        return [name for name in self._entries if is_image_name(name)]

    def __contains__(self, name: str) -> bool:
        return name in self._entries

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def picture(self, name: str, md5: str | None = None) -> FilePicture:
        """A picture by its path; one that is not there says so when it is read."""
        missing = Entry(name, "", problem="missing", problem_detail=f"there is no file {name}")
        return FilePicture(self.source, self._entries.get(name, missing), md5)

    def read(self, name: str) -> bytes:
        """Content of a metadata file.

        Raises:
            LayoutError: it is not there or cannot be read.
        """
        if name not in self._entries:
            raise LayoutError(f"{self.path} has no file {name}")
        try:
            return self.source.read(self._entries[name], _METADATA)
        except PhotoError as error:
            raise LayoutError(f"cannot read {name} in {self.path}: {error.detail}") from error

    def text(self, name: str) -> str:
        """Content of a text file in UTF-8.

        Raises:
            LayoutError: it is not there, cannot be read, or is no UTF-8.
        """
        try:
            return self.read(name).decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise LayoutError(f"{name} in {self.path} is not UTF-8 text: {error}") from error

    def json(self, name: str, kind: type | None = None) -> Any:
        """Content of a JSON file; repeated keys and NaN are refused.

        Args:
            name: path of the file.
            kind: dict or list, what it must hold.

        Raises:
            LayoutError: it cannot be read, is not JSON, or holds something else.
        """
        try:
            data = parse_json(self.text(name))
        except ValueError as error:
            raise LayoutError(f"{name} in {self.path}: {error}") from error
        if kind is not None and not isinstance(data, kind):
            wanted = "an object" if kind is dict else "a list"
            found = "a list" if isinstance(data, list) else type(data).__name__
            raise LayoutError(f"{name} in {self.path} must hold {wanted}, not {found}")
        return data


def parse_json(text: str) -> Any:
    """JSON as its standard has it.

    Raises:
        ValueError: not JSON, NaN or an infinity, or a key that one object has twice.
    """
    try:
        return _WITHOUT_REPEATS.decode(text)
    except json.JSONDecodeError as error:
        raise ValueError(f"not JSON: {error}") from error
    except RecursionError:
        raise ValueError("not JSON: nested too deeply") from None


def loads_as_is(text: str) -> Any:
    """JSON for callers who look for repeated keys themselves: of such, the last one counts here.

    Raises:
        ValueError: not JSON, NaN or an infinity.
    """
    try:
        return _AS_IS.decode(text)
    except RecursionError:
        raise ValueError("not JSON: nested too deeply") from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise ValueError(f"the key '{twice}' comes twice in one object")
    return found


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is no JSON number")


_AS_IS: Final = json.JSONDecoder(parse_constant=_refuse)
_WITHOUT_REPEATS: Final = json.JSONDecoder(parse_constant=_refuse, object_pairs_hook=_object)
