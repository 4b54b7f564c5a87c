"""Heads: what is worn, what grows and what a face looks like, by the shipped linear heads."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from facewright.annotators.base import AnnotatorCard, Columns
from facewright.annotators.learn.fitted import HEADS_FILE, curves, fitted_sha256, shipped_heads
from facewright.annotators.learn.linear import Features
from facewright.annotators.pixels.covered import dark_lenses
from facewright.annotators.pixels.glasses import glasses_kinds, lid_brightness
from facewright.annotators.pixels.regions import face_pixels
from facewright.vision.cards import measured_figures
from facewright.vision.faces import FaceBatch
from facewright.vision.runtime import Runtime

SIGNALS = ("glasses", "headwear", "bald", "lipstick", "eye_makeup")
"""Heads whose probability other annotators read as `_heads.<name>`."""

ETHNICITIES = ("white", "black", "east_asian", "south_asian")
FACIAL_HAIR = ("moustache", "beard", "sideburns")

_FEATURES = ("tight", "wide", "crown", "hair_pixels", "crown_colour")
_FULL, _STUBBLE = 0.9, {"moustache": 0.2, "beard": 0.3, "sideburns": 0.1}

Floats = NDArray[np.float32]


class Heads:
    """Glasses, facial hair, headwear, apparent ethnicity.

    facial_hair.*: .9 x P(full) + a little x P(stubble alone), in steps of .1; its confidence is
    the probability that present (>= .5) or absent is right. `_heads.*`: (N,) probabilities.
    """

    @cached_property
    def card(self) -> AnnotatorCard:
        """What this annotator is."""
        return AnnotatorCard(
            id="heads",
            version="1",
            task="glasses, facial hair, headwear, apparent ethnicity",
            models=("faceres",),
            sha256=fitted_sha256(HEADS_FILE),
            gives=(
                "glasses",
                *(f"facial_hair.{name}" for name in FACIAL_HAIR),
                "accessories",
                *(f"ethnicity.{name}" for name in ETHNICITIES),
                "apparent_ethnicity",
                *(f"confidence.{n}" for n in ("glasses", *FACIAL_HAIR, "headwear", "ethnicity")),
                *(f"_heads.{name}" for name in SIGNALS),
            ),
            needs=tuple(f"_features.{name}" for name in _FEATURES),
            measured=measured_figures().get("heads", ()),
            known_failures=(
                "SwimmingGoggles and masks are never given: no such face was at hand.",
                "Sunglasses: cuts on brightness about the eyes, tried on painted lenses only.",
                "Reading glasses in hard light from above may pass for sunglasses.",
                "Headwear like hair is missed: dark beanies, black scarves, flower crowns.",
                "Headwear was learned from 20 faces, glasses from 26.",
                "Light stubble and grey beards read low.",
                "Apparent ethnicity: four looks only, 18 south Asian faces; half are misread.",
                "People of mixed or other origin get some mixture of the four, often confidently.",
            ),
        )

    def annotate(self, faces: FaceBatch, known: Mapping[str, Any], runtime: Runtime) -> Columns:  # noqa: ARG002 - all take the same
        """Estimate; see the class for the columns."""
        features = {name: known[f"_features.{name}"] for name in _FEATURES}
        signals = {name: present(name, features) for name in SIGNALS}
        pixels = face_pixels(faces)
        # The head saw no sunglasses in training: opaque lenses over both eyes are glasses.
        signals["glasses"] = np.maximum(signals["glasses"], dark_lenses(pixels)).astype(np.float32)
        kinds, sure = glasses_kinds(signals["glasses"], lid_brightness(pixels))
        columns: Columns = {f"_heads.{name}": values for name, values in signals.items()}
        columns["glasses"], columns["confidence.glasses"] = kinds, sure
        columns["confidence.headwear"] = _certainty(signals["headwear"])
        columns["accessories"] = _accessories(signals["glasses"], signals["headwear"])
        return columns | _facial_hair(features) | _ethnicity(features)


def present(name: str, features: Features) -> Floats:
    """Calibrated probability (N,) of a shipped yes-or-no head."""
    return shipped_heads()[name].probability(features, "yes")


def _certainty(probability: Floats) -> Floats:
    return np.maximum(probability, 1 - probability)


def _facial_hair(features: Features) -> Columns:
    stubble = present("stubble", features)
    columns: Columns = {}
    for name in FACIAL_HAIR:
        full = present(name, features)
        level = _FULL * full + _STUBBLE[name] * stubble * (1 - full)
        columns[f"facial_hair.{name}"] = np.round(level.astype(np.float64), 1)
        columns[f"confidence.{name}"] = _certainty(full)
    return columns


def _accessories(glasses: Floats, headwear: Floats) -> list[list[dict[str, Any]]]:
    """Azure's list of each face, from P(glasses) and P(headwear) (N,)."""
    worn = zip(glasses.tolist(), headwear.tolist(), strict=True)
    return [
        [
            {"type": kind, "confidence": round(share, 2)}
            for kind, share in (("glasses", first), ("headwear", second))
            if share >= 0.5
        ]
        for first, second in worn
    ]


def _ethnicity(features: Features) -> Columns:
    shares = shipped_heads()["ethnicity"].predict(features)
    likeliest, sure = shares.argmax(axis=1), shares.max(axis=1)
    names = np.array(ETHNICITIES, object)[likeliest]
    names[sure < curves()["ethnicity"]["threshold"]] = "unknown"
    columns: Columns = {f"ethnicity.{n}": shares[:, i] for i, n in enumerate(ETHNICITIES)}
    return columns | {"apparent_ethnicity": names, "confidence.ethnicity": sure}


HEADS = Heads()
