"""What a report says, as numbers: the content of report.json, and all that the page shows.

Shares are of 1. Intervals are at 95 %. A null is a number that is not known or not defined.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

FORMAT = 1


class Part(BaseModel):
    """Base of all parts of a report."""

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="null")


class Corrected(Part):
    """A share with the annotator's errors taken out."""

    share: float
    low: float
    high: float


class Level(Part):
    """One value of an attribute."""

    key: str
    label: Annotated[str, Field(description="its name for people")]
    count: int
    share: Annotated[float | None, Field(description="of the faces whose value is known")]
    low: Annotated[float | None, Field(description="of the share, for the sample's size alone")]
    high: float | None
    corrected: Annotated[
        Corrected | None,
        Field(description="for label error; its interval holds the sample's size and the audit's"),
    ] = None


class AttributeReport(Part):
    """How one attribute is distributed."""

    name: str
    title: str
    group: Annotated[str, Field(description="part of the page that shows it")]
    note: str
    unit: str
    ordered: bool
    known: int
    unknown: int
    levels: tuple[Level, ...]
    other_levels: Annotated[int, Field(description="values that are not listed: the rarest")] = 0
    other_faces: Annotated[int, Field(description="faces that have those values")] = 0
    quartiles: tuple[float, float, float] | None = None
    sure: Annotated[
        float | None, Field(description="mean of the confidences that the annotator gave")
    ] = None
    confusion: Annotated[
        str | None, Field(description="what the correction for label error was computed from")
    ] = None
    strained: Annotated[
        bool,
        Field(
            description="correction had to be held to 0..1: the confusion does not fit well here"
        ),
    ] = False
    correction_notes: tuple[str, ...] = ()
    not_corrected: Annotated[str, Field(description="why there is no correction")] = ""


class Cell(Part):
    """One intersection of levels."""

    keys: tuple[str, ...]
    labels: tuple[str, ...]
    count: int
    share: float | None
    low: float | None
    high: float | None
    expected: Annotated[float, Field(description="share under the target")]
    difference: Annotated[float | None, Field(description="share less the expected one")]


class ChiSquare(Part):
    """Pearson's test of the counts against the target."""

    statistic: float | None
    degrees: int
    p_value: float | None
    sparse: Annotated[int, Field(description="cells of which fewer than 5 faces are expected")]


class Crossing(Part):
    """Faces by the intersections of several attributes, held against a target."""

    attributes: tuple[str, ...]
    titles: tuple[str, ...]
    counted: Annotated[int, Field(description="faces whose every value is known")]
    unknown: int
    cells: tuple[Cell, ...]
    target: Annotated[str, Field(description="what is expected, in words")]
    chi_square: ChiSquare | None
    total_variation: Annotated[
        float | None, Field(description="share of faces that would have to change cells")
    ]
    kl_divergence: Annotated[float | None, Field(description="nats; null where infinite")]
    left_out: Annotated[dict[str, str], Field(description="attribute asked for: why it is not in")]


class Pair(Part):
    """How two attributes go together."""

    a: str
    b: str
    faces: Annotated[int, Field(description="whose both values are known")]
    cramers_v: Annotated[float | None, Field(description="0-1, corrected for bias")]
    mutual_information: Annotated[float | None, Field(description="nats")]
    p_value: Annotated[
        float | None,
        Field(description="of Pearson's test of independence; null where too few faces tell"),
    ]
    beyond_chance: Annotated[
        bool, Field(description="whether p times the number of pairs is at most 0.01")
    ]
    same_source: Annotated[bool, Field(description="computed from one column: no finding")]
    said: Annotated[str, Field(description="its most telling part, in words")] = ""


class CrossTable(Part):
    """Counts of two attributes' levels against each other."""

    a: str
    b: str
    rows: Annotated[tuple[str, ...], Field(description="labels of a's levels")]
    columns: Annotated[tuple[str, ...], Field(description="labels of b's levels")]
    counts: tuple[tuple[int, ...], ...]


class Band(Part):
    """Faces whose pose lies where the reference is so dense."""

    low: Annotated[float, Field(description="density per square radian, from here")]
    high: Annotated[float | None, Field(description="up to, without")]
    faces: int
    share: float
    reference: Annotated[float, Field(description="share of the reference itself")]


class PoseReport(Part):
    """Where the cameras stand around the faces, against a reference."""

    faces: int
    source: Annotated[Literal["camera", "head_pose"], Field(description="what poses are taken of")]
    reference: Annotated[str, Field(description="whose density the bands are of")]
    bands: tuple[Band, ...]
    rare: Annotated[float, Field(description="share below LPFF's 0.4")]
    reference_rare: float
    front: Annotated[float | None, Field(description="share within 15 degrees of yaw")]
    large: Annotated[float | None, Field(description="share beyond 45 degrees of yaw")]
    yaw_edges: tuple[float, ...]
    pitch_edges: tuple[float, ...]
    grid: Annotated[
        tuple[tuple[int, ...], ...],
        Field(description="faces by 15 degrees of pitch (rows, upwards) and yaw (columns)"),
    ]


class Loss(Part):
    """Photos excluded or faces dropped for one reason."""

    reason: str
    meaning: str
    number: int
    examples: tuple[str, ...]


class Named(Part):
    """A licence or an author, with the number of photos used."""

    name: Annotated[str | None, Field(description="null where the source states none")]
    photos: int


class DuplicateReport(Part):
    """Pictures that are there twice, as far as columns tell without looking at pictures."""

    kind: Annotated[str, Field(description="how they were found")]
    groups: int
    faces: Annotated[int, Field(description="faces, or photos, in those groups")]
    examples: tuple[tuple[str, ...], ...]


class Maker(Part):
    """An annotator, and what it estimated."""

    id: str
    version: str
    models: tuple[str, ...]
    columns: tuple[str, ...]


class Counts(Part):
    """What went in and what came out; null where a bare table cannot know."""

    photos: int | None
    photos_used: int | None
    photos_excluded: int | None
    faces: Annotated[int | None, Field(description="found in the photos")]
    faces_kept: int | None
    faces_dropped: int | None
    analysed: Annotated[int, Field(description="faces that this report counts")]
    distinct: Annotated[int, Field(description="of them, each once")]


class Moved(Part):
    """How far faces lay from a target before they were balanced, and lie after."""

    of: Annotated[str, Field(description="attribute, or attributes joined by ' × '")]
    target: str
    total_variation_before: float | None
    total_variation_after: float | None
    kl_before: Annotated[float | None, Field(description="nats; null where infinite")]
    kl_after: Annotated[float | None, Field(description="nats; null where infinite")]


class SetReport(Part):
    """One dataset."""

    name: str
    kind: Annotated[Literal["dataset", "table"], Field(description="with pictures, or without")]
    state: Annotated[str, Field(description="complete, or how far its building is")]
    fingerprint: str | None
    part: Annotated[str, Field(description="condition and selection, where only a part is counted")]
    counts: Counts
    attributes: tuple[AttributeReport, ...]
    crossing: Crossing | None
    pairs: tuple[Pair, ...]
    cross_tables: tuple[CrossTable, ...]
    pose: PoseReport | None
    excluded: tuple[Loss, ...]
    dropped: tuple[Loss, ...]
    licences: tuple[Named, ...]
    authors: tuple[Named, ...]
    duplicates: tuple[DuplicateReport, ...]
    makers: tuple[Maker, ...]
    missing: Annotated[tuple[str, ...], Field(description="what could not be told, and why")]
    findings: Annotated[tuple[str, ...], Field(description="the essentials in words")]
    balanced: Annotated[
        tuple[Moved, ...], Field(description="what its selection states of its making")
    ] = ()


class Distance(Part):
    """How far two datasets lie apart in one attribute, or in the intersections."""

    of: Annotated[str, Field(description="attribute, or attributes joined by ' x '")]
    a: str
    b: str
    total_variation: float | None
    jensen_shannon: Annotated[float | None, Field(description="distance, 0 to 1")]
    kl_divergence: Annotated[float | None, Field(description="of a from b; null where infinite")]
    by_chance: Annotated[
        float | None,
        Field(description="mean total variation of two random draws of so many faces"),
    ]
    p_value: Annotated[
        float | None,
        Field(description="of Pearson's test that both are alike; null where too few faces tell"),
    ]
    beyond_chance: Annotated[
        bool, Field(description="whether p times the number of distances is at most 0.01")
    ]


class Report(Part):
    """The content of report.json."""

    format: int = FORMAT
    facewright: str
    notice: str
    sets: tuple[SetReport, ...]
    distances: tuple[Distance, ...]
    findings: Annotated[tuple[str, ...], Field(description="what sets the datasets apart")] = ()
