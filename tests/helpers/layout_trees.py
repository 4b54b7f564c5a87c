"""Published layouts written by hand: files of a folder, pictures of one colour, checksums."""

from __future__ import annotations

import hashlib
import io
import json
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from facewright.layouts.seam.items import CropItem, FaceItem, PhotoItem
from facewright.layouts.seam.sidecar import DESCRIPTIONS, FOLDER
from facewright.limits import Limits


def png(side: int = 32, colour: tuple[int, int, int] = (90, 60, 40), height: int = 0) -> bytes:
    """A picture with a mark in its corner, so that it is not quite of one colour."""
    pixels = np.full((height or side, side, 3), colour, np.uint8)
    pixels[:2, :3] = (255, 0, 0)
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


def md5(data: bytes) -> str:
    return hashlib.md5(data, usedforsecurity=False).hexdigest()


def pixel_md5(data: bytes) -> str:
    return md5(np.asarray(Image.open(io.BytesIO(data))).tobytes())


def write_tree(root: Path, files: dict[str, Any]) -> Path:
    """Write files: bytes and text as they are, other data as JSON."""
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            path.write_text(content if isinstance(content, str) else json.dumps(content))
    return root


def face_points(x: float, y: float, scale: float) -> list[list[float]]:
    """68 points that have the eyes and mouth of an upright face; the rest lie on a line."""
    points = [[x + scale * i / 68, y + scale] for i in range(68)]
    for start, at in ((36, -0.5), (42, 0.5)):
        for i in range(6):
            points[start + i] = [x + scale * (at + 0.02 * i), y]
    points[48] = [x - scale * 0.4, y + scale]
    points[54] = [x + scale * 0.4, y + scale]
    points[30] = [x, y + scale * 0.5]
    return points


def files_of(root: Path) -> dict[str, bytes]:
    """Every file of a layout by its path; what the engine adds to an export is left out."""
    names = {path: path.relative_to(root).as_posix() for path in sorted(root.rglob("*"))}
    return {
        name: path.read_bytes()
        for path, name in names.items()
        if path.is_file() and not name.startswith(FOLDER) and name not in DESCRIPTIONS
    }


def only_face(item: PhotoItem) -> FaceItem:
    assert item.problem is None
    (face,) = item.faces
    return face


def content(crop: CropItem) -> bytes:
    return crop.picture.read(Limits())


def landmarks(face: FaceItem) -> list[list[float]]:
    """The 68 points of a face in iBUG order."""
    groups = "jaw right_eyebrow left_eyebrow nose right_eye left_eye mouth".split()  # noqa: SIM905
    return [point for name in groups for point in face.columns[f"landmarks.{name}"]]
