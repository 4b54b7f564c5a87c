"""The pictures of a StyleGAN archive: numbered, square, of one size, uncompressed PNG."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import ThreadpoolController

from facewright.errors import PhotoError, UsageError
from facewright.layouts.export import Export, ExportOptions
from facewright.layouts.png_stored import decode_own, encode_stored
from facewright.layouts.resample import resize_square
from facewright.layouts.sink import Sink
from facewright.limits import Limits
from facewright.store.image import EncodedImage
from facewright.vision.decode import decode_photo

UInt8 = NDArray[np.uint8]

_LIMITS: Final = Limits(min_side=1)
_FOLDER = 1000  # pictures in a folder


def picture_name(number: int) -> str:
    """Path of a picture: 1234 is 00001/img00001234.png."""
    return f"{number // _FOLDER:05d}/img{number:08d}.png"


def square_pixels(data: memoryview | bytes, options: ExportOptions) -> UInt8:
    """Decode a picture and bring it to the wanted side.

    Args:
        data: an encoded picture.
        options: its `size`, `resample` and `mixed` count.

    Returns:
        uint8 (S, S, 3) RGB.

    Raises:
        PhotoError: it cannot be decoded, or is not RGB and is to be skipped.
        UsageError: it is not square.
    """
    pixels = decode_own(data, _LIMITS)
    if pixels is None:
        decoded = decode_photo(bytes(data), _LIMITS)
        if decoded.mode != "RGB" and options.mixed == "skip":
            raise PhotoError("unsupported_format", f"its pixels are {decoded.mode}, not RGB")
        pixels = decoded.pixels
    height, width = pixels.shape[:2]
    if height != width:
        raise UsageError(f"it is {width}x{height} pixels; archives hold squares")
    return resize_square(pixels, options.size or width, options.resample)


@dataclass(frozen=True, slots=True)
class _Made:
    """Files of one face, or why there are none.

    Attributes:
        side: in pixels.
        files: PNGs: the picture, and its mirror where wanted.
        problem: empty where all is well.
        fatal: whether the export must end.
    """

    side: int = 0
    files: tuple[bytes, ...] = ()
    problem: str = ""
    fatal: bool = False


def write_pictures(
    export: Export, sink: Sink, check_side: Callable[[int], None], *, mirror: bool = False
) -> list[tuple[str, ...]]:
    """Write all pictures.

    Args:
        export: the faces; those that are left out are added to its list, and their numbers stay
            unused, as in the published tool.
        sink: where to.
        check_side: raises UsageError for a side in pixels that the format does not have.
        mirror: write each picture's mirror after it, with the next number.

    Returns:
        Names of each face's files, none for a face that was left out.

    Raises:
        UsageError: pictures of several sizes, or of a wrong one.
    """
    options, each = export.options, 2 if mirror else 1
    if options.size is not None:
        check_side(options.size)

    def make(picture: EncodedImage) -> _Made:
        try:
            pixels = square_pixels(picture.data, options)
        except PhotoError as error:
            return _Made(problem=f"{error.reason}: {error.detail}")
        except UsageError as error:
            return _Made(problem=str(error), fatal=True)
        files = [encode_stored(pixels)]
        if mirror:
            files.append(encode_stored(pixels[:, ::-1]))
        return _Made(len(pixels), tuple(files))

    ids = export.dataset.face_ids
    names: list[tuple[str, ...]] = []
    side: int | None = None
    with ThreadpoolController().limit(limits=1, user_api="blas"):
        for face_id, made in zip(ids, export.in_order(make, _pictures(export, ids)), strict=True):
            if made.problem and not made.fatal:
                export.left_out.append((face_id, made.problem))
                names.append(())
                continue
            if side is None and not made.fatal:
                check_side(made.side)
                side = made.side
            _check(face_id, made, side)
            first = len(names) * each
            names.append(tuple(picture_name(first + n) for n in range(each)))
            for name, file in zip(names[-1], made.files, strict=True):
                sink.write(name, file)
    return names


def _pictures(export: Export, ids: list[str]) -> Iterator[EncodedImage]:
    return (export.picture(face_id) for face_id in ids)


def _check(face_id: str, made: _Made, side: int | None) -> None:
    if made.fatal:
        raise UsageError(f"face {face_id}: {made.problem}; choose another crop")
    if made.side != side:
        raise UsageError(
            f"face {face_id} has {made.side} pixels a side, others {side}; give one size for all"
        )
