"""Attributes of the Record, as everything that counts faces names and cuts them.

Every one of them is apparent and estimated from a picture; none is a fact about a person.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from facewright.attributes.attribute import Attribute, binned, words
from facewright.record import EMOTIONS

PRESENT: Final = 0.5
"""Level from which facial hair, baldness or a smile counts as there."""
FRONT: Final = 15.0
"""Degrees of yaw up to which a face looks to the front."""

_YAWS: Final = (-75, -60, -45, -30, -15, 0, 15, 30, 45, 60, 75)
_PITCHES: Final = (-45, -30, -15, 0, 15, 30, 45)
_TENTHS: Final = tuple(i / 10 for i in range(1, 10))
_SIZES: Final = (32, 64, 128, 256, 512, 1024)
_ETHNICITIES: Final = {
    "white": "White",
    "black": "Black",
    "east_asian": "East Asian",
    "south_asian": "South Asian",
}
_UNRELIABLE: Final = "Unreliable from one photo. Unknown: no group is likely enough."


def _classes(
    name: str,
    title: str,
    column: str,
    levels: Sequence[str] | Mapping[str, str],
    *,
    confidence: str | None = None,
    ordered: bool = False,
    note: str = "",
) -> Attribute:
    labels = levels if isinstance(levels, Mapping) else {key: words(key) for key in levels}
    needs = {column: "text"}
    return Attribute(
        name,
        title,
        column,
        dict(labels),
        needs,
        confidence=confidence,
        ordered=ordered,
        note=note,
    )


def _flag(
    name: str, title: str, column: str, yes: str, no: str, confidence: str | None = None
) -> Attribute:
    sql = f"CASE WHEN {column} THEN 'yes' WHEN NOT {column} THEN 'no' END"
    return Attribute(
        name, title, sql, {"no": no, "yes": yes}, {column: "flag"}, confidence=confidence
    )


def _level(
    name: str, title: str, column: str, yes: str, no: str, confidence: str | None = None
) -> Attribute:
    """A level from 0 to 1, there from `PRESENT` on."""
    sql = f"CASE WHEN {column} >= {PRESENT} THEN 'yes' WHEN {column} < {PRESENT} THEN 'no' END"
    levels = {"no": no, "yes": yes}
    return Attribute(
        name, title, sql, levels, {column: "number"}, measure=column, confidence=confidence
    )


def _bins(
    name: str, title: str, column: str, edges: Sequence[float], unit: str, note: str = ""
) -> Attribute:
    sql, levels = binned(column, edges)
    return Attribute(
        name,
        title,
        sql,
        levels,
        {column: "number"},
        measure=column,
        unit=unit,
        ordered=True,
        note=note,
    )


def _of_photo(name: str, title: str, column: str) -> Attribute:
    return Attribute(
        name, title, f"photo.{column}", None, {f"photo.{column}": "any"}, of_photo=True
    )


def _strongest(struct: str, names: Sequence[str]) -> str:
    """SQL: name of the largest field of a struct; NULL where all are."""
    fields = ", ".join(f"{struct}.{name}" for name in names)
    listed = ", ".join(f"'{name}'" for name in names)
    largest = f"list_position([{fields}], greatest({fields}))"
    return f"CASE WHEN greatest({fields}) IS NOT NULL THEN [{listed}][{largest}] END"


_HAIR: Final = ("brown", "blond", "black", "red", "gray", "other")
_SHARES: Final = "list_transform(hair.color, lambda c: c.confidence)"
_HAIR_COLOUR: Final = (
    f"CASE WHEN hair.color IS NOT NULL THEN"
    f" list_extract(hair.color, list_position({_SHARES}, list_max({_SHARES}))).color"
    f" WHEN hair.invisible THEN 'hidden' WHEN hair.bald >= {PRESENT} THEN 'bald' END"
)
_HEADWEAR: Final = (
    "CASE WHEN accessories IS NOT NULL THEN CASE WHEN"
    " list_contains(list_transform(accessories, lambda a: a.type), 'headwear')"
    " THEN 'yes' ELSE 'no' END END"
)
_AGE_GROUP: Final = (
    "CASE WHEN age < 18 THEN 'child' WHEN age < 60 THEN 'adult' WHEN age >= 60 THEN 'elderly' END"
)
_POSE: Final = (
    f"CASE WHEN abs(head_pose.yaw) <= {FRONT} THEN 'front'"
    f" WHEN head_pose.yaw < 0 THEN 'left' WHEN head_pose.yaw > 0 THEN 'right' END"
)
_MONK: Final = {str(tone): f"Monk {tone}" for tone in range(1, 11)}


ATTRIBUTES: Final[tuple[Attribute, ...]] = (
    _classes("sex", "Apparent sex", "sex", ("female", "male"), confidence="confidence.sex"),
    Attribute(
        "age_group",
        "Apparent age group",
        _AGE_GROUP,
        {"child": "child (below 18)", "adult": "adult (18 to 59)", "elderly": "elderly (60 on)"},
        {"age": "number"},
        ordered=True,
    ),
    _bins("age", "Apparent age", "age", range(10, 100, 10), "years"),
    _classes(
        "ethnicity",
        "Apparent ethnicity",
        "apparent_ethnicity",
        _ETHNICITIES,
        confidence="confidence.ethnicity",
        note=_UNRELIABLE,
    ),
    Attribute(
        "skin_tone",
        "Skin tone",
        "skin_tone.monk::VARCHAR",
        _MONK,
        {"skin_tone.monk": "number"},
        ordered=True,
        confidence="confidence.skin_tone",
        note="Nearest swatch of the Monk scale; light and camera move it.",
    ),
    Attribute(
        "emotion",
        "Expression",
        _strongest("emotion", EMOTIONS),
        {name: name for name in EMOTIONS},
        {f"emotion.{name}": "number" for name in EMOTIONS},
        note="The strongest of eight apparent expressions.",
    ),
    _level("smile", "Smile", "smile", "smiling", "not smiling", "confidence.smile"),
    _classes(
        "glasses",
        "Glasses",
        "glasses",
        ("NoGlasses", "ReadingGlasses", "Sunglasses", "SwimmingGoggles"),
        confidence="confidence.glasses",
    ),
    _level("beard", "Beard", "facial_hair.beard", "beard", "no beard", "confidence.beard"),
    _level(
        "moustache",
        "Moustache",
        "facial_hair.moustache",
        "moustache",
        "no moustache",
        "confidence.moustache",
    ),
    Attribute(
        "hair_color",
        "Hair colour",
        _HAIR_COLOUR,
        {**{name: name for name in _HAIR}, "bald": "bald", "hidden": "not visible"},
        {"hair.color": "list", "hair.invisible": "flag", "hair.bald": "number"},
        note="The likeliest colour.",
    ),
    _classes(
        "hair_length",
        "Hair length",
        "hair.length",
        ("short", "medium", "long"),
        confidence="confidence.hair_length",
        ordered=True,
    ),
    _level("bald", "Bald", "hair.bald", "bald", "not bald", "confidence.bald"),
    Attribute(
        "headwear",
        "Headwear",
        _HEADWEAR,
        {"no": "none", "yes": "headwear"},
        {"accessories": "list"},
        confidence="confidence.headwear",
    ),
    _classes(
        "eye_color",
        "Eye colour",
        "eye_color",
        ("brown", "hazel", "green", "blue", "gray"),
        confidence="confidence.eye_color",
    ),
    _flag("eye_makeup", "Eye makeup", "makeup.eye", "made up", "none", "confidence.eye_makeup"),
    _flag("lip_makeup", "Lip makeup", "makeup.lip", "made up", "none", "confidence.lip_makeup"),
    Attribute(
        "pose",
        "Looks to",
        _POSE,
        {"left": "picture’s left", "front": "front", "right": "picture’s right"},
        {"head_pose.yaw": "number"},
        ordered=True,
        confidence="confidence.mesh",
        note=f"Front: at most {FRONT:g} degrees of yaw.",
    ),
    _bins(
        "yaw",
        "Head turn (yaw)",
        "head_pose.yaw",
        _YAWS,
        "degrees",
        note="Positive towards the picture’s right.",
    ),
    _bins(
        "pitch", "Head pitch", "head_pose.pitch", _PITCHES, "degrees", note="Positive looking up."
    ),
    _classes("left_eye", "Left eye", "eye_state.left", ("open", "squint", "closed")),
    _classes("right_eye", "Right eye", "eye_state.right", ("open", "squint", "closed")),
    *(
        _flag(
            f"{part}_occluded",
            f"{part.capitalize()} covered",
            f"occlusion.{part}",
            "covered",
            "free",
            f"confidence.{part}_occluded",
        )
        for part in ("forehead", "eye", "mouth")
    ),
    _bins(
        "quality",
        "Quality",
        "quality.overall",
        _TENTHS,
        "of 1",
        note="How usable the face’s pixels are.",
    ),
    _bins(
        "face_size",
        "Face size",
        "quality.face_size",
        _SIZES,
        "pixels",
        note="Side of the face in the photograph.",
    ),
    _classes("blur", "Blur", "blur.level", ("low", "medium", "high"), ordered=True),
    _classes(
        "exposure",
        "Exposure",
        "exposure.level",
        ("underExposure", "goodExposure", "overExposure"),
        ordered=True,
    ),
    _classes("noise", "Noise", "noise.level", ("low", "medium", "high"), ordered=True),
    _of_photo("licence", "Licence", "licence"),
    _of_photo("author", "Author", "author"),
)
"""In the order in which people are shown them."""
