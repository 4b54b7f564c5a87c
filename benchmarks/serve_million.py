"""A dataset of a million faces out of fewer: rows again under new ids, age and pose jittered.

Part of `benchmarks/serve.py`. Nothing but the jittered columns is made up; there are no pictures.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from facewright.store.tables import parts

_AGE = 2  # years up or down
_POSE = 2.0  # degrees, one standard deviation


def make_million(source: Path, out: Path, faces: int) -> Path:
    """Write the dataset, unless it is there with as many faces.

    Args:
        source: a dataset.
        out: folder to write.
        faces: how many.
    """
    if (out / "dataset.json").exists() and _count(out) == faces:
        return out
    shutil.rmtree(out, ignore_errors=True)
    for kind in ("faces", "photos"):
        (out / kind).mkdir(parents=True)
    rng = np.random.default_rng(0)
    own = [(pq.read_table(f), pq.read_table(p)) for f, p in _pairs(source)]
    written = number = again = 0
    while written < faces:
        for table, photos in own:
            part = _jittered(table.slice(0, faces - written), again, rng)
            name = f"part-{number:05d}.parquet"
            _write(_renamed(photos, "photo_id", again), out / "photos" / name)
            _write(part, out / "faces" / name)
            written, number = written + len(part), number + 1
            if written >= faces:
                break
        again += 1
    told = json.loads((source / "dataset.json").read_text())
    (out / "dataset.json").write_text(json.dumps({**told, "chunks": number}))
    return out


def _pairs(source: Path) -> list[tuple[Path, Path]]:
    return list(zip(parts(source, "faces"), parts(source, "photos"), strict=True))


def _count(root: Path) -> int:
    return sum(pq.read_metadata(path).num_rows for path in parts(root, "faces"))


def _write(table: pa.Table, path: Path) -> None:
    pq.write_table(table, path, compression="zstd", compression_level=1)


def _jittered(table: pa.Table, again: int, rng: np.random.Generator) -> pa.Table:
    rows = len(table)
    age = table.column("age").to_numpy(zero_copy_only=False)
    age = np.clip(age + rng.integers(-_AGE, _AGE + 1, rows), 0, None).astype(np.float32)
    pose = table.column("head_pose").combine_chunks()
    axes = []
    for name in ("pitch", "roll", "yaw"):
        angle = pose.field(name).to_numpy(zero_copy_only=False) + rng.normal(0, _POSE, rows)
        axes.append(pa.array(np.round(angle, 1).astype(np.float32), mask=np.isnan(angle)))
    turned = pa.StructArray.from_arrays(axes, fields=list(pose.type), mask=pose.is_null())
    table = _replaced(table, "age", pa.array(age, mask=np.isnan(age)))
    table = _replaced(table, "head_pose", turned)
    return _renamed(_renamed(table, "face_id", again), "photo_id", again)


def _renamed(table: pa.Table, name: str, again: int) -> pa.Table:
    texts = [f"{again:02d}-{text}" for text in table.column(name).to_pylist()]
    return _replaced(table, name, pa.array(texts, pa.string()))


def _replaced(table: pa.Table, name: str, values: pa.Array) -> pa.Table:
    at = table.schema.get_field_index(name)
    return table.set_column(at, table.schema.field(name), values)
