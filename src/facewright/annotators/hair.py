"""Hair as seen: bald, hidden, colour, length, bangs."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from facewright.annotators.base import AnnotatorCard, Columns
from facewright.annotators.learn.fitted import HEADS_FILE, fitted_sha256, shipped_heads
from facewright.vision.cards import measured_figures
from facewright.vision.faces import FaceBatch
from facewright.vision.runtime import Runtime

COLOURS = ("brown", "blond", "black", "red", "gray")
LENGTHS = ("short", "medium", "long")

_FEATURES = ("tight", "wide", "crown", "big", "hair_pixels")
_BALD = 0.8  # Azure gives no colour from here on
_MOST = 0.99
_HALF = 0.5
_COLOURFUL = 20.0  # chroma from which a mean colour is no shade of brown or gray
_NATURAL_HUE = -0.1, 1.75  # radians: red to yellow
_CROWN_A, _CROWN_B = 12, 13  # columns of `hair_pixels`

Floats = NDArray[np.float32]


class Hair:
    """Azure's hair, with length and bangs.

    invisible: headwear hides it; then bald is 0 and the rest is null. bald >= .8: no colour,
    no length, no bangs. color: six entries, likeliest first. `other` has no training data: it
    rises with the crown's chroma where the hue is none that hair grows in.
    """

    @cached_property
    def card(self) -> AnnotatorCard:
        """What this annotator is."""
        return AnnotatorCard(
            id="hair",
            version="1",
            task="hair: bald, hidden, colour, length, bangs",
            models=("faceres", "selfie_mask"),
            sha256=fitted_sha256(HEADS_FILE),
            gives=(
                *(f"hair.{name}" for name in ("bald", "invisible", "color", "length", "bangs")),
                *(f"confidence.{name}" for name in ("bald", "hair_length", "bangs")),
                "null_reasons",
            ),
            needs=(
                *(f"_features.{name}" for name in _FEATURES),
                "_heads.bald",
                "_heads.headwear",
            ),
            measured=measured_figures().get("hair", ()),
            known_failures=(
                "Red hair: nine labelled faces; most are read as brown or blond.",
                "Dark brown and black are often taken for each other.",
                "Medium length is a narrow class between short and long and often missed.",
                "Missed headwear is described as if it were hair.",
            ),
        )

    def annotate(self, faces: FaceBatch, known: Mapping[str, Any], runtime: Runtime) -> Columns:  # noqa: ARG002 - all take the same
        """Estimate; see the class for the columns."""
        features = {name: known[f"_features.{name}"] for name in _FEATURES}
        heads = shipped_heads()
        hidden = known["_heads.headwear"] >= _HALF
        bald = np.where(hidden, 0.0, np.minimum(known["_heads.bald"], _MOST))
        shown = ~hidden & (np.round(bald, 2) < _BALD)
        length = heads["hair_length"].predict(features)
        bangs = heads["bangs"].probability(features, "yes")
        lengths = np.array(LENGTHS, object)[length.argmax(axis=1)]
        return {
            "hair.bald": bald,
            "hair.invisible": hidden.astype(object),
            "hair.color": _colours(hair_colours(features), shown),
            "hair.length": _where(shown, lengths),
            "hair.bangs": _where(shown, (bangs >= _HALF).astype(object)),
            "confidence.bald": _certainty(known["_heads.bald"], ~hidden),
            "confidence.hair_length": np.where(shown, length.max(axis=1), np.nan),
            "confidence.bangs": _certainty(bangs, shown),
            "null_reasons": [
                _reasons(hidden=h, shown=s) for h, s in zip(hidden, shown, strict=True)
            ],
        }


def hair_colours(features: Mapping[str, Any]) -> NDArray[np.float64]:
    """Shares (N, 6) of `COLOURS` and `other`."""
    natural = shipped_heads()["hair_colour"].predict(features).astype(np.float64)
    other = unnatural(features["hair_pixels"][:, [_CROWN_A, _CROWN_B]])[:, None]
    return np.concatenate([natural * (1 - other), other], axis=1)


def unnatural(colours: NDArray[np.floating]) -> NDArray[np.float64]:
    """Share (N,) of `other` from the crown's mean a*, b* (N, 2)."""
    chroma = np.hypot(colours[:, 0], colours[:, 1])
    hue = np.arctan2(colours[:, 1], colours[:, 0])
    odd = (hue < _NATURAL_HUE[0]) | (hue > _NATURAL_HUE[1])
    share = 1.0 / (1.0 + np.exp(np.clip((_COLOURFUL - chroma) / 3.0, -50.0, 50.0)))
    return np.where(odd, share, 0.0)


def _colours(
    shares: NDArray[np.float64], shown: NDArray[np.bool_]
) -> list[list[dict[str, Any]] | None]:
    names = (*COLOURS, "other")
    order = np.argsort(-shares, axis=1, kind="stable")
    return [
        [{"color": names[k], "confidence": round(float(row[k]), 2)} for k in ranks]
        if visible
        else None
        for row, ranks, visible in zip(shares, order, shown, strict=True)
    ]


def _where(shown: NDArray[np.bool_], values: NDArray[np.object_]) -> NDArray[np.object_]:
    out = values.copy()
    out[~shown] = None
    return out


def _certainty(probability: Floats, shown: NDArray[np.bool_]) -> NDArray[np.float64]:
    return np.where(shown, np.maximum(probability, 1 - probability), np.nan)


def _reasons(*, hidden: bool, shown: bool) -> dict[str, str]:
    if shown:
        return {}
    reason = "hidden by headwear" if hidden else "bald"
    return {f"hair.{name}": reason for name in ("color", "length", "bangs")}


HAIR = Hair()
