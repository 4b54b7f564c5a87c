"""Apparent sex and age: two model families each, combined, corrected and given an error."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from facewright.annotators.base import AnnotatorCard, Columns
from facewright.annotators.learn.fitted import CURVES_FILE, curves, fitted_sha256
from facewright.annotators.pixels.chips import chip_squares
from facewright.vision.cards import measured_figures
from facewright.vision.faces import FaceBatch
from facewright.vision.runtime import Runtime

_CHIP = 64
_PADDING = 0.2
_OLDEST = 100.0
_AGE_VIEWS = 2  # of faceres: tight and wide; crown and big see less of the face


class SexAge:
    """Sex and age.

    sex: the mean of faceres (tight) and gender_v1. age: the mean of age_v1 and faceres on two
    views through a monotone piecewise linear curve that was fitted on portraits of known prompt
    age and on real faces' age groups. age_std: typical error at that age, from residuals.
    """

    @cached_property
    def card(self) -> AnnotatorCard:
        """What this annotator is."""
        return AnnotatorCard(
            id="sex-age",
            version="1",
            task="apparent sex and age",
            models=("faceres", "age_v1", "gender_v1"),
            sha256=fitted_sha256(CURVES_FILE),
            gives=("sex", "age", "age_std", "confidence.sex"),
            needs=("_faceres.age", "_faceres.male"),
            measured=measured_figures().get("sex-age", ()),
            known_failures=(
                "Two sexes only; what a face looks like, not what a person is.",
                "Children's ages are the models' own: no such labels were at hand.",
                "Beards add about three years; heavy retouching and makeup take years away.",
                "Old and black faces err most in age; see the figures.",
                "Elderly women with short or covered hair are now and then read as male.",
            ),
        )

    def annotate(self, faces: FaceBatch, known: Mapping[str, Any], runtime: Runtime) -> Columns:
        """Estimate; see the class for the columns."""
        raw, share = raw_estimates(faces, known, runtime)
        age = corrected_age(raw)
        return {
            "sex": np.where(share > 0.5, "male", "female").astype(object),
            "confidence.sex": sex_confidence(share),
            "age": np.round(age),
            "age_std": age_error(age),
        }


def raw_estimates(
    faces: FaceBatch, known: Mapping[str, Any], runtime: Runtime
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Mean age in years before the curve (N,), and mean P(male) (N,).

    known: at least `_faceres.age` and `_faceres.male`.
    """
    chips = _chips(faces)
    years = runtime.infer("age_v1", _halved(chips))[0]
    male = runtime.infer("gender_v1", _halved(_halved(chips)))[0]
    first = years @ np.arange(years.shape[1], dtype=np.float64)
    raw = (first + known["_faceres.age"][:, :_AGE_VIEWS].sum(axis=1)) / (1 + _AGE_VIEWS)
    return raw, (male.astype(np.float64) + known["_faceres.male"][:, 0]) / 2


def corrected_age(raw: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
    """Years (N,) after the fitted curve: piecewise linear, rising, 0 to 100."""
    curve = curves()["age"]
    corrected = piecewise(np.asarray(raw, np.float64), curve["knots"]) @ np.array(curve["slopes"])
    return np.asarray(np.clip(corrected, 0.0, _OLDEST))


def piecewise(x: NDArray[np.float64], knots: list[float]) -> NDArray[np.float64]:
    """How far each x (N,) reaches into each of K segments: (N, K); the last one has no end."""
    ends = [*knots[1:], np.inf]
    return np.stack([np.clip(x - a, 0.0, b - a) for a, b in zip(knots, ends, strict=True)], axis=1)


def age_error(age: NDArray[np.float64]) -> NDArray[np.float64]:
    """Standard deviation of the error in years (N,): a straight line in the age."""
    curve = curves()["age"]
    spread = curve["std_at_0"] + curve["std_per_year"] * age
    return np.asarray(np.maximum(spread, curve["std_least"]))


def sex_confidence(male: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
    """Calibrated probability (N,) that the likelier sex is right, from the mean P(male)."""
    sure = np.clip(np.maximum(male, 1 - male), 0.5, 1 - 1e-4).astype(np.float64)
    slope = curves()["sex"]["slope"]
    return np.asarray(1.0 / (1.0 + np.exp(-slope * np.log(sure / (1 - sure)))))


def _chips(faces: FaceBatch) -> NDArray[np.uint8]:
    """Chips at twice the models' size: (N, 128, 128, 3); averaging down keeps out aliasing."""
    out = np.empty((len(faces), 2 * _CHIP, 2 * _CHIP, 3), np.uint8)
    squares = chip_squares(faces.meshes, _PADDING)
    for i, (pyramid, square) in enumerate(zip(faces.pyramids, squares, strict=True)):
        out[i] = pyramid.cut(square, 2 * _CHIP)
    return out


def _halved(images: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Halve (N, H, W, 3) by area, rounded."""
    rows = images[:, 0::2].astype(np.uint16) + images[:, 1::2]
    total = rows[:, :, 0::2] + rows[:, :, 1::2]
    return ((total + 2) >> 2).astype(np.uint8)


SEX_AGE = SexAge()
