"""Time the decoder and the encoders against named references, in the same run.

    python benchmarks/codec_speed.py [PHOTO ...]

Each photo (default: the repository's sample portraits) is scaled to 1024x1024, as crops are.
CPU milliseconds, least of several runs, mean over the photos. A ratio above 1 means faster
than the reference.
"""

from __future__ import annotations

import io
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import simplejpeg
from numpy.typing import NDArray
from PIL import Image

from facewright.vision.decode import decode_photo
from facewright.vision.encode import encode_jpeg, encode_png, encode_webp

SIDE = 1024
REPEATS = 5
SAMPLES = Path(__file__).parents[1] / "samples" / "photos"
Pixels = NDArray[np.uint8]


@dataclass(frozen=True)
class Figure:
    """What one codec costs.

    Attributes:
        milliseconds: of CPU, a picture.
        kilobytes: a picture, 0 for decoders.
    """

    milliseconds: float
    kilobytes: float


def measure(work: Callable[[Pixels], bytes], pictures: Iterable[Pixels]) -> Figure:
    """Run an encoder over all pictures."""
    times, sizes = [], []
    for picture in pictures:
        best = float("inf")
        for _ in range(REPEATS):
            start = time.process_time()
            data = work(picture)
            best = min(best, time.process_time() - start)
        times.append(best)
        sizes.append(len(data))
    return Figure(1e3 * float(np.mean(times)), float(np.mean(sizes)) / 1e3)


def pillow(fmt: str, **options: object) -> Callable[[Pixels], bytes]:
    """Encode with Pillow."""

    def work(pixels: Pixels) -> bytes:
        file = io.BytesIO()
        Image.fromarray(pixels).save(file, fmt, **options)
        return file.getvalue()

    return work


def opencv(extension: str, *settings: int) -> Callable[[Pixels], bytes]:
    """Encode with OpenCV, the change of channel order included."""

    def work(pixels: Pixels) -> bytes:
        bgr = cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR)
        return bytes(cv2.imencode(extension, bgr, settings)[1])

    return work


def table(title: str, rows: dict[str, Figure], references: tuple[str, ...]) -> None:
    """Print figures with their ratios to the references."""
    print(f"\n{title:34} {'ms':>8} {'KB':>7}" + "".join(f"  x {name:>16}" for name in references))
    for name, figure in rows.items():
        ratios = (rows[reference].milliseconds / figure.milliseconds for reference in references)
        print(
            f"{name:34} {figure.milliseconds:8.2f} {figure.kilobytes:7.0f}"
            + "".join(f"  {ratio:18.2f}" for ratio in ratios)
        )


def pictures(paths: Iterable[Path]) -> list[Pixels]:
    """Load and scale the photos."""
    found = (decode_photo(path.read_bytes()).pixels for path in paths)
    size = (SIDE, SIDE)
    return [np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)) for pixels in found]


def encoders(crops: list[Pixels]) -> None:
    """Compare lossless and lossy encoders."""
    lossless = {
        "facewright png": encode_png,
        "Pillow PNG": pillow("PNG"),
        "Pillow PNG, level 1": pillow("PNG", compress_level=1),
        "OpenCV PNG": opencv(".png"),
        "OpenCV PNG, up, level 1": opencv(
            ".png",
            cv2.IMWRITE_PNG_FILTER,
            cv2.IMWRITE_PNG_FILTER_UP,
            cv2.IMWRITE_PNG_COMPRESSION,
            1,
        ),
        "OpenCV PNG, stored": opencv(".png", cv2.IMWRITE_PNG_COMPRESSION, 0),
        "facewright webp-lossless": lambda pixels: encode_webp(pixels, None),
        "Pillow WebP lossless": pillow("WEBP", lossless=True),
    }
    rows = {name: measure(work, crops) for name, work in lossless.items()}
    table("lossless, 1024x1024", rows, ("Pillow PNG", "OpenCV PNG"))
    lossy: dict[str, Callable[[Pixels], bytes]] = {
        "facewright jpeg:95": encode_jpeg,
        "Pillow JPEG 95 4:4:4": pillow("JPEG", quality=95, subsampling=0),
        "facewright webp:90": encode_webp,
        "Pillow WebP 90": pillow("WEBP", quality=90),
    }
    rows = {name: measure(work, crops) for name, work in lossy.items()}
    table("lossy, 1024x1024", rows, ("Pillow JPEG 95 4:4:4", "Pillow WebP 90"))


def decoders(crops: list[Pixels]) -> None:
    """Compare decoders of JPEG and PNG."""
    for kind, encode in (("JPEG", encode_jpeg), ("PNG", encode_png)):
        files = [np.frombuffer(encode(crop), np.uint8) for crop in crops]
        works: dict[str, Callable[[Pixels], bytes]] = {
            "facewright decode_photo": lambda data: b"" * decode_photo(bytes(data)).frames,
            "Pillow": lambda data: b"" * len(np.asarray(Image.open(io.BytesIO(bytes(data))))),
            "OpenCV": lambda data: b"" * len(np.asarray(cv2.imdecode(data, 1))),
        }
        if kind == "JPEG":
            works["bare simplejpeg"] = lambda data: b"" * len(simplejpeg.decode_jpeg(data))
        rows = {name: measure(work, files) for name, work in works.items()}
        table(f"decode {kind}, 1024x1024", rows, ("Pillow", "OpenCV"))


def main() -> None:
    """Print all tables."""
    cv2.setNumThreads(1)
    named = [Path(name) for name in sys.argv[1:]]
    crops = pictures(named or [SAMPLES / "astronaut.png", SAMPLES / "grace_hopper.jpg"])
    encoders(crops)
    decoders(crops)


if __name__ == "__main__":
    main()
