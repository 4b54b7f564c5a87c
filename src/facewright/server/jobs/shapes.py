"""Shapes of jobs: what people ask for, and what the API answers. Nothing in them is a path."""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from facewright.balance.target_file import FILES
from facewright.server.notes.shapes import MOST_FACES, FaceId, Line, SelectionAnswer

MOST_MADE: Final = 10_000
"""Pictures of one order."""
SIDES: Final = (64, 1024)
"""Pixels of their sides, the least and the most."""
_NAMED: Final = re.compile(r"dataset:[^/\\\0]{1,200}")
_OF_COMMANDS: Final = re.compile(r"\s*(?:like|uniform|census)\s*:", re.IGNORECASE)


def _sentence(text: str) -> str:
    """A target is said in words; files are for people at the machine itself."""
    if (
        "\0" in text
        or _OF_COMMANDS.match(text)
        or PurePath(text.rstrip(" .;\n")).suffix.lower() in FILES
        or PurePath(text).suffix.lower() in FILES
    ):
        raise ValueError("must be a sentence, as: equal over sex; 50 % adults, rest children")
    return text


def _target(text: str) -> str:
    return text if text in ("equal", "all") or _NAMED.fullmatch(text) else _sentence(text)


Sentence = Annotated[
    str, Field(min_length=1, max_length=2000, description="equal over sex; 50 % adults, ..."),
    AfterValidator(_sentence),
]  # fmt: skip
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
    strategy: Literal["subset", "resample", "rake", "uniform", "lpff-density", "eg3d-yaw"] = (
        "subset"
    )
    count: Annotated[int, Field(ge=1, le=MOST_FACES)] | None = None
    seed: Seed = 0
    of: Annotated[int | None, Field(description="passed over")] = None


class OrderAsked(_Asked):
    """Synthetic faces: how many of what kind."""

    generator: Annotated[str, Field(max_length=80, description="of /api/generators")] = ""
    count: Annotated[int, Field(ge=1, le=MOST_MADE)] | None = None
    persons: Annotated[int, Field(ge=1, le=MOST_MADE)] | None = None
    views: Annotated[int, Field(ge=1, le=100)] | None = None
    expressions: Annotated[int, Field(ge=1, le=8)] | None = None
    target: Annotated[
        Sentence | None, Field(description="how attributes are shared out, jointly and exactly")
    ] = None
    attributes: Annotated[dict[str, Any], Field(max_length=50)] = {}
    order: Annotated[
        list[dict[str, Any]],
        Field(max_length=1000, description="so many of each kind, as a balance says what lacks"),
    ] = []
    size: Annotated[int, Field(ge=SIDES[0], le=SIDES[1])] = 256
    seed: Seed | None = None
    quality: Literal["draft", "standard", "hq"] | None = None
    attempts: Annotated[int, Field(ge=1, le=10)] = 4


class GenerateAsked(OrderAsked):
    """Synthetic faces to order; a dataset that is served when it is made."""

    kind: Literal["generate"]


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
    dataset: Annotated[
        str | None, Field(description="of an order: where the faces are that it has made so far")
    ] = None
    result: Annotated[
        dict[str, Any] | None, Field(description="dataset or selection that was made, counts")
    ]
    created: str
    changed: str


class JobsAnswer(BaseModel):
    """All jobs, newest first."""

    jobs: list[JobAnswer]


class WantedAnswer(BaseModel):
    """An attribute that can be ordered."""

    name: str
    title: str
    kind: Annotated[str, Field(description="choice, number, or mix (shares that sum to 1)")]
    of_person: Annotated[bool, Field(description="of a person in every picture; else of one")]
    levels: list[dict[str, str]] | None = None
    low: float | None = None
    high: float | None = None
    unit: str | None = None
    whole: bool | None = None


class VocabularyAnswer(BaseModel):
    """What can be ordered."""

    attributes: list[WantedAnswer]
    exclusive: Annotated[list[list[str]], Field(description="of each pair an order names one")]
    sizes: Annotated[list[int], Field(description="least and largest side")]
    most: Annotated[int, Field(description="pictures of one order")]


class GeneratorAnswer(BaseModel):
    """Who makes synthetic faces."""

    name: str
    title: str
    summary: str
    quality: Annotated[str, Field(description="where nothing is said")]
    qualities: list[str]
    refuses: Annotated[list[str], Field(description="attributes that it cannot make")]
    same_person: Annotated[bool, Field(description="whether it can show one person again")]


class GeneratorsAnswer(BaseModel):
    """Generators that this server is set up with."""

    generators: list[GeneratorAnswer]


class PlanAnswer(BaseModel):
    """What an order comes to, of the attributes that it names."""

    pictures: int
    people: int
    shares: Annotated[dict[str, dict[str, float]], Field(description="by attribute and level")]
    numbers: Annotated[dict[str, dict[str, float]], Field(description="low, high and mean")]


class OrdersAnswer(BaseModel):
    """All that the page of orders shows."""

    vocabulary: VocabularyAnswer
    generators: list[GeneratorAnswer]
    jobs: list[JobAnswer]


class BasketAnswer(BaseModel):
    """All that the page of the basket shows."""

    selections: list[SelectionAnswer]
    jobs: list[JobAnswer]
