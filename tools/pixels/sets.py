"""The labelled portraits: pictures, faces, labels, and out-of-fold scores of the heads."""

from __future__ import annotations

import csv
import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from facewright.vision.faces import FaceBatch, find_faces
from facewright.vision.runtime import Runtime
from facewright.vision.tables import landmark_tables
from facewright.vision.warp import Pyramid

Floats = NDArray[np.float64]

ROOT = Path(__file__).resolve().parents[2]
_BLINKS = (9, 10)  # eyeBlinkLeft, eyeBlinkRight among the blendshapes
_FILES = ("labels_tabler.csv", "labels_portraits.csv", "labels_photos.csv")  # embeddings' order


def shared_folder() -> Path:
    """Folder of shared data: FACEWRIGHT_SHARED, or `../shared` beside the repository."""
    return Path(os.environ.get("FACEWRIGHT_SHARED", ROOT.parent / "shared"))


def tabler_folder() -> Path | None:
    """Folder of npm @tabler/preview 1.2.0's `dist/static/avatars`: FACEWRIGHT_TABLER, if set."""
    named = os.environ.get("FACEWRIGHT_TABLER")
    return Path(named) if named else None


@dataclass
class LabelledSet:
    """One face of each labelled picture.

    faces: N faces. rows: N rows of labels. heads: out-of-fold probability (N,) by label.
    """

    name: str
    faces: FaceBatch
    rows: list[dict[str, str]]
    heads: dict[str, Floats]
    blinks: Floats

    def column(self, label: str) -> NDArray[Any]:
        """(N,) strings of a label, empty where the rater could not tell."""
        return np.array([row[label] for row in self.rows])

    @cached_property
    def eye_color(self) -> NDArray[Any]:
        """(N,) eye colours judged for this project, empty where it could not be told."""
        with (ROOT / "tools/labels/pixels_eye_color.csv").open(encoding="utf-8") as file:
            rows = {(r["set"], r["file"]): r["eye_color"] for r in csv.DictReader(file)}
        return np.array([rows.get((self.name, row["file"]), "") for row in self.rows])


def load_sets() -> list[LabelledSet]:
    """The portraits, and the tabler avatars where FACEWRIGHT_TABLER says where they are."""
    runtime = Runtime()
    shared = shared_folder()
    folders = {"portraits": shared / "data/portraits"}
    if tabler := tabler_folder():
        folders["tabler"] = tabler
    scores = _head_scores(shared / "data/attribute_labels")
    return [_load(name, folder, shared, scores, runtime) for name, folder in folders.items()]


def _load(
    name: str, folder: Path, shared: Path, scores: dict[str, dict[str, float]], runtime: Runtime
) -> LabelledSet:
    rows = _rows(shared / f"data/attribute_labels/labels_{name}.csv")
    photos = [np.asarray(Image.open(folder / row["file"]).convert("RGB")) for row in rows]
    faces = _largest(find_faces(photos, runtime), len(photos))
    kept = [rows[i] for i in faces.photo]
    heads = {k: np.array([v[row["file"]] for row in kept]) for k, v in scores.items()}
    return LabelledSet(name, faces, kept, heads, _blinks(faces, runtime))


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _largest(faces: FaceBatch, photos: int) -> FaceBatch:
    """The largest face of each photo."""
    width = faces.boxes[:, 2]
    found = [np.flatnonzero(faces.photo == i) for i in range(photos)]
    return chosen(faces, np.array([k[np.argmax(width[k])] for k in found if len(k)]))


def chosen(faces: FaceBatch, index: NDArray[np.intp]) -> FaceBatch:
    """Some faces of a batch."""
    return FaceBatch(
        faces.photos,
        faces.photo[index],
        faces.boxes[index],
        faces.points[index],
        faces.scores[index],
        faces.meshes[index],
        faces.presence[index],
        [faces.pyramids[i] for i in index],
    )


def with_photos(faces: FaceBatch, photos: list[NDArray[np.uint8]]) -> FaceBatch:
    """The same faces at the same places of other pictures, one picture a face."""
    whole = [Pyramid(p, 0, 0, p.shape[1], p.shape[0]) for p in photos]
    return FaceBatch(
        photos,
        np.arange(len(photos)),
        faces.boxes,
        faces.points,
        faces.scores,
        faces.meshes,
        faces.presence,
        whole,
    )


def _blinks(faces: FaceBatch, runtime: Runtime) -> Floats:
    """(N, 2) eyeBlink of the left and the right eye."""
    inputs = landmark_tables()["blendshape_inputs"]
    points = faces.meshes[:, inputs, :2].astype(np.float32)
    weights = runtime.infer("blendshapes_52", points)[0].reshape(len(faces), -1)
    blinks: Floats = weights[:, _BLINKS].astype(np.float64)
    return blinks


def _head_scores(folder: Path) -> dict[str, dict[str, float]]:
    """Out-of-fold probabilities of linear heads on the embeddings, by label and file."""
    with np.load(folder / "faceres_embeddings.npz") as data:
        features = np.concatenate([data["tight"], data["wide"]], axis=1).astype(np.float32)
    rows = [row for name in _FILES for row in _rows(folder / name)]
    out: dict[str, dict[str, float]] = {}
    for label in ("lipstick", "eye_makeup", "headwear"):
        answers = np.array([row[label] for row in rows])
        truth = ~np.isin(answers, ("0", "none"))
        probability = _out_of_fold(features, truth, answers != "")
        files = [row["file"] for row in rows]
        out[label] = dict(zip(files, probability.tolist(), strict=True))
    return out


def _out_of_fold(
    features: NDArray[np.float32], truth: NDArray[np.bool_], known: NDArray[np.bool_]
) -> Floats:
    head = make_pipeline(
        StandardScaler(), LogisticRegression(C=0.003, class_weight="balanced", max_iter=2000)
    )
    folds = StratifiedKFold(8, shuffle=True, random_state=0)
    scores = np.empty(len(truth))
    scores[known] = cross_val_predict(
        head, features[known], truth[known], cv=folds, method="decision_function"
    )
    if not known.all():
        scores[~known] = head.fit(features[known], truth[known]).decision_function(features[~known])
    platt = LogisticRegression().fit(scores[known, None], truth[known])
    probability: Floats = platt.predict_proba(scores[:, None])[:, 1]
    return probability
