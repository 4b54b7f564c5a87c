"""Write a folder of broken and odd picture files, and say what should become of each.

    python tests/corpus/make_corpus.py OUT [FACE_PHOTO]

Every file is made from arithmetic, and from one real portrait where there is one. The same
list of cases serves the tests of the decoder, of the sources and of the whole engine.
"""

from __future__ import annotations

import io
import os
import struct
import sys
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageCms, PngImagePlugin

FACE, NO_FACE, DUPLICATE, IGNORED = "face", "no_face", "duplicate", "ignored"
DEFAULT_SIZE = (96, 64)
UNDO = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}
"""Which of Pillow's transpositions stores an upright picture for an EXIF orientation."""


@dataclass(frozen=True, slots=True)
class Case:
    """One file of the corpus and its one right outcome.

    Attributes:
        path: relative to the corpus, forward slashes; may hold surrogate escapes.
        kind: what is odd about it.
        status: "face" (its faces are found), "no_face", "duplicate" (the same bytes as an
            earlier file), "ignored" (the listing passes over it), or the reason it is excluded.
        size: width and height after orientation, where it decodes and the size matters.
        mode: how the file stores its colours, in Pillow's words, where that matters.
        faces: how many, where the status is "face".
        frames: pictures in the file.
        orientation: EXIF orientation of the file.
        needs_unprivileged: only holds for users whom permissions bind (not for root).
    """

    path: str
    kind: str
    status: str
    size: tuple[int, int] | None = None
    mode: str | None = None
    faces: int = 0
    frames: int = 1
    orientation: int = 1
    needs_unprivileged: bool = False

    @property
    def decodes(self) -> bool:
        """Whether the file is a readable picture."""
        return self.status in {FACE, NO_FACE, DUPLICATE}

    @property
    def key(self) -> str:
        """The key under which a source lists the file."""
        raw = self.path.encode("utf-8", "surrogateescape")
        return raw.decode("utf-8", "backslashreplace")


class Corpus:
    """The folder while it is being filled."""

    def __init__(self, folder: Path, face_photo: Path | None) -> None:
        self.folder = folder
        self.cases: list[Case] = []
        self._seed = 0
        self._portrait: Image.Image | None = None
        if face_photo is not None:
            with Image.open(face_photo) as image:
                self._portrait = image.convert("RGB")
                self._portrait.info.clear()  # a profile of its own would travel along

    def add(self, path: str, data: bytes, kind: str, status: str, **more: Any) -> None:
        """Write a file and note what should become of it."""
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
        self.cases.append(Case(path, kind, status, **more))

    def try_add(self, path: str, make: Callable[[Path], object], kind: str, status: str) -> None:
        """Make something that is no plain file, where the system lets us."""
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            make(target)
        except (OSError, NotImplementedError, AttributeError, ValueError):
            return
        self.cases.append(Case(path, kind, status))

    def portrait(self) -> Image.Image:
        """The real portrait, or a scene in its place; 512 pixels high."""
        if self._portrait is None:
            return self.scene((512, 512))
        scale = 512 / self._portrait.height
        return self._portrait.resize((round(self._portrait.width * scale), 512))

    @property
    def with_face(self) -> dict[str, Any]:
        """Status and number of faces of a picture made from the portrait."""
        found = self._portrait is not None
        return {"status": FACE if found else NO_FACE, "faces": int(found)}

    def scene(self, size: tuple[int, int] = DEFAULT_SIZE) -> Image.Image:
        """A smooth picture without a face, another one each time."""
        self._seed += 1
        return scene(self._seed, size)


def scene(seed: int, size: tuple[int, int] = DEFAULT_SIZE) -> Image.Image:
    """Paint waves of colour without a face."""
    y, x = np.mgrid[0 : size[1], 0 : size[0]] / max(size)
    waves = [np.sin(6 * (x * (1 + i) + y * (2 - i)) + seed * 1.7 + i) for i in range(3)]
    return Image.fromarray(np.rint(127.5 + 120 * np.stack(waves, -1)).astype(np.uint8))


def encode(image: Image.Image, fmt: str, **options: Any) -> bytes:
    """Save with Pillow to bytes."""
    file = io.BytesIO()
    image.save(file, fmt, **options)
    return file.getvalue()


def png_chunk(name: bytes, body: bytes) -> bytes:
    """Make a PNG chunk with its checksum."""
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def make_png(width: int, height: int, bits: int, colour: int, rows: bytes) -> bytes:
    """Make a PNG from filtered rows (each starts with its filter byte)."""
    ihdr = struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, 0)
    parts = [(b"IHDR", ihdr), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(png_chunk(*part) for part in parts)


def deep_png(image: Image.Image) -> bytes:
    """Make a 16-bit RGB PNG, which Pillow cannot write."""
    words = np.asarray(image).astype(">u2") * 257
    rows = [b"\0" + row.astype(">u2").tobytes() for row in words]
    return make_png(*image.size, 16, 2, b"".join(rows))


def exif(orientation: int, extra: bytes = b"") -> bytes:
    """Make an EXIF block with an orientation and, for its bulk, a maker's text."""
    block = Image.Exif()
    block[0x0112] = orientation
    if extra:
        block[0x010F] = extra.decode("ascii")
    return block.tobytes()


@cache
def wide_profile() -> bytes:
    """Make a small RGB profile whose primaries lie far outside of sRGB's."""

    def s15(*values: float) -> bytes:
        return b"".join(struct.pack(">i", round(value * 65536)) for value in values)

    tags = {
        b"desc": b"desc\0\0\0\0" + struct.pack(">I", 5) + b"wide\0" + bytes(78),
        b"cprt": b"text\0\0\0\0none\0",
        b"wtpt": b"XYZ \0\0\0\0" + s15(0.9642, 1.0, 0.8249),
        b"rXYZ": b"XYZ \0\0\0\0" + s15(0.60974, 0.31111, 0.01947),
        b"gXYZ": b"XYZ \0\0\0\0" + s15(0.20528, 0.62567, 0.06087),
        b"bXYZ": b"XYZ \0\0\0\0" + s15(0.14919, 0.06322, 0.74457),
    }
    tags |= {name: b"curv\0\0\0\0" + struct.pack(">IH", 1, 563) + b"\0\0" for name in TRC}
    at, table, body = 132 + 12 * len(tags), b"", b""
    for name, value in tags.items():
        padded = value + bytes(-len(value) % 4)
        table += name + struct.pack(">II", at + len(body), len(value))
        body += padded
    head = struct.pack(">I", at + len(body)) + b"none" + b"\2\x10\0\0" + b"mntrRGB XYZ "
    head += bytes(12) + b"acsp" + bytes(28) + s15(0.9642, 1.0, 0.8249) + bytes(48)
    return head + struct.pack(">I", len(tags)) + table + body


TRC = (b"rTRC", b"gTRC", b"bTRC")


def make_corpus(folder: Path, face_photo: Path | None = None) -> list[Case]:
    """Fill an empty folder.

    Args:
        folder: made where it is not there.
        face_photo: a portrait with one face that is easily found; None for scenes instead, so
            that every "face" becomes "no_face".

    Returns:
        One case for each path that a run should account for.
    """
    corpus = Corpus(folder, face_photo)
    for group in GROUPS:
        group(corpus)
    return corpus.cases


def colours(corpus: Corpus) -> None:
    """Every way of storing colours."""
    face, found = corpus.portrait(), corpus.with_face
    size = face.size
    grey = face.convert("L")
    deep = np.asarray(grey).astype(np.uint16) * 257
    ramp = np.asarray(grey).astype(np.float32) / 255
    alpha = face.convert("RGBA")
    alpha.putalpha(scene(1, size).convert("L").point([255 if v > 20 else 0 for v in range(256)]))
    lab = ImageCms.profileToProfile(
        face, ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), outputMode="LAB"
    )
    lab.info.clear()  # its profile carries the time of day
    palette = face.quantize(256)
    rows: list[tuple[str, bytes, str]] = [
        ("plain.jpg", encode(face, "JPEG", quality=95), "RGB"),
        ("progressive.jpg", encode(face, "JPEG", progressive=True), "RGB"),
        ("cmyk.jpg", encode(face.convert("CMYK"), "JPEG"), "CMYK"),
        ("grey.jpg", encode(grey, "JPEG"), "L"),
        ("adobe_rgb.jpg", encode(face, "JPEG", icc_profile=wide_profile()), "RGB"),
        ("broken_icc.jpg", encode(face, "JPEG", icc_profile=b"no profile"), "RGB"),
        ("huge_exif.jpg", encode(face, "JPEG", exif=exif(1, b"x" * 60_000)), "RGB"),
        ("plain.png", encode(face, "PNG"), "RGB"),
        ("palette.png", encode(palette, "PNG"), "P"),
        ("palette_alpha.png", encode(palette, "PNG", transparency=0), "P"),
        ("alpha.png", encode(alpha, "PNG"), "RGBA"),
        ("grey_alpha.png", encode(alpha.convert("LA"), "PNG"), "LA"),
        ("grey16.png", encode(Image.fromarray(deep), "PNG"), "I;16"),
        ("rgb16.png", deep_png(face), "RGB"),
        ("plain.webp", encode(face, "WEBP"), "RGB"),
        ("alpha.webp", encode(alpha, "WEBP"), "RGBA"),
        ("plain.avif", encode(face, "AVIF"), "RGB"),
        ("plain.bmp", encode(face, "BMP"), "RGB"),
        ("plain.ppm", encode(face, "PPM"), "RGB"),
        ("cmyk.tiff", encode(face.convert("CMYK"), "TIFF"), "CMYK"),
        ("lab.tiff", encode(lab, "TIFF"), "LAB"),
        ("grey16.tiff", encode(Image.fromarray(deep), "TIFF"), "I;16"),
        ("float.tiff", encode(Image.fromarray(ramp), "TIFF"), "F"),
        ("lzw.tiff", encode(face, "TIFF", compression="tiff_lzw"), "RGB"),
    ]
    for name, data, mode in rows:
        corpus.add(f"colours/{name}", data, f"colours: {name}", size=size, mode=mode, **found)
    bits = corpus.scene().convert("1")
    for fmt in ("png", "tiff"):
        data = encode(bits, fmt)
        corpus.add(f"colours/bits.{fmt}", data, "1 bit", NO_FACE, size=DEFAULT_SIZE, mode="1")
    hole = np.full((64, 96), np.nan, np.float32)
    corpus.add("colours/nan.tiff", encode(Image.fromarray(hole), "TIFF"), "only NaN", "corrupt")


def orientations(corpus: Corpus) -> None:
    """All EXIF orientations, each of which shows the same upright picture."""
    upright = corpus.portrait().crop((0, 0, 400, 512))
    for value in range(1, 9):
        stored = upright.transpose(Image.Transpose(UNDO[value])) if value > 1 else upright
        corpus.add(
            f"orientation/{value}.jpg",
            encode(stored, "JPEG", quality=95, exif=exif(value)),
            f"EXIF orientation {value}",
            size=upright.size,
            orientation=value,
            **corpus.with_face,
        )
    odd = encode(corpus.scene(), "JPEG", exif=exif(99))
    corpus.add("orientation/99.jpg", odd, "EXIF orientation 99", NO_FACE, size=DEFAULT_SIZE)


def many_frames(corpus: Corpus) -> None:
    """Animations and pages: the first picture counts."""
    for fmt, name in (("GIF", "gif"), ("WEBP", "webp"), ("PNG", "png"), ("TIFF", "tiff")):
        first, *others = (corpus.scene() for _ in range(3))
        data = encode(first, fmt, save_all=True, append_images=others)
        corpus.add(f"frames/three.{name}", data, f"3 frames in {fmt}", NO_FACE,
                   size=DEFAULT_SIZE, frames=3)  # fmt: skip
    two = encode(corpus.scene(), "MPO", save_all=True, append_images=[corpus.scene()])
    corpus.add("frames/two.mpo", two, "2 pictures in MPO", NO_FACE, size=DEFAULT_SIZE, frames=2)


def truncations(corpus: Corpus) -> None:
    """Files that end too early."""
    whole = {fmt: encode(corpus.scene((320, 240)), fmt) for fmt in ("JPEG", "PNG")}
    for fmt, data in whole.items():
        for percent in (1, 10, 50, 90, 99):
            path = f"truncated/{percent}.{fmt.lower()}"
            corpus.add(path, data[: max(16, len(data) * percent // 100)], path, "truncated")
    for fmt in ("WEBP", "GIF", "TIFF", "BMP", "PPM", "AVIF"):
        data = encode(corpus.scene((320, 240)), fmt)
        path = f"truncated/half.{fmt.lower()}"
        corpus.add(path, data[: len(data) // 2], path, "truncated")
    progressive = encode(corpus.scene((320, 240)), "JPEG", progressive=True)
    corpus.add("truncated/p.jpg", progressive[:-900], "truncated progressive", "truncated")
    corpus.add("truncated/empty.jpg", b"", "no bytes", "empty")


def broken(corpus: Corpus) -> None:
    """Files that contradict themselves."""
    png, jpeg = encode(corpus.scene(), "PNG"), encode(corpus.scene((320, 240)), "JPEG")
    idat = png.index(b"IDAT")
    noise = bytes(jpeg[:700]) + bytes(value ^ 0x5A for value in jpeg[700:2000]) + jpeg[2000:]
    rows: list[tuple[str, bytes, str, str]] = [
        ("ihdr.png", flip(png, 30), "bad checksum in IHDR", "corrupt"),
        ("idat.png", flip(png, idat + 40), "bad checksum in IDAT", "corrupt"),
        ("stream.png", make_png(96, 64, 8, 2, b"\0" * 100), "too few rows in IDAT", "truncated"),
        ("noise.jpg", noise, "scrambled entropy data", "corrupt"),
        ("headless.jpg", b"\xff\xd8\xff\xd9" + jpeg[-40:], "no picture in it", "corrupt"),
        ("leading.jpg", b"HTTP/1.1 200 OK\r\n\r\n" + jpeg, "junk before a JPEG", "not_an_image"),
        ("strip.tiff", flip(encode(corpus.scene(), "TIFF", compression="tiff_adobe_deflate"),
                            60, 40), "scrambled strip", "corrupt"),
    ]  # fmt: skip
    for name, data, kind, status in rows:
        corpus.add(f"broken/{name}", data, kind, status)
    kept = [
        ("trailing.png", encode(corpus.scene(), "PNG") + b"junk" * 99, "junk after a PNG"),
        ("trailing.jpg", encode(corpus.scene(), "JPEG") + b"junk" * 99, "junk after a JPEG"),
        ("stray.jpg", stray(encode(corpus.scene(), "JPEG")), "stray bytes before the end"),
    ]
    for name, data, kind in kept:
        corpus.add(f"broken/{name}", data, kind, NO_FACE, size=DEFAULT_SIZE)


def flip(data: bytes, at: int, count: int = 1) -> bytes:
    """Invert some bytes."""
    return data[:at] + bytes(value ^ 0xFF for value in data[at : at + count]) + data[at + count :]


def stray(jpeg: bytes) -> bytes:
    """Put zeros before the end marker, as some telephones do."""
    return jpeg[:-2] + bytes(8) + jpeg[-2:]


def impostors(corpus: Corpus) -> None:
    """Files that are not what their names say."""
    box = io.BytesIO()
    with zipfile.ZipFile(box, "w") as archive:
        archive.writestr(zipfile.ZipInfo("a.txt", (2020, 1, 1, 0, 0, 0)), "text")
    heic = struct.pack(">I", 24) + b"ftypheic\0\0\0\0mif1heic" + bytes(400)
    svg = b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>'
    rows: list[tuple[str, bytes, str]] = [
        ("text.jpg", b"this is no picture\n", "not_an_image"),
        ("zip.jpg", box.getvalue(), "not_an_image"),
        ("pdf.jpg", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n", "not_an_image"),
        ("html.png", b"<!DOCTYPE html><html><body>404</body></html>", "not_an_image"),
        ("zeros.jpg", bytes(4096), "not_an_image"),
        ("heic.heic", heic, "unsupported_format"),
        ("svg.png", svg, "unsupported_format"),
        (
            "postscript.tif",
            b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
            "unsupported_format",
        ),
        ("photoshop.jpg", b"8BPS\0\1" + bytes(64), "unsupported_format"),
    ]
    for name, data, status in rows:
        corpus.add(f"impostors/{name}", data, f"impostor: {name}", status)
    swapped = encode(corpus.scene(), "PNG")
    corpus.add("impostors/png.jpg", swapped, "a PNG named .jpg", NO_FACE, size=DEFAULT_SIZE)
    corpus.add("impostors/notes.txt", b"notes\n", "a text beside the photos", IGNORED)
    corpus.add("impostors/.hidden.jpg", encode(corpus.scene(), "JPEG"), "hidden", IGNORED)


def bombs(corpus: Corpus) -> None:
    """Small files that claim or become something huge, and sizes at the edge."""
    jpeg = encode(corpus.scene(), "JPEG")
    sof = jpeg.index(b"\xff\xc0")
    huge = jpeg[: sof + 5] + struct.pack(">HH", 65500, 65500) + jpeg[sof + 9 :]
    gif = encode(corpus.scene(), "GIF")
    vp8x = b"VP8X" + struct.pack("<I", 10) + bytes(4) + b"\xfe\x3f\0\xfe\x3f\0"
    webp = b"WEBP" + vp8x + encode(corpus.scene(), "WEBP")[12:]
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", "x" * 40_000_000, zip=True)
    rows: list[tuple[str, bytes, str]] = [
        (
            "900_megapixels.png",
            make_png(30000, 30000, 1, 0, bytes(3751 * 30000)),
            "too_many_pixels",
        ),
        ("jpeg_claims_4_gigapixels.jpg", huge, "too_many_pixels"),
        (
            "gif_claims_4_gigapixels.gif",
            gif[:6] + b"\xff\xff\xff\xff" + gif[10:],
            "too_many_pixels",
        ),
        ("webp.webp", b"RIFF" + struct.pack("<I", len(webp)) + webp, "too_many_pixels"),
        ("ppm.ppm", b"P6 90000 90000 255\n" + bytes(64), "too_many_pixels"),
        ("tiff.tiff", huge_tiff(), "too_many_pixels"),
        ("text.png", encode(corpus.scene(), "PNG", pnginfo=info), "corrupt"),
        ("scans.jpg", many_scans(corpus.scene()), "corrupt"),
        ("1x1.png", encode(corpus.scene((1, 1)), "PNG"), "too_small"),
        ("300x15.jpg", encode(corpus.scene((300, 15)), "JPEG"), "too_small"),
    ]
    for name, data, status in rows:
        corpus.add(f"sizes/{name}", data, f"size: {name}", status)
    for size in ((20000, 20), (20, 20000), (16, 16)):
        data = encode(corpus.scene(size), "JPEG")
        corpus.add(f"sizes/{size[0]}x{size[1]}.jpg", data, "a rare shape", NO_FACE, size=size)


def huge_tiff() -> bytes:
    """Make a TIFF header that claims 60000x60000 pixels in one short strip."""
    tags = [(256, 60000), (257, 60000), (258, 8), (259, 1), (262, 1), (273, 8), (278, 60000),
            (279, 64)]  # fmt: skip
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags)
    return (
        b"II*\0"
        + struct.pack("<I", 72)
        + bytes(64)
        + struct.pack("<H", len(tags))
        + entries
        + bytes(4)
    )


def many_scans(image: Image.Image) -> bytes:
    """Repeat the last scan of a progressive JPEG a thousand times."""
    data = encode(image, "JPEG", progressive=True)
    last = data.rindex(b"\xff\xda")
    return data[:last] + data[last:-2] * 1000 + data[-2:]


def hostile_names(corpus: Corpus) -> None:
    """Names that break scripts, terminals and file systems."""
    names = [
        "with space.jpg",
        "new\nline.jpg",
        "-rf.jpg",
        "--help.jpg",
        "$(touch pwned).jpg",
        "`id`;&|.jpg",
        "quote'\".jpg",
        "100%s{0}.jpg",
        "Zoë 李小龙 محمد.jpg",
        "😀.jpg",
        "e\u0301 decomposed.jpg",
        "back\\slash.jpg",
        "UPPER.JPG",
        "l" * 251 + ".jpg",
        "invalid\udcff\udcfe.jpg",
    ]
    for name in names:
        data = encode(corpus.scene(), "JPEG")
        path = f"names/{name}"
        corpus.try_add(path, lambda to, data=data: to.write_bytes(data), f"name {name!r}", NO_FACE)


def not_files(corpus: Corpus) -> None:
    """Things with a picture's name that are no picture files."""
    corpus.try_add("other/directory.jpg", Path.mkdir, "a directory", "not_a_file")
    corpus.try_add("other/loop.jpg", lambda to: to.symlink_to("loop.jpg"), "a loop", "link_loop")
    corpus.try_add("other/gone.jpg", lambda to: to.symlink_to("nowhere"), "dangling", "missing")
    if hasattr(os, "mkfifo"):
        corpus.try_add("other/pipe.jpg", os.mkfifo, "a pipe", "not_a_file")
    if Path("/dev/zero").exists():
        corpus.try_add(
            "other/zero.jpg", lambda to: to.symlink_to("/dev/zero"), "endless", "not_a_file"
        )
    corpus.try_add(
        "other/up", lambda to: to.symlink_to("..", True), "a link to a directory", "not_a_file"
    )
    secret = encode(corpus.scene(), "JPEG")
    corpus.add("other/secret.jpg", secret, "no permission", "unreadable", needs_unprivileged=True)
    (corpus.folder / "other/secret.jpg").chmod(0)


def contents(corpus: Corpus) -> None:
    """Faces and none, the same content twice, the same name twice."""
    corpus.add("faces/none.jpg", encode(corpus.scene((640, 480)), "JPEG"), "no face", NO_FACE)
    face, found = corpus.portrait(), corpus.with_face
    group = Image.new("RGB", (face.width * 2, face.height * 2), "grey")
    for index, angle in enumerate((0, 4, -4, 8)):
        turned = face.rotate(angle, Image.Resampling.BICUBIC, fillcolor="grey")
        group.paste(turned, (index % 2 * face.width, index // 2 * face.height))
    many = {"status": found["status"], "faces": 4 * found["faces"]}
    corpus.add("faces/many.jpg", encode(group, "JPEG", quality=95), "many faces", **many)
    same = encode(face.resize((300, 300)), "JPEG", quality=95)
    corpus.add("faces/one.jpg", same, "one face", size=(300, 300), **found)
    corpus.add("faces/two.jpg", same, "the bytes of one.jpg again", DUPLICATE)
    for folder in "ab":
        data = encode(corpus.scene(), "JPEG")
        corpus.add(f"faces/{folder}/same.jpg", data, "the same name twice", NO_FACE)


GROUPS = (
    colours, orientations, many_frames, truncations, broken, impostors, bombs, hostile_names,
    not_files, contents,
)  # fmt: skip


if __name__ == "__main__":
    photo = Path(sys.argv[2]) if len(sys.argv) > 2 else None
    for made in make_corpus(Path(sys.argv[1]), photo):
        print(f"{made.status:20} {made.key!r:60.60} {made.kind}")
