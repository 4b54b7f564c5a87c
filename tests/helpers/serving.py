"""Datasets with pictures and embeddings for the server's tests, made without any model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from starlette.testclient import TestClient

from facewright.provenance.marks import RENDERED, mark_synthetic
from facewright.recipe import Recipe
from facewright.server.app import create_app
from facewright.server.settings import ServeSettings
from facewright.store.counts import count
from facewright.store.manifest import GeneratorUse, Manifest
from facewright.store.shards import ShardWriter, crops_folder, shard_key, shard_name
from facewright.store.tables import part_name, write_part
from facewright.vision.encode import encode_png
from helpers.judging import faces, photos

SEXES = ("female", "male", None)
GLASSES = ("NoGlasses", "ReadingGlasses", "Sunglasses", None)
SIDE = 64


def columns(rows: int, seed: int = 0) -> dict[str, Any]:
    """Values of several kinds, with unknown ones among them."""
    rng = np.random.default_rng(seed)
    age = rng.integers(0, 95, rows).astype(float)
    age[rng.random(rows) < 0.1] = np.nan
    yaw = np.round(rng.normal(0, 25, rows), 1)
    yaw[rng.random(rows) < 0.1] = np.nan
    return {
        "sex": [SEXES[n] for n in rng.integers(0, 3, rows)],
        "age": age,
        "head_pose.yaw": yaw,
        "head_pose.pitch": np.round(rng.normal(0, 10, rows), 1),
        "head_pose.roll": np.zeros(rows),
        "glasses": [GLASSES[n] for n in rng.integers(0, 4, rows)],
        "smile": np.round(rng.random(rows), 3),
        "quality.overall": np.round(rng.random(rows), 3),
        "kept": rng.random(rows) < 0.9,
    }


def picture(number: int) -> NDArray[np.uint8]:
    """A picture of its own for each number."""
    rng = np.random.default_rng(number)
    small = rng.integers(0, 256, (4, 4, 3), np.uint8)
    return np.asarray(cv2.resize(small, (SIDE, SIDE), interpolation=cv2.INTER_CUBIC), np.uint8)


def write_served(
    root: Path,
    rows: int = 60,
    *,
    parts: int = 3,
    own: Mapping[str, Any] | None = None,
    of_photos: Mapping[str, Any] | None = None,
    generator: str | None = None,
    state: str = "complete",
) -> Path:
    """A dataset of faces with crops and embeddings, in a few parts.

    Args:
        root: its folder.
        rows: faces, dropped ones among them.
        parts: of its tables.
        own: columns of the faces.
        of_photos: columns of their photos.
        generator: id, for a synthetic dataset.
        state: of the manifest.
    """
    for name in ("photos", "faces"):
        (root / name).mkdir(parents=True)
    values = dict(columns(rows) if own is None else own)
    values.setdefault("embedding", embeddings(rows))
    ids = values.get("face_id", [f"f{n:03d}" for n in range(rows)])
    each = max(-(-rows // max(parts, 1)), 1)
    crops: list[Any] = []
    for number in range(parts):
        numbers = range(number * each, min((number + 1) * each, rows))
        crops += _shard(root, number, [(ids[n], n) for n in numbers], synthetic=generator)
    table = faces(rows, {**values, "crops": crops})
    photo_table = photos(rows, of_photos or {})
    if "photo_id" in values:
        used = dict.fromkeys(values["photo_id"])
        photo_table = photo_table.slice(0, len(used)).set_column(
            0, photo_table.schema.field(0), pa.array(list(used), pa.string())
        )
    for number in range(parts):
        write_part(root / "faces" / part_name(number), table.slice(number * each, each))
        write_part(root / "photos" / part_name(number), photo_table.slice(number * each, each))
    manifest(root, parts, generator, state).save(root)
    return root


def manifest(root: Path, parts: int, generator: str | None = None, state: str = "complete") -> Any:
    """What dataset.json says."""
    use = {"id": generator, "version": "1", "licence": "CC0-1.0", "settings": {}, "order": {}}
    return Manifest(
        facewright="0.1.0",
        state=state,
        created="2026-01-02T03:04:05+00:00",
        source="made up",
        source_path="",
        fingerprint=root.name,
        recipe=Recipe.from_dict({"crops": []}),
        generator=GeneratorUse.model_validate(use) if generator else None,
        chunks=parts,
        counts=count(root),
    )


def embeddings(rows: int, seed: int = 5) -> NDArray[np.float16]:
    """Embeddings (rows, 1024) that all share a direction, as real ones do."""
    rng = np.random.default_rng(seed)
    return (rng.normal(0, 1, (rows, 1024)) + 0.7).astype(np.float16)


@contextmanager
def serving(*roots: Path, parts: Any = (), **settings: Any) -> Iterator[TestClient]:
    """A client of an app over datasets; its cache lies beside the first."""
    settings.setdefault("cache", roots[0].parent / "cache")
    app = create_app(roots, ServeSettings(**settings), parts)
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


def _shard(
    root: Path, number: int, named: list[tuple[str, int]], *, synthetic: str | None
) -> list[list[dict[str, Any]]]:
    """Write crops of some faces; their entries in the table."""
    folder = crops_folder(root, f"square-{SIDE}")
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / shard_name(number)
    entries = []
    with path.open("wb") as file:
        writer = ShardWriter(file)
        for face_id, n in named:
            data = encode_png(picture(n))
            if synthetic:
                data = mark_synthetic(data, RENDERED, f"Facewright {synthetic}")
            offset, length = writer.add(f"{shard_key(face_id)}.png", data)
            shard = str(path.relative_to(root))
            place = {"alignment": "square", "size": SIDE, "format": "png", "shard": shard}
            entries.append([{**place, "offset": offset, "length": length}])
        writer.close()
    return entries
