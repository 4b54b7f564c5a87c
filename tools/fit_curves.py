"""The small fitted curves: age, confidence of sex, gaze, and when ethnicity is `unknown`."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from facewright.annotators.learn.calibration import fit_calibration
from facewright.annotators.learn.fitting import Fitted
from facewright.annotators.sex_age import piecewise
from labelled import Labelled

AGE_GROUPS = {
    "child": (0.0, 17.5),
    "young": (17.5, 30.5),
    "adult": (30.5, 45.5),
    "middle": (45.5, 60.5),
    "old": (60.5, 120.0),
}
"""Years of the labels' apparent age groups."""

_KNOTS = [0.0, 25.0, 40.0, 55.0]
_GROUP_WEIGHT, _SMOOTH = 2.0, 2.0
_STATED_RIGHT = 0.97  # share of the ethnicities that are stated (not `unknown`) to be right

Floats = NDArray[np.float64]


def age_groups(faces: Labelled) -> tuple[Floats, Floats]:
    """Bounds in years (N,) of each face's apparent age group."""
    bounds = [AGE_GROUPS.get(g, (0.0, 120.0)) for g in faces.column("apparent_age_group")]
    low, high = np.array(bounds).T
    return low, high


def prompt_ages(faces: Labelled) -> Floats:
    """Prompt age (N,) of the synthetic portraits, NaN elsewhere."""
    return np.array([float(age) if age else np.nan for age in faces.column("prompt_age")])


def fit_age(raw: Floats, prompts: Floats, low: Floats, high: Floats) -> Floats:
    """Slopes (K,) of the rising, piecewise linear curve.

    Rows with a prompt age pull by their distance from it, those without by their distance from
    the apparent age group, both as a smooth absolute value; a little ridge pulls every slope
    to 1, so that ages nobody has (children) stay as the models gave them.
    """
    has = ~np.isnan(prompts)
    reach = piecewise(raw, _KNOTS)

    def loss(slopes: Floats) -> float:
        years = reach @ slopes
        off = years[has] - prompts[has]
        out = np.maximum(low - years, 0) + np.maximum(years - high, 0)
        parts = _soft(off).mean() + _GROUP_WEIGHT * _soft(out[~has]).mean()
        return float(parts + _SMOOTH * ((slopes - 1) ** 2).mean())

    start = np.ones(len(_KNOTS))
    found: Floats = minimize(loss, start, bounds=[(0.3, 3.0)] * len(start)).x
    return found


def age_curve(slopes: Floats, age: Floats, prompts: Floats) -> dict[str, Any]:
    """The curve with its error: standard deviation as a line in the corrected age."""
    has = ~np.isnan(prompts)
    # E|e| of a normal error is .8 of its standard deviation.
    spread = np.abs(age[has] - prompts[has]) * np.sqrt(np.pi / 2)
    per_year, at_0 = np.polyfit(age[has], spread, 1)
    return {
        "knots": _KNOTS,
        "slopes": [round(float(s), 4) for s in slopes],
        "std_at_0": round(float(at_0), 3),
        "std_per_year": round(float(per_year), 4),
        "std_least": 3.0,
    }


def fit_sex(male: Floats, truth: NDArray[np.bool_]) -> dict[str, float]:
    """Slope of the log odds of the mean P(male) that makes it hold."""
    share = np.clip(male, 1e-4, 1 - 1e-4)
    odds = np.log(share / (1 - share))
    scores = np.stack([-odds, odds], axis=1) / 2
    return {"slope": round(min(fit_calibration(scores, truth.astype(np.intp)).slope, 1.0), 3)}


def fit_gaze(features: Floats, angles: Floats) -> dict[str, Any]:
    """Gain and offset that turn looking blendshapes into degrees of pitch and yaw.

    Args:
        features: (N, 2) of `gaze_features`.
        angles: (N, 3) pitch, roll, yaw of the heads of
            people who mostly look into the camera: there the gaze is the negative head pose.
    """
    return {
        name: dict(zip(("gain", "offset"), _line(features[:, i], -head), strict=True))
        for i, (name, head) in enumerate((("pitch", angles[:, 0]), ("yaw", angles[:, 2])))
    }


def fit_threshold(fitted: Fitted, labels: NDArray[np.intp]) -> float:
    """Least probability from which stated ethnicities were right often enough, out of fold."""
    known = (labels >= 0) & ~np.isnan(fitted.out_of_fold[:, 0])
    sure = fitted.out_of_fold[known].max(axis=1)
    right = fitted.out_of_fold[known].argmax(axis=1) == labels[known]
    steps = np.arange(0.3, 0.96, 0.05)
    good = [t for t in steps if right[sure >= t].mean() >= _STATED_RIGHT]
    return round(float(good[0] if good else steps[-1]), 2)


def _soft(values: Floats) -> Floats:
    """Absolute value, rounded within two years."""
    return np.sqrt(values**2 + 4) - 2


def _line(x: Floats, y: Floats, rounds: int = 50) -> tuple[float, float]:
    """Gain and offset with least absolute deviations, by reweighted least squares."""
    values, weights = np.column_stack([x, np.ones(len(x))]), np.ones(len(x))
    for _ in range(rounds):
        scaled = values * weights[:, None]
        gain, offset = np.linalg.solve(values.T @ scaled, scaled.T @ y)
        weights = 1 / np.maximum(np.abs(gain * x + offset - y), 1.0)
    return round(float(gain), 2), round(float(offset), 2)
