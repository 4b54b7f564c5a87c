"""Task: a job as its process is given it. Made by the server alone; its paths are the server's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from facewright.server.notes.audit import Said

RESULT = "result"
"""Folder of a job, below its own, that can be downloaded."""


class FaceSet(BaseModel):
    """Faces of one dataset.

    root: the dataset. name: as the server shows it. file: JSON with `own`, ids in the dataset,
    and `public`, those that the server shows. labels: by hand, those that hold.
    """

    model_config = ConfigDict(frozen=True)

    root: Path
    name: str
    file: Path
    labels: tuple[Said, ...] = ()


class Task(BaseModel):
    """All that a job's process needs.

    folder: the job's own. sets: the faces. served: roots of all served datasets by name.
    asked: what was asked for, checked. options: of the server's, not the visitor's.
    """

    model_config = ConfigDict(frozen=True)

    kind: str
    folder: Path
    sets: tuple[FaceSet, ...] = ()
    served: dict[str, Path] = Field(default_factory=dict)
    asked: dict[str, Any]
    options: dict[str, Any] = Field(default_factory=dict)

    @property
    def result(self) -> Path:
        """What can be downloaded lies here."""
        return self.folder / RESULT
