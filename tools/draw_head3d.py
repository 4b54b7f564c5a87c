"""Draw strips of head3d's faces; run on two versions, before and after a change.

    python tools/draw_head3d.py FOLDER [STRIP ...] [--quality draft] [--size 256] [--before FOLDER]

A strip is a row of orders with fixed seeds, saved as head3d-STRIP.webp. For pictures of before and
after draw with the older source on PYTHONPATH, then with the newer one and `--before` the first.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from facewright.generate.head3d.person import sample_person
from facewright.generate.head3d.render import Quality, View, render

STRIPS: dict[str, tuple[tuple[dict[str, Any], View], ...]] = {
    "old": (
        ({"sex": "female", "age": 68, "ethnicity": "white", "hair_colour": "grey"}, View(-27)),
        ({"sex": "male", "age": 78, "ethnicity": "asian", "beard": "none"}, View(-35)),
        ({"sex": "female", "age": 76, "ethnicity": "latino", "hair_style": "bob"}, View(8)),
        ({"sex": "male", "age": 70, "ethnicity": "black", "beard": "none"}, View(-25)),
        ({"sex": "male", "age": 60, "ethnicity": "white", "beard": "none"}, View(15)),
    ),
    "long-hair": (
        ({"sex": "female", "age": 34, "ethnicity": "asian", "hair_style": "wavy"}, View(10)),
        ({"sex": "female", "age": 38, "ethnicity": "white", "hair_style": "long"}, View(37)),
        ({"sex": "female", "age": 25, "ethnicity": "black", "hair_style": "long"}, View(-20)),
        ({"sex": "female", "age": 42, "ethnicity": "latino", "hair_style": "bob"}, View(3)),
        ({"sex": "female", "age": 66, "ethnicity": "white", "hair_style": "bob"}, View(-15)),
    ),
    "children": (
        ({"sex": "female", "age": 6, "ethnicity": "white"}, View(-15)),
        ({"sex": "male", "age": 8, "ethnicity": "black"}, View(10)),
        ({"sex": "female", "age": 9, "ethnicity": "asian"}, View(20)),
        ({"sex": "male", "age": 10, "ethnicity": "latino"}, View(-5)),
        ({"sex": "female", "age": 12, "ethnicity": "white"}, View(25)),
    ),
    "women": (
        ({"sex": "female", "age": 19, "skin_tone": 10, "ethnicity": "black"}, View(8)),
        ({"sex": "female", "age": 27, "ethnicity": "white", "hair_style": "tied"}, View(-12)),
        ({"sex": "female", "age": 39, "ethnicity": "latino", "hair_style": "curly"}, View(18)),
        ({"sex": "female", "age": 63, "skin_tone": 8, "ethnicity": "black"}, View(-20)),
        ({"sex": "female", "age": 73, "ethnicity": "white", "hair_colour": "grey"}, View(5)),
    ),
    "mouths": (
        ({"sex": "female", "age": 30, "ethnicity": "asian"}, View(0, expression="surprise")),
        ({"sex": "male", "age": 41, "ethnicity": "black"}, View(12, expression="surprise")),
        ({"sex": "female", "age": 60, "ethnicity": "white"}, View(-15, expression="surprise")),
        ({"sex": "male", "age": 24, "ethnicity": "latino"}, View(5, expression="fear")),
        ({"sex": "female", "age": 35, "ethnicity": "black"}, View(-8, expression="laugh")),
    ),
    "men": (
        ({"sex": "male", "age": 31, "ethnicity": "latino", "beard": "none"}, View(-40)),
        ({"sex": "male", "age": 24, "ethnicity": "white", "beard": "none"}, View(30)),
        ({"sex": "male", "age": 28, "ethnicity": "asian", "beard": "none"}, View(0)),
        ({"sex": "male", "age": 45, "ethnicity": "white", "beard": "stubble"}, View(-15)),
        ({"sex": "male", "age": 36, "ethnicity": "black", "beard": "short"}, View(20)),
    ),
}
SEED = 300


def main() -> None:
    """Draw and save."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("strips", nargs="*", default=[], help=f"of {', '.join(STRIPS)}")
    parser.add_argument("--quality", choices=("draft", "standard", "hq"), default="draft")
    parser.add_argument("--size", type=int, default=256)
    parser.add_argument("--before", type=Path, help="folder of strips to put on top")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    for name in options.strips or STRIPS:
        row = strip(name, options.size, options.quality)
        file = f"head3d-{name}.webp"
        whole = row if options.before is None else np.vstack([load(options.before / file), row])
        save(whole, options.folder / file)


def strip(name: str, size: int, quality: Quality) -> NDArray[np.uint8]:
    """A row of pictures, (size, N size, 3)."""
    return np.hstack(
        [
            render(sample_person(wanted, SEED + k), view, size, quality, k).pixels
            for k, (wanted, view) in enumerate(STRIPS[name])
        ]
    )


def load(path: Path) -> NDArray[np.uint8]:
    """A picture (H, W, 3) RGB."""
    picture = cv2.imread(str(path), cv2.IMREAD_COLOR_RGB)
    if picture is None:
        raise SystemExit(f"{path} is no picture")
    return picture.astype(np.uint8)


def save(picture: NDArray[np.uint8], path: Path) -> None:
    """Write a picture (H, W, 3) RGB."""
    cv2.imwrite(str(path), picture[..., ::-1], [cv2.IMWRITE_WEBP_QUALITY, 85])


if __name__ == "__main__":
    main()
