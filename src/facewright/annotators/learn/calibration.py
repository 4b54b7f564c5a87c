"""Scores to probabilities that hold, and the figures that say how well they do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from facewright.annotators.learn.linear import softmax

_BINS = 10
_STEPS = 200
_PRIOR = 1.0  # faces' worth of doubt a class, as in Platt (1999): keeps rare classes humble


@dataclass(frozen=True)
class Calibration:
    """Softmax of slope x scores + offset. slope: > 0. offset: (K,)."""

    slope: float
    offset: NDArray[np.float64]

    @staticmethod
    def identity(classes: int) -> Calibration:
        """The calibration that leaves softmax scores as they are."""
        return Calibration(1.0, np.zeros(classes))

    def __call__(self, scores: NDArray[Any]) -> NDArray[np.float64]:
        """Probabilities (N, K) of scores (N, K)."""
        return softmax(self.slope * scores + self.offset).astype(np.float64)


def fit_calibration(
    scores: NDArray[np.float64], labels: NDArray[np.intp], *, balanced: bool = False
) -> Calibration:
    """Maximum likelihood slope and offsets, by Newton steps on smoothed targets.

    Args:
        scores: (N, K) of faces that the scores' maker has not seen.
        labels: (N,) true classes.
        balanced: weigh every class alike, so that the probabilities hold where all classes
            are equally frequent, not where they are as rare as among these faces.

    Targets are softened as Platt did: of n faces of a class, (n + 1) / (n + K) of the mass
    stays on the class, so that separable scores do not end in certainty.
    """
    count, classes = scores.shape
    targets = _soft_targets(labels, classes)
    counts = np.maximum(np.bincount(labels, minlength=classes), 1)
    weights = (count / classes / counts)[labels] if balanced else np.ones(count)
    theta = np.zeros(1 + classes)
    theta[0] = 1.0
    for _ in range(_STEPS):
        gradient, hessian = _derivatives(scores, targets, weights, theta)
        step = np.linalg.solve(hessian + 1e-6 * max(count, 1) * np.eye(len(theta)), gradient)
        theta = theta - np.clip(step, -1.0, 1.0)
        theta[0] = max(theta[0], 1e-2)
        if np.abs(step).max() < 1e-9:
            break
    offset = theta[1:] - theta[1:].mean()
    return Calibration(float(theta[0]), offset)


def _soft_targets(labels: NDArray[np.intp], classes: int) -> NDArray[np.float64]:
    counts = np.bincount(labels, minlength=classes)
    keep = (counts + _PRIOR) / (counts + _PRIOR * classes)
    targets = np.repeat(((1 - keep) / (classes - 1))[labels][:, None], classes, axis=1)
    targets[np.arange(len(labels)), labels] = keep[labels]
    return targets


def _derivatives(
    scores: NDArray[np.float64],
    targets: NDArray[np.float64],
    weights: NDArray[np.float64],
    theta: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Gradient and Gauss-Newton Hessian of the cross-entropy in (slope, offsets)."""
    p = softmax(theta[0] * scores + theta[1:]).astype(np.float64)
    classes = scores.shape[1]
    # Jacobian of the K logits with respect to (slope, offset_1..K): scores and the identity.
    jacobian = np.concatenate(
        [scores[:, :, None], np.broadcast_to(np.eye(classes), (len(scores), classes, classes))], 2
    )
    gradient = np.einsum("n,nk,nkt->t", weights, p - targets, jacobian)
    weighted = p[:, :, None] * jacobian
    mean = weighted.sum(axis=1)
    spread = np.einsum("n,nkt,nku->tu", weights, weighted, jacobian, optimize=True)
    hessian = spread - mean.T @ (weights[:, None] * mean)
    return gradient, hessian


def auc(truth: NDArray[Any], score: NDArray[Any]) -> float:
    """Area under the ROC curve by ranks (ties count half); NaN without both outcomes."""
    truth = np.asarray(truth, bool)
    positives, negatives = int(truth.sum()), int((~truth).sum())
    if not positives or not negatives:
        return float("nan")
    _, inverse, counts = np.unique(score, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[inverse]
    total = ranks[truth].sum() - positives * (positives + 1) / 2
    return float(total / (positives * negatives))


def expected_calibration_error(
    probabilities: NDArray[np.float64], labels: NDArray[np.intp], bins: int = _BINS
) -> float:
    """Mean gap between confidence and accuracy over equal-count bins (Naeini et al. 2015)."""
    confidence = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == labels
    parts = np.array_split(np.argsort(confidence, kind="stable"), bins)
    gaps = [abs(confidence[p].mean() - right[p].mean()) * len(p) for p in parts if len(p)]
    return float(sum(gaps) / max(len(labels), 1))


def report(
    classes: Sequence[str],
    probabilities: NDArray[np.float64],
    labels: NDArray[np.intp],
    subgroups: dict[str, NDArray[Any]],
) -> dict[str, Any]:
    """Figures of calibrated probabilities (N, K) against labels (N,), -1 where unknown.

    Returns:
        n, counts, auc (one against the rest; the last class's for two), accuracy, brier, ece,
        confusion (rows: truth), and by: subgroup to value to the same without confusion.
    """
    known = labels >= 0
    figures = _figures(classes, probabilities[known], labels[known])
    confusion = np.zeros((len(classes), len(classes)), int)
    np.add.at(confusion, (labels[known], probabilities[known].argmax(axis=1)), 1)
    figures["confusion"] = confusion.tolist()
    figures["by"] = {
        name: {
            str(value): _figures(classes, probabilities[mask], labels[mask])
            for value in sorted(set(values[known].tolist()) - {""})
            if (mask := known & (values == value)).any()
        }
        for name, values in subgroups.items()
    }
    return figures


def averaged(reports: Sequence[Any]) -> Any:
    """Mean of equal-shaped reports, number by number; counts stay whole, None stays None."""
    first = reports[0]
    if isinstance(first, dict):
        return {key: averaged([r[key] for r in reports]) for key in first}
    if isinstance(first, list):
        return [averaged(items) for items in zip(*reports, strict=True)]
    numbers = [r for r in reports if r is not None]
    if not numbers:
        return None
    mean = sum(numbers) / len(numbers)
    return round(mean) if isinstance(first, int) else _rounded(mean)


def _figures(
    classes: Sequence[str], probabilities: NDArray[np.float64], labels: NDArray[np.intp]
) -> dict[str, Any]:
    truth = np.eye(len(classes))[labels]
    areas = [auc(labels == k, probabilities[:, k]) for k in range(len(classes))]
    right = probabilities.argmax(axis=1) == labels
    return {
        "n": len(labels),
        "counts": {c: int((labels == k).sum()) for k, c in enumerate(classes)},
        "auc": {c: _rounded(a) for c, a in zip(classes, areas, strict=True)},
        "accuracy": _rounded(right.mean()),
        "recall": {c: _rounded(_mean(right[labels == k])) for k, c in enumerate(classes)},
        "brier": _rounded(((probabilities - truth) ** 2).sum(axis=1).mean() / 2),
        "ece": _rounded(expected_calibration_error(probabilities, labels)),
    }


def _mean(values: NDArray[Any]) -> float:
    return float(values.mean()) if len(values) else float("nan")


def _rounded(value: float) -> float | None:
    return None if np.isnan(value) else round(float(value), 4)
