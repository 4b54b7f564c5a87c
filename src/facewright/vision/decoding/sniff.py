"""Name a file's format by its first bytes; its name is never asked.

Source of the signatures: the formats' specifications, and for ISO media files the brands
registered at mp4ra.org.
"""

from __future__ import annotations

from typing import Final

from facewright.errors import PhotoError
from facewright.vision.decoding.base import DecodeReason, unsupported

READ: Final[tuple[tuple[int, bytes, str], ...]] = (
    (0, b"\xff\xd8\xff", "JPEG"),
    (0, b"\x89PNG\r\n\x1a\n", "PNG"),
    (8, b"WEBP", "WEBP"),
    (0, b"II*\0", "TIFF"),
    (0, b"MM\0*", "TIFF"),
    (0, b"II+\0", "TIFF"),
    (0, b"MM\0+", "TIFF"),
    (0, b"GIF87a", "GIF"),
    (0, b"GIF89a", "GIF"),
    (0, b"BM", "BMP"),
)
"""Offset, signature and format of what is decoded; AVIF and PPM need a closer look."""

_OTHER_PICTURES: Final[tuple[tuple[int, bytes, str], ...]] = (
    (8, b"CR\2\0", "Canon raw"),
    (0, b"FUJIFILM", "Fuji raw"),
    (0, b"IIU\0", "Panasonic raw"),
    (0, b"8BPS", "Photoshop"),
    (0, b"\0\0\0\x0cjP  ", "JPEG 2000"),
    (0, b"\xff\x4f\xff\x51", "JPEG 2000"),
    (0, b"\0\0\0\x0cJXL ", "JPEG XL"),
    (0, b"\xff\x0a", "JPEG XL"),
    (0, b"\0\0\1\0", "icon"),
    (0, b"DDS ", "DDS"),
    (0, b"qoif", "QOI"),
    (0, b"%!PS", "PostScript"),
    (0, b"\xc5\xd0\xd3\xc6", "PostScript"),
    (0, b"\x76\x2f\x31\x01", "OpenEXR"),
    (0, b"#?RADIANCE", "Radiance HDR"),
    (0, b"gimp xcf", "GIMP"),
    (0, b"Pf\n", "portable float map"),
    (0, b"PF\n", "portable float map"),
    (0, b"P7\n", "portable arbitrary map"),
)

_NOT_PICTURES: Final[tuple[tuple[int, bytes, str], ...]] = (
    (0, b"PK\3\4", "a ZIP archive"),
    (0, b"%PDF", "a PDF document"),
    (0, b"\x1f\x8b", "gzip data"),
    (0, b"\x7fELF", "a program"),
    (0, b"MZ", "a program"),
    (257, b"ustar", "a tar archive"),
)

_AVIF_BRANDS: Final = (b"avif", b"avis")
_HEIF_BRANDS: Final = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")


def sniff(data: bytes) -> str:
    """Name the format of a picture from its bytes.

    Returns:
        One of AVIF, BMP, GIF, JPEG, PNG, PPM, TIFF, WEBP.

    Raises:
        PhotoError: empty, unsupported_format or not_an_image.
    """
    if not data:
        raise PhotoError(DecodeReason.EMPTY, "the file has no bytes")
    if name := _match(data, _OTHER_PICTURES):
        raise unsupported(f"{name} is not read here")
    if name := _match(data, READ) or _iso_media(data) or _netpbm(data):
        return name
    if data[:512].lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"<svg", b"<?xml")):
        if b"<svg" in data[:4096]:
            raise unsupported("SVG is a drawing, not a photograph")
        raise _not_an_image("XML text")
    raise _not_an_image(_match(data, _NOT_PICTURES) or _describe(data))


def _match(data: bytes, table: tuple[tuple[int, bytes, str], ...]) -> str | None:
    return next((name for at, magic, name in table if data.startswith(magic, at)), None)


def _iso_media(data: bytes) -> str | None:
    if data[4:8] != b"ftyp":
        return None
    end = min(int.from_bytes(data[:4]), 256, len(data))
    brands = {data[8:12], *(data[at : at + 4] for at in range(16, end - 3, 4))}
    if brands.intersection(_AVIF_BRANDS):
        return "AVIF"
    if brands.intersection(_HEIF_BRANDS):
        raise unsupported("HEIC is not read here; convert it to JPEG or AVIF first")
    raise _not_an_image("a video or sound file")


def _netpbm(data: bytes) -> str | None:
    is_netpbm = data[:1] == b"P" and data[1:2] in b"123456" and data[2:3] in b" \t\r\n"
    return "PPM" if is_netpbm and len(data) > len(b"P6 ") else None


def _describe(data: bytes) -> str:
    head = data[:64]
    if all(32 <= byte < 127 or byte in b"\t\r\n" for byte in head):
        return f"text: {head[:32].decode('ascii')!r}"
    return f"unknown bytes: {head[:8].hex(' ')}"


def _not_an_image(what: str) -> PhotoError:
    return PhotoError(DecodeReason.NOT_AN_IMAGE, what)
