"""What layouts yield: photos with their faces and pictures, as the files say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from facewright.errors import PhotoError
from facewright.limits import Limits
from facewright.record import ORIGINAL
from facewright.sources.base import Entry, Source


class Picture(Protocol):
    """The bytes of an encoded picture, read when wanted, in any process."""

    @property
    def name(self) -> str:
        """Path inside of the layout, for people and for its extension."""

    @property
    def size(self) -> int | None:
        """Bytes, where that is known without reading it."""

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

    @property
    def size(self) -> int | None:
        """Bytes, where the source's listing tells."""
        return self.entry.size

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

    @property
    def size(self) -> int:
        """Bytes."""
        return len(self.data)

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
