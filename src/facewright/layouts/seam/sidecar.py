"""The sidecar of an export: whole records, for the reader to take back what a layout cannot hold.

    facewright/sidecar.json     which layout, which crop, and a digest of the layout's metadata
    facewright/faces.parquet    the faces' rows, with `layout_name`
    facewright/photos.parquet   the photos' rows

Where the layout's own metadata were changed since, the digest tells, and the layout's word counts.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

import pyarrow as pa
import pyarrow.parquet as pq

from facewright import __version__
from facewright.errors import LayoutError
from facewright.layouts.seam.sink import Sink
from facewright.layouts.seam.tree import Tree
from facewright.provenance.croissant_files import FileFact, mime_of
from facewright.provenance.describe import file_fact
from facewright.sources.base import is_image_name

FOLDER = "facewright/"
DESCRIPTIONS = frozenset({"croissant.json", "DATASHEET.md", "LICENCES.md", "ATTRIBUTION.csv"})
"""Files that every export has at its top; no layout reads them."""

_NAME = "layout_name"


class Watched:
    """A sink that notes what is written, with checksums of all but pictures.

    Attributes:
        files: written so far.
    """

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self.files: list[FileFact] = []

    def write(self, name: str, *parts: bytes | memoryview, crc32: int | None = None) -> None:
        """Add a file."""
        self._sink.write(name, *parts, crc32=crc32)
        if is_image_name(name):
            kind = _mime_of_images(name[name.rindex(".") :])
            self.files.append(FileFact(name, None, sum(map(len, parts)), kind))
        else:
            whole = parts[0] if len(parts) == 1 else b"".join(parts)
            self.files.append(file_fact(name, whole))

    @property
    def digest(self) -> str:
        """Of the layout's own metadata so far."""
        return _digest(
            (fact.path, bytes.fromhex(fact.sha256))
            for fact in self.files
            if fact.sha256 and is_metadata(fact.path)
        )


@cache
def _mime_of_images(extension: str) -> str:
    return mime_of(f"picture{extension}")


def is_metadata(name: str) -> bool:
    """Whether a file of an export is the layout's own and holds no pictures only."""
    pictures = is_image_name(name) or name.endswith(".tfrecords")
    return not (pictures or name.startswith(FOLDER) or name in DESCRIPTIONS)


def metadata_digest(tree: Tree) -> str:
    """The same digest of a layout that is read."""
    names = [name for name in tree.names if is_metadata(name)]
    return _digest((name, hashlib.sha256(tree.read(name)).digest()) for name in names)


def _digest(files: Iterable[tuple[str, bytes]]) -> str:
    whole = hashlib.sha256()
    for name, digest in sorted(files):
        whole.update(name.encode() + b"\0" + digest)
    return whole.hexdigest()


@dataclass(frozen=True)
class Sidecar:
    """What an export kept.

    Attributes:
        layout: that was written.
        crop: alignment and size of the pictures ("ffhq:1024"), or None.
        digest: of the layout's metadata when it was written.
        faces: rows of the faces table and `layout_name`.
        photos: rows of the photos table.
    """

    layout: str
    crop: str | None
    digest: str
    faces: pa.Table
    photos: pa.Table

    @cached_property
    def rows(self) -> dict[str, int]:
        """Row of `faces` by name in the layout."""
        names: list[str] = self.faces.column(_NAME).to_pylist()
        return {name: row for row, name in enumerate(names) if name}

    @cached_property
    def photo_rows(self) -> dict[str, int]:
        """Row of `photos` by photo id."""
        return {name: row for row, name in enumerate(self.photos.column("photo_id").to_pylist())}

    @cached_property
    def photo_ids(self) -> list[str]:
        """Photo id by row of `faces`."""
        ids: list[str] = self.faces.column("photo_id").to_pylist()
        return ids


def write_sidecar(sink: Sink, kept: Sidecar) -> None:
    """Write the three files."""
    about = {
        "facewright": __version__,
        "format": 1,
        "layout": kept.layout,
        "crop": kept.crop,
        "metadata_sha256": kept.digest,
        "note": "Whole records of this export. Importing takes them back as long as the layout's"
        " own metadata are unchanged; without this folder the layout's own files are read.",
    }
    sink.write(f"{FOLDER}sidecar.json", json.dumps(about, indent=2).encode() + b"\n")
    sink.write(f"{FOLDER}faces.parquet", _parquet(kept.faces))
    sink.write(f"{FOLDER}photos.parquet", _parquet(kept.photos))


def with_names(faces: pa.Table, names: Sequence[str]) -> pa.Table:
    """Faces' rows with their names in the layout."""
    return faces.append_column(_NAME, pa.array(names, pa.string()))


def without_names(faces: pa.Table) -> pa.Table:
    """Faces' rows as a dataset holds them."""
    return faces.drop_columns([_NAME])


def read_sidecar(tree: Tree) -> Sidecar | None:
    """The sidecar of a layout, if it has one.

    Raises:
        LayoutError: it is broken.
    """
    if f"{FOLDER}sidecar.json" not in tree:
        return None
    about = tree.json(f"{FOLDER}sidecar.json", dict)
    try:
        return Sidecar(
            about["layout"],
            about["crop"],
            about["metadata_sha256"],
            pq.read_table(io.BytesIO(tree.read(f"{FOLDER}faces.parquet"))),
            pq.read_table(io.BytesIO(tree.read(f"{FOLDER}photos.parquet"))),
        )
    except (KeyError, pa.ArrowException) as error:
        raise LayoutError(
            f"the sidecar {FOLDER} in {tree.path} is broken ({error}); delete it to read the"
            " layout's own files"
        ) from error


def _parquet(table: pa.Table) -> bytes:
    buffer = io.BytesIO()
    pq.write_table(table, buffer, compression="zstd", compression_level=3)
    return buffer.getvalue()
