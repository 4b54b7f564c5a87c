"""Shapes of jobs: what people ask for, and what the API answers. Nothing in them is a path."""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from facewright.server.notes.shapes import MOST_FACES, FaceId, Line

MOST_MADE: Final = 10_000
"""Pictures of one order."""
_FILES: Final = (".toml", ".csv", ".tsv")
_NAMED: Final = re.compile(r"dataset:[^/\\\0]{1,200}")


def _target(text: str) -> str:
    """A target is said in words; files are for people at the machine itself."""
    if text in ("equal", "all") or _NAMED.fullmatch(text):
        return text
    if re.search(r"[:/\\\0]", text) or PurePath(text).suffix.lower() in _FILES:
        raise ValueError("must be equal, all, dataset:NAME, or a sentence")
    return text


Target = Annotated[
    str, Field(min_length=1, max_length=2000, description="equal, all, dataset:NAME or a sentence"),
    AfterValidator(_target),
]  # fmt: skip
Name = Annotated[Line, Field(max_length=120, description="for people")]
Names = Annotated[list[Annotated[str, Field(min_length=1, max_length=200)]], Field(max_length=8)]
Seed = Annotated[int, Field(ge=0, lt=2**53)]


class _Asked(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: Name = ""


class _OfFaces(_Asked):
    """Faces by a kept selection, by id, or all of a filter; all faces where nothing is said."""

    selection: Annotated[str, Field(max_length=80)] | None = None
    face_ids: Annotated[list[FaceId], Field(max_length=MOST_FACES)] | None = None
    filter: Annotated[str, Field(max_length=8000)] | None = None


class ExportAsked(_OfFaces):
    """Faces in a published layout; one folder a dataset, in one zip."""

    kind: Literal["export"]
    layout: Annotated[str, Field(max_length=80, description="of /api/layouts")]
    crop: Annotated[str, Field(max_length=80)] | None = None
    size: Annotated[int, Field(ge=16, le=4096)] | None = None
    resample: Literal["lanczos", "box"] = "lanczos"
    labels: Annotated[list[Annotated[str, Field(max_length=200)]], Field(max_length=50)] = []
    mirror: bool = False
    mixed: Literal["convert", "skip"] = "convert"


class BalanceAsked(_OfFaces):
    """A selection of faces that are distributed as wanted."""

    kind: Literal["balance"]
    by: Names = []
    target: Target = "equal"
    strategy: Literal["subset", "resample", "rake", "lpff-density", "eg3d-yaw"] = "subset"
    count: Annotated[int, Field(ge=1, le=MOST_FACES)] | None = None
    seed: Seed = 0
    of: Annotated[int | None, Field(description="passed over")] = None


class GenerateAsked(_Asked):
    """Synthetic faces to order; a dataset that is served when it is made."""

    kind: Literal["generate"]
    generator: Annotated[str, Field(max_length=80, description="of /api/generators")] = ""
    count: Annotated[int, Field(ge=1, le=MOST_MADE)] | None = None
    persons: Annotated[int, Field(ge=1, le=MOST_MADE)] | None = None
    views: Annotated[int, Field(ge=1, le=100)] | None = None
    expressions: Annotated[int, Field(ge=1, le=8)] | None = None
    attributes: Annotated[dict[str, Any], Field(max_length=50)] = {}
    order: Annotated[
        list[dict[str, Any]],
        Field(max_length=1000, description="so many of each kind, as a balance says what lacks"),
    ] = []
    size: Annotated[int, Field(ge=64, le=1024)] = 256
    seed: Seed | None = None
    quality: Literal["draft", "standard", "hq"] | None = None
    attempts: Annotated[int, Field(ge=1, le=10)] = 4


class ReportAsked(_OfFaces):
    """The report of `facewright analyse` over some faces, datasets side by side."""

    kind: Literal["report"]
    by: Names = []
    target: Target = "equal"


JobAsked = Annotated[
    ExportAsked | BalanceAsked | GenerateAsked | ReportAsked, Field(discriminator="kind")
]

State = Literal["queued", "running", "done", "failed", "cancelled", "interrupted"]
OVER: Final = frozenset(("done", "failed", "cancelled", "interrupted"))


class JobStarted(BaseModel):
    """A job was accepted, and is kept."""

    id: str


class JobAnswer(BaseModel):
    """A job as it is now."""

    id: str
    kind: str
    title: str
    state: State
    progress: Annotated[float, Field(ge=0, le=1)]
    message: str
    result: Annotated[
        dict[str, Any] | None, Field(description="dataset or selection that was made, counts")
    ]
    created: str
    changed: str


class JobsAnswer(BaseModel):
    """All jobs, newest first."""

    jobs: list[JobAnswer]
