"""Which distributions the summary shows, each as an SQL expression over the faces table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from facewright.analyse.traits import PRESENT
from facewright.record import Emotion

Value = str | int


@dataclass(frozen=True, slots=True)
class Chart:
    """One distribution.

    expression: SQL over `faces`, giving one of the keys of `labels`, or NULL for unknown.
    labels: key to its name on the page, in order of rows. measure: SQL of the number of which
    median and quartiles are told, in `unit`; None for classes. note: what a reader must know.
    """

    title: str
    expression: str
    labels: dict[Value, str] = field(hash=False)
    measure: str | None = None
    unit: str = ""
    note: str = ""


def _classes(title: str, column: str, names: Sequence[str], note: str = "") -> Chart:
    labels: dict[Value, str] = {name: _words(name) for name in names}
    return Chart(title, column, labels, note=note)


def _bins(measure: str, edges: Sequence[float]) -> str:
    """SQL: number i of the bin from edges[i - 1] up to, but without, edges[i]."""
    cases = "".join(f" WHEN {measure} < {edge} THEN {i}" for i, edge in enumerate(edges))
    return f"CASE WHEN {measure} IS NULL THEN NULL{cases} ELSE {len(edges)} END"


def _numbered(labels: Sequence[str]) -> dict[Value, str]:
    return dict(enumerate(labels))


def _between(edges: Sequence[int]) -> list[str]:
    inner = [f"{low} to {high}" for low, high in pairwise(edges)]
    labels = [f"below {edges[0]}", *inner, f"{edges[-1]} or more"]
    return [label.replace("-", "−") for label in labels]


def _words(name: str) -> str:
    """Words of a class: ReadingGlasses gives "reading glasses"."""
    return "".join(f" {char.lower()}" if char.isupper() else char for char in name).strip()


def _strongest(struct: str, names: Sequence[str]) -> str:
    """SQL: name of the largest field of a struct; NULL where all are."""
    fields = ", ".join(f"{struct}.{name}" for name in names)
    listed = ", ".join(f"'{name}'" for name in names)
    largest = f"list_position([{fields}], greatest({fields}))"
    return f"CASE WHEN greatest({fields}) IS NOT NULL THEN [{listed}][{largest}] END"


_AGES = [f"{low} to {low + 9}" for low in range(0, 90, 10)] + ["90 or more"]
_YAWS = (-75, -60, -45, -30, -15, 0, 15, 30, 45, 60, 75)
_SIZES = (32, 64, 128, 256, 512, 1024)
_TENTHS = [f"{i / 10:.1f} to {(i + 1) / 10:.1f}" for i in range(10)]
_HAIR = ("brown", "blond", "black", "red", "gray", "other")
_SHARES = "list_transform(hair.color, lambda c: c.confidence)"
_HAIR_COLOUR = (
    f"CASE WHEN hair.color IS NOT NULL THEN"
    f" list_extract(hair.color, list_position({_SHARES}, list_max({_SHARES}))).color"
    f" WHEN hair.invisible THEN 'hidden' WHEN hair.bald >= {PRESENT} THEN 'bald' END"
)

CHARTS: tuple[Chart, ...] = (
    _classes("Apparent sex", "sex", ("female", "male")),
    Chart(
        "Apparent age",
        _bins("age", range(10, 100, 10)),
        _numbered(_AGES),
        measure="age",
        unit="years",
    ),
    Chart(
        "Apparent ethnicity",
        "apparent_ethnicity",
        {
            "white": "White",
            "black": "Black",
            "east_asian": "East Asian",
            "south_asian": "South Asian",
        },
        note="Unreliable from one photo. Unknown: no group is likely enough.",
    ),
    _classes(
        "Expression",
        _strongest("emotion", tuple(Emotion.model_fields)),
        tuple(Emotion.model_fields),
        note="The strongest of eight apparent expressions.",
    ),
    _classes(
        "Glasses", "glasses", ("NoGlasses", "ReadingGlasses", "Sunglasses", "SwimmingGoggles")
    ),
    Chart(
        "Hair colour",
        _HAIR_COLOUR,
        {**{name: name for name in _HAIR}, "bald": "bald", "hidden": "not visible"},
        note="The likeliest colour.",
    ),
    Chart(
        "Head turn (yaw)",
        _bins("head_pose.yaw", _YAWS),
        _numbered(_between(_YAWS)),
        measure="head_pose.yaw",
        unit="degrees",
        note="Positive towards the picture’s right.",
    ),
    Chart(
        "Quality",
        _bins("quality.overall", [i / 10 for i in range(1, 10)]),
        _numbered(_TENTHS),
        measure="quality.overall",
        unit="of 1",
        note="How usable the face’s pixels are.",
    ),
    Chart(
        "Face size",
        _bins("quality.face_size", _SIZES),
        _numbered(_between(_SIZES)),
        measure="quality.face_size",
        unit="pixels",
        note="Side of the face in the photograph.",
    ),
    _classes("Blur", "blur.level", ("low", "medium", "high")),
    _classes("Exposure", "exposure.level", ("underExposure", "goodExposure", "overExposure")),
    _classes("Noise", "noise.level", ("low", "medium", "high")),
)
