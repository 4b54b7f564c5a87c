"""What a dataset is made of, in numbers: sizes of its pictures and distributions of attributes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from facewright.provenance.changes import chosen_crops
from facewright.record import EMOTIONS

UNKNOWN: Final = "unknown"


@dataclass(frozen=True, slots=True)
class Distribution:
    """How many faces have each value of an attribute.

    Attributes:
        title: of the attribute.
        column: dotted name in the record.
        counts: value to faces, in order.
        unknown: faces of which it is not known.
    """

    title: str
    column: str
    counts: Mapping[str, int]
    unknown: int

    @property
    def known(self) -> int:
        """Faces of which it is known."""
        return sum(self.counts.values())


def distributions(faces: pa.Table) -> list[Distribution]:
    """Distributions of the attributes that an auditor asks for first.

    Args:
        faces: rows of the faces table; attributes whose column it lacks are left out.
    """
    return [
        _distribution(title, path, values(_column(faces, path)))
        for title, path, values in _ASKED
        if path.split(".")[0] in faces.column_names
    ]


def sizes(faces: pa.Table, wanted: str | None) -> dict[tuple[str, int, str], int]:
    """Number of pictures that go out by alignment, size in pixels and file format.

    Args:
        faces: rows of the faces table.
        wanted: alignment, or alignment and size; None for the first crop of each face.
    """
    whole, numbers = chosen_crops(faces.column("crops"), wanted)
    held = whole.take(numbers.drop_null())
    names = ("alignment", "size", "format")
    table = pa.table({name: held.field(name) for name in names})
    rows = table.group_by(list(names)).aggregate([([], "count_all")]).to_pylist()
    counts = {tuple(row[name] for name in names): row["count_all"] for row in rows}
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def _column(faces: pa.Table, path: str) -> pa.Array:
    name, *rest = path.split(".")
    column = faces.column(name).combine_chunks()
    return pc.struct_field(column, rest) if rest else column


def _distribution(title: str, path: str, values: pa.Array) -> Distribution:
    rows = pc.value_counts(values).to_pylist()
    counts = {row["values"]: row["counts"] for row in rows}
    unknown = counts.pop(None, 0) + counts.pop(UNKNOWN, 0)
    ordered = dict(sorted(counts.items(), key=_by_label))
    return Distribution(title, path, ordered, unknown)


def _by_label(item: tuple[str, int]) -> tuple[float, str]:
    """Numbers and ranges by their first number, words by the alphabet after them."""
    words = item[0].split(" ")
    try:
        return (float(words[1]) - 1 if words[0] == "below" else float(words[0])), item[0]
    except ValueError:
        return float("inf"), item[0]


def _as_they_are(values: pa.Array) -> pa.Array:
    return values.cast(pa.string())


def _ranges(edges: tuple[int, ...]) -> Callable[[pa.Array], pa.Array]:
    """Name the range of each number, from an edge up to, but without, the next."""
    inner = [f"{low} to under {high}" for low, high in pairwise(edges)]
    labels = np.array([f"below {edges[0]}", *inner, f"{edges[-1]} or more"], object)

    def named(values: pa.Array) -> pa.Array:
        """Range of each number (N,); null stays null."""
        numbers = pc.cast(values, pa.float64()).to_numpy(zero_copy_only=False)
        known = np.isfinite(numbers)
        places = np.searchsorted(edges, np.where(known, numbers, 0), side="right")
        return pa.array(labels[places], pa.string(), mask=~known)

    return named


def _size(angles: pa.Array) -> pa.Array:
    return _ranges((0, 15, 30, 45, 60, 75))(pc.abs(angles))


def _strongest(emotion: pa.Array) -> pa.Array:
    """Name of the largest share of each face; null where all are."""
    names = list(EMOTIONS)
    shares = [pc.fill_null(pc.struct_field(emotion, name), -1.0).to_numpy() for name in names]
    stacked = np.stack(shares)
    return pa.array(
        np.array(names, object)[stacked.argmax(axis=0)], pa.string(), mask=stacked.max(axis=0) < 0
    )


_ASKED: Final[tuple[tuple[str, str, Callable[[pa.Array], pa.Array]], ...]] = (
    ("Apparent sex", "sex", _as_they_are),
    ("Apparent age, years", "age", _ranges((0, 10, 20, 30, 40, 50, 60, 70, 80))),
    ("Apparent ethnicity", "apparent_ethnicity", _as_they_are),
    ("Skin tone, step of the Monk scale", "skin_tone.monk", _as_they_are),
    ("Strongest expression", "emotion", _strongest),
    ("Glasses", "glasses", _as_they_are),
    ("Head turned to the side, degrees", "head_pose.yaw", _size),
    (
        "Size of the face in the photo, pixels",
        "quality.face_size",
        _ranges((32, 64, 128, 256, 512)),
    ),
)


def missing(found: list[Distribution]) -> Iterator[str]:
    """Titles of attributes that no face has."""
    return (each.title for each in found if not each.known)


def several_a_photo(photo_rows: Any) -> int:
    """Number of photos of which more than one face goes out, by each face's row of its photo."""
    rows = np.asarray(photo_rows)
    return int((np.unique(rows[rows >= 0], return_counts=True)[1] > 1).sum())
