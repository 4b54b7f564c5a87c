"""Tables of made-up faces, and datasets of them without pictures."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from facewright.attributes.face_table import FaceTable
from facewright.engine.ruling import Ruling, judge_table
from facewright.recipe import Recipe, RuleSettings
from facewright.record import Photo, Record
from facewright.rules.chosen import chosen_rules
from facewright.schema import to_table
from facewright.store.counts import count
from facewright.store.manifest import Manifest
from facewright.store.tables import part_name, write_part

OFF = {"mesh_presence": 0, "min_face_size": 0}
"""Gates that drop nothing."""


def faces(rows: int, columns: Mapping[str, Any]) -> pa.Table:
    """`rows` faces, each of a photo of its own unless `photo_id` says otherwise."""
    own = {
        "face_id": [f"f{n:03d}" for n in range(rows)],
        "photo_id": [f"p{n:03d}" for n in range(rows)],
        "index": np.ones(rows, int),
        "kept": np.ones(rows, bool),
    }
    return to_table(Record, {**own, **columns}, rows)


def photos(rows: int, columns: Mapping[str, Any]) -> pa.Table:
    own = {
        "photo_id": [f"p{n:03d}" for n in range(rows)],
        "key": [f"{n}.jpg" for n in range(rows)],
        "status": ["used"] * rows,
        "faces": np.ones(rows, int),
    }
    return to_table(Photo, {**own, **columns}, rows)


def table(columns: Mapping[str, Any], of_photos: Mapping[str, Any] | None = None) -> FaceTable:
    """A bare table of faces; its columns say how many there are."""
    rows = len(next(iter(columns.values())))
    return FaceTable("faces", faces(rows, columns), photos(rows, of_photos or {}))


def ruled(shown: FaceTable, **rules: Any) -> Ruling:
    """What rules say of a table, the gates left out unless they are given."""
    return judge_table(shown, chosen_rules(RuleSettings.model_validate({**OFF, **rules})))


def dropped(shown: FaceTable, **rules: Any) -> list[int]:
    """Rows that rules drop."""
    return np.flatnonzero(~ruled(shown, **rules).judgement.kept).tolist()


def unknown(shown: FaceTable, **rules: Any) -> list[int]:
    """Rows that the last of the rules could not judge."""
    return np.flatnonzero(ruled(shown, **rules).judgement.unknown[-1]).tolist()


def write_dataset(
    root: Path, shown: pa.Table, parts: int = 3, rules: Mapping[str, Any] | None = None
) -> Path:
    """A complete dataset of some faces in a few parts."""
    for name in ("photos", "faces"):
        (root / name).mkdir(parents=True)
    each = -(-len(shown) // parts)
    of_photos = photos(len(shown), {"photo_id": shown.column("photo_id").to_pylist()})
    for number in range(parts):
        for name, rows in (("faces", shown), ("photos", of_photos)):
            write_part(root / name / part_name(number), rows.slice(number * each, each))
    Manifest(
        facewright="0.1.0",
        state="complete",
        created="2026-01-02T03:04:05+00:00",
        source="made up",
        source_path="",
        fingerprint="0",
        recipe=Recipe.from_dict({"crops": [], "rules": {**OFF, **(rules or {})}}),
        chunks=parts,
        counts=count(root),
    ).save(root)
    return root
