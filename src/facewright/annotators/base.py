"""Annotator: takes a batch of faces, gives columns of the Record; its card says what it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol, runtime_checkable

from pydantic import BaseModel, ConfigDict

from facewright.vision.cards import Measured
from facewright.vision.faces import FaceBatch
from facewright.vision.runtime import Runtime

Columns = dict[str, Any]
"""Dotted leaf name of the Record ("head_pose.yaw") to one value a face.

Numbers are float arrays with NaN for unknown; strings and booleans are object arrays or lists
with None for unknown; lists of structs are lists. A name that starts with "_" is a signal
between annotators ("_features.wide") and is not written. "null_reasons" holds a dict a face.
"""


class AnnotatorCard(BaseModel):
    """What an annotator is, what it was measured to do and on whom it fails.

    id: unique name, as recipes write it. version: changes when its values may change.
    models: ids of the shipped models it runs. sha256: of its own fitted parameters, if any.
    gives: leaf names (or signals) it fills. needs: those it reads from other annotators.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    version: str
    task: str
    models: tuple[str, ...] = ()
    sha256: str | None = None
    licence: str = "Apache-2.0"
    gives: tuple[str, ...]
    needs: tuple[str, ...] = ()
    measured: tuple[Measured, ...] = ()
    known_failures: tuple[str, ...] = ()


@runtime_checkable
class Annotator(Protocol):
    """Gives columns of the Record for a batch of faces.

    One that looks at cut-outs may name them in an attribute `views`, a tuple of
    `facewright.vision.faces.View`: views that are known beforehand are cut in half the time.
    """

    @property
    def card(self) -> AnnotatorCard:
        """What this annotator is."""
        ...

    def annotate(self, faces: FaceBatch, known: Mapping[str, Any], runtime: Runtime) -> Columns:
        """Estimate.

        Args:
            faces: N faces, their pixels, meshes and cut-outs.
            known: what other annotators gave so far, at least `card.needs`.
            runtime: where models run.

        Returns:
            The columns named in `card.gives`, each with N values.
        """
        ...
