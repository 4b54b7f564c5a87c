"""Constants of the pixel annotators that were fitted to labels, and their checksum.

They lie in `weights/pixels.json`, written by `tools/measure_pixels.py --fit`.
"""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Linear(_Frozen):
    """`features @ coefficients + intercept`."""

    features: tuple[str, ...]
    coefficients: tuple[float, ...]
    intercept: float

    def __call__(self, *columns: NDArray[np.floating]) -> NDArray[np.float64]:
        """Scores (N,) of one (N,) array for each of `features`."""
        scores = np.full(len(columns[0]), self.intercept)
        for column, coefficient in zip(columns, self.coefficients, strict=True):
            scores += coefficient * column
        return scores


class Classes(_Frozen):
    """Multinomial logistic regression: softmax of `features @ coefficients + intercepts`."""

    features: tuple[str, ...]
    classes: tuple[str, ...]
    coefficients: tuple[tuple[float, ...], ...]
    intercepts: tuple[float, ...]

    def __call__(self, features: NDArray[np.floating]) -> NDArray[np.float64]:
        """Probabilities (N, classes) for features (N, F)."""
        scores = features @ np.array(self.coefficients).T + np.array(self.intercepts)
        scores = np.exp(scores - scores.max(axis=1, keepdims=True))
        probabilities: NDArray[np.float64] = scores / scores.sum(axis=1, keepdims=True)
        return probabilities


class Parameters(_Frozen):
    """All fitted constants.

    exposure: stops of exposure off normal. monk: position on the Monk scale. monk_close:
    logit that it errs by one step at most. lip_makeup, eye_makeup: logits. eye_color: classes.
    """

    exposure: Linear
    monk: Linear
    monk_close: Linear
    lip_makeup: Linear
    eye_makeup: Linear
    eye_color: Classes


def _text() -> str:
    return (files("facewright") / "weights" / "pixels.json").read_text(encoding="utf-8")


@cache
def parameters() -> Parameters:
    """Load the fitted constants."""
    return Parameters.model_validate_json(_text())


@cache
def parameters_sha256() -> str:
    """Checksum of the file of fitted constants, for the annotators' cards."""
    return hashlib.sha256(_text().encode()).hexdigest()
