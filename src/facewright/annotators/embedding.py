"""Embedding: faceres on four views of the face; everything fitted linearly reads from here."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import numpy as np

from facewright.annotators.base import AnnotatorCard, Columns
from facewright.vision.cards import measured_figures
from facewright.vision.faces import FaceBatch, View
from facewright.vision.runtime import Runtime

VIEWS: dict[str, View] = {
    "tight": View(1.1, 224),
    "wide": View(1.75, 224, 0.08),
    "crown": View(1.4, 224, 0.35),
    "big": View(2.4, 224),
}
"""Cut-outs by the name of their feature group."""


class Embedding:
    """Runs faceres on every view.

    `embedding` is the tight view's pooled features, float16 (N, 1024); compare by cosine.
    Signals: `_features.<view>` float32 (N, 1024); `_faceres.age` (N, 4) mean age in years and
    `_faceres.male` (N, 4) P(male) a view, in the order of `VIEWS`.
    """

    views = tuple(VIEWS.values())

    @cached_property
    def card(self) -> AnnotatorCard:
        """What this annotator is."""
        return AnnotatorCard(
            id="embedding",
            version="1",
            task="1024-d appearance embedding, and the features that heads are fitted on",
            models=("faceres",),
            gives=(
                "embedding",
                *(f"_features.{name}" for name in VIEWS),
                "_faceres.age",
                "_faceres.male",
            ),
            measured=measured_figures().get("embedding", ()),
            known_failures=(
                "Trained for recognition on VGGFace2: celebrities, mostly white, mostly adult.",
                "Not verified as an identity measure; relatives and look-alikes are close.",
            ),
        )

    def annotate(self, faces: FaceBatch, known: Mapping[str, Any], runtime: Runtime) -> Columns:  # noqa: ARG002 - all take the same
        """Run the four views; see the class for the columns."""
        columns: Columns = {}
        ages, males = [], []
        for name, view in VIEWS.items():
            male, age, features = runtime.infer("faceres", faces.view(view))
            columns[f"_features.{name}"] = features
            ages.append(age @ np.arange(age.shape[1], dtype=np.float32))
            males.append(male)
        columns["_faceres.age"] = np.stack(ages, axis=1)
        columns["_faceres.male"] = np.stack(males, axis=1)
        columns["embedding"] = columns["_features.tight"].astype(np.float16)
        return columns


EMBEDDING = Embedding()
