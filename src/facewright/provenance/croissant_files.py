"""Files of an export for croissant.json: one by one where they are few, else as sets."""

from __future__ import annotations

import mimetypes
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, Final
from urllib.parse import quote

Json = dict[str, Any]

MOST_FILES: Final = 64
"""More files of one kind in one folder than this are described as a set."""
MOST_FOLDERS: Final = 16
"""Files of one kind in more folders than this are described as one set."""

_MIME: Final = {
    ".parquet": "application/x-parquet",
    ".jsonl": "application/jsonlines",
    ".tfrecords": "application/octet-stream",
    ".md": "text/markdown",
    ".webp": "image/webp",
    ".tar": "application/x-tar",
}


_PACKED: Final = frozenset(
    {"application/x-tar", "application/zip", "application/x-parquet", "application/octet-stream"}
)


@dataclass(frozen=True, slots=True)
class FileFact:
    """A file of an export.

    Attributes:
        path: in the export, with forward slashes.
        sha256: of its bytes, in hex; None where it was not computed.
        size: bytes.
        mime: media type.
    """

    path: str
    sha256: str | None
    size: int
    mime: str


def mime_of(path: str) -> str:
    """Media type of a file by its name, as Croissant's readers know it."""
    suffix = PurePosixPath(path).suffix.lower()
    return _MIME.get(suffix) or mimetypes.guess_type(path)[0] or "application/octet-stream"


def holds_pictures(files: Iterable[FileFact]) -> bool:
    """Whether pictures are among the files, by themselves or packed into larger ones."""
    return any(
        file.mime.startswith("image/")
        or (file.mime in _PACKED and not file.path.startswith("facewright/"))
        for file in files
    )


def divided(files: Iterable[FileFact]) -> tuple[list[FileFact], list[Json]]:
    """Files that are described one by one, and sets of the others as JSON-LD.

    Pictures, files without a sha256, and kinds of which there are many go into sets.
    """
    groups: dict[tuple[str, str], list[FileFact]] = defaultdict(list)
    for file in files:
        top, slash, _ = file.path.partition("/")
        groups[top if slash else "", file.mime].append(file)
    named: list[FileFact] = []
    sets: list[Json] = []
    for (folder, mime), members in sorted(_few(groups).items()):
        pictures = mime.startswith("image/")
        hashed = [file for file in members if file.sha256]
        if pictures or len(members) > MOST_FILES or len(hashed) < len(members):
            sets.append(_file_set(folder, mime, members))
            named += [file for file in hashed if not pictures and len(hashed) <= MOST_FILES]
        else:
            named += members
    return sorted(named, key=lambda file: file.path), sets


def _few(groups: Mapping[tuple[str, str], list[FileFact]]) -> dict[tuple[str, str], list[FileFact]]:
    """Groups with those of a kind that lies in many folders, as numbered ones, made one."""
    folders = Counter(mime for _, mime in groups)
    found: dict[tuple[str, str], list[FileFact]] = defaultdict(list)
    for (folder, mime), members in groups.items():
        found["" if folders[mime] > MOST_FOLDERS else folder, mime] += members
    return found


def file_object(file: FileFact) -> Json:
    """A file as JSON-LD."""
    return {
        "@type": "cr:FileObject",
        "@id": file_id(file.path),
        "name": file.path,
        "contentUrl": quote(file.path),
        "contentSize": f"{file.size} B",
        "encodingFormat": file.mime,
        "sha256": file.sha256,
    }


def _file_set(folder: str, mime: str, members: Sequence[FileFact]) -> Json:
    start = f"{folder}/" if folder else ""
    kinds = {(_is_deep(start, file.path), _extension(file.path)) for file in members}
    patterns = {f"{start}{'**/' if deep else ''}*{extension}" for deep, extension in kinds}
    size = sum(file.size for file in members)
    return {
        "@type": "cr:FileSet",
        "@id": file_id(f"{folder or 'all'}-{mime.rpartition('/')[2]}-files"),
        "name": f"{folder or 'all'}, {mime}",
        "description": f"{len(members):,} files, {size:,} bytes",
        "encodingFormat": mime,
        "includes": sorted(patterns),
    }


def file_id(path: str) -> str:
    """Id of a file's node: its path with nothing in it that an IRI cannot hold."""
    return quote(path, safe="/").replace("%", "_")


def _is_deep(start: str, path: str) -> bool:
    """Whether a file lies in a folder below the one whose name the path starts with."""
    return path.find("/", len(start)) >= 0


def _extension(path: str) -> str:
    """As `PurePath.suffix`, for a million of them."""
    name = path[path.rfind("/") + 1 :]
    dot = name.rfind(".")
    return name[dot:] if 0 < dot < len(name) - 1 else ""
