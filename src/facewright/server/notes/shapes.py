"""Shapes of notes: what people send, and what the API answers."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

MOST_FACES: Final = 1_000_000


def _one_line(text: str) -> str:
    """No control characters: notes are written into files of lines."""
    if not text.isprintable():
        raise ValueError("must be one line of printable characters")
    return text.strip()


Line = Annotated[str, AfterValidator(_one_line)]
Who = Annotated[Line, Field(max_length=80, description="who says so; the token's name without it")]
FaceId = Annotated[str, Field(min_length=1, max_length=512)]


class _Sent(BaseModel):
    model_config = ConfigDict(extra="forbid")


class FlagSent(_Sent):
    """Something is wrong with a face."""

    reason: Annotated[
        Line, Field(min_length=1, max_length=100, description="rules can mind some reasons only")
    ]
    note: Annotated[Line, Field(max_length=500)] = ""
    who: Who = ""


class LabelSent(_Sent):
    """What a face is."""

    attribute: Annotated[str, Field(min_length=1, max_length=200)]
    value: Annotated[
        str | None, Field(max_length=200, description="a level's key; null: nobody can tell")
    ]
    who: Who = ""


class SelectionSent(_Sent):
    """Faces by id, in order and with repeats, or all faces of a filter in its order."""

    name: Annotated[Line, Field(min_length=1, max_length=120)]
    face_ids: Annotated[list[FaceId] | None, Field(max_length=MOST_FACES)] = None
    filter: Annotated[
        str | None, Field(max_length=8000, description="as a URL's query, with sort and seed")
    ] = None
    why: Annotated[Line, Field(max_length=500)] = ""


class FlagAnswer(BaseModel):
    """A flag."""

    reason: str
    note: str
    who: str
    when: str


class LabelAnswer(BaseModel):
    """A label by hand."""

    attribute: str
    value: str | None
    who: str
    when: str


class SelectionAnswer(BaseModel):
    """A kept selection without its faces, which its file lists."""

    id: str
    name: str
    why: str
    faces: int
    created: str
    changed: str


class SelectionsAnswer(BaseModel):
    """All kept selections, newest first."""

    selections: list[SelectionAnswer]
