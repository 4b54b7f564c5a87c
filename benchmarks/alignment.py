"""Time of each alignment, and the distance of the fast ones from the exact, on real pictures.

    python benchmarks/alignment.py [--faces N]

The first table crops one face of the sample photographs, placed in photographs of growing size;
the second does so once with every alignment. The others take the shared portraits, if they are
here (FACEWRIGHT_SHARED, or `../shared` beside the repository), with landmarks by Facewright's own
models: how fast and how near the fast variants are, how long the random squares of 70,000 entries
take, and how far the square of a crop that is aligned again lies from the whole crop. Times are
medians of CPU time on one thread; ratios are against the exact crop in the same run.
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

from facewright.align.already import TOLERANCE, corner_distance
from facewright.align.base import (
    AlignedCrop,
    Alignment,
    CropSpec,
    alignment,
    alignment_names,
    sequence_alignment,
)
from facewright.errors import PhotoError
from facewright.vision.faces import find_faces
from facewright.vision.runtime import Runtime

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("FACEWRIGHT_SHARED", ROOT.parent / "shared"))
SPECS = [
    CropSpec.parse(s)
    for s in ("ffhq:1024", "ffhq-fast:1024", "ffhq:256", "ffhq-fast:256", "eg3d:512")
]
REPEATS = 5
WHOLE_LISTS = ("ffhq-u", "metfaces-u")
FAST = tuple(name for name in alignment_names() if name.endswith("-fast"))
LIST_LENGTH = 70_000

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


def print_all(case: Case) -> None:
    """One line for each alignment at its own size, largest photograph last."""
    print(f"\nevery alignment on {case.name}")
    for name in alignment_names():
        if name in WHOLE_LISTS:
            continue
        spec = CropSpec.parse(name)
        crop, ms = timed(alignment(name), case, spec.size, 3)
        print(f"{spec!s:24}side {side_of(crop):6.0f} px {ms:9.1f} ms  outside {crop.outside:.2f}")


def print_fast(name: str, cases: list[Case]) -> None:
    """Mean and worst distance, time and ratio of a fast variant over the portraits."""
    fast, exact = alignment(name), alignment(name.removesuffix("-fast"))
    rows = []
    for case in cases:
        try:
            near, near_ms = timed(fast, case, fast.default_size, REPEATS)
        except PhotoError:
            continue
        start = time.process_time()
        true = exact.crop(case.photo, case.landmarks, exact.default_size)
        true_ms = (time.process_time() - start) * 1e3
        rows.append((psnr(near.pixels, true.pixels), near_ms, true_ms, near.padded))
    print(f"\n{name}:{fast.default_size} on {len(rows)} portraits")
    for title, chosen in (
        ("all", rows),
        ("inside the photo", [r for r in rows if not r[3]]),
        ("padded", [r for r in rows if r[3]]),
    ):
        if chosen:
            db, ms, reference = (np.array([r[i] for r in chosen]) for i in range(3))
            print(
                f"{title:18}n {len(chosen):3}   dB mean {db.mean():.2f} min {db.min():.2f}   "
                f"ms median {np.median(ms):.1f} mean {ms.mean():.1f}   "
                f"ratio of means {reference.mean() / ms.mean():.0f}"
            )


def print_already(cases: list[Case]) -> None:
    """How far squares lie from the whole picture: of crops aligned again, and of photographs."""
    runtime = Runtime()
    print(f"\naligned already, if within {TOLERANCE} sides: distance of the square's corners")
    for name in ("ffhq-fast", "metfaces-fast", "eg3d", "square"):
        found, again, photos = alignment(name), [], []
        for case in cases:
            crop = found.crop(case.photo, case.landmarks, found.default_size)
            faces = find_faces([crop.pixels], runtime)
            size = found.default_size
            if len(faces):
                again.append(corner_distance(found.quad(faces.landmarks68[0]), size, size))
            height, width = case.photo.shape[:2]
            photos.append(corner_distance(found.quad(case.landmarks), width, height))
        print(
            f"{name:14}crops n {len(again):3}: median {np.median(again):.3f} "
            f"max {max(again):.3f}, found {np.mean(np.array(again) <= TOLERANCE):.1%}   "
            f"photos n {len(photos):3}: min {min(photos):.3f}, "
            f"taken for crops {np.mean(np.array(photos) <= TOLERANCE):.1%}"
        )


def print_replay(case: Case) -> None:
    """Time of the random squares of a list as long as FFHQ's, faces of all sizes."""
    sides = np.random.default_rng(0).uniform(1.1, 4, LIST_LENGTH)
    print()
    for name in WHOLE_LISTS:
        found = sequence_alignment(name)
        square = found.placement(case.landmarks, 1, 1).square
        corner = square.centre - square.side / 2
        start = time.process_time()
        lengths = (square.side * sides).astype(int).tolist()
        placements = [found.placement(case.landmarks - corner, n, n) for n in lengths]
        placed = sum(s is not None for _, s in found.squares(placements))
        seconds = time.process_time() - start
        print(f"{name}: squares of {placed} of {LIST_LENGTH} entries in {seconds:.1f} s")


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
    """Print all tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--faces", type=int, default=20, help="portraits to crop")
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    cases = astronaut_cases()
    print_cases(cases)
    print_all(cases[2])
    print_replay(cases[0])
    if portraits := portrait_cases(arguments.faces):
        for name in FAST:
            print_fast(name, portraits)
        print_already(portraits)


if __name__ == "__main__":
    main()
