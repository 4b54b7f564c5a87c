"""A small built dataset, and tables of photos under any licences."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from facewright import Dataset, Recipe, build
from facewright.provenance.shown import Shown
from facewright.record import Photo, Record
from facewright.schema import to_table

ANNOTATORS = ["embedding", "geometry", "sex-age", "heads", "pixel-features", "skin", "expression"]


@pytest.fixture(scope="session")
def dataset(tmp_path_factory: pytest.TempPathFactory, samples: Path) -> Dataset:
    root = tmp_path_factory.mktemp("provenance") / "Samples & friends"
    recipe = Recipe.from_dict({"annotators": ANNOTATORS, "crops": ["ffhq-fast:64", "eg3d:512"]})
    build(samples.parent / "photos.csv", root, recipe, workers=1)
    return Dataset.open(root)


def crop(alignment: str = "ffhq", size: int = 1024, outside: float | None = 0.0) -> dict[str, Any]:
    place = {"format": "png", "shard": "s", "offset": 0, "length": 1, "quad": None}
    return {"alignment": alignment, "size": size, "outside": outside, **place}


def tables(photos: Sequence[dict[str, Any]], faces: Sequence[dict[str, Any]]) -> Shown:
    """Faces and photos with what is given of them; a face shows photo "0" unless it says."""
    rows = [{"photo_id": str(i), "key": str(i), **row} for i, row in enumerate(photos)]
    names = [name for name in Photo.model_fields if name not in ("origin", "notes")]
    photo_table = to_table(
        Photo,
        {name: [row.get(name) for row in rows] for name in names},
        len(rows),
    )
    shown = [
        {"face_id": f"f{i}", "photo_id": "0", "crops": [crop()], "name": f"{i}.png", **row}
        for i, row in enumerate(faces)
    ]
    columns = {name: [row[name] for row in shown] for name in ("face_id", "photo_id", "crops")}
    layouts = {"origin.layout": [row.get("layout") for row in shown]}
    face_table: pa.Table = to_table(Record, {**columns, **layouts}, len(shown))
    return Shown(face_table, photo_table, [row["name"] for row in shown])


@pytest.fixture
def make() -> Callable[..., Shown]:
    """Write tables: see `tables`."""
    return tables


@pytest.fixture
def a_crop() -> Callable[..., dict[str, Any]]:
    """One crop's row: see `crop`."""
    return crop
