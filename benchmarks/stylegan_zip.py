"""Time a StyleGAN zip against a plain Pillow loop that does what the published tool does.

    python benchmarks/stylegan_zip.py [--pictures 2000] [--sides 256 512] [--built]

Crops are made from the photos (default: the repository's sample portraits), kept once as ordinary
PNG files (by Pillow at its default level, as published sets have them; `--built`: as builds encode
them, which others inflate faster too) and once as a dataset with the same bytes: `--pictures` of
256 pixels, a quarter as many of 512, a tenth of 1024. The loop opens each file, makes an array of
it, resizes by Pillow, saves a PNG of level 0 and stores it in a zip, on one core and in a process
of its own, as the tool does. The export writes the same zip with its sidecar and documents, on a
thread a core, in a process that keeps freed memory, as the command does. Both zips must hold the
same pixels. Medians of several runs, taken in turns: one of the loop, then three of the export,
which is over in a tenth of its time. (The first of the three is the slowest where the machine is a
virtual one that gives unused memory back to its host: its pages have to be fetched again.) On a
machine that others use as well, threads get less than their cores: then the CPU milliseconds a
picture tell more than the wall clock, and the last column says what they would come to on free
cores. `--sides 256 512` leaves the others out.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import statistics
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from facewright import Dataset
from facewright.engine.exporting import export_layout
from facewright.engine.importing import import_layout
from facewright.engine.process import keep_freed_memory
from facewright.layouts.archives.resample import PILLOW_FILTERS, Filter
from facewright.layouts.seam.export import ExportOptions
from facewright.vision.decode import decode_photo
from facewright.vision.encode import encode_png

REPEATS = 5
ORDINARY = 6  # Pillow's default level
EXPORTS = 3  # for each of the loop's
SHARES = {1024: 10, 512: 4, 256: 1}  # of the pictures, by side
SAMPLES = Path(__file__).parents[1] / "samples" / "photos"
TASKS: tuple[tuple[int, int, Filter], ...] = (
    (1024, 512, "lanczos"),
    (1024, 256, "lanczos"),
    (1024, 512, "box"),
    (1024, 256, "box"),
    (512, 512, "lanczos"),
    (256, 256, "lanczos"),
)
Pixels = NDArray[np.uint8]


def crops(photos: list[Path], count: int, side: int) -> Iterator[Pixels]:
    """Different squares of the photos at one side."""
    sources = [decode_photo(path.read_bytes()).pixels for path in photos]
    rng = np.random.default_rng(0)
    for n in range(count):
        photo = sources[n % len(sources)]
        edge = int(min(photo.shape[:2]) * rng.uniform(0.7, 1.0))
        top, left = (int(rng.integers(0, length - edge + 1)) for length in photo.shape[:2])
        square = photo[top : top + edge, left : left + edge]
        how = cv2.INTER_AREA if edge > side else cv2.INTER_CUBIC
        yield np.asarray(cv2.resize(square, (side, side), interpolation=how), np.uint8)


def by_pillow(pixels: Pixels, level: int) -> bytes:
    """A PNG as Pillow saves it."""
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG", compress_level=level, optimize=False)
    return file.getvalue()


def plain_loop(folder: Path, side: int, resample: Filter, out: Path) -> None:
    """What the published tool does, one picture after the other."""
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for n, path in enumerate(sorted(folder.glob("*.png"))):
            with Image.open(path) as image:
                pixels = np.array(image)
            if pixels.shape[0] != side:
                whole = Image.fromarray(pixels)
                pixels = np.array(whole.resize((side, side), PILLOW_FILTERS[resample]))
            archive.writestr(f"{n // 1000:05d}/img{n:08d}.png", by_pillow(pixels, 0))
        archive.writestr("dataset.json", json.dumps({"labels": None}))


@dataclass(frozen=True)
class Spent:
    """Seconds of one run: on the wall, and of CPU in all threads."""

    wall: float
    cpu: float

    @classmethod
    def by(cls, work: Callable[[Path], object], out: Path) -> Spent:
        """Run something that writes `out` afresh."""
        out.unlink(missing_ok=True)
        wall, cpu = time.perf_counter(), time.process_time()
        work(out)
        return cls(time.perf_counter() - wall, time.process_time() - cpu)


def median(runs: list[Spent]) -> Spent:
    """The median of each."""
    return Spent(
        statistics.median(run.wall for run in runs), statistics.median(run.cpu for run in runs)
    )


def compare(
    folder: Path,
    dataset: Dataset,
    work: Path,
    task: tuple[int, int, Filter],
    tool: ProcessPoolExecutor,
) -> None:
    """Print one row."""
    before, side, resample = task
    plain, ours = work / "plain.zip", work / "ours.zip"
    options = ExportOptions(size=side, resample=resample)
    loops, exports = [], []

    def export(out: Path) -> object:
        return export_layout(dataset, "stylegan", out, options)

    for _ in range(REPEATS):
        loops.append(
            tool.submit(Spent.by, partial(plain_loop, folder, side, resample), plain).result()
        )
        exports += [Spent.by(export, ours) for _ in range(EXPORTS)]
    check(plain, ours)
    free = os.cpu_count() or 1
    loop, spent, count = median(loops), median(exports), len(dataset)
    what = f"{before} to {side} {resample}" if before != side else f"{side} as it is"
    print(
        f"{what:20} {count / loop.wall:10.1f} {count / spent.wall:10.1f}"
        f" {loop.wall / spent.wall:8.1f} {1e3 * loop.cpu / count:12.2f}"
        f" {1e3 * spent.cpu / count:10.2f} {free * loop.cpu / spent.cpu:9.1f}",
        flush=True,
    )


def check(plain: Path, ours: Path) -> None:
    """End the run unless both zips hold the same pixels."""
    with zipfile.ZipFile(plain) as one, zipfile.ZipFile(ours) as other:
        for name in one.namelist():
            if name.endswith(".png"):
                left, right = (
                    np.asarray(Image.open(io.BytesIO(z.read(name)))) for z in (one, other)
                )
                if not np.array_equal(left, right):
                    sys.exit(f"{name} differs")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--pictures", type=int, default=2000)
    parser.add_argument("--photos", type=Path, nargs="*")
    parser.add_argument("--built", action="store_true")
    parser.add_argument("--sides", type=int, nargs="*", default=sorted(SHARES), choices=SHARES)
    given = parser.parse_args()
    photos = given.photos or [SAMPLES / "astronaut.png", SAMPLES / "grace_hopper.jpg"]
    cores = os.cpu_count() or 1
    print(f"{cores} cores, same pixels in both zips")
    print(f"{'':20} {'images/s':^30} {'CPU ms an image':^23} {f'{cores} free':>9}")
    columns = f"{'plain loop':>10} {'facewright':>10} {'x faster':>8}"
    print(f"{'':20} {columns} {'plain loop':>12} {'facewright':>10} {'x faster':>9}")
    keep_freed_memory()
    own = ProcessPoolExecutor(1, mp_context=get_context("spawn"))
    with own as tool, tempfile.TemporaryDirectory() as place:
        for side in sorted(given.sides, reverse=True):
            folder = Path(place) / str(side)
            folder.mkdir()
            count = max(1, given.pictures // SHARES[side])
            for n, crop in enumerate(crops(photos, count, side)):
                data = encode_png(crop) if given.built else by_pillow(crop, ORDINARY)
                (folder / f"{n:05d}.png").write_bytes(data)
            import_layout("stylegan", folder, Path(place) / f"dataset-{side}")
            dataset = Dataset.open(Path(place) / f"dataset-{side}")
            for task in TASKS:
                if task[0] == side:
                    compare(folder, dataset, Path(place), task, tool)


if __name__ == "__main__":
    main()
