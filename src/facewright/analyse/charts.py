"""Which distributions the summary shows, each as an SQL expression over the faces table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

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


def _bins(
    title: str, measure: str, edges: Sequence[float], labels: Sequence[str], unit: str, note: str
) -> Chart:
    """A histogram; bin i holds the values from edges[i - 1] up to, but without, edges[i]."""
    cases = "".join(f" WHEN {measure} < {edge} THEN {i}" for i, edge in enumerate(edges))
    expression = f"CASE WHEN {measure} IS NULL THEN NULL{cases} ELSE {len(edges)} END"
    return Chart(title, expression, dict(enumerate(labels)), measure, unit, note)


def _between(edges: Sequence[float], form: str) -> list[str]:
    inner = [
        f"{low:{form}} to {high:{form}}" for low, high in zip(edges[:-1], edges[1:], strict=True)
    ]
    return [f"below {edges[0]:{form}}", *inner, f"{edges[-1]:{form}} or more"]


def _words(name: str) -> str:
    """ReadingGlasses -> reading glasses; east_asian -> East Asian is left to the caller."""
    spaced = "".join(f" {char.lower()}" if char.isupper() else char for char in name)
    return spaced.replace("_", " ").strip()


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
    " WHEN hair.invisible THEN 'not_visible' WHEN hair.bald >= 0.5 THEN 'bald' END"
)

CHARTS: tuple[Chart, ...] = (
    _classes("Apparent sex", "sex", ("female", "male")),
    _bins("Apparent age", "age", range(10, 100, 10), _AGES, "years", "Whole years."),
    _classes(
        "Apparent ethnicity",
        "apparent_ethnicity",
        ("white", "black", "east_asian", "south_asian"),
        "Unreliable from one photo; “unknown” also counts faces where no group is likely enough.",
    ),
    _classes(
        "Expression",
        _strongest("emotion", tuple(Emotion.model_fields)),
        tuple(Emotion.model_fields),
        "The strongest of eight apparent expressions.",
    ),
    _classes(
        "Glasses", "glasses", ("NoGlasses", "ReadingGlasses", "Sunglasses", "SwimmingGoggles")
    ),
    _classes("Hair colour", _HAIR_COLOUR, (*_HAIR, "bald", "not_visible")),
    _bins(
        "Head turn (yaw)",
        "head_pose.yaw",
        _YAWS,
        [label.replace("-", "−") for label in _between(_YAWS, "d")],
        "degrees",
        "Positive towards the picture’s right.",
    ),
    _bins(
        "Quality",
        "quality.overall",
        [i / 10 for i in range(1, 10)],
        _TENTHS,
        "of 1",
        "How usable the face’s pixels are, from 0 to 1.",
    ),
    _bins(
        "Face size",
        "quality.face_size",
        _SIZES,
        _between(_SIZES, "d"),
        "pixels",
        "Side of the face in the photograph.",
    ),
    _classes("Blur", "blur.level", ("low", "medium", "high")),
    _classes("Exposure", "exposure.level", ("underExposure", "goodExposure", "overExposure")),
    _classes("Noise", "noise.level", ("low", "medium", "high")),
)
