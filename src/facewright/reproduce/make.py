"""One picture made again as its set's program made it, and held against what was published."""

from __future__ import annotations

import hashlib
import io
import warnings
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from facewright.align.base import alignment, sequence_alignment
from facewright.errors import PhotoError
from facewright.limits import Limits
from facewright.reproduce.place import Ready
from facewright.reproduce.task import Outcome, Status, Task
from facewright.store.atomic import write_atomic
from facewright.vision.decoding.header import read_header
from facewright.vision.decoding.pillow import HOSTILE

SIZE = 1024


def make(ready: Ready, out: Path, limits: Limits) -> Outcome:
    """Make one picture and write it, unless it cannot be what was published.

    A picture that differs is not written: what lies in the folder is what was published.

    Raises:
        StorageError: it cannot be written.
    """
    task = ready.task
    try:
        data = ready.picture.read(limits)
    except PhotoError as error:
        return Outcome(task.name, "failed", f"{ready.picture.name}: {error}")
    if task.source_md5 and (found := _md5(data)) != task.source_md5.lower():
        said = f"{ready.picture.name} has the md5 {found}, published was {task.source_md5}"
        return Outcome(task.name, "source_differs", said)
    try:
        pixels = _crop(task, _opened(data, task, limits))
    except PhotoError as error:
        return Outcome(task.name, "failed", f"{ready.picture.name}: {error}")
    encoded = _png(pixels)
    if difference := _difference(task, pixels, encoded):
        return Outcome(task.name, "different", difference)
    path = out / task.name
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomic(path, encoded)
    status: Status = "verified" if task.pixel_md5 or task.file_md5 else "made"
    return Outcome(task.name, status, "", hashlib.sha256(encoded).hexdigest())


def _crop(task: Task, photo: NDArray[np.uint8]) -> NDArray[np.uint8]:
    if task.square is not None:
        return sequence_alignment(task.alignment).crop_square(photo, task.square, SIZE).pixels
    return alignment(task.alignment).crop(photo, task.landmarks, SIZE).pixels


def _opened(data: bytes, task: Task, limits: Limits) -> NDArray[np.uint8]:
    """The photo as the published programs see it: EXIF orientation and colour profile ignored.

    Raises:
        PhotoError: it cannot be decoded, or is no RGB where the program did not convert.
    """
    header = read_header(data, limits)
    if header.mode != "RGB" and not task.to_rgb:
        raise PhotoError("unsupported_format", f"the published program cannot take {header.mode}")
    try:
        with warnings.catch_warnings(action="ignore"), Image.open(io.BytesIO(data)) as image:
            return np.array(image.convert("RGB"))
    except HOSTILE as error:
        raise PhotoError("corrupt", f"Pillow: {error}") from error


def _png(pixels: NDArray[np.uint8]) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG")
    return buffer.getvalue()


def _difference(task: Task, pixels: NDArray[np.uint8], encoded: bytes) -> str:
    """How a picture differs from the published one; "" where it does not.

    Pixels decide where their md5 was published: PNG files of equal pixels need not be equal.
    """
    if task.pixel_md5:
        found = _md5(pixels.tobytes())
        published = task.pixel_md5
        what = "its pixels have"
    elif task.file_md5:
        found, published, what = _md5(encoded), task.file_md5, "its file has"
    else:
        return ""
    same = found == published.lower()
    return "" if same else f"{what} the md5 {found}, published was {published}"


def _md5(data: bytes) -> str:
    return hashlib.md5(data, usedforsecurity=False).hexdigest()
