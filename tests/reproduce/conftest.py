"""A small published set: golden photographs with the metadata that the real ones have."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

GOLDEN = json.loads((Path(__file__).parent.parent / "align" / "golden.json").read_text())


def md5(data: bytes) -> str:
    return hashlib.md5(data, usedforsecurity=False).hexdigest()


@dataclass
class SmallSet:
    """Metadata beside the photos that they describe."""

    root: Path
    entries: list[dict[str, Any]] = field(default_factory=list)

    @property
    def source(self) -> Path:
        return self.root / "source"

    def save(self, name: str, data: Any) -> Path:
        path = self.root / name
        path.write_text(json.dumps(data))
        return path


@pytest.fixture
def photo(samples) -> Image.Image:
    return Image.open(samples / "astronaut.png").convert("RGB")


@pytest.fixture
def small_ffhq(tmp_path, photo) -> SmallSet:
    """Three entries: two golden ones, and one whose photo is not there."""
    small = SmallSet(tmp_path)
    for number, case in enumerate(("astro", "tilt", "astro")):
        path = f"in-the-wild-images/00000/{number:05d}.png"
        if number < 2:
            (small.source / path).parent.mkdir(parents=True, exist_ok=True)
            photo.save(small.source / path)
        file = (small.source / path).read_bytes() if number < 2 else b""
        small.entries.append(
            {
                "image": {},
                "in_the_wild": {
                    "file_path": path,
                    "file_md5": md5(file),
                    "pixel_size": list(photo.size),
                    "face_landmarks": GOLDEN[case]["landmarks"],
                },
            }
        )
    return small


@pytest.fixture
def small_metfaces(tmp_path, photo) -> SmallSet:
    """Two golden faces of two objects."""
    small = SmallSet(tmp_path)
    for number, case in enumerate(("astro", "tilt")):
        path = f"unprocessed/image-{number}.png"
        (small.source / path).parent.mkdir(parents=True, exist_ok=True)
        photo.save(small.source / path)
        points = np.floor(np.array(GOLDEN[case]["landmarks"]) / 2)
        small.entries.append(
            {
                "obj_id": str(number),
                "source_path": path,
                "source_md5": md5((small.source / path).read_bytes()),
                "image_path": f"images/{number}-00.png",
                "face_idx": 0,
                "face_spec": {"rect": [0, 0, 9, 9], "landmarks": points.tolist(), "shrink": 2},
            }
        )
    return small


@pytest.fixture
def golden_pixels():
    """Sha256 of the published pixels of a case."""
    return lambda case, name: GOLDEN[case][name]
