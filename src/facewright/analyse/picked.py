"""Some faces of a dataset, spread evenly over it, with only the columns that are looked at."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from facewright.errors import UsageError
from facewright.store.dataset import Dataset
from facewright.store.image import EncodedImage

TRAIT_COLUMNS = (
    "face_id",
    "photo_id",
    "index",
    "kept",
    "reasons",
    "rectangle",
    "sex",
    "age",
    "age_std",
    "emotion",
    "glasses",
    "accessories",
    "facial_hair",
    "hair",
    "head_pose",
    "quality",
    "confidence",
)
"""What a caption may tell."""
MARK_COLUMNS = (*TRAIT_COLUMNS, "landmarks", "crops")
"""What a caption and the marks in the picture need."""


def evenly(total: int, limit: int) -> NDArray[np.int64]:
    """At most `limit` of the indices 0..total-1, ascending, evenly spread, first and last in."""
    return np.linspace(0, max(total - 1, 0), min(total, limit)).round().astype(np.int64)


def pick(dataset: Dataset, limit: int, columns: Sequence[str]) -> list[dict[str, Any]]:
    """Rows of at most `limit` faces, evenly spread over the dataset, in its order.

    Only the rows that are picked are read in full, so the size of the dataset hardly matters.

    Args:
        dataset: the faces, or a part of them.
        limit: rows at most.
        columns: names of columns of the faces table, "face_id" among them.
    """
    ids = dataset.table(["face_id"]).column("face_id")
    chosen: list[str] = ids.take(evenly(len(ids), limit)).to_pylist()
    if not chosen:
        return []
    names = ", ".join(f'"{name}"' for name in columns)
    answer = dataset.query(f"SELECT {names} FROM faces WHERE face_id IN ({quoted(chosen)})")  # noqa: S608 - own names, ids quoted
    rows = {row["face_id"]: row for row in answer.to_pylist(maps_as_pydicts="strict")}
    return [rows[face_id] for face_id in chosen]


def pictures_of(dataset: Dataset, face_ids: Iterable[str]) -> Dataset:
    """The same folder cut down to these faces, dropped ones included, so that `image` is cheap."""
    whole = Dataset.open(dataset.root, dropped=True)
    listing = quoted(face_ids)
    return whole.where(f"face_id IN ({listing})") if listing else whole


def picture_of(dataset: Dataset, face_id: str) -> EncodedImage | None:
    """A face's main crop; None for a face without, which tables alone tell of.

    Raises:
        DatasetError: a shard is missing or broken.
    """
    try:
        return dataset.image(face_id)
    except UsageError:
        return None


def quoted(texts: Iterable[str]) -> str:
    """Texts as a list of SQL literals."""
    return ", ".join("'" + text.replace("'", "''") + "'" for text in texts)
