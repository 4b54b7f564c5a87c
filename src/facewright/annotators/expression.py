"""Expression: Azure's eight emotions from two networks, blendshapes and a fitted smile."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from facewright.annotators.base import AnnotatorCard, Columns
from facewright.annotators.learn.fitted import HEADS_FILE, fitted_sha256, shipped_heads
from facewright.record import BLENDSHAPE_NAMES, EMOTIONS
from facewright.vision.cards import measured_figures
from facewright.vision.faces import FaceBatch, View
from facewright.vision.runtime import Runtime

_OARRIAGA = ("anger", "disgust", "fear", "happiness", "sadness", "surprise", "neutral")
_FACEAPI = ("neutral", "happiness", "sadness", "anger", "fear", "disgust", "surprise")
_OARRIAGA_VIEW, _FACEAPI_VIEW = View(1.2, 64), View(1.2, 112)
_SMILE_SHAPES, _SCORN_SHAPES = ("mouthSmile", "mouthUpperUp"), ("mouthSmile", "mouthDimple")

# One-sided smile or dimple at which contempt is as likely as not, and how sharply.
_CONTEMPT_AT, _CONTEMPT_WIDTH = 0.5, 0.06

Floats = NDArray[np.floating[Any]]


class Expression:
    """emotion.*: a distribution, three decimals, summing to 1; smile = emotion.happiness.

    Happiness is a head fitted on both networks and the mouth's blendshapes, which mends the
    networks' habit of reading neutral faces as happy, more often of women and of black people.
    What the networks call happiness and the head does not goes to neutral.
    Signal `_features.smile` (N, 5).
    """

    views = (_OARRIAGA_VIEW, _FACEAPI_VIEW)

    @cached_property
    def card(self) -> AnnotatorCard:
        """What this annotator is."""
        return AnnotatorCard(
            id="expression",
            version="1",
            task="apparent expression and smile",
            models=("expression_oarriaga", "expression_faceapi"),
            sha256=fitted_sha256(HEADS_FILE),
            gives=(
                *(f"emotion.{name}" for name in EMOTIONS),
                "smile",
                "confidence.smile",
                "_features.smile",
            ),
            needs=("_features.blendshapes",),
            measured=measured_figures().get("expression", ()),
            known_failures=(
                "Only happiness and neutral were measured on more than a few faces.",
                "Fear, disgust, anger and sadness are not reliable.",
                "Contempt is nothing but a one-sided smile or dimple.",
                "Speech and grimaces read as emotions.",
            ),
        )

    def annotate(self, faces: FaceBatch, known: Mapping[str, Any], runtime: Runtime) -> Columns:
        """Estimate; see the class for the columns."""
        shapes = known["_features.blendshapes"]
        first, second = networks(faces, runtime)
        features = smile_features(first, second, shapes)
        happy = shipped_heads()["happy"].probability({"smile": features}, "yes")
        emotions = rounded_shares(distribution((first + second) / 2, happy, contempt(shapes)))
        columns: Columns = {f"emotion.{n}": emotions[:, i] for i, n in enumerate(EMOTIONS)}
        columns["smile"] = columns["emotion.happiness"]
        columns["confidence.smile"] = np.maximum(happy, 1 - happy)
        columns["_features.smile"] = features
        return columns


def networks(faces: FaceBatch, runtime: Runtime) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """What the two networks say: each (N, 8), in `EMOTIONS`' order, contempt 0."""
    first = runtime.infer("expression_oarriaga", faces.view(_OARRIAGA_VIEW))[0]
    second = runtime.infer("expression_faceapi", faces.view(_FACEAPI_VIEW))[0]
    return _ordered(first, _OARRIAGA), _ordered(second, _FACEAPI)


def _ordered(output: NDArray[np.float32], names: tuple[str, ...]) -> NDArray[np.float32]:
    """A network's classes (N, 7) in Azure's order (N, 8)."""
    out = np.zeros((len(output), len(EMOTIONS)), np.float32)
    out[:, [EMOTIONS.index(name) for name in names]] = output
    return out


def smile_features(first: Floats, second: Floats, shapes: Floats) -> NDArray[np.float32]:
    """Features (N, 5) of the head `happy`.

    Args:
        first: (N, 8) distribution of one network, in `EMOTIONS`' order.
        second: (N, 8) of the other.
        shapes: (N, 52) blendshapes.
    """
    happy, neutral = EMOTIONS.index("happiness"), EMOTIONS.index("neutral")
    nets = [first[:, happy], second[:, happy], (first[:, neutral] + second[:, neutral]) / 2]
    pairs = [shapes[:, _pair(name)].mean(axis=1) for name in _SMILE_SHAPES]
    return np.stack([*nets, *pairs], axis=1).astype(np.float32)


def contempt(shapes: Floats) -> NDArray[np.float32]:
    """Share of contempt (N,) from the mouth's left-right asymmetry."""
    differences = [np.abs(np.diff(shapes[:, _pair(n)], axis=1))[:, 0] for n in _SCORN_SHAPES]
    asymmetry = np.max(differences, axis=0)
    share = 1.0 / (1.0 + np.exp((_CONTEMPT_AT - asymmetry) / _CONTEMPT_WIDTH))
    return np.asarray(share, np.float32)


def distribution(nets: Floats, happy: Floats, scorn: Floats) -> NDArray[np.float64]:
    """Put the networks' mean (N, 8), P(happy) and contempt (N,) together to shares (N, 8)."""
    i, j = EMOTIONS.index("happiness"), EMOTIONS.index("neutral")
    rest = nets.astype(np.float64)
    rest[:, j] += rest[:, i]
    rest[:, i] = 0.0
    rest *= ((1 - scorn) / np.maximum(rest.sum(axis=1), 1e-9))[:, None]
    rest[:, EMOTIONS.index("contempt")] += scorn
    shares = rest * (1 - happy)[:, None]
    shares[:, i] = happy
    return shares


def rounded_shares(shares: NDArray[np.float64], decimals: int = 3) -> NDArray[np.float64]:
    """Shares (N, K) rounded so that they still sum to 1: what is left over joins the largest."""
    rounded = np.round(shares, decimals)
    rows = np.arange(len(shares))
    largest = shares.argmax(axis=1)
    rounded[rows, largest] += 1.0 - rounded.sum(axis=1)
    return np.round(rounded, decimals)


def _pair(name: str) -> list[int]:
    return [BLENDSHAPE_NAMES.index(f"{name}{side}") for side in ("Left", "Right")]


EXPRESSION = Expression()
