"""imagefolder: pictures with a JSON sidecar each, and Hugging Face's metadata.jsonl.

    images/astronaut_01.png     the picture
    images/astronaut_01.json    its record
    metadata.jsonl              {"file_name": "images/astronaut_01.png", ...} a line

`datasets.load_dataset("imagefolder", data_dir=...)` takes the pictures with the columns of
`metadata.jsonl`, which leaves out points, blendshapes and reasons of nulls. Read are sidecars and
metadata of anybody's making, in any folders; where both speak of a picture, the sidecar counts,
and what only the metadata say is added.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, Final

from facewright.errors import LayoutError
from facewright.layouts.common.faces_read import Photos, ReadFace, describe, fallback_id, photo_hint
from facewright.layouts.common.faces_written import written_faces
from facewright.layouts.common.record_values import load_object
from facewright.layouts.seam.export import Export
from facewright.layouts.seam.items import PhotoItem
from facewright.layouts.seam.sink import Sink
from facewright.layouts.seam.tree import Tree
from facewright.sources.base import escapes, is_image_name
from facewright.sources.tar import TarSource
from facewright.store.jsonrecord import dumps

_METADATA: Final = ("metadata.jsonl", "metadata.csv")
_FOLDER: Final = "images/"
_NOT_IN_LINES: Final = frozenset({"landmarks", "blendshapes", "null_reasons", "origin"})
_NAMED: Final = "file_name"


@dataclass(frozen=True, slots=True)
class ImageFolder:
    """The layout of pictures with sidecars."""

    name: str = "imagefolder"
    summary: str = "pictures with a JSON sidecar each, and Hugging Face's metadata.jsonl"

    def recognises(self, tree: Tree) -> bool:
        """Whether pictures lie beside JSON files of their names, or Hugging Face's metadata."""
        pictures = tree.pictures()
        if any(name in tree.by_filename for name in _METADATA):
            return bool(pictures)
        if isinstance(tree.source, TarSource):  # of pairs, that is WebDataset's
            return False
        beside = [_sidecar(name) in tree for name in pictures]
        return bool(beside) and all(beside) and "dataset.json" not in tree

    def read(self, tree: Tree) -> Iterator[PhotoItem]:
        """Photos in the order of the metadata's lines, then of the other pictures' names."""
        lines: dict[str, dict[str, Any]] = {}
        for name in sorted(n for each in _METADATA for n in tree.by_filename.get(each, ())):
            yield from _read_metadata(tree, name, lines)
        pictures = dict.fromkeys([*lines, *tree.pictures()])
        groups: dict[str, list[str]] = {}
        for name in pictures:
            path = PurePosixPath(name)
            groups.setdefault(f"{path.parent}/{photo_hint(path.stem)}", []).append(name)
        photos = Photos()
        for names in groups.values():
            yield from photos.items(_face(tree, name, lines.get(name, {})) for name in names)

    def write(self, export: Export, sink: Sink) -> list[str]:
        """Pictures, sidecars, and the metadata at the end."""
        names, lines = [], []
        for face in written_faces(export):
            assert face.picture is not None
            name = f"{_FOLDER}{face.file}"
            sink.write(name, face.picture.data)
            sink.write(f"{_FOLDER}{face.stem}.json", f"{dumps(face.record)}\n".encode())
            line = {n: value for n, value in face.record.items() if n not in _NOT_IN_LINES}
            lines.append(dumps({_NAMED: name, **line}))
            names.append(name)
        sink.write("metadata.jsonl", "".join(f"{line}\n" for line in lines).encode())
        return names


def _sidecar(picture: str) -> str:
    return str(PurePosixPath(picture).with_suffix(".json"))


def _read_metadata(tree: Tree, name: str, lines: dict[str, dict[str, Any]]) -> Iterator[PhotoItem]:
    """Collect the lines of a metadata file by their pictures; yield those of no use."""
    folder = PurePosixPath(name).parent
    for number, said in _lines(tree, name):
        where = f"{name}:{number}"
        try:
            data = load_object(said) if isinstance(said, str) else dict(said)
        except ValueError as error:
            yield PhotoItem(where, where, problem=("bad_entry", f"{where}: {error}"))
            continue
        file = data.pop(_NAMED, None)
        picture = str(folder / file) if isinstance(file, str) else ""
        problem = _problem(file, picture in lines)
        if problem is not None:
            yield PhotoItem(where, where, problem=(problem[0], f"{where}: {problem[1]}"))
        else:
            lines[picture] = data


def _problem(file: Any, known: bool) -> tuple[str, str] | None:  # noqa: FBT001
    if not isinstance(file, str) or not is_image_name(file):
        return "bad_entry", f"'{_NAMED}' must name a picture, not {file!r}"
    if escapes(file):
        return "escapes", f"'{_NAMED}' leads outside: {file}"
    return ("bad_entry", f"'{_NAMED}' {file} comes twice") if known else None


def _lines(tree: Tree, name: str) -> Iterator[tuple[int, str | Mapping[str, Any]]]:
    """Lines of the file with their numbers: JSON text, or a CSV row's cells that are not empty."""
    text = tree.text(name)
    if name.endswith(".jsonl"):
        yield from ((n, line) for n, line in enumerate(text.split("\n"), 1) if line.strip())
        return
    reader = csv.DictReader(io.StringIO(text, newline=""))
    if _NAMED not in (reader.fieldnames or ()):
        raise LayoutError(f"{name} in {tree.path} has no column '{_NAMED}'")
    try:
        for row in reader:
            yield reader.line_num, {key: cell for key, cell in row.items() if key and cell}
    except csv.Error as error:
        raise LayoutError(f"{name} in {tree.path}, line {reader.line_num}: {error}") from error


def _face(tree: Tree, name: str, line: Mapping[str, Any]) -> ReadFace:
    sidecar = _sidecar(name)
    picture, fallback = tree.picture(name), fallback_id(name.removeprefix(_FOLDER))
    try:
        own = load_object(tree.text(sidecar)) if sidecar in tree else {}
    except (ValueError, LayoutError) as error:
        return ReadFace(name, fallback, picture, f"{sidecar}: {error}")
    try:
        return ReadFace(name, fallback, picture, describe({**line, **own}))
    except ValueError as error:
        return ReadFace(name, fallback, picture, f"{sidecar if own else name}: {error}")


IMAGEFOLDER = ImageFolder()
