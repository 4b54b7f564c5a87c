"""Time of each alignment, and the distance of `ffhq-fast` from `ffhq`, on real pictures.

    python benchmarks/alignment.py [--faces N]

The first table crops one face of the sample photographs, placed in photographs of growing size.
The second crops the shared portraits, if they are here (FACEWRIGHT_SHARED, or `../shared` beside
the repository), with landmarks by Facewright's own models. Times are medians of CPU time on one
thread; ratios are against `ffhq` exact in the same run.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import time
from dataclasses import dataclass
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from facewright.align.base import AlignedCrop, Alignment, CropSpec, alignment
from facewright.vision.faces import find_faces
from facewright.vision.runtime import Runtime

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("FACEWRIGHT_SHARED", ROOT.parent / "shared"))
SPECS = [
    CropSpec.parse(s)
    for s in ("ffhq:1024", "ffhq-fast:1024", "ffhq:256", "ffhq-fast:256", "eg3d:512")
]
REPEATS = 5

UInt8 = NDArray[np.uint8]
Points = NDArray[np.float64]


@dataclass(frozen=True)
class Case:
    """A photograph with one face."""

    name: str
    photo: UInt8
    landmarks: Points


def psnr(a: UInt8, b: UInt8) -> float:
    """Peak signal-to-noise ratio in dB; infinite for equal pictures."""
    error = float(np.mean((a.astype(np.float64) - b.astype(np.float64)) ** 2))
    return float(10 * np.log10(255**2 / error)) if error else float("inf")


def timed(found: Alignment, case: Case, size: int, repeats: int) -> tuple[AlignedCrop, float]:
    """The crop and the median of its CPU time in ms."""
    crop = found.crop(case.photo, case.landmarks, size)
    times = []
    for _ in range(repeats):
        start = time.process_time()
        crop = found.crop(case.photo, case.landmarks, size)
        times.append((time.process_time() - start) * 1e3)
    return crop, statistics.median(times)


def astronaut_cases() -> list[Case]:
    """The astronaut's picture enlarged, and enlarged in the corner of a larger photograph."""
    photo = np.array(Image.open(ROOT / "samples/photos/astronaut.png").convert("RGB"))
    golden = json.loads((ROOT / "tests/align/golden.json").read_text())
    landmarks = np.array(golden["astro"]["landmarks"], dtype=np.float64)
    cases = [Case("512 x 512", photo, landmarks)]
    for scale, width, height in (
        (3, 1536, 1536),
        (4, 4000, 3000),
        (8, 4096, 4096),
        (4, 9000, 8000),
    ):
        enlarged = cv2.resize(photo, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
        large = np.asarray(enlarged, dtype=np.uint8)
        canvas = np.resize(photo, (height, width, 3)).astype(np.uint8)
        canvas[: large.shape[0], : large.shape[1]] = large[:height, :width]
        cases.append(Case(f"{width} x {height}", canvas, (landmarks + 0.5) * scale - 0.5))
    cases.append(Case("over the edge", photo, landmarks - (60.0, 0.0)))
    return cases


def side_of(crop: AlignedCrop) -> float:
    """Side of the square in photo pixels."""
    return float(np.hypot(*(crop.quad[3] - crop.quad[0])))


def print_cases(cases: list[Case]) -> None:
    """One line for each case and alignment."""
    print(f"{'photo':16}{'crop':16}{'side px':>8}{'ms':>9}{'x exact':>9}{'dB':>7}")
    for case in cases:
        exact: dict[int, tuple[AlignedCrop, float]] = {}
        for spec in SPECS:
            repeats = 2 if spec.alignment == "ffhq" else REPEATS
            crop, ms = timed(alignment(spec.alignment), case, spec.size, repeats)
            if spec.alignment == "ffhq":
                exact[spec.size] = (crop, ms)
            reference = exact.get(spec.size, exact[1024])
            ratio = reference[1] / ms
            is_fast = spec.alignment == "ffhq-fast"
            distance = f"{psnr(crop.pixels, reference[0].pixels):7.1f}" if is_fast else "      -"
            print(f"{case.name:16}{spec!s:16}{side_of(crop):8.0f}{ms:9.1f}{ratio:9.1f}{distance}")


def print_portraits(cases: list[Case]) -> None:
    """Mean and worst distance, time and ratio of ffhq-fast:1024 over the portraits."""
    fast, exact = alignment("ffhq-fast"), alignment("ffhq")
    rows = []
    for case in cases:
        near, near_ms = timed(fast, case, 1024, REPEATS)
        true, true_ms = timed(exact, case, 1024, 1)
        rows.append((psnr(near.pixels, true.pixels), near_ms, true_ms, near.padded))
    print(f"\nffhq-fast:1024 on {len(rows)} portraits")
    for name, chosen in (
        ("all", rows),
        ("inside the photo", [r for r in rows if not r[3]]),
        ("padded", [r for r in rows if r[3]]),
    ):
        if chosen:
            db, ms, reference = (np.array([r[i] for r in chosen]) for i in range(3))
            print(
                f"{name:18}n {len(chosen):3}   dB mean {db.mean():.2f} min {db.min():.2f}   "
                f"ms median {np.median(ms):.1f} mean {ms.mean():.1f}   "
                f"ratio of means {reference.mean() / ms.mean():.0f}"
            )


def portrait_cases(count: int) -> list[Case]:
    """At most `count` shared portraits, evenly chosen, each with its largest face."""
    paths = sorted((SHARED / "data" / "portraits").glob("*.jpg"))
    runtime = Runtime()
    cases = []
    for path in paths[:: max(len(paths) // count, 1)][:count]:
        photo = np.array(Image.open(path).convert("RGB"))
        faces = find_faces([photo], runtime)
        if len(faces):
            cases.append(Case(path.name, photo, faces.landmarks68[0]))
    return cases


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--faces", type=int, default=20, help="portraits to crop")
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    print_cases(astronaut_cases())
    if portraits := portrait_cases(arguments.faces):
        print_portraits(portraits)


if __name__ == "__main__":
    main()
