"""PNG, TIFF, GIF, BMP, PPM, AVIF and animated WebP: through named Pillow plugins only.

The plugins are called directly. So no other plugin can ever be reached (some run programs),
and the size limit is ours, not a global variable of Pillow.
"""

from __future__ import annotations

import io
import struct
import warnings
import zlib
from typing import TYPE_CHECKING, Final

from PIL import Image
from PIL.AvifImagePlugin import AvifImageFile
from PIL.BmpImagePlugin import BmpImageFile
from PIL.GifImagePlugin import GifImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.PpmImagePlugin import PpmImageFile
from PIL.TiffImagePlugin import TiffImageFile
from PIL.WebPImagePlugin import WebPImageFile

from facewright.limits import Limits
from facewright.vision.decoding.base import Raster, corrupt, truncated
from facewright.vision.decoding.colour import Colours, bands_of, to_srgb
from facewright.vision.decoding.deep import deep_to_srgb, is_deep
from facewright.vision.decoding.exif import ORIENTATION, orientation_of
from facewright.vision.decoding.frames import count_gif_frames, count_tiff_pages

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PIL.ImageFile import ImageFile

PLUGINS: Final[dict[str, type[ImageFile]]] = {
    "AVIF": AvifImageFile,
    "BMP": BmpImageFile,
    "GIF": GifImageFile,
    "PNG": PngImageFile,
    "PPM": PpmImageFile,
    "TIFF": TiffImageFile,
    "WEBP": WebPImageFile,
}

HOSTILE: Final = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    EOFError,
    ArithmeticError,
    AttributeError,
    AssertionError,
    NotImplementedError,
    RuntimeError,
    struct.error,
    zlib.error,
    Image.DecompressionBombError,
)
"""What Pillow's plugins were seen to raise for broken bytes."""

_BOX_HEADER = 8
_MAX_BOXES = 1000
_STRIP_TAGS = ((273, 279), (324, 325))
_ALPHA_MODES = frozenset({"LA", "La", "PA", "RGBA", "RGBa"})


def decode_by_pillow(data: bytes, name: str, limits: Limits) -> Raster:
    """Decode the first picture of a file by the plugin for format `name`.

    Raises:
        PhotoError: truncated, corrupt, too_many_pixels or too_small.
    """
    if name == "AVIF":
        _check_boxes(data)
    with warnings.catch_warnings(action="ignore"):
        image = _open(data, name)
        limits.check_size(*image.size)
        mode, orientation = image.mode, _orientation(image)
        _load(image, data)
        pixels, notes = _convert(image)
    return Raster(
        pixels,
        format=name,
        mode=mode,
        frames=_frames(image, data),
        orientation=orientation,
        upright=isinstance(image, TiffImageFile),
        notes=notes,
    )


def _open(data: bytes, name: str) -> ImageFile:
    try:
        return PLUGINS[name](io.BytesIO(data))
    except HOSTILE as error:
        raise _broken(error) from error


def _load(image: ImageFile, data: bytes) -> None:
    """Decode the pixels.

    libtiff says only that decoding failed, so that a TIFF's strips tell whether it was cut.
    """
    try:
        missing = _bytes_missing(image, len(data))
        image.load()
    except HOSTILE as error:
        raise _broken(error) from error
    if missing:
        raise truncated(f"its pixel data need {missing} more bytes")


def _broken(error: Exception) -> Exception:
    said = str(error) or type(error).__name__
    cut = any(word in said.lower() for word in ("truncated", "not enough", "reached eof"))
    return (truncated if cut else corrupt)(f"Pillow: {said}")


def _check_boxes(data: bytes) -> None:
    """Tell an AVIF file that was cut off: its outermost boxes must end inside of it.

    Source: ISO/IEC 14496-12 section 4.2. A length of 0 means up to the end of the file, 1 that
    the length follows in 64 bits.
    """
    at = 0
    for _ in range(_MAX_BOXES):
        size = int.from_bytes(data[at : at + 4])
        if size == 1:
            size = int.from_bytes(data[at + 8 : at + 16])
        if at + size > len(data):
            raise truncated(f"a box needs {at + size - len(data)} more bytes")
        if size < _BOX_HEADER:
            return
        at += size


def _bytes_missing(image: ImageFile, length: int) -> int:
    if not isinstance(image, TiffImageFile):
        return 0
    for offsets, counts in _STRIP_TAGS:
        ends = zip(image.tag_v2.get(offsets, ()), image.tag_v2.get(counts, ()), strict=False)
        if missing := max((start + size for start, size in ends), default=0) - length:
            return max(0, missing)
    return 0


def _orientation(image: ImageFile) -> int:
    if isinstance(image, TiffImageFile):
        value = image.tag_v2.get(ORIENTATION, 1)
        return value if isinstance(value, int) and 1 <= value <= 8 else 1
    exif = image.info.get("exif", b"")
    return orientation_of(exif) if isinstance(exif, bytes) else 1


def _frames(image: ImageFile, data: bytes) -> int:
    match image:
        case GifImageFile():
            return count_gif_frames(data)
        case TiffImageFile():
            return count_tiff_pages(data)
    return int(getattr(image, "n_frames", 1))


def _convert(image: ImageFile) -> tuple[NDArray[np.uint8], list[str]]:
    if is_deep(image.mode):
        return deep_to_srgb(image)
    alpha = image.mode in _ALPHA_MODES or "transparency" in image.info
    icc = image.info.get("icc_profile") or b""
    colours = Colours(image.mode, icc if isinstance(icc, bytes) else b"", alpha)
    return to_srgb(bands_of(image), image.size, colours)
