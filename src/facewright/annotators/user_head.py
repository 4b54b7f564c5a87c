"""UserHead: a head that a user fitted, as an annotator that recipes can name by its file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow as pa

from facewright.annotators.base import AnnotatorCard, Columns
from facewright.annotators.learn.linear import Head, load_heads
from facewright.errors import UsageError
from facewright.record import Record
from facewright.vision.cards import Measured
from facewright.vision.faces import FaceBatch
from facewright.vision.runtime import Runtime

_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")
_SCRIPT = "facewright heads fit"


class UserHead:
    """Gives one top-level column, named after the head: struct {label, confidence}.

    Args:
        head: to run.

    Raises:
        UsageError: its name is no lower-case identifier, or is a field of the Record.
    """

    def __init__(self, head: Head) -> None:
        check_name(head.name)
        self.head = head

    @classmethod
    def load(cls, path: str | Path) -> UserHead:
        """Read a file that `facewright heads fit` wrote.

        Raises:
            UsageError: the file is missing, damaged, or holds not exactly one head.
        """
        heads = load_heads(Path(path))
        if len(heads) != 1:
            raise UsageError(f"{path}: holds {len(heads)} heads; an annotator is exactly one")
        return cls(heads[0])

    @cached_property
    def card(self) -> AnnotatorCard:
        """Card made from the head and its cross-validation."""
        return AnnotatorCard(
            id=self.head.name,
            version=self.head.sha256[:12],
            task=f"{self.head.name}: {', '.join(self.head.classes)}",
            models=("faceres",),
            sha256=self.head.sha256,
            licence="the user's",
            gives=(self.head.name,),
            needs=tuple(f"_features.{name}" for name in self.head.features),
            measured=tuple(_measures(self.head)),
            known_failures=("Fitted by a user; see its report for what it was measured on.",),
        )

    @property
    def extra_fields(self) -> tuple[pa.Field, ...]:
        """The Arrow field of the column that is added to the Record."""
        kind = pa.struct([("label", pa.string()), ("confidence", pa.float32())])
        return (pa.field(self.head.name, kind),)

    def annotate(self, faces: FaceBatch, known: Mapping[str, Any], runtime: Runtime) -> Columns:  # noqa: ARG002 - all take the same
        """Likeliest label and its calibrated probability, a face."""
        features = {name: known[f"_features.{name}"] for name in self.head.features}
        shares = self.head.predict(features)
        labels = shares.argmax(axis=1).tolist()
        sure = shares.max(axis=1).round(3).tolist()
        rows = [
            {"label": self.head.classes[k], "confidence": confidence}
            for k, confidence in zip(labels, sure, strict=True)
        ]
        return {self.head.name: rows}


def check_name(name: str) -> None:
    """Check that a column may be called so.

    Raises:
        UsageError: it is no lower-case identifier, or is a field of the Record.
    """
    if not _NAME.fullmatch(name):
        raise UsageError(f"head name '{name}': use lower-case letters, digits and _")
    if name in Record.model_fields:
        raise UsageError(f"head name '{name}' is a field of every record already; choose another")


def _measures(head: Head) -> list[Measured]:
    found = [("accuracy, grouped cross-validation", head.report.get("accuracy"))]
    found += [(f"AUC {name}", value) for name, value in head.report.get("auc", {}).items()]
    found += [("expected calibration error", head.report.get("ece"))]
    return [
        Measured(figure=f, value=v, on="the user's labels", n=head.report.get("n"), script=_SCRIPT)
        for f, v in found
        if v is not None
    ]
