"""The mark of a synthetic picture, inside of its file: XMP with IPTC's digital source type.

Programs that show where a picture comes from (and the directories of several platforms) read
`Iptc4xmpExt:DigitalSourceType`, whose values IPTC publishes as a vocabulary
(http://cv.iptc.org/newscodes/digitalsourcetype/). Pixels are not touched. A mark can be cut off
by whoever wants to: it tells the honest, it stops nobody.

Containers: PNG 1.2, 11.3.4.5 (iTXt, keyword XML:com.adobe.xmp); XMP part 3, 1.1.3 (JPEG APP1);
WebP container (VP8X with its XMP flag).
"""

from __future__ import annotations

import struct
import zlib
from typing import Final
from xml.sax.saxutils import quoteattr

from facewright.errors import FacewrightError

VOCABULARY: Final = "http://cv.iptc.org/newscodes/digitalsourcetype/"
RENDERED: Final = f"{VOCABULARY}digitalCreation"
"""Made by a person's or program's model of the world, by no trained network."""
TRAINED: Final = f"{VOCABULARY}trainedAlgorithmicMedia"
"""Made by a trained generative model."""

_PNG: Final = b"\x89PNG\r\n\x1a\n"
_PNG_HEADER: Final = len(_PNG) + 4 + 4 + 13 + 4
_JPEG: Final = b"\xff\xd8"
_JPEG_XMP: Final = b"http://ns.adobe.com/xap/1.0/\0"
_XMP_FLAG: Final = 0x04
_ALPHA_FLAG: Final = 0x10


def mark_synthetic(data: bytes, kind: str, maker: str) -> bytes:
    """The same picture with its mark.

    Args:
        data: an encoded PNG, JPEG or WebP without XMP of its own.
        kind: `RENDERED` or `TRAINED`.
        maker: what made it, for people: "Facewright head3d".

    Raises:
        FacewrightError: the bytes are none of these formats.
    """
    packet = _packet(kind, maker).encode()
    if data.startswith(_PNG):
        chunk = _png_chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + packet)
        return data[:_PNG_HEADER] + chunk + data[_PNG_HEADER:]
    if data.startswith(_JPEG):
        body = _JPEG_XMP + packet
        segment = b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body
        at = _after_app0(data)
        return data[:at] + segment + data[at:]
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return _webp(data, packet)
    raise FacewrightError("only PNG, JPEG and WebP pictures can be marked as synthetic")


def source_type(data: bytes) -> str | None:
    """The digital source type that a picture's file states; None where it states none."""
    name = b"DigitalSourceType="
    at = data.find(name)
    if at < 0:
        return None
    quote = data[at + len(name) : at + len(name) + 1]
    text, _, _ = data[at + len(name) + 1 :].partition(quote)
    return text.decode("utf-8", "replace")


def _packet(kind: str, maker: str) -> str:
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF'
        ' xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""'
        ' xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"'
        ' xmlns:xmp="http://ns.adobe.com/xap/1.0/"'
        f" Iptc4xmpExt:DigitalSourceType={quoteattr(kind)} xmp:CreatorTool={quoteattr(maker)}/>"
        '</rdf:RDF></x:xmpmeta><?xpacket end="r"?>'
    )


def _png_chunk(name: bytes, body: bytes) -> bytes:
    checksum = zlib.crc32(name + body)
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", checksum)


def _after_app0(data: bytes) -> int:
    """Where the XMP belongs: behind the JFIF header, if there is one."""
    if data[2:4] == b"\xff\xe0":
        return 4 + int(struct.unpack(">H", data[4:6])[0])
    return 2


def _webp(data: bytes, packet: bytes) -> bytes:
    """In the extended container; a plain one is made extended."""
    body = data[12:]
    if not body.startswith(b"VP8X"):
        width, height, alpha = _webp_size(body)
        flags = _ALPHA_FLAG if alpha else 0
        sizes = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
        body = b"VP8X" + struct.pack("<II", 10, flags) + sizes + body
    flagged = body[:8] + bytes([body[8] | _XMP_FLAG]) + body[9:]
    padded = packet + b"\0" * (len(packet) % 2)
    whole = b"WEBP" + flagged + b"XMP " + struct.pack("<I", len(packet)) + padded
    return b"RIFF" + struct.pack("<I", len(whole)) + whole


def _webp_size(body: bytes) -> tuple[int, int, bool]:
    """Width, height and whether there is alpha, from the bitstream's header (RFC 9649)."""
    if body.startswith(b"VP8L"):
        bits = int.from_bytes(body[9:13], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1, bool(bits >> 28 & 1)
    width, height = struct.unpack("<HH", body[14:18])
    return width & 0x3FFF, height & 0x3FFF, False
