"""What a layout is: photos and faces read from a published format, and written into one.

A layout knows its format and nothing else. Reading, it yields what the files say, as columns of
the Record; `facewright.engine.importing` makes the tables, copies the pictures' bytes as they
are, and puts back what the sidecar of an export kept. Writing, it is given faces in order and a
place for files; `facewright.engine.exporting` adds the sidecar, licences and descriptions, and
lets the result appear whole or not at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, cast, runtime_checkable

from facewright import plugins
from facewright.errors import PhotoError
from facewright.limits import Limits
from facewright.record import ORIGINAL
from facewright.sources.base import Entry, Source

if TYPE_CHECKING:
    from facewright.layouts.export import Export
    from facewright.layouts.sink import Sink
    from facewright.layouts.tree import Tree

GROUP = "layouts"


class Picture(Protocol):
    """The bytes of an encoded picture, read when wanted, in any process."""

    @property
    def name(self) -> str:
        """Path inside of the layout, for people and for its extension."""

    def read(self, limits: Limits) -> bytes:
        """Read the file.

        Raises:
            PhotoError: it is missing, too large, or cannot be read.
        """


@dataclass(frozen=True, slots=True)
class FilePicture:
    """A picture in a folder or archive.

    Attributes:
        source: where it lies.
        entry: which it is.
        md5: what its bytes must have, in hex; None where the layout does not say.
    """

    source: Source
    entry: Entry
    md5: str | None = None

    @property
    def name(self) -> str:
        """Path inside of the layout."""
        return self.entry.key

    def read(self, limits: Limits) -> bytes:
        """Read the file."""
        return self.source.read(self.entry, limits)


@dataclass(frozen=True, slots=True)
class BytesPicture:
    """A picture that is held in memory, as a cell of a Parquet file is.

    Attributes:
        name: a path for it.
        data: the encoded picture.
        md5: as for `FilePicture`.
    """

    name: str
    data: bytes
    md5: str | None = None

    def read(self, limits: Limits) -> bytes:
        """Hand the bytes over, unless they are too many."""
        if len(self.data) > limits.max_bytes:
            raise PhotoError("too_large_file", f"{len(self.data)} bytes")
        return self.data


@dataclass(frozen=True, slots=True)
class CropItem:
    """One picture of a face.

    Attributes:
        picture: the file; its bytes are kept as they are.
        alignment: registered name, or `ORIGINAL`.
        quad: 8 numbers, corners TL, BL, BR, TR as x, y in photo pixels, or None.
    """

    picture: FilePicture | BytesPicture
    alignment: str = ORIGINAL
    quad: Sequence[float] | None = None


@dataclass(frozen=True, slots=True)
class FaceItem:
    """One face as a layout describes it.

    Attributes:
        name: what the layout calls it, unique in it: its picture's path or its id.
        columns: dotted leaf name of the Record ("head_pose.yaw") to value. Coordinates are
            pixels of the photo. A leaf that the layout does not state is left out.
        crops: its pictures, the main one first.
        extra: what the Record has no field for, as JSON data; kept word for word.
        face_id: where the layout's own ids have our form; else made from the photo's.
    """

    name: str
    columns: Mapping[str, Any] = field(default_factory=dict)
    crops: Sequence[CropItem] = ()
    extra: Any = None
    face_id: str | None = None


@dataclass(frozen=True, slots=True)
class PhotoItem:
    """One photo of a layout with its faces.

    Attributes:
        photo_id: unique in the layout.
        key: its path in the layout, or its id where it has no file there.
        columns: columns of the Photo table that the layout states (author, licence, title,
            width, height, ...).
        faces: largest first; none where none was found.
        picture: the photo itself, where the layout holds it beside its crops. None where the
            crop is the only picture: then the crop is the photo, and coordinates are its pixels.
        extra: what the Photo table has no column for, as JSON data.
        problem: reason and detail where the entry cannot be used; see `PHOTO_REASONS`.
    """

    photo_id: str
    key: str
    columns: Mapping[str, Any] = field(default_factory=dict)
    faces: Sequence[FaceItem] = ()
    picture: FilePicture | BytesPicture | None = None
    extra: Any = None
    problem: tuple[str, str] | None = None


@runtime_checkable
class Layout(Protocol):
    """A published format. Implementations are frozen values without state."""

    @property
    def name(self) -> str:
        """What commands call it."""

    @property
    def summary(self) -> str:
        """One line for people."""

    def recognises(self, tree: Tree) -> bool:
        """Whether this looks like the layout: by names only, without reading pictures."""

    def read(self, tree: Tree) -> Iterator[PhotoItem]:
        """Yield what the layout holds, always in the same order.

        Entries that cannot be used come with a `problem`, so that nothing is lost in silence.

        Raises:
            LayoutError: the layout as a whole cannot be read; names file and key.
        """

    def write(self, export: Export, sink: Sink) -> list[str]:
        """Write faces in the order of `export.rows()`.

        Returns:
            The name of each face in the layout, as `read` gives it in `FaceItem.name`; "" for a
            face that the layout leaves out.

        Raises:
            UsageError: the faces lack what the layout cannot do without, or an option is wrong.
        """


def layout_names() -> tuple[str, ...]:
    """Names of the layouts that are installed, sorted."""
    return plugins.names(GROUP)


def layout(name: str) -> Layout:
    """The layout registered under this name.

    Raises:
        UsageError: there is none; the message lists those that exist.
    """
    return cast("Layout", plugins.load(GROUP, name))
