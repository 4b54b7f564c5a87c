"""What each network alone says of pictures, of their mirrored and of their worn copies."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from facewright.annotators.embedding import VIEWS
from facewright.annotators.expression import networks
from facewright.annotators.pixels.chips import chip_squares
from facewright.annotators.pixels.hair_pixels import PERSON_VIEW
from facewright.annotators.pixels.regions import FACE_OVAL
from facewright.vision.faces import FaceBatch, find_faces
from facewright.vision.mesh import ibug68, squares_of_boxes
from facewright.vision.pose import azure_angles
from facewright.vision.runtime import Runtime
from labelled import BATCH, read_picture

MIRROR68 = (
    *range(16, -1, -1),  # jaw
    *range(26, 16, -1),  # eyebrows
    *range(27, 31),  # bridge of the nose
    *range(35, 30, -1),  # nostrils
    *(45, 44, 43, 42, 47, 46),  # right eye
    *(39, 38, 37, 36, 41, 40),  # left eye
    *range(54, 47, -1),  # upper lip
    *range(59, 54, -1),  # lower lip
    *range(64, 59, -1),  # inner upper lip
    *range(67, 64, -1),  # inner lower lip
)
"""The iBUG point that each of the 68 becomes in a mirrored picture."""

_CHIP, _PADDING = 64, 0.2  # of age_v1 and gender_v1, as in facewright.annotators.sex_age
_MESH_CUT = 256
_CORNER = 32  # pixels of the 256 of the person mask
_BRIGHTER, _JPEG = 1.2, 60

Floats = NDArray[np.floating[Any]]
Image8 = NDArray[np.uint8]


@dataclass(frozen=True)
class Alone:
    """Outputs for the largest face of each of N pictures, each network on its own.

    presence: (N,) logits. points, first, mirrored: (N, 68, 2) photograph pixels, of the second
    and the first pass and of the mirrored picture carried back. angles, mirrored_angles: (N, 3)
    pitch, roll, yaw, the latter as found in the mirrored picture. male, age, embedding: of
    faceres on the tight view, P (N,), years (N,), (N, 1024); worn: the embedding of the picture
    mirrored, brightened by 20 % and compressed as JPEG of quality 60. age_v1: years (N,).
    gender_v1: P(male) (N,). oarriaga, faceapi: (N, 8) in the order of `EMOTIONS`. oval, corners:
    (N,) shares of the face's oval inside and of the view's top corners outside of the mask.
    """

    presence: Floats
    points: Floats
    first: Floats
    mirrored: Floats
    angles: Floats
    mirrored_angles: Floats
    male: Floats
    age: Floats
    embedding: Floats
    worn: Floats
    age_v1: Floats
    gender_v1: Floats
    oarriaga: Floats
    faceapi: Floats
    oval: Floats
    corners: Floats


def run_alone(paths: Sequence[Path]) -> Alone:
    """Run every network on the largest face of each picture.

    Raises:
        SystemExit: no face was found in a picture or in a copy of it.
    """
    cv2.setNumThreads(1)
    runtime = Runtime()
    parts = [
        _batch([read_picture(path) for path in paths[start : start + BATCH]], runtime)
        for start in range(0, len(paths), BATCH)
    ]
    names = [one.name for one in fields(Alone)]
    return Alone(**{name: np.concatenate([part[name] for part in parts]) for name in names})


def _batch(photos: Sequence[Image8], runtime: Runtime) -> dict[str, Floats]:
    mirrors = [np.ascontiguousarray(photo[:, ::-1]) for photo in photos]
    return {
        **_plain(photos, runtime),
        **_mirrored(mirrors, runtime),
        "worn": _faceres([_worn(mirror) for mirror in mirrors], runtime)["embedding"],
    }


def _plain(photos: Sequence[Image8], runtime: Runtime) -> dict[str, Floats]:
    faces, largest = _faces(photos, runtime)
    first, second = networks(faces, runtime)
    columns = {
        "presence": faces.presence,
        "points": faces.landmarks68,
        "first": _first_pass(faces, runtime),
        "angles": azure_angles(faces.rotations),
        "oarriaga": first,
        "faceapi": second,
        **_chip_networks(faces, runtime),
        **_mask_shares(faces, runtime),
    }
    return {name: rows[largest] for name, rows in columns.items()} | _faceres(photos, runtime)


def _mirrored(mirrors: Sequence[Image8], runtime: Runtime) -> dict[str, Floats]:
    faces, largest = _faces(mirrors, runtime)
    points = faces.landmarks68[largest][:, list(MIRROR68)]
    widths = np.array([mirror.shape[1] for mirror in mirrors])
    points[:, :, 0] = widths[:, None] - 1 - points[:, :, 0]
    return {"mirrored": points, "mirrored_angles": azure_angles(faces.rotations)[largest]}


def _faces(photos: Sequence[Image8], runtime: Runtime) -> tuple[FaceBatch, NDArray[np.intp]]:
    """All faces, and the row of each picture's largest."""
    faces = find_faces(photos, runtime)
    if not np.bincount(faces.photo, minlength=len(photos)).all():
        raise SystemExit("no face was found in one of the pictures or in a copy of it")
    return faces, np.searchsorted(faces.photo, np.arange(len(photos)))


def _first_pass(faces: FaceBatch, runtime: Runtime) -> Floats:
    """The iBUG points (N, 68, 2) of the mesh as first fitted, to the detector's square."""
    squares = squares_of_boxes(faces.boxes, faces.points[:, :2])
    pairs = zip(faces.pyramids, squares, strict=True)
    cuts = np.stack([pyramid.cut(square, _MESH_CUT) for pyramid, square in pairs])
    units = runtime.infer("face_landmarks_478", cuts)[0][:, :, :2].astype(np.float64) / _MESH_CUT
    return ibug68(np.stack([s.to_photo(unit) for s, unit in zip(squares, units, strict=True)]))


def _faceres(photos: Sequence[Image8], runtime: Runtime) -> dict[str, Floats]:
    faces, largest = _faces(photos, runtime)
    male, age, embedding = runtime.infer("faceres", faces.view(VIEWS["tight"])[largest])
    return {"male": male, "age": _years(age), "embedding": embedding}


def _chip_networks(faces: FaceBatch, runtime: Runtime) -> dict[str, Floats]:
    squares = chip_squares(faces.meshes, _PADDING)
    pairs = zip(faces.pyramids, squares, strict=True)
    chips = [pyramid.cut(square, 2 * _CHIP) for pyramid, square in pairs]
    age = runtime.infer("age_v1", _shrunk(chips, _CHIP))[0]
    return {
        "age_v1": _years(age),
        "gender_v1": runtime.infer("gender_v1", _shrunk(chips, _CHIP // 2))[0],
    }


def _mask_shares(faces: FaceBatch, runtime: Runtime) -> dict[str, Floats]:
    person = runtime.infer("selfie_mask", faces.view(PERSON_VIEW))[0] > 0.5
    oval = []
    for mask, mesh in zip(person, faces.view_meshes(PERSON_VIEW), strict=True):
        face = np.zeros(mask.shape, np.uint8)
        cv2.fillPoly(face, [np.round(mesh[list(FACE_OVAL)]).astype(np.int32)], 1)
        oval.append(mask[face > 0].mean())
    tops = np.concatenate([person[:, :_CORNER, :_CORNER], person[:, :_CORNER, -_CORNER:]], axis=2)
    return {"oval": np.array(oval), "corners": 1.0 - tops.mean(axis=(1, 2))}


def _worn(photo: Image8) -> Image8:
    brighter = np.clip(photo * _BRIGHTER, 0, 255).astype(np.uint8)
    file = io.BytesIO()
    Image.fromarray(brighter).save(file, "JPEG", quality=_JPEG)
    with Image.open(file) as image:
        return np.asarray(image.convert("RGB"))


def _shrunk(images: Sequence[Image8], size: int) -> Image8:
    small = [cv2.resize(i, (size, size), interpolation=cv2.INTER_AREA) for i in images]
    return np.stack(small).astype(np.uint8, copy=False)


def _years(shares: NDArray[np.float32]) -> NDArray[np.float64]:
    """Mean age (N,) of probabilities a year (N, K)."""
    return shares @ np.arange(shares.shape[1], dtype=np.float64)
