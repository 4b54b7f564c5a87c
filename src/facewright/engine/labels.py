"""Fit a head from a user's labels: read the list, see the faces, fit, measure."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from facewright.annotators.embedding import EMBEDDING
from facewright.annotators.learn.fitting import (
    DEFAULT_PARTS,
    Fitted,
    Part,
    fit_head,
    identity_groups,
    scikit_learn,
)
from facewright.annotators.pipeline import Pipeline
from facewright.annotators.user_head import check_name
from facewright.engine.plan import Planned
from facewright.engine.process import one_thread
from facewright.engine.workshop import Workshop
from facewright.errors import UsageError
from facewright.recipe import Recipe
from facewright.sources.base import Entry
from facewright.sources.folder import FolderSource
from facewright.store.dataset import Dataset
from facewright.vision.faces import FaceBatch

_PLACES = ("face_id", "path")
_PERSON = "person"
_BREAKDOWN = ("sex", "apparent_ethnicity")


@dataclass(frozen=True, slots=True)
class Labels:
    """A user's labels: where each face is, what it is, and who (for the folds).

    place: "path" or "face_id". rows: places in order. labels: one text each. persons: one each,
    or None where the list does not say.
    """

    name: str
    place: str
    rows: tuple[str, ...]
    labels: tuple[str, ...]
    persons: tuple[str, ...] | None

    @property
    def classes(self) -> tuple[str, ...]:
        """The different labels, sorted."""
        return tuple(sorted(set(self.labels)))


@dataclass(frozen=True, slots=True)
class FitReport:
    """A fitted head and what was left out: place and why."""

    fitted: Fitted
    skipped: tuple[tuple[str, str], ...]


def read_labels(path: Path, label: str | None = None) -> Labels:
    """Read a CSV with a column `path` or `face_id`, a label column, and perhaps `person`.

    Args:
        path: the CSV; paths in it are relative to it. Empty labels are left out.
        label: the label column; needed where there are several.

    Raises:
        UsageError: the file or a column is missing, or there are fewer than two labels.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            columns = list(reader.fieldnames or ())
            rows = list(reader)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UsageError(f"{path}: cannot read the labels: {error}") from error
    place = next((name for name in _PLACES if name in columns), None)
    if place is None:
        raise UsageError(f"{path}: needs a column `path` or `face_id`; it has {columns}")
    spare = [name for name in columns if name not in (*_PLACES, _PERSON)]
    if label is None and len(spare) != 1:
        raise UsageError(f"{path}: name the label column with --label: one of {spare}")
    name = label or spare[0]
    if name not in columns:
        raise UsageError(f"{path}: no column '{name}'; it has {columns}")
    chosen = [row for row in rows if row[place] and (row[name] or "").strip()]
    persons = tuple(row[_PERSON] or "" for row in chosen) if _PERSON in columns else None
    texts = tuple(row[name].strip() for row in chosen)
    if len(set(texts)) < 2:
        raise UsageError(f"{path}: column '{name}' has fewer than two different labels")
    return Labels(name, place, tuple(row[place] for row in chosen), texts, persons)


def fit(
    labels_csv: str | Path,
    *,
    label: str | None = None,
    name: str | None = None,
    dataset: str | Path | None = None,
    device: str = "cpu",
    on_progress: Callable[[int, int], None] | None = None,
) -> FitReport:
    """Fit and calibrate a linear head, and measure it by grouped cross-validation.

    Args:
        labels_csv: see `read_labels`. With a column `path`, the largest face of each picture
            is taken; with `face_id`, the faces of `dataset`.
        label: the label column.
        name: of the head and its column; the label column's by default.
        dataset: folder of the dataset that the face ids belong to.
        device: where models run.
        on_progress: told pictures done and in all.

    Raises:
        UsageError: wrong list, unknown faces, too few labels, or scikit-learn is missing.
    """
    path = Path(labels_csv)
    labels = read_labels(path, label)
    head = name or labels.name.lower()
    check_name(head)
    scikit_learn()  # said before any picture is looked at
    if labels.place == "face_id":
        if dataset is None:
            raise UsageError("labels by face_id need --dataset")
        seen = _from_dataset(labels, Dataset.open(dataset))
    else:
        seen = _from_pictures(labels, path.parent, device, on_progress)
    classes = labels.classes
    rows = [i for i in range(len(labels.rows)) if i not in seen.skipped]
    if not rows:
        raise UsageError(f"{path}: no labelled face could be used")
    known = np.array([classes.index(labels.labels[i]) for i in rows], np.intp)
    fitted = fit_head(
        head,
        classes,
        {group: values[rows] for group, values in seen.features.items()},
        known,
        _groups(labels, seen, rows),
        parts=seen.parts,
        subgroups={group: values[rows] for group, values in seen.subgroups.items()},
    )
    skipped = tuple((labels.rows[i], why) for i, why in sorted(seen.skipped.items()))
    return FitReport(fitted, skipped)


@dataclass(frozen=True, slots=True)
class _Seen:
    """Features of the labelled faces, a row a label, and which rows cannot be used."""

    features: dict[str, NDArray[np.float32]]
    subgroups: dict[str, NDArray[np.object_]]
    parts: Sequence[Part]
    skipped: dict[int, str]


def _groups(labels: Labels, seen: _Seen, rows: list[int]) -> NDArray[np.intp]:
    """Who is who: as the list says, else by clusters of the embedding."""
    if labels.persons is not None:
        # A line that names nobody is somebody of its own.
        names = [labels.persons[i] or f"line {i}" for i in rows]
        _, groups = np.unique(names, return_inverse=True)
        return groups.astype(np.intp)
    return identity_groups(seen.features["tight"][rows])


def _from_dataset(labels: Labels, dataset: Dataset) -> _Seen:
    chosen = dataset.select(labels.rows)
    table = chosen.table(list(_BREAKDOWN))
    subgroups = {
        name: np.array([value or "" for value in table.column(name).to_pylist()], object)
        for name in _BREAKDOWN
    }
    features = {"tight": chosen.embeddings.astype(np.float32)}
    return _Seen(features, subgroups, (Part(("tight",)),), {})


def _from_pictures(
    labels: Labels, folder: Path, device: str, on_progress: Callable[[int, int], None] | None
) -> _Seen:
    names = tuple(dict.fromkeys(feature for part in DEFAULT_PARTS for feature in part.features))
    count = len(labels.rows)
    features = {name: np.full((count, 1024), np.nan, np.float32) for name in names}
    subgroups = {name: np.full(count, "", object) for name in _BREAKDOWN}
    skipped: dict[int, str] = {}
    workshop = Workshop(FolderSource(folder), Recipe(crops=()), device)
    describe = Pipeline(("sex-age", "heads"))
    for i, row in enumerate(labels.rows):
        with one_thread():
            loaded = workshop.load(Planned(Entry(row, row)))
            face = _largest(workshop, loaded.decoded.pixels) if loaded.decoded else None
            if face is None:
                skipped[i] = loaded.row["detail"] or "no face was found"
            else:
                seen = EMBEDDING.annotate(face, {}, workshop.runtime)
                for name in names:
                    features[name][i] = seen[f"_features.{name}"][0]
                described = describe.annotate(face, workshop.runtime)
                for name in _BREAKDOWN:
                    subgroups[name][i] = described[name][0] or ""
        if on_progress:
            on_progress(i + 1, count)
    return _Seen(features, subgroups, DEFAULT_PARTS, skipped)


def _largest(workshop: Workshop, pixels: NDArray[np.uint8]) -> FaceBatch | None:
    return next(workshop.find([pixels]).split(1), None)
