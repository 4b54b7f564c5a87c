"""Fit the constants of the pixel annotators and predict out of fold with the same recipes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import nnls
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.model_selection import KFold, StratifiedKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from facewright.annotators.eyes import LEAST_RADIUS, irises
from facewright.annotators.learn.pixel_parameters import Classes, Linear, Parameters
from facewright.annotators.makeup import lid_darkness, lip_redness
from facewright.annotators.photometry import measure_light
from facewright.annotators.pixels.regions import face_pixels
from facewright.annotators.pixels.robust import logit
from facewright.annotators.skin import cheek_colour, eye_white
from pixels.degrade import damaged, exposed
from pixels.sets import LabelledSet, chosen

Floats = NDArray[np.float64]

STOPS = (-4.0, -3.0, -2.0, -1.0, 0.0, 0.5, 1.0, 2.0)
_EVERY = 3  # of the portraits, to fit exposure
_DARKEST = 0.005


def fit_all(sets: list[LabelledSet]) -> Parameters:
    """Every constant of `weights/pixels.json`, from all labelled faces."""
    light = exposure(sets)
    skin_task = monk_task(sets)
    line, places = monk(skin_task)
    return Parameters(
        exposure=light,
        monk=line,
        monk_close=monk_close(skin_task, places)[0],
        lip_makeup=makeup(makeup_task(sets, "lipstick"), "lip redness")[0],
        eye_makeup=makeup(makeup_task(sets, "eye_makeup"), "lid darkness")[0],
        eye_color=eye_color(eye_color_task(sets))[0],
    )


@dataclass
class Task:
    """Features (M, F) and answers (M,) of the faces that can be used, and where they stand."""

    features: Floats
    answers: NDArray[Any]
    where: NDArray[np.intp]


def exposure(sets: list[LabelledSet]) -> Linear:
    """Stops off normal from highlights and clipping, both weights held at or above 0."""
    features, stops = [], []
    for each in sets:
        some = chosen(each.faces, np.arange(0, len(each.faces), _EVERY))
        for shift in STOPS:
            light = measure_light(damaged(some, exposed(shift)))
            features.append(np.stack([np.log2(light.highlight + _DARKEST), light.clipped], 1))
            stops.append(np.full(len(some), shift))
    x, y = np.concatenate(features), np.concatenate(stops)
    ones = np.ones(len(x))
    weights, _ = nnls(np.column_stack([x, ones, -ones]), y)
    intercept = float(weights[2] - weights[3])
    return _linear(("log2 highlight", "clipped"), weights[:2], intercept)


def monk_task(sets: list[LabelledSet]) -> Task:
    """Cheek L*a*b* against the judged Monk step."""
    colours = np.concatenate([cheek_colour(face_pixels(s.faces)) for s in sets])
    grey = np.concatenate([face_pixels(s.faces).grey for s in sets])
    steps = np.concatenate([s.column("skin_monk") for s in sets])
    usable = (steps != "") & ~grey & np.isfinite(colours[:, 0])
    where = np.flatnonzero(usable)
    return Task(colours[where], steps[where].astype(float), where)


def _balance(answers: NDArray[Any]) -> Floats:
    """Weights that keep the rare dark steps from being pulled to the mean."""
    steps, inverse, counts = np.unique(answers, return_inverse=True, return_counts=True)
    return (1.0 / np.sqrt(counts / len(steps)))[inverse]


def monk(task: Task) -> tuple[Linear, Floats]:
    """The line from cheek colour to the Monk scale, and out-of-fold places (M,)."""
    model, weights = Ridge(1.0), _balance(task.answers)
    places = np.empty(len(task.answers))
    for train, test in KFold(8, shuffle=True, random_state=0).split(task.features):
        model.fit(task.features[train], task.answers[train], sample_weight=weights[train])
        places[test] = model.predict(task.features[test])
    model.fit(task.features, task.answers, sample_weight=weights)
    line = _linear(("L*", "a*", "b*"), model.coef_, float(model.intercept_))
    return line, np.clip(places, 1, 10)


def monk_close(task: Task, places: Floats) -> tuple[Linear, Floats]:
    """Logit of an error of one step at most, from the place itself; out-of-fold (M,) too.

    Unevenness of the two cheeks and exposure were tried and tell nothing.
    """
    features = np.stack([places, places**2], axis=1)
    close = np.abs(np.rint(places) - task.answers) <= 1
    return _logistic(("place", "place squared"), features, close, strength=1.0)


def makeup_task(sets: list[LabelledSet], label: str) -> Task:
    """A head's out-of-fold logit and a measure of the pixels against a makeup label."""
    measure = {"lipstick": lip_redness, "eye_makeup": lid_darkness}[label]
    pixels = np.concatenate([measure(face_pixels(s.faces)) for s in sets])
    heads = logit(np.concatenate([s.heads[label] for s in sets]))
    answers = np.concatenate([s.column(label) for s in sets])
    where = np.flatnonzero((answers != "") & np.isfinite(pixels))
    return Task(np.stack([heads, pixels], axis=1)[where], answers[where] == "1", where)


def makeup(task: Task, measure: str) -> tuple[Linear, Floats]:
    """Calibrated combination of head and pixels, and out-of-fold probabilities (M,)."""
    return _logistic(("head logit", measure), task.features, task.answers, strength=10.0)


def eye_color_task(sets: list[LabelledSet]) -> Task:
    """Iris and eye-white L*a*b* against judged eye colour, of irises large enough."""
    rows, sizes = [], []
    for each in sets:
        found = irises(each.faces)
        colour = found.colour(np.ones(found.radius.shape, bool))
        rows.append(np.concatenate([colour, eye_white(face_pixels(each.faces))], axis=1))
        sizes.append(found.radius.mean(axis=1))
    features, radius = np.concatenate(rows), np.concatenate(sizes)
    answers = np.concatenate([s.eye_color for s in sets])
    usable = (answers != "") & np.isfinite(features).all(axis=1) & (radius >= LEAST_RADIUS)
    where = np.flatnonzero(usable)
    return Task(features[where], answers[where], where)


def eye_color(task: Task) -> tuple[Classes, Floats]:
    """Multinomial logistic regression; out-of-fold probabilities (M, classes)."""
    model = make_pipeline(StandardScaler(), LogisticRegression(C=1.0, max_iter=5000))
    folds = StratifiedKFold(7, shuffle=True, random_state=0)
    probabilities = cross_val_predict(
        model, task.features, task.answers, cv=folds, method="predict_proba"
    )
    model.fit(task.features, task.answers)
    scaler, head = model[0], model[1]
    coefficients = head.coef_ / scaler.scale_
    intercepts = head.intercept_ - coefficients @ scaler.mean_
    classes = Classes(
        features=("iris L*", "iris a*", "iris b*", "white L*", "white a*", "white b*"),
        classes=tuple(str(c) for c in head.classes_),
        coefficients=tuple(tuple(round(float(v), 5) for v in row) for row in coefficients),
        intercepts=tuple(round(float(v), 5) for v in intercepts),
    )
    return classes, probabilities


def _logistic(
    names: tuple[str, ...], features: Floats, truth: NDArray[Any], strength: float
) -> tuple[Linear, Floats]:
    model = LogisticRegression(C=strength, max_iter=2000)
    folds = StratifiedKFold(8, shuffle=True, random_state=1)
    probability = cross_val_predict(model, features, truth, cv=folds, method="predict_proba")
    model.fit(features, truth)
    return _linear(names, model.coef_[0], float(model.intercept_[0])), probability[:, 1]


def _linear(names: tuple[str, ...], weights: NDArray[Any], intercept: float) -> Linear:
    return Linear(
        features=names,
        coefficients=tuple(round(float(w), 5) for w in weights),
        intercept=round(intercept, 5),
    )
