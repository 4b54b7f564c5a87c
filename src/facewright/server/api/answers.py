"""Shapes of the native API's answers, from which OpenAPI is written."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field


class Answer(BaseModel):
    """Base of all answers."""

    model_config = ConfigDict(frozen=True)


class DatasetAnswer(Answer):
    """One served dataset."""

    name: str
    state: Annotated[str, Field(description="building or complete")]
    faces: int
    photos: int
    synthetic: bool
    crops: list[str]
    licences: dict[str, int]
    source: str
    notice: str


class LevelAnswer(Answer):
    """One level of an attribute."""

    key: Annotated[str, Field(description="as filters write it")]
    label: Annotated[str, Field(description="for people")]


class AttributeAnswer(Answer):
    """One attribute that faces can be filtered, counted and sorted by."""

    name: str
    title: str
    group: str
    kind: Annotated[str, Field(description="class, bins or number")]
    levels: list[LevelAnswer]
    range: Annotated[list[float] | None, Field(description="least and largest number")] = None
    unit: str
    ordered: bool
    note: str
    known: Annotated[int, Field(description="faces of which it is known")]
    several: Annotated[bool, Field(description="whether a face can have several levels")] = False


class FaceInPage(Answer):
    """A face of a grid."""

    id: str
    dataset: str
    thumb: Annotated[str | None, Field(description="address of its thumbnail; null: no picture")]
    w: int | None
    h: int | None
    summary: dict[str, Any]


class SimilarFace(FaceInPage):
    """A face that is near."""

    similarity: Annotated[float, Field(description="cosine of the embeddings, -1 to 1")]


class SimilarAnswer(Answer):
    """The nearest faces."""

    exact: Annotated[bool, Field(description="whether no nearer face can have been missed")]
    faces: list[SimilarFace]


class FoundAnswer(Answer):
    """Faces that a search found earlier."""

    faces: list[SimilarFace]
    gone: Annotated[int, Field(description="faces that are not served any more")]


class FacesAnswer(Answer):
    """A page of faces."""

    total: Annotated[int, Field(description="faces for which the filter holds")]
    faces: list[FaceInPage]
    next: Annotated[str | None, Field(description="cursor of the next page; null at the end")]
    filter: Annotated[str, Field(description="the filter as a query, in its one spelling")]


class FacetAnswer(Answer):
    """Counts of one attribute, its own condition lifted."""

    counts: dict[str, int]
    unknown: int
    others: Annotated[int, Field(description="faces of levels beyond those that are listed")] = 0


class FacetsAnswer(Answer):
    """Counts of several attributes."""

    total: int
    facets: dict[str, FacetAnswer]


class ValueAnswer(Answer):
    """One value, and the faces that have it."""

    key: Annotated[str, Field(description="as filters write it")]
    label: str
    faces: int


class ValuesAnswer(Answer):
    """Values of one attribute."""

    values: list[ValueAnswer]
    more: Annotated[int, Field(description="values beyond those that are listed")]


class ColumnAnswer(Answer):
    """One column of the tables."""

    name: Annotated[str, Field(description="dotted; `photo.` begins those of the photo")]
    title: str
    kind: Annotated[str, Field(description="text, number, flag, texts (a list), or other")]
    about: str
    unit: str
    attribute: Annotated[str | None, Field(description="the attribute that it is already")]
    why: Annotated[str, Field(description="it cannot be counted; empty where it can")]
    empty: Annotated[bool, Field(description="whether no value is stored at all")]


class HistogramAnswer(Answer):
    """Faces by two numbers."""

    x: str
    y: str
    ranges: Annotated[list[float], Field(description="x from, x to, y from, y to")]
    counts: Annotated[list[list[int]], Field(description="rows by y, both rising")]


class QueryAnswer(Answer):
    """Rows of a query."""

    columns: list[str]
    rows: list[list[Any]]
    more: Annotated[bool, Field(description="whether there are more rows than are given")]


class CropAnswer(Answer):
    """One crop of a face."""

    alignment: str
    size: int
    quad: Annotated[
        list[float] | None,
        Field(
            description="its corners in the photo: upper left, lower left, lower right, upper right"
        ),
    ] = None


class FaceAnswer(Answer):
    """All that is known of one face."""

    model_config = ConfigDict(frozen=True, extra="allow")

    id: str
    dataset: str
    record: dict[str, Any]
    crops: list[CropAnswer]
    photo: dict[str, Any] | None
    has_photo: Annotated[bool, Field(description="whether the photo's source is still there")]
    annotators: dict[str, str]
    attribution: str
    synthetic: bool | None
    siblings: Annotated[list[str], Field(description="other faces of the photo")]
    sibling_faces: Annotated[list[FaceInPage], Field(description="the first 60 of them")]
    person: Annotated[list[str], Field(description="other pictures of a synthetic person")]
    person_faces: Annotated[list[FaceInPage], Field(description="the first 60 of them")]
    certificate: Annotated[
        dict[str, Any], Field(description="state: unverified, marked or none; mark; detail")
    ]
    notice: str
    truth: dict[str, Any] | None = None


class HealthAnswer(Answer):
    """Whether the server runs."""

    status: str
    version: str


class ReadyAnswer(Answer):
    """Whether the server can answer."""

    status: str
    faces: int
    version: Annotated[str, Field(description="of the catalogue; changes when the data do")]


class MarginalAnswer(Answer):
    """Shares of one attribute by level, of the faces of which it is known."""

    faces: dict[str, int]
    found: dict[str, float]
    low: Annotated[dict[str, float], Field(description="of the 95 % interval (Wilson)")]
    high: dict[str, float]
    unknown: int
    wanted: dict[str, float] | None


class CellAnswer(Answer):
    """A combination of levels."""

    levels: dict[str, str]
    faces: int
    share: float
    wanted: float | None


class DistancesAnswer(Answer):
    """Of the cells from the target; null where it is infinite or not defined."""

    total_variation: float | None
    kullback_leibler: float | None
    chi_square: float | None
    p_value: float | None


class ReportAnswer(Answer):
    """Faces of a filter beside a target."""

    total: int
    known: Annotated[int, Field(description="faces of which every attribute is known")]
    by: list[str]
    target: str
    marginals: dict[str, MarginalAnswer]
    cells: Annotated[list[CellAnswer], Field(description="up to 500, those that hold most")]
    distances: DistancesAnswer | None
    largest: Annotated[
        int | None, Field(description="most faces of which every cell has its exact share")
    ]
