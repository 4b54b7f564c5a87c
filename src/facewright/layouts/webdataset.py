"""webdataset: uncompressed tars of picture and JSON pairs, as the WebDataset library reads them.

    00000.tar    astronaut_01.png, astronaut_01.json, ... 256 faces, or fewer once 128 MiB are full

A sample is what shares a key: a member's path up to the first dot of its file name; what follows
is the suffix. Members of names like `__this__` are none, as in the library. Read are folders of
tars and single tars, of anybody's making: the picture is the member whose suffix is a picture's
extension, `json` its record; other members are kept in `extra` (short texts) or named there.
"""

from __future__ import annotations

import io
import re
import tarfile
import tempfile
import weakref
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from facewright.errors import PhotoError
from facewright.layouts.common.faces_read import (
    Described,
    Photos,
    ReadFace,
    describe,
    photo_hint,
    with_extra,
)
from facewright.layouts.common.faces_written import written_faces
from facewright.layouts.common.record_values import load_object
from facewright.layouts.seam.export import Export
from facewright.layouts.seam.items import FilePicture, PhotoItem
from facewright.layouts.seam.sidecar import FOLDER
from facewright.layouts.seam.sink import Sink
from facewright.layouts.seam.tree import Tree
from facewright.limits import Limits
from facewright.sources.base import Entry, SourceReason, is_any_name, is_image_name
from facewright.sources.folder import FolderSource
from facewright.sources.tar import TarSource
from facewright.store.jsonrecord import dumps

FACES: Final = 256
BYTES: Final = 128 << 20
"""A shard is closed at so many faces, or once it holds so much: it is built in memory."""

_MEMBER: Final = re.compile(r"^((?:.*/|)[^./][^./]*)\.([^/]*)$", re.DOTALL)
_META: Final = re.compile(r"__[^/]*__($|/)")
_TEXTS: Final = frozenset({"txt", "text", "caption", "cls", "id", "index"})
_SHORT: Final = Limits(max_bytes=1 << 16)
_RECORD: Final = Limits(max_bytes=64 << 20)
_WHOLE: Final = Limits(max_bytes=1 << 40)


@dataclass
class _Sample:
    """Members that share a key.

    Attributes:
        shard: name of the tar in the layout; "" where it is the layout itself.
        source: the tar.
        key: what they share.
        members: entry by suffix.
    """

    shard: str
    source: TarSource
    key: str
    members: dict[str, Entry] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class WebDataset:
    """The layout of WebDataset shards."""

    name: str = "webdataset"
    summary: str = "tars of 256 faces, picture and JSON record each (00000.tar)"

    def recognises(self, tree: Tree) -> bool:
        """Whether there are tars in it, or it is a tar of picture and JSON pairs."""
        if isinstance(tree.source, TarSource):
            pairs = {name.rpartition(".")[0] for name in tree.names if name.endswith(".json")}
            stems = {name.rpartition(".")[0] for name in tree.pictures()}
            return bool(pairs) and pairs == stems
        if "dataset.json" in tree:  # a dataset of ours, whose crops are such tars
            return False
        return any(_is_shard(name) for name in tree.names) and not tree.pictures()

    def read(self, tree: Tree) -> Iterator[PhotoItem]:
        """Photos in the order in which their samples lie in the tars."""
        shards = list(_shards(tree))
        keys: dict[str, int] = {}
        samples: dict[str, list[_Sample]] = {}
        for shard, source in shards:
            found, problems = _samples(shard, source)
            yield from problems
            for sample in found:
                keys[sample.key] = keys.get(sample.key, 0) + 1
                hint = photo_hint(sample.key.rpartition("/")[2])
                samples.setdefault(f"{sample.key.rpartition('/')[0]}/{hint}", []).append(sample)
        photos = Photos()
        for group in samples.values():
            yield from photos.items(_read(sample, keys[sample.key] == 1) for sample in group)

    def write(self, export: Export, sink: Sink) -> list[str]:
        """Shards in the order of the faces."""
        names, shard = [], _Shard(0)
        for face in written_faces(export):
            assert face.picture is not None
            if shard.is_full:
                sink.write(shard.name, shard.content())
                shard = _Shard(shard.number + 1)
            shard.add(face.file, face.picture.data)
            shard.add(f"{face.stem}.json", dumps(face.record).encode())
            shard.faces += 1
            names.append(f"{shard.name}/{face.file}")
        if shard.faces:
            sink.write(shard.name, shard.content())
        return names


class _Shard:
    """A tar in the making. Members carry no time and no owner: equal content, equal bytes."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.name = f"{number:05d}.tar"
        self.faces = 0
        self._buffer = io.BytesIO()
        self._tar = tarfile.open(fileobj=self._buffer, mode="w", format=tarfile.GNU_FORMAT)  # noqa: SIM115 - `close` ends it

    @property
    def is_full(self) -> bool:
        """Whether the next sample belongs into another tar."""
        return self.faces >= FACES or self._buffer.tell() >= BYTES

    def add(self, name: str, data: bytes | memoryview) -> None:
        """Append a member."""
        info = tarfile.TarInfo(name)
        info.size = len(data)
        self._tar.addfile(info, io.BytesIO(data))

    def content(self) -> memoryview:
        """The whole tar."""
        self._tar.close()
        return self._buffer.getbuffer()


def _is_shard(name: str) -> bool:
    return name.endswith(".tar") and not name.startswith(FOLDER)


def _shards(tree: Tree) -> Iterator[tuple[str, TarSource]]:
    if isinstance(tree.source, TarSource):
        yield "", tree.source
        return
    for entry in tree.entries:
        if _is_shard(entry.key):
            yield entry.key, _open(tree, entry)


def _open(tree: Tree, entry: Entry) -> TarSource:
    """A tar of the layout: in place where it is a file, else copied out of its archive."""
    if isinstance(tree.source, FolderSource):
        path = tree.source.root / entry.locator
        return TarSource(path, path, is_any_name)
    with tempfile.NamedTemporaryFile(suffix=".tar", delete=False) as file:
        plain = Path(file.name)
        source = TarSource(tree.path / entry.key, plain, is_any_name)
        weakref.finalize(source, plain.unlink, missing_ok=True)
        file.write(tree.source.read(entry, _WHOLE))
    return source


def _samples(shard: str, source: TarSource) -> tuple[list[_Sample], list[PhotoItem]]:
    """Samples of a tar in the order of their first members, and what is wrong with others."""
    found: dict[str, _Sample] = {}
    problems = []
    for entry in sorted(source.entries(), key=_place):
        parts = _MEMBER.match(entry.key)
        if entry.problem == SourceReason.NOT_A_FILE or _META.match(entry.key):
            continue
        if entry.problem is not None or parts is None:
            problems.append(_problem(shard, entry))
            continue
        key, suffix = parts[1], parts[2].lower()
        found.setdefault(key, _Sample(shard, source, key)).members[suffix] = entry
    return list(found.values()), problems


def _place(entry: Entry) -> tuple[int, str]:
    """Where a member lies in its tar: samples come in the order in which they were written."""
    return int(entry.locator.partition(":")[0] or 0), entry.key


def _problem(shard: str, entry: Entry) -> PhotoItem:
    key = f"{shard}/{entry.key}" if shard else entry.key
    if entry.problem is not None:
        return PhotoItem(key, key, problem=(entry.problem, entry.problem_detail or entry.key))
    return PhotoItem(key, key, problem=("bad_entry", f"{key} has no suffix, so no sample"))


def _read(sample: _Sample, unique: bool) -> ReadFace:  # noqa: FBT001
    where = f"{sample.shard}/" if sample.shard else ""
    pictures = [name for name in sample.members if is_image_name(f"x.{name}")]
    suffix = min(pictures, key=lambda name: (name.count("."), pictures.index(name)), default=None)
    if suffix is None:
        detail = f"the sample {where}{sample.key} has no picture"
        entry = Entry(sample.key, "", problem=SourceReason.MISSING, problem_detail=detail)
    else:
        entry = sample.members[suffix]
    fallback = sample.key.replace("/", "-")
    shard = sample.shard.removesuffix(".tar").replace("/", "-")
    return ReadFace(
        f"{where}{entry.key}",
        fallback if unique else f"{shard}-{fallback}",
        FilePicture(sample.source, entry),
        _said(sample, suffix),
    )


def _said(sample: _Sample, picture: str | None) -> Described | str:
    """What the sample says of its picture, or why that cannot be used."""
    record = sample.members.get("json")
    try:
        said = Described()
        if record is not None:
            data = sample.source.read(record, _RECORD)
            said = describe(load_object(data.decode("utf-8-sig")))
    except (ValueError, PhotoError) as error:
        where = f"{sample.shard}/" if sample.shard else ""
        return f"{where}{sample.key}.json: {error}"
    others = [name for name in sample.members if name not in ("json", picture)]
    return with_extra(said, _others(sample, others))


def _others(sample: _Sample, suffixes: list[str]) -> dict[str, Any]:
    """Short texts by suffix, and names of all else."""
    texts, named = {}, []
    for suffix in suffixes:
        text = _text(sample, suffix) if suffix in _TEXTS else None
        if text is None:
            named.append(sample.members[suffix].key)
        else:
            texts[suffix] = text
    return {**({"members": texts} if texts else {}), **({"other_members": named} if named else {})}


def _text(sample: _Sample, suffix: str) -> str | None:
    try:
        return sample.source.read(sample.members[suffix], _SHORT).decode()
    except (PhotoError, UnicodeDecodeError):
        return None


WEBDATASET = WebDataset()
