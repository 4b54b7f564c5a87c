"""Linear heads: calibrated softmax classifiers over named feature groups.

A head is what a logistic regression (or a sum of several, one a feature group) comes to:
standardisation folded into one matrix, then a fitted slope and offset that turn its scores
into probabilities that hold. `facewright.annotators.learn.fitting` makes them; prediction needs
only numpy.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from facewright.errors import UsageError

FORMAT = "facewright-heads/1"
"""What a heads file says it is."""

Features = Mapping[str, NDArray[np.floating[Any]]]
"""Feature group's name to an (N, D) array."""


@dataclass(frozen=True)
class Head:
    """A fitted linear classifier.

    name: what it tells. classes: K labels. features: groups it reads, in order of the columns.
    widths: columns of each group. coef: (D, K) float32 over the raw, concatenated groups.
    intercept: (K,). slope: one number, > 0, and offset: (K,), the calibration (Platt 1999 for
    two classes, temperature with a bias a class, Guo et al. 2017, for more).
    report: how it was measured, JSON-able.
    """

    name: str
    classes: tuple[str, ...]
    features: tuple[str, ...]
    widths: tuple[int, ...]
    coef: NDArray[np.float32]
    intercept: NDArray[np.float32]
    slope: float = 1.0
    offset: NDArray[np.float32] = field(default_factory=lambda: np.zeros(1, np.float32))
    report: Mapping[str, Any] = field(default_factory=dict)

    def scores(self, features: Features) -> NDArray[np.float32]:
        """Uncalibrated scores (N, K) float32.

        Raises:
            UsageError: a feature group is missing or has another width.
        """
        parts, start = [], 0
        for name, width in zip(self.features, self.widths, strict=True):
            found = features.get(name)
            if found is None or found.ndim != 2 or found.shape[1] != width:
                shape = None if found is None else found.shape
                raise UsageError(
                    f"head '{self.name}' reads feature '{name}' of shape (N, {width}), got {shape}"
                )
            parts.append(found.astype(np.float32) @ self.coef[start : start + width])
            start += width
        total: NDArray[np.float32] = np.sum(parts, axis=0) + self.intercept
        return total

    def predict(self, features: Features) -> NDArray[np.float32]:
        """Calibrated probabilities (N, K) float32; a row with an unknown feature is NaN."""
        return softmax(self.slope * self.scores(features) + self.offset)

    def probability(self, features: Features, label: str) -> NDArray[np.float32]:
        """Calibrated probability (N,) of one class."""
        column: NDArray[np.float32] = self.predict(features)[:, self.classes.index(label)]
        return column

    @cached_property
    def sha256(self) -> str:
        """Of everything that decides what the head predicts."""
        digest = hashlib.sha256(json.dumps(_identity(self), sort_keys=True).encode())
        for array in (self.coef, self.intercept, self.offset):
            digest.update(np.ascontiguousarray(array, np.float32).tobytes())
        return digest.hexdigest()


def softmax(scores: NDArray[Any]) -> NDArray[np.float32]:
    """Softmax over the last axis, float32."""
    shifted = scores - scores.max(axis=-1, keepdims=True)
    powers = np.exp(shifted.astype(np.float32))
    total: NDArray[np.float32] = powers / powers.sum(axis=-1, keepdims=True)
    return total


def save_heads(path: Path, heads: Sequence[Head]) -> None:
    """Write heads to one .npz file without pickles; equal heads give equal bytes."""
    meta = [{**_identity(head), "report": dict(head.report)} for head in heads]
    arrays: dict[str, Any] = {
        "meta": np.array(json.dumps({"format": FORMAT, "heads": meta}, sort_keys=True))
    }
    for number, head in enumerate(heads):
        arrays[f"coef_{number}"] = head.coef.astype(np.float32)
        arrays[f"intercept_{number}"] = head.intercept.astype(np.float32)
        arrays[f"offset_{number}"] = head.offset.astype(np.float32)
    with path.open("wb") as file:
        np.savez_compressed(file, **arrays)


def load_heads(path: Path) -> tuple[Head, ...]:
    """Read the heads of a file that `save_heads` wrote.

    Raises:
        UsageError: the file is missing, damaged or not a heads file.
    """
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as data:
            meta = json.loads(str(data["meta"]))
            if meta["format"] != FORMAT:
                raise UsageError(f"{path}: format '{meta['format']}' is not {FORMAT}")
            return tuple(_head(entry, number, data) for number, entry in enumerate(meta["heads"]))
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({error.strerror or error})") from error
    except (BadZipFile, KeyError, TypeError, ValueError) as error:
        raise UsageError(
            f"{path}: not a heads file; make one with `facewright heads fit`"
        ) from error


def _identity(head: Head) -> dict[str, Any]:
    return {
        "name": head.name,
        "classes": list(head.classes),
        "features": list(head.features),
        "widths": list(head.widths),
        "slope": float(head.slope),
    }


def _head(entry: dict[str, Any], number: int, data: Mapping[str, Any]) -> Head:
    coef, intercept = data[f"coef_{number}"], data[f"intercept_{number}"]
    offset = data[f"offset_{number}"]
    classes, widths = tuple(entry["classes"]), tuple(entry["widths"])
    if coef.shape != (sum(widths), len(classes)) or len(widths) != len(entry["features"]):
        raise ValueError("shapes disagree")
    return Head(
        name=entry["name"],
        classes=classes,
        features=tuple(entry["features"]),
        widths=widths,
        coef=coef,
        intercept=intercept,
        slope=float(entry["slope"]),
        offset=offset,
        report=entry["report"],
    )
