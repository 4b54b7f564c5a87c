"""Fit, calibrate and cross-validate linear heads (needs scikit-learn: the extra `heads`).

Folds never split a group, so that no person is on both sides. Faces that lack some feature
group help to fit the parts they do have; calibration and every reported figure use complete
faces only, and a face's calibration is fitted on the other folds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from facewright.annotators.learn.calibration import Calibration, averaged, fit_calibration, report
from facewright.annotators.learn.linear import Features, Head
from facewright.errors import UsageError
from facewright.extras import not_installed

FOLDS, REPEATS = 8, 3
_SAME_PERSON = 0.4  # cosine distance of faceres embeddings; stricter than needed for identity
_FEWEST = 2  # faces a class needs


@dataclass(frozen=True, slots=True)
class Part:
    """One logistic regression of the sum that makes a head.

    features: groups it reads together. strength: scikit-learn's C. weight: in the sum of scores.
    """

    features: tuple[str, ...]
    strength: float = 0.003
    weight: float = 1.0


DEFAULT_PARTS = (Part(("tight", "wide")),)
"""What a user's head reads: the two views every label of the shipped heads was fitted on."""


@dataclass(frozen=True)
class Fitted:
    """A head with its cross-validation.

    head: fitted on all labelled faces. out_of_fold: (N, K) calibrated probabilities of each
    face by the folds that did not see it, NaN where unlabelled or incomplete.
    """

    head: Head
    out_of_fold: NDArray[np.float64]


def identity_groups(embeddings: NDArray[Any], distance: float = _SAME_PERSON) -> NDArray[np.intp]:
    """Cluster faces that may show the same person.

    Args:
        embeddings: (N, D), N >= 1, of the tight view.
        distance: average-linkage cosine distance at which clusters stay apart.

    Returns:
        (N,) cluster numbers.
    """
    cluster = scikit_learn().cluster.AgglomerativeClustering
    if len(embeddings) < 2:
        return np.zeros(len(embeddings), np.intp)
    rows = embeddings.astype(np.float64)
    rows /= np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
    distances = 1.0 - np.clip(rows @ rows.T, -1.0, 1.0)
    found: NDArray[np.intp] = cluster(
        n_clusters=None, metric="precomputed", linkage="average", distance_threshold=distance
    ).fit_predict(distances)
    return found


def fit_head(
    name: str,
    classes: Sequence[str],
    features: Features,
    labels: NDArray[np.intp],
    groups: NDArray[np.intp],
    *,
    parts: Sequence[Part] = DEFAULT_PARTS,
    folds: int = FOLDS,
    balanced: bool = False,
    subgroups: dict[str, NDArray[Any]] | None = None,
) -> Fitted:
    """Fit a head and measure it by grouped cross-validation.

    Args:
        name: of the head.
        classes: K >= 2 labels.
        features: groups (N, D) by name; a NaN row says that a face lacks the group.
        labels: (N,) index into `classes`, -1 where unknown.
        groups: (N,) faces with one number are never on both sides of a fold.
        parts: regressions whose scores are summed.
        folds: at most; fewer where the rarest class has fewer groups.
        balanced: see `fit_calibration`.
        subgroups: name to (N,) values, by which errors are broken down in the report.

    Raises:
        UsageError: scikit-learn or a feature is missing, or there are too few people.
    """
    used = tuple(dict.fromkeys(feature for part in parts for feature in part.features))
    if missing := [feature for feature in used if feature not in features]:
        raise UsageError(f"head '{name}': no feature is called {', '.join(missing)}")
    complete = np.all([~np.isnan(features[f][:, :1]).any(axis=1) for f in used], axis=0)
    known = (labels >= 0) & complete
    folds = _possible_folds(name, classes, labels, groups, folds)
    runs = [
        _cross_validate(
            used, classes, features, labels, groups, parts, known, folds, seed, balanced=balanced
        )
        for seed in range(REPEATS)
    ]
    calibration = fit_calibration(
        np.concatenate([scores[known] for scores, _ in runs]),
        np.tile(labels[known], len(runs)),
        balanced=balanced,
    )
    shown = np.where(known, labels, -1)
    measured = averaged([report(classes, shares, shown, subgroups or {}) for _, shares in runs])
    measured |= {"folds": folds, "repeats": len(runs), "fitted_on": int((labels >= 0).sum())}
    measured["groups"] = len(set(groups[labels >= 0].tolist()))
    head = _fit(used, classes, features, labels, np.flatnonzero(labels >= 0), parts, calibration)
    out_of_fold = np.mean([shares for _, shares in runs], axis=0)
    return Fitted(replace(head, name=name, report=measured), out_of_fold)


def fit_labels(name: str, labels: Sequence[str | None], features: Features) -> Fitted:
    """Fit a user's head: classes in alphabetical order, people told apart by their embeddings.

    Args:
        name: of the head.
        labels: of each of N faces; None or "" where unknown.
        features: at least `tight` and `wide` (N, 1024), without gaps.

    Raises:
        UsageError: as `fit_head`.
    """
    classes = sorted({label for label in labels if label})
    index = {label: k for k, label in enumerate(classes)}
    numbers = np.array([index[label] if label else -1 for label in labels], np.intp)
    return fit_head(name, classes, features, numbers, identity_groups(features["tight"]))


def _cross_validate(
    used: tuple[str, ...],
    classes: Sequence[str],
    features: Features,
    labels: NDArray[np.intp],
    groups: NDArray[np.intp],
    parts: Sequence[Part],
    known: NDArray[np.bool_],
    folds: int,
    seed: int,
    *,
    balanced: bool,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Scores and calibrated probabilities (N, K) of faces by folds that did not see them."""
    scores = np.full((len(labels), len(classes)), np.nan)
    fold_of = np.full(len(labels), -1)
    for number, (train, test) in enumerate(_folds(labels, groups, folds, seed)):
        head = _fit(used, classes, features, labels, train, parts)
        scores[test] = head.scores({name: features[name][test] for name in used})
        fold_of[test] = number
    probabilities = np.full_like(scores, np.nan)
    for number in range(folds):
        others, own = known & (fold_of != number), known & (fold_of == number)
        fitted = fit_calibration(scores[others], labels[others], balanced=balanced)
        probabilities[own] = fitted(scores[own])
    return scores, probabilities


def scikit_learn() -> Any:
    """Scikit-learn.

    Raises:
        UsageError: it is not installed.
    """
    try:
        import sklearn.cluster
        import sklearn.linear_model
        import sklearn.model_selection
    except ImportError as error:
        raise not_installed("scikit-learn, which fits heads,", "heads") from error
    return sklearn


def _possible_folds(
    name: str,
    classes: Sequence[str],
    labels: NDArray[np.intp],
    groups: NDArray[np.intp],
    folds: int,
) -> int:
    people = [len(set(groups[labels == k].tolist())) for k in range(len(classes))]
    if len(classes) < 2 or min(people) < _FEWEST:
        counts = ", ".join(f"{c}: {p}" for c, p in zip(classes, people, strict=True))
        raise UsageError(
            f"head '{name}': at least 2 classes with {_FEWEST} different people each are needed;"
            f" found {counts or 'none'}"
        )
    return min(folds, *people)


def _folds(
    labels: NDArray[np.intp], groups: NDArray[np.intp], folds: int, seed: int
) -> Iterator[tuple[NDArray[np.intp], NDArray[np.intp]]]:
    known = np.flatnonzero(labels >= 0)
    kind = scikit_learn().model_selection.StratifiedGroupKFold
    splitter = kind(folds, shuffle=True, random_state=seed)
    for train, test in splitter.split(known, labels[known], groups[known]):
        yield known[train], known[test]


def _fit(
    used: tuple[str, ...],
    classes: Sequence[str],
    features: Features,
    labels: NDArray[np.intp],
    rows: NDArray[np.intp],
    parts: Sequence[Part],
    calibration: Calibration | None = None,
) -> Head:
    widths = tuple(features[name].shape[1] for name in used)
    starts = dict(zip(used, np.cumsum((0, *widths[:-1])).tolist(), strict=True))
    coef = np.zeros((sum(widths), len(classes)))
    intercept = np.zeros(len(classes))
    for part in parts:
        weights, bias = _regress(part, features, labels, rows, len(classes))
        start = 0
        for name in part.features:
            width = features[name].shape[1]
            coef[starts[name] : starts[name] + width] += (
                part.weight * weights[start : start + width]
            )
            start += width
        intercept += part.weight * bias
    calibration = calibration or Calibration.identity(len(classes))
    return Head(
        name="",
        classes=tuple(classes),
        features=used,
        widths=widths,
        coef=coef.astype(np.float32),
        intercept=intercept.astype(np.float32),
        slope=calibration.slope,
        offset=calibration.offset.astype(np.float32),
    )


def _regress(
    part: Part, features: Features, labels: NDArray[np.intp], rows: NDArray[np.intp], count: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Weights (D, K) and biases (K,) over raw features of one standardised regression."""
    values = np.concatenate([features[f][rows] for f in part.features], axis=1).astype(np.float64)
    whole = ~np.isnan(values).any(axis=1)
    values, wanted = values[whole], labels[rows][whole]
    mean, scale = values.mean(axis=0), values.std(axis=0)
    scale[scale < 1e-9] = 1.0
    model = (
        scikit_learn()
        .linear_model.LogisticRegression(C=part.strength, class_weight="balanced", max_iter=1000)
        .fit((values - mean) / scale, wanted)
    )
    weights, bias = np.zeros((values.shape[1], count)), np.full(count, _ABSENT)
    if len(model.classes_) == 2:
        weights[:, model.classes_[1]] = model.coef_[0] / scale
        bias[model.classes_[0]] = 0.0
        bias[model.classes_[1]] = model.intercept_[0] - mean @ (model.coef_[0] / scale)
    else:
        weights[:, model.classes_] = (model.coef_ / scale).T
        bias[model.classes_] = model.intercept_ - (model.coef_ / scale) @ mean
    return weights, bias


_ABSENT = -5.0  # score of a class that no face of this fit shows
