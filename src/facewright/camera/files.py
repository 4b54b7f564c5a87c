"""The files that hold camera labels: LPFF's, StyleGAN's and a CSV."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal, NamedTuple

import numpy as np

from facewright.camera.angles import theta_phi
from facewright.camera.axes import azure_of_head, head_of_camera
from facewright.camera.label import LENGTH, Floats, mirrored, positions_of, rotations_of
from facewright.camera.reference import ffhq_density
from facewright.errors import UsageError

Kind = Literal["camera_parameters", "dataset", "csv"]

COLUMNS = (
    "id",
    *(f"cam2world_{row}{column}" for row in range(4) for column in range(4)),
    *(f"intrinsics_{row}{column}" for row in range(3) for column in range(3)),
    *("theta", "phi", "yaw", "pitch", "roll", "density"),
)
"""Of the CSV: angles in degrees, density per square radian under the published FFHQ cameras."""

MIRROR = "_mirror"


class Labelled(NamedTuple):
    """Labels of N pictures.

    Attributes:
        ids: (N) of the faces.
        names: (N) file names, as the loader will find them.
        labels: (N, 25).
    """

    ids: Sequence[str]
    names: Sequence[str]
    labels: Floats


def with_mirrors(labelled: Labelled) -> Labelled:
    """Each picture followed by its mirror: `<id>_mirror`, `<name before its first dot>_mirror`."""
    ids = [name for face in labelled.ids for name in (face, face + MIRROR)]
    names = [n for name in labelled.names for n in (name, _mirror_name(name))]
    both = np.stack([labelled.labels, mirrored(labelled.labels)], axis=1)
    return Labelled(ids, names, both.reshape(-1, LENGTH))


def kind_of(path: Path) -> Kind:
    """Which of the files a path names.

    Raises:
        UsageError: none of them.
    """
    if path.suffix == ".csv":
        return "csv"
    if path.name == "dataset.json":
        return "dataset"
    if path.suffix == ".json":
        return "camera_parameters"
    raise UsageError(
        f"{path}: name camera_parameters.json (LPFF), dataset.json (StyleGAN, EG3D) or a .csv"
    )


def encode(labelled: Labelled, kind: Kind) -> bytes:
    """The file's bytes: {id: [25]}, {"labels": [[name, [25]]]}, or CSV of `COLUMNS`."""
    if kind == "csv":
        return _csv(labelled)
    rows = labelled.labels.tolist()
    if kind == "dataset":
        pairs = [list(pair) for pair in zip(labelled.names, rows, strict=True)]
        return _lines('{"labels": [', (json.dumps(pair) for pair in pairs), "]}")
    entries = (
        f"{json.dumps(face)}: {json.dumps(row)}"
        for face, row in zip(labelled.ids, rows, strict=True)
    )
    return _lines("{", entries, "}")


def _lines(head: str, entries: Iterator[str], tail: str) -> bytes:
    """JSON with one entry a line, so that files can be compared."""
    return (head + "\n" + ",\n".join(entries) + "\n" + tail + "\n").encode()


def _csv(labelled: Labelled) -> bytes:
    labels = labelled.labels
    sphere = theta_phi(positions_of(labels))
    pitch, roll, yaw = azure_of_head(head_of_camera(rotations_of(labels))).T
    density = ffhq_density()(sphere)
    shown = np.column_stack([np.degrees(sphere), yaw, pitch, roll, density])
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    for face, label, told in zip(labelled.ids, labels.tolist(), shown.tolist(), strict=True):
        writer.writerow([face, *label, *(f"{value:.4f}" for value in told)])
    return file.getvalue().encode()


def _mirror_name(name: str) -> str:
    folder, slash, file = name.rpartition("/")
    base, dot, ending = file.partition(".")
    return f"{folder}{slash}{base}{MIRROR}{dot}{ending}"
