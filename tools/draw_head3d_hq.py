"""Draw docs/images/head3d-hq.webp: the same people in quality standard and hq, side by side.

    python tools/draw_head3d_hq.py [--size 384] [--people 10] [--out FILE] [--folder FOLDER]

Pictures are kept in the folder, so that a broken run goes on where it ended. Prints what each
cost: CPU-seconds of this process and of Blender's, and the peak memory of either.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from facewright.generate.head3d.person import sample_person
from facewright.generate.head3d.render import Quality, View, render

PEOPLE: tuple[tuple[dict[str, object], View], ...] = (
    ({"sex": "female", "age": 27, "ethnicity": "white"}, View(yaw=12, expression="soft")),
    ({"sex": "male", "age": 45, "ethnicity": "black", "beard": "full"}, View(yaw=-18)),
    ({"sex": "female", "age": 63, "ethnicity": "asian"}, View(yaw=8, expression="smile")),
    (
        {"sex": "female", "age": 35, "ethnicity": "black", "hair_style": "curly"},
        View(yaw=15, expression="laugh"),
    ),
    ({"sex": "male", "age": 74, "ethnicity": "white"}, View(yaw=-10)),
    ({"sex": "female", "age": 9, "ethnicity": "indian"}, View(expression="smile")),
    ({"sex": "male", "age": 33, "ethnicity": "asian", "beard": "full"}, View(yaw=25)),
    (
        {
            "sex": "female",
            "age": 48,
            "ethnicity": "latino",
            "hair_style": "long",
            "hair_colour": "blond",
        },
        View(yaw=-14, expression="soft"),
    ),
)
OUT = Path(__file__).parent.parent / "docs/images/head3d-hq.webp"
QUALITIES: tuple[Quality, ...] = ("standard", "hq")


def main() -> None:
    """Render, join, save."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=384)
    parser.add_argument("--people", type=int, default=len(PEOPLE))
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    cv2.setNumThreads(1)
    folder = options.folder or Path(tempfile.mkdtemp(prefix="facewright-hq-"))
    folder.mkdir(parents=True, exist_ok=True)
    pairs = [
        np.hstack([picture(number, quality, options.size, folder) for quality in QUALITIES])
        for number in range(options.people)
    ]
    # Linux counts what a process held before it became another program: Blender's is an upper bound
    for who, peak in (("here", resource.RUSAGE_SELF), ("Blender <=", resource.RUSAGE_CHILDREN)):
        print(f"peak memory, {who}: {resource.getrusage(peak).ru_maxrss / 2**20:.2f} GB")
    sheet = joined(pairs)
    Image.fromarray(sheet).save(options.out, quality=88, method=6)
    print(f"{options.out}: {sheet.shape[1]} x {sheet.shape[0]}")


def picture(number: int, quality: Quality, size: int, folder: Path) -> NDArray[np.uint8]:
    """One person in one quality, from the folder where it is there."""
    path = folder / f"{number}-{quality}-{size}.png"
    if not path.exists():
        wanted, view = PEOPLE[number]
        before = cpu_seconds()
        made = render(sample_person(wanted, seed=100 + number), view, size, quality, 500 + number)
        print(f"{number} {quality:8} {cpu_seconds() - before:5.1f} CPU-s", file=sys.stderr)
        Image.fromarray(made.pixels).save(path)
    return np.asarray(Image.open(path).convert("RGB"))


def cpu_seconds() -> float:
    """Of this process and of those it started."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def joined(pairs: list[NDArray[np.uint8]]) -> NDArray[np.uint8]:
    """Pairs two in a row with a white line between; a lone last one is followed by white."""
    height, width = pairs[0].shape[:2]
    if len(pairs) % 2:
        pairs = [*pairs, np.full_like(pairs[0], 255)]
    line = np.full((height, width // 48, 3), 255, np.uint8)
    rows = [np.hstack([a, line, b]) for a, b in zip(pairs[::2], pairs[1::2], strict=True)]
    return np.vstack(rows)


if __name__ == "__main__":
    main()
