"""FFHQ's TFRecords, as StyleGAN 1 and 2 (TensorFlow) train from them.

    ffhq-r02.tfrecords ... ffhq-r10.tfrecords    all pictures at a side of 4 ... 1024

A record is `shape` [3, S, S] and `data`, planes of red, green and blue. Each level is the mean of
2 x 2 pixels of the one above, kept in float32 all the way down and rounded (half to even) for
each file by itself. Read is the highest level. The pixels have no file of their own there, so that
they become PNGs.
"""

from __future__ import annotations

import mmap
import re
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import ThreadpoolController

from facewright.errors import LayoutError, PhotoError, UsageError
from facewright.layouts.archives.one_picture import square_pixels
from facewright.layouts.archives.stylegan import check_power_of_two
from facewright.layouts.archives.tfrecord_file import RecordSource, encode_record
from facewright.layouts.seam.export import Export
from facewright.layouts.seam.items import CropItem, FaceItem, FilePicture, PhotoItem
from facewright.layouts.seam.sink import Sink
from facewright.layouts.seam.tree import Tree
from facewright.sources.base import Entry
from facewright.sources.folder import FolderSource
from facewright.store.atomic import storage_error
from facewright.store.image import EncodedImage

_FILE: Final = re.compile(r"(?:.*/)?[^/]*-r(\d{2})\.tfrecords")
_LOWEST: Final = 2

UInt8 = NDArray[np.uint8]


def levels(pixels: UInt8) -> Iterator[UInt8]:
    """A picture as planes at its own side, half of it, ... down to 4.

    Args:
        pixels: uint8 (S, S, 3), S a power of two.

    Yields:
        uint8 (3, s, s).
    """
    yield np.ascontiguousarray(pixels.transpose(2, 0, 1))
    planes = pixels.transpose(2, 0, 1).astype(np.float32)
    while planes.shape[1] > 1 << _LOWEST:
        left, right = planes[:, :, 0::2], planes[:, :, 1::2]
        sums = left + right
        planes = (sums[:, 0::2] + sums[:, 1::2]) * np.float32(0.25)
        yield np.rint(planes).clip(0, 255).astype(np.uint8)


@dataclass(frozen=True, slots=True)
class TFRecords:
    """See the module."""

    name: str = "tfrecords"
    summary: str = "FFHQ's TFRecords for StyleGAN 1 and 2: one file a resolution, r02 to r10"

    def recognises(self, tree: Tree) -> bool:
        """By names that end in -r10.tfrecords and the like."""
        return any(_FILE.fullmatch(name) for name in tree.names)

    def read(self, tree: Tree) -> Iterator[PhotoItem]:
        """Yield the pictures of the highest level, numbered as they lie.

        Raises:
            LayoutError: there is no such file, or it lies in an archive.
        """
        source = RecordSource(_highest(tree))
        for entry in source.entries():
            yield _photo(source, entry)

    def write(self, export: Export, sink: Sink) -> list[str]:
        """Write one file a level.

        Raises:
            UsageError: pictures that are no squares of one power of two.
        """
        with ExitStack() as stack:
            stack.enter_context(ThreadpoolController().limit(limits=1, user_api="blas"))
            files: list[IO[bytes]] = []
            names = _write_records(export, files, stack)
            for level, file in enumerate(reversed(files), _LOWEST):
                _hand_over(sink, f"ffhq-r{level:02d}.tfrecords", file)
        return names


TFRECORDS = TFRecords()


def _highest(tree: Tree) -> Path:
    """The file of the highest level."""
    found = [(int(match[1]), name) for name in tree.names if (match := _FILE.fullmatch(name))]
    if not found:
        raise LayoutError(f"{tree.path} has no file that ends in -r10.tfrecords or the like")
    if not isinstance(tree.source, FolderSource):
        raise LayoutError(f"{tree.path} is an archive; unpack it, records are read in place")
    level = max(level for level, _ in found)
    names = [name for other, name in found if other == level]
    if len(names) > 1:
        raise LayoutError(
            f"{tree.path} holds several sets ({', '.join(names)}); give the folder of one"
        )
    return tree.path / names[0]


def _photo(source: RecordSource, entry: Entry) -> PhotoItem:
    if entry.problem is not None:
        detail = entry.problem_detail or ""
        return PhotoItem(entry.key, entry.key, problem=(entry.problem, detail))
    face = FaceItem(entry.key, crops=[CropItem(FilePicture(source, entry))])
    return PhotoItem(entry.key, entry.key, faces=[face])


@dataclass(frozen=True, slots=True)
class _Made:
    """Records of one face from the highest level down, or why there are none."""

    side: int = 0
    records: tuple[bytes, ...] = ()
    problem: str = ""
    fatal: bool = False


def _write_records(export: Export, files: list[IO[bytes]], stack: ExitStack) -> list[str]:
    """Fill one temporary file a level, highest first, and name the faces."""
    options = export.options

    def make(picture: EncodedImage) -> _Made:
        """Square pixels of one picture, or why there are none."""
        try:
            pixels = square_pixels(picture.data, options)
            check_power_of_two(len(pixels))
        except PhotoError as error:
            return _Made(problem=f"{error.reason}: {error.detail}")
        except UsageError as error:
            return _Made(problem=str(error), fatal=True)
        return _Made(len(pixels), tuple(map(encode_record, levels(pixels))))

    ids = export.dataset.face_ids
    names: list[str] = []
    written = side = 0
    pictures = (export.picture(face_id) for face_id in ids)
    for face_id, made in zip(ids, export.in_order(make, pictures), strict=True):
        if made.problem and not made.fatal:
            export.left_out.append((face_id, made.problem))
            names.append("")
            continue
        side = side or made.side
        if made.fatal or made.side != side:
            what = made.problem or f"{made.side} pixels a side, others {side}; give one size"
            raise UsageError(f"face {face_id}: {what}")
        if not files:
            files += [stack.enter_context(_spool()) for _ in made.records]
        for file, record in zip(files, made.records, strict=True):
            _append(file, record)
        names.append(f"{written:08d}")
        written += 1
    if not written:
        raise UsageError("no face was left to write")
    return names


def _spool() -> IO[bytes]:
    return tempfile.TemporaryFile(prefix="facewright-")


def _append(file: IO[bytes], record: bytes) -> None:
    try:
        file.write(record)
    except OSError as error:
        raise storage_error(Path(tempfile.gettempdir()), error) from error


def _hand_over(sink: Sink, name: str, file: IO[bytes]) -> None:
    """Give a temporary file to the sink without holding it in memory."""
    file.flush()
    with (
        mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped,
        memoryview(mapped) as view,
    ):
        sink.write(name, view)
