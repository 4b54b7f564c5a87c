"""A small real dataset: detections and crops of the sample photographs, attributes filled in."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from facewright.align.base import alignment
from facewright.errors import PhotoError
from facewright.recipe import Recipe
from facewright.record import Photo, Record
from facewright.schema import to_table
from facewright.store.counts import count
from facewright.store.dataset import Dataset
from facewright.store.manifest import AnnotatorUse, Manifest, ModelUse
from facewright.store.shards import ShardWriter, crops_folder, shard_name
from facewright.store.tables import part_name, write_part
from facewright.vision.cards import model_card
from facewright.vision.decode import decode_photo
from facewright.vision.encode import encode_png
from facewright.vision.faces import FaceBatch, find_faces
from facewright.vision.runtime import Runtime

SAMPLES = Path(__file__).parents[2] / "samples"
SIZE = 256
CROP = f"ffhq-fast:{SIZE}"
GROUPS = {
    "jaw": 17,
    "right_eyebrow": 5,
    "left_eyebrow": 5,
    "nose": 9,
    "right_eye": 6,
    "left_eye": 6,
    "mouth": 20,
}


@pytest.fixture(scope="session")
def dataset_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_dataset(tmp_path_factory.mktemp("analyse") / "samples-set")


@pytest.fixture
def dataset(dataset_root: Path) -> Dataset:
    return Dataset.open(dataset_root)


@pytest.fixture
def empty_dataset(tmp_path: Path) -> Dataset:
    """A complete dataset of no photo at all, with its empty parts."""
    root = tmp_path / "empty-set"
    write_tables(root, [], {}, 0)
    return Dataset.open(root)


def make_dataset(root: Path) -> Path:
    """Build a dataset's folder from samples/photos.csv with the real detector and alignment."""
    with (SAMPLES / "photos.csv").open(encoding="utf-8") as file:
        listed = list(csv.DictReader(file))
    decoded = [decode_photo((SAMPLES / row["path"]).read_bytes()) for row in listed]
    faces = find_faces([one.pixels for one in decoded], Runtime())
    numbers = [int((faces.photo[:i] == faces.photo[i]).sum()) + 1 for i in range(len(faces))]
    photo_ids = [listed[i]["id"] for i in faces.photo]
    columns = face_columns(faces, photo_ids, numbers) | attributes(len(faces))
    dropped = len(faces) - 1  # the last face falls to a rule, and has no crop
    columns["reasons"] = [["min_face_size"] if i == dropped else [] for i in range(len(faces))]
    columns["kept"] = [i != dropped for i in range(len(faces))]
    columns["crops"] = list(write_crops(root, faces, columns["face_id"], dropped))
    photos = [
        photo_row(row, one.pixels, int((faces.photo == i).sum()))
        for i, (row, one) in enumerate(zip(listed, decoded, strict=True))
    ]
    write_tables(root, photos, columns, len(faces))
    return root


def face_columns(faces: FaceBatch, photo_ids: list[str], numbers: list[int]) -> dict[str, Any]:
    boxes, at = np.round(faces.boxes).astype(int), 0
    columns: dict[str, Any] = {
        "face_id": [f"{photo}_{n:02d}" for photo, n in zip(photo_ids, numbers, strict=True)],
        "photo_id": photo_ids,
        "index": np.array(numbers),
        "rectangle.left": boxes[:, 0],
        "rectangle.top": boxes[:, 1],
        "rectangle.width": boxes[:, 2],
        "rectangle.height": boxes[:, 3],
        "detection_score": faces.scores,
    }
    for name, length in GROUPS.items():
        columns[f"landmarks.{name}"] = faces.landmarks68[:, at : at + length]
        at += length
    return columns


def attributes(rows: int) -> dict[str, Any]:
    """Plausible values; the second face knows nothing but its place."""
    known = np.arange(rows) != 1
    number = np.arange(rows, dtype=np.float64)

    def floats(values: Any) -> np.ndarray:
        return np.where(known, values, np.nan)

    def texts(*names: str) -> list[str | None]:
        return [names[i % len(names)] if known[i] else None for i in range(rows)]

    colours = [{"color": "brown", "confidence": 0.8}, {"color": "black", "confidence": 0.2}]
    return {
        "sex": texts("female", "female", "male"),
        "age": floats(34 + 7 * number),
        "age_std": floats(5.2 + number),
        "head_pose.yaw": floats(-12.4 + 9 * number),
        "head_pose.pitch": floats(3.0),
        "head_pose.roll": floats(-14.0),
        "emotion.happiness": floats(0.93 - 0.2 * number),
        "emotion.neutral": floats(0.07 + 0.2 * number),
        "glasses": texts("NoGlasses", "NoGlasses", "ReadingGlasses"),
        "facial_hair.beard": floats(0.0),
        "apparent_ethnicity": texts("white", "white", "unknown"),
        "hair.color": [colours if yes else None for yes in known],
        "blur.level": texts("low", "low", "medium"),
        "exposure.level": texts("goodExposure"),
        "noise.level": texts("low"),
        "quality.overall": floats(0.81 - 0.1 * number),
        "quality.face_size": floats(220 - 40 * number),
        "confidence.sex": floats(np.where(number == 2, 0.55, 0.98)),
        "confidence.glasses": floats(0.9),
        "confidence.mesh": floats(0.99),
    }


def write_crops(
    root: Path, faces: FaceBatch, face_ids: list[str], dropped: int
) -> Iterator[list[dict[str, Any]]]:
    folder = crops_folder(root, CROP.replace(":", "-"))
    folder.mkdir(parents=True)
    with (folder / shard_name(0)).open("wb") as file:
        writer = ShardWriter(file)
        for i, face_id in enumerate(face_ids):
            photo = faces.photos[faces.photo[i]]
            try:
                crop = alignment("ffhq-fast").crop(photo, faces.landmarks68[i], SIZE)
            except PhotoError:
                raise AssertionError(face_id) from None
            offset, length = writer.add(f"{face_id}.png", encode_png(crop.pixels))
            place = {"shard": f"crops/{folder.name}/{shard_name(0)}", "offset": offset}
            what = {"alignment": "ffhq-fast", "size": SIZE, "format": "png", "length": length}
            quad = crop.quad.reshape(-1).tolist()
            row = {**what, **place, "outside": crop.outside, "quad": quad}
            yield [] if i == dropped else [row]
        writer.close()


def photo_row(listed: dict[str, str], pixels: np.ndarray, faces: int) -> dict[str, Any]:
    return {
        **dict.fromkeys(Photo.model_fields),
        "photo_id": listed["id"],
        "key": listed["path"],
        "status": "used" if faces else "excluded",
        "reason": None if faces else "no_face",
        "faces": faces,
        "height": pixels.shape[0],
        "width": pixels.shape[1],
        "notes": [],
        **{name: listed[name] or None for name in ("author", "licence")},
        **{name: listed[name] or None for name in ("licence_url", "source_url")},
    }


def write_tables(
    root: Path, photos: list[dict[str, Any]], faces: dict[str, Any], rows: int, **manifest: Any
) -> None:
    """Write the parts and the manifest of a dataset that is one chunk."""
    for name in ("photos", "faces"):
        (root / name).mkdir(parents=True, exist_ok=True)
    write_part(root / "faces" / part_name(0), to_table(Record, faces, rows))
    names = [name for name in Photo.model_fields if name != "origin"]
    columns = {name: [row[name] for row in photos] for name in names}
    write_part(root / "photos" / part_name(0), to_table(Photo, columns, len(photos)))
    given: dict[str, Any] = {
        "facewright": "0.1.0",
        "state": "complete",
        "created": "2026-01-02T03:04:05+00:00",
        "source": f"list {SAMPLES / 'photos.csv'}",
        "source_path": str(SAMPLES / "photos.csv"),
        "fingerprint": "0",
        "recipe": Recipe(crops=(CROP,)),
        "chunks": 1,
        "annotators": (uses(),),
    }
    Manifest(**{**given, "counts": count(root), **manifest}).save(root)


def uses() -> AnnotatorUse:
    card = model_card("yunet_2023mar")
    model = ModelUse(id=card.id, version=card.version, sha256=card.sha256)
    return AnnotatorUse(id="detector", version="1", models=(model,), columns=("rectangle",))


@pytest.fixture(autouse=True)
def _one_thread() -> None:
    cv2.setNumThreads(1)


@pytest.fixture
def tables() -> Any:
    """Write a dataset's folder from rows: see `write_tables`."""
    return write_tables
