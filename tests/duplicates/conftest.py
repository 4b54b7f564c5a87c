"""A dataset of the sample photographs and of changed copies of them."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from facewright import Recipe
from facewright.engine.build import build
from facewright.record import Photo, Record
from facewright.schema import to_table
from facewright.store.dataset import Dataset
from facewright.store.manifest import Manifest
from facewright.store.tables import part_name, write_part

RECIPE = Recipe(annotators=("embedding",), crops=("ffhq-fast:256",))


def copies(folder: Path, samples: Path) -> Path:
    """Two portraits, and an astronaut re-encoded, resized, cropped, mirrored and stored again."""
    folder.mkdir()
    shutil.copy(samples / "astronaut.png", folder / "a.png")
    shutil.copy(samples / "grace_hopper.jpg", folder / "b.jpg")
    with Image.open(samples / "astronaut.png") as portrait:
        face = portrait.convert("RGB")
    face.save(folder / "a_again.webp", lossless=True)
    face.save(folder / "a_jpeg.jpg", quality=60)
    face.resize((300, 300)).save(folder / "a_small.png")
    face.crop((20, 10, 480, 500)).save(folder / "a_cropped.jpg", quality=90)
    face.transpose(Image.Transpose.FLIP_LEFT_RIGHT).save(folder / "a_mirrored.png")
    return folder


@pytest.fixture(scope="session")
def copied(tmp_path_factory: pytest.TempPathFactory, samples: Path) -> Path:
    """A built dataset with copies."""
    place = tmp_path_factory.mktemp("duplicates")
    build(copies(place / "photos", samples), place / "set", RECIPE, workers=1)
    return place / "set"


Write = Callable[..., Dataset]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a dataset without pictures from columns of faces, and of photos by face."""

    def make(rows: int, name: str = "set", photos: dict | None = None, **faces: object) -> Dataset:
        root = tmp_path / name
        for kind in ("photos", "faces"):
            (root / kind).mkdir(parents=True)
        ids = [f"{name}{n:03d}" for n in range(rows)]
        columns = {
            "face_id": [f"{photo}_01" for photo in ids],
            "photo_id": ids,
            "index": np.ones(rows, np.int64),
            "kept": np.ones(rows, bool),
            "reasons": [[] for _ in ids],
            **{key.replace("__", "."): value for key, value in faces.items()},
        }
        of_photos = {"photo_id": ids, "key": ids, "status": ["used"] * rows, **(photos or {})}
        of_photos["faces"] = np.ones(rows, np.int64)
        write_part(root / "faces" / part_name(0), to_table(Record, columns, rows))
        write_part(root / "photos" / part_name(0), to_table(Photo, of_photos, rows))
        Manifest(
            facewright="0.1.0",
            state="complete",
            created="2026-01-02T03:04:05+00:00",
            source="rows",
            source_path=".",
            fingerprint="0",
            recipe=RECIPE,
            chunks=1,
        ).save(root)
        return Dataset.open(root)

    return make
