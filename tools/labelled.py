"""The hand-labelled faces and everything that can be computed of them.

Shared by fit_heads.py and measure_models.py. Wanted: the folder with `attribute_labels` and
`portraits` (FACEWRIGHT_SHARED, else ../shared beside the repository, has them under `data`), npm
for the avatars of @tabler/preview unless their folder is given, and the extra `heads`.
"""

from __future__ import annotations

import argparse
import csv
import os
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from facewright.annotators.embedding import EMBEDDING
from facewright.annotators.expression import contempt, networks, smile_features
from facewright.annotators.pixel_features import PIXEL_FEATURES
from facewright.annotators.pixels.covered import eyes_covered
from facewright.annotators.pixels.eyelids import lid_features
from facewright.annotators.pixels.gaze import gaze_features
from facewright.annotators.pixels.glasses import lid_brightness
from facewright.annotators.pixels.regions import face_pixels
from facewright.annotators.sex_age import raw_estimates
from facewright.vision.faces import FaceBatch, find_faces
from facewright.vision.pose import azure_angles
from facewright.vision.runtime import Runtime
from facewright.vision.tables import landmark_tables

ROOT = Path(__file__).resolve().parent.parent
LABELS = Path(__file__).resolve().parent / "labels"
SETS = ("tabler", "portraits", "photos")
_TABLER = "@tabler/preview@1.2.0"
_AVATARS = "package/dist/static/avatars"
BATCH = 16
"""Pictures that are held at a time."""


@dataclass(frozen=True)
class Labelled:
    """N labelled faces.

    rows: labels of each face by column, with `set` and `file`. features: feature group to
    (N, D) float32, NaN where the picture is not at hand. known: (N, ...) further estimates, NaN
    likewise. found: faces found in each picture, -1 without one.
    """

    rows: list[dict[str, str]]
    features: dict[str, NDArray[np.float32]]
    known: dict[str, NDArray[np.float64]]
    found: NDArray[np.intp]

    @property
    def pictured(self) -> NDArray[np.bool_]:
        """Faces whose picture is at hand."""
        return self.found >= 0

    def column(self, name: str) -> NDArray[Any]:
        """One label of every face, as strings; '' where unknown."""
        return np.array([row.get(name, "") for row in self.rows])


def arguments(description: str | None) -> argparse.ArgumentParser:
    """Options that all tools over the labelled faces take."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--shared", type=Path, help="folder with data/ (else FACEWRIGHT_SHARED)")
    parser.add_argument("--avatars", type=Path, help=f"the pictures of {_TABLER}")
    return parser


def shared_folder(given: Path | None) -> Path:
    """The folder of shared data: what is given, FACEWRIGHT_SHARED, or ../shared."""
    folder = given or Path(os.environ.get("FACEWRIGHT_SHARED", ROOT.parent / "shared"))
    if not (folder / "data" / "attribute_labels").is_dir():
        raise SystemExit(f"{folder}: no data/attribute_labels there; set FACEWRIGHT_SHARED")
    return folder


def load(options: argparse.Namespace) -> Labelled:
    """Read the labels and run the feature annotators over every picture at hand."""
    data = shared_folder(options.shared) / "data"
    rows = list(_label_rows(data / "attribute_labels"))
    with tempfile.TemporaryDirectory() as temporary:
        avatars = options.avatars or fetch_avatars(Path(temporary))
        pictured = picture_paths(rows, avatars, data)
        computed = _compute(pictured)
    found = computed.pop("found").astype(np.intp)
    missing = len(rows) - len(pictured)
    padded = {name: _padded(values, missing) for name, values in computed.items()}
    features = {
        name.removeprefix("_features."): values.astype(np.float32)
        for name, values in padded.items()
        if name.startswith("_features.")
    }
    with np.load(data / "attribute_labels" / "faceres_embeddings.npz") as given:
        for view in ("tight", "wide"):
            features[view][len(pictured) :] = given[view][len(pictured) :]
    known = {name: v for name, v in padded.items() if not name.startswith("_features.")}
    return Labelled(rows, features, known, np.r_[found, np.full(missing, -1)])


def picture_paths(rows: Sequence[dict[str, str]], avatars: Path, data: Path) -> list[Path]:
    """Where the pictures are of the rows whose set has any; those rows come first.

    Args:
        rows: of `Labelled`.
        avatars: the pictures of the set `tabler`.
        data: the folder that holds `portraits`.
    """
    folders = {"tabler": avatars, "portraits": data / "portraits"}
    return [folders[row["set"]] / row["file"] for row in rows if row["set"] in folders]


def fetch_avatars(folder: Path) -> Path:
    """Fetch the avatars with npm; they are used here and never redistributed."""
    command = ["npm", "pack", _TABLER, "--silent", "--pack-destination", str(folder)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=folder)
    with tarfile.open(folder / done.stdout.split()[-1]) as archive:
        members = [m for m in archive.getmembers() if m.name.startswith(_AVATARS)]
        archive.extractall(folder, members, filter="data")
    return folder / _AVATARS


def _label_rows(folder: Path) -> Iterator[dict[str, str]]:
    own = {(r["set"], r["file"]): r for r in _csv(LABELS / "sideburns.csv")}
    prompts = {r["file"]: r for r in _csv(folder.parent / "portraits" / "labels.csv")}
    for name in SETS:
        for row in _csv(folder / f"labels_{name}.csv"):
            key = (name, row["file"])
            # Women were not rated for sideburns: none of them has a beard.
            sideburns = own[key]["sideburns"] if key in own else ""
            if row["apparent_sex"] == "f":
                sideburns = "0"
            prompt = prompts.get(row["file"], {}) if name == "portraits" else {}
            extra = {
                "prompt_age": prompt.get("prompt_age", ""),
                "prompt_sex": prompt.get("sex", ""),
            }
            yield {**row, "set": name, "sideburns": sideburns, **extra}


def _csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _compute(paths: Sequence[Path]) -> dict[str, NDArray[Any]]:
    cv2.setNumThreads(1)
    runtime = Runtime()
    parts = []
    for start in range(0, len(paths), BATCH):
        photos = [read_picture(path) for path in paths[start : start + BATCH]]
        parts.append(_columns(photos, runtime))
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def read_picture(path: Path) -> NDArray[np.uint8]:
    """RGB uint8 (H, W, 3)."""
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB"))


def _columns(photos: Sequence[NDArray[np.uint8]], runtime: Runtime) -> dict[str, NDArray[Any]]:
    """Every column of the largest face of each photo."""
    faces = find_faces(photos, runtime)
    columns = all_columns(faces, runtime)
    first = np.searchsorted(faces.photo, np.arange(len(photos)))
    counts = np.bincount(faces.photo, minlength=len(photos))
    if not counts.all():
        raise SystemExit("no face was found in one of the labelled pictures")
    return {**{name: values[first] for name, values in columns.items()}, "found": counts}


def all_columns(faces: FaceBatch, runtime: Runtime) -> dict[str, NDArray[Any]]:
    """What fitting reads of a batch, computed without any fitted parameter."""
    points = faces.meshes[:, landmark_tables()["blendshape_inputs"], :2].astype(np.float32)
    shapes = runtime.infer("blendshapes_52", points)[0]
    columns = EMBEDDING.annotate(faces, {}, runtime)
    columns |= PIXEL_FEATURES.annotate(faces, {}, runtime)
    del columns["_person_mask"], columns["embedding"]
    raw, male = raw_estimates(faces, columns, runtime)
    first, second = networks(faces, runtime)
    lids = lid_features(faces.meshes, shapes)
    return {
        **columns,
        "_features.blendshapes": shapes,
        "_features.smile": smile_features(first, second, shapes),
        "_features.eyelids": lids.mean(axis=1),
        "lids": lids.reshape(len(faces), -1),
        "networks": (first + second) / 2,
        "contempt": contempt(shapes),
        "eyes_covered": eyes_covered(face_pixels(faces)),
        "lid_brightness": lid_brightness(face_pixels(faces)),
        "age": raw,
        "male": male,
        "angles": azure_angles(faces.rotations),
        "gaze": gaze_features(shapes),
    }


def _padded(values: NDArray[Any], missing: int) -> NDArray[Any]:
    """Rows of NaN for the faces without a picture."""
    blank = np.full((missing, *values.shape[1:]), np.nan)
    return np.concatenate([values.astype(np.float64), blank])
