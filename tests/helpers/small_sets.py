"""Small published sets: golden photographs with the metadata that the real sets have."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
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


def write_ffhq(root: Path, photo: Image.Image) -> SmallSet:
    """Three entries: two golden ones, and one whose photo is not there."""
    small = SmallSet(root)
    for number, case in enumerate(("astro", "tilt", "astro")):
        path = f"in-the-wild-images/00000/{number:05d}.png"
        file = b"" if number == 2 else _write(small.source / path, photo)
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


def write_metfaces(root: Path, photo: Image.Image) -> SmallSet:
    """Two golden faces of two objects."""
    small = SmallSet(root)
    for number, case in enumerate(("astro", "tilt")):
        path = f"unprocessed/image-{number}.png"
        points = np.floor(np.array(GOLDEN[case]["landmarks"]) / 2)
        small.entries.append(
            {
                "obj_id": str(number),
                "source_path": path,
                "source_md5": md5(_write(small.source / path, photo)),
                "image_path": f"images/{number}-00.png",
                "face_idx": 0,
                "face_spec": {"rect": [0, 0, 9, 9], "landmarks": points.tolist(), "shrink": 2},
            }
        )
    return small


def _write(path: Path, photo: Image.Image) -> bytes:
    path.parent.mkdir(parents=True, exist_ok=True)
    photo.save(path)
    return path.read_bytes()
