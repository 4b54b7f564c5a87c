"""Fill what a layout does not state: find each imported face again and run the annotators.

A face is looked for in its photo where the layout holds it, else in its crop. What the layout
states stays. Where only a crop of a photo that is not at hand can be looked at, values that mean
the photo's pixels or its upright are left null.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from facewright.annotators.base import Columns
from facewright.annotators.pipeline import Pipeline
from facewright.duplicates.hashes import near_hash
from facewright.engine.process import keep_freed_memory, one_thread
from facewright.engine.workshop import identity_columns
from facewright.errors import PhotoError
from facewright.limits import Limits
from facewright.vision.decode import decode_photo
from facewright.vision.faces import FaceBatch, find_faces
from facewright.vision.runtime import Runtime

_AT_ONCE = 16
# The camera's roll is the photo's; its place, and so camera_density, is any crop's.
_OF_THE_PHOTO = frozenset({"mesh", "camera", "head_pose.roll", "quality.face_size"})
_GROUPS_OF_THE_PHOTO = ("rectangle.", "landmarks.")
_REASONS = "null_reasons"
_NOT_OURS = frozenset({"face_id", "photo_id", "index"})


@dataclass
class Unseen:
    """One face to be looked for.

    Attributes:
        row: its columns so far; what is found is written into it.
        data: the encoded picture to look at.
        centre: where the face is expected, (x, y) as shares of the picture's sides.
        whole: whether the picture is the photo itself, so that its pixels are the record's.
        is_crop: whether the picture is the face's main crop.
    """

    row: dict[str, Any]
    data: bytes
    centre: tuple[float, float] = (0.5, 0.5)
    whole: bool = True
    is_crop: bool = False


@dataclass
class Filler:
    """Annotators of one process."""

    device: str = "cpu"
    runtime: Runtime = field(init=False)
    pipeline: Pipeline = field(init=False)

    def __post_init__(self) -> None:
        keep_freed_memory()
        self.runtime = Runtime(self.device)
        self.pipeline = Pipeline()

    def fill(self, faces: Sequence[Unseen], limits: Limits) -> None:
        """Look for faces and write what is found into their rows."""
        with one_thread():
            for start in range(0, len(faces), _AT_ONCE):
                self._fill_some(faces[start : start + _AT_ONCE], limits)

    def _fill_some(self, faces: Sequence[Unseen], limits: Limits) -> None:
        seen, pixels = [], []
        for face in faces:
            try:
                pixels.append(decode_photo(face.data, limits).pixels)
                seen.append(face)
                if face.is_crop:
                    face.row["crop_hash"] = near_hash(pixels[-1])
            except PhotoError as error:
                face.row[_REASONS] = {"all": f"its picture cannot be decoded: {error}"}
        found = find_faces(pixels, self.runtime)
        there, chosen = [], []
        for number, (face, picture) in enumerate(zip(seen, pixels, strict=True)):
            nearest = _nearest(found, number, picture, face.centre)
            if nearest is None:
                face.row[_REASONS] = {"all": "no face was found in its picture"}
            else:
                there.append(face)
                chosen.append(nearest)
        if there:
            columns = self._described(found.take(chosen))
            for at, face in enumerate(there):
                _write(face, columns, at)

    def _described(self, faces: FaceBatch) -> Columns:
        columns = self.pipeline.annotate(faces, self.runtime)
        return columns | identity_columns(faces, [""] * len(faces), [1] * len(faces))


def _nearest(
    found: FaceBatch, photo: int, pixels: NDArray[np.uint8], centre: tuple[float, float]
) -> int | None:
    """The face of a picture whose box's middle is nearest to where it is expected."""
    mine = np.flatnonzero(found.photo == photo)
    if not len(mine):
        return None
    middles = found.boxes[mine, :2] + found.boxes[mine, 2:] / 2
    wanted = np.array(centre) * pixels.shape[1::-1]
    return int(mine[np.argmin(np.hypot(*(middles - wanted).T))])


def _write(face: Unseen, columns: Columns, at: int) -> None:
    """Fill the leaves of a row that are null."""
    row = face.row
    for name, values in columns.items():
        if name in _NOT_OURS or name == _REASONS or row.get(name) is not None:
            continue
        photos_own = name in _OF_THE_PHOTO or name.startswith(_GROUPS_OF_THE_PHOTO)
        if photos_own and not face.whole:
            continue
        row[name] = _plain(values[at])
    reasons: dict[str, str] = columns[_REASONS][at]
    row[_REASONS] = {name: why for name, why in reasons.items() if row.get(name) is None}


def _plain(value: Any) -> Any:
    """A column's cell as the layouts give them."""
    if isinstance(value, np.ndarray):
        return None if value.dtype.kind == "f" and np.isnan(value).any() else value.tolist()
    if isinstance(value, np.generic):
        value = value.item()
    return None if isinstance(value, float) and np.isnan(value) else value
