"""Photo, Face, Record: the one definition of what is known of a photograph and of a face.

Arrow tables, JSON, CSV and OpenAPI schemas are all derived from the pydantic models below
(`facewright.schema`). Names, units, signs, levels and rounding follow the published
70,000-record set of Azure's Face API wherever it has the field; what is new is in the same
style. Unknown is null, never a default, and `null_reasons` says why.

Coordinates are photograph pixels: x right, y down, integer coordinates at pixel centres.
"Left" and "right" name the subject's side, except for `Rectangle.left`.

Every attribute is apparent and estimated from one picture; none is a fact about a person.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, create_model

PHOTO_REASONS: dict[str, str] = {
    # listing and reading
    "missing": "the list names a file that is not there",
    "not_a_file": "a directory, device, pipe or socket stands where a picture should",
    "link_loop": "a symbolic link leads back to itself",
    "escapes": "an archive member or a link points outside of its source",
    "encrypted": "the archive member is encrypted",
    "bad_line": "a line of the list cannot be read",
    "unreadable": "the file may not be read, or reading it failed",
    # decoding
    "empty": "the file holds no byte",
    "too_large_file": "the file is larger than the limit",
    "not_an_image": "the bytes are not those of a picture",
    "unsupported_format": "a picture of a format that is not read",
    "truncated": "the picture ends too early",
    "corrupt": "the picture's data are broken",
    "too_many_pixels": "the picture claims more pixels than the limit",
    "too_small": "a side is shorter than the limit",
    # the run
    "duplicate": "the same bytes as an earlier photo",
    "duplicate_id": "the same id as an earlier photo",
    "crashed": "the process that worked on it alone died twice",
    "no_face": "no face was found",
    # importing
    "checksum": "its md5 is not the one that its dataset states",
    "bad_entry": "its entry in the layout's metadata cannot be used",
}
"""Why a photo is excluded: each reason's name and what it means."""


ORDER_REASONS: dict[str, str] = {
    "order_sex": "another apparent sex than was ordered",
    "order_age": "another apparent age than was ordered",
    "order_pose": "the head is turned otherwise than was ordered",
    "order_glasses": "glasses that were not ordered, or none that were",
    "order_several_faces": "more than one face is seen in the picture",
    "order_memorised": "too near to a face of the reference dataset",
}
"""Why a synthetic face is rejected: each reason's name and what it means."""


def _number(decimals: int, unit: str, text: str) -> Any:
    """Describe a float: decimals kept in every output, its unit, and what it is."""
    return Field(description=text, json_schema_extra={"decimals": decimals, "unit": unit})


def _text(text: str) -> Any:
    return Field(description=text)


Share = Annotated[float, _number(3, "0-1", "share or probability")]
Confidence = Annotated[
    float, _number(3, "0-1", "estimated probability that the stated value is right")
]
Degrees = Annotated[float, _number(1, "degrees", "angle")]
Pixels = Annotated[float, _number(2, "pixels", "length in photograph pixels")]


class Part(BaseModel):
    """Base of all records: frozen, no unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Rectangle(Part):
    """Detector's box in photograph pixels; nulls where an imported layout has none."""

    left: int | None = None
    top: int | None = None
    width: int | None = None
    height: int | None = None


class HeadPose(Part):
    """Head rotation in degrees, signs as Azure's.

    pitch: positive looking up. roll: positive clockwise in the picture. yaw: positive
    towards the picture's right (the subject's left). R = Rz(-roll) Ry(yaw) Rx(-pitch) in
    x right, y up, z towards the camera.
    """

    pitch: Degrees | None = None
    roll: Degrees | None = None
    yaw: Degrees | None = None


Tenth = Annotated[float, _number(1, "0-1", "level in steps of 0.1, as Azure's")]


class FacialHair(Part):
    """How much facial hair: 0 none to 0.9 full, in steps of 0.1."""

    moustache: Tenth | None = None
    beard: Tenth | None = None
    sideburns: Tenth | None = None


class Emotion(Part):
    """Apparent expression as a distribution over Azure's eight classes; sums to 1."""

    anger: Share | None = None
    contempt: Share | None = None
    disgust: Share | None = None
    fear: Share | None = None
    happiness: Share | None = None
    neutral: Share | None = None
    sadness: Share | None = None
    surprise: Share | None = None


EMOTIONS = tuple(Emotion.model_fields)
"""Azure's classes in its order."""


Hundredth = Annotated[float, _number(2, "0-1", "Azure's scale")]


class Blur(Part):
    """low <= .25 < medium < .75 <= high."""

    level: Literal["low", "medium", "high"] | None = None
    value: Hundredth | None = None


class Exposure(Part):
    """underExposure <= .25 < goodExposure < .75 <= overExposure."""

    level: Literal["underExposure", "goodExposure", "overExposure"] | None = None
    value: Hundredth | None = None


class Noise(Part):
    """low <= .3 < medium < .7 <= high."""

    level: Literal["low", "medium", "high"] | None = None
    value: Hundredth | None = None


class Makeup(Part):
    """Visibly coloured eyes or lips."""

    eye: bool | None = None
    lip: bool | None = None


class Accessory(Part):
    """One thing worn: Azure names glasses, headwear, mask, in this order."""

    type: Literal["glasses", "headwear", "mask"]
    confidence: Hundredth


class Occlusion(Part):
    """Which regions something covers (hair, hand, hat, sunglasses, another head)."""

    forehead: bool | None = None
    eye: bool | None = None
    mouth: bool | None = None


class HairColor(Part):
    """One of Azure's six hair colours with its confidence."""

    color: Literal["brown", "blond", "black", "red", "gray", "other"]
    confidence: Hundredth


class Hair(Part):
    """Hair as seen. `color` is null when bald or invisible hair hides it, else six entries."""

    bald: Hundredth | None = None
    invisible: bool | None = None
    color: list[HairColor] | None = None
    length: Literal["short", "medium", "long"] | None = None
    bangs: bool | None = None


class Ethnicity(Part):
    """Apparent ethnicity as probabilities. Unreliable from one photo; see the model card."""

    white: Share | None = None
    black: Share | None = None
    east_asian: Share | None = None
    south_asian: Share | None = None


EyeOpening = Literal["open", "squint", "closed"]


class EyeState(Part):
    """Lids of the subject's left and right eye."""

    left: EyeOpening | None = None
    right: EyeOpening | None = None


class Gaze(Part):
    """Direction of the eyes relative to the head: signs as `HeadPose`."""

    pitch: Degrees | None = None
    yaw: Degrees | None = None


class SkinTone(Part):
    """ITA = atan((L* - 50) / b*) of the cheeks, and the nearest swatch of the Monk scale."""

    ita: Degrees | None = None
    monk: int | None = None


class Quality(Part):
    """How usable the face's pixels are."""

    sharpness: (
        Annotated[
            float, _number(2, "log", "log10 of the variance of the Laplacian, face at 256 px")
        ]
        | None
    ) = None
    face_size: Pixels | None = None
    overall: Share | None = None


class Confidences(Part):
    """How sure each estimate is: estimated probability that the stated value is right.

    Geometry (landmarks, pose, blendshapes, eyes, gaze) shares `mesh`, the mesh model's own
    presence. `Emotion` and `Ethnicity` are distributions; age has `age_std`.
    """

    mesh: Confidence | None = None
    sex: Confidence | None = None
    smile: Confidence | None = None
    moustache: Confidence | None = None
    beard: Confidence | None = None
    sideburns: Confidence | None = None
    glasses: Confidence | None = None
    eye_makeup: Confidence | None = None
    lip_makeup: Confidence | None = None
    forehead_occluded: Confidence | None = None
    eye_occluded: Confidence | None = None
    mouth_occluded: Confidence | None = None
    bald: Confidence | None = None
    headwear: Confidence | None = None
    hair_length: Confidence | None = None
    bangs: Confidence | None = None
    ethnicity: Confidence | None = None
    eye_color: Confidence | None = None
    eye_state: Confidence | None = None
    gaze: Confidence | None = None
    skin_tone: Confidence | None = None


ALREADY = "already aligned"
"""Start of the note of a photo that was kept as its own crop."""

ORIGINAL = "original"
"""Alignment of an imported picture that follows none that is known."""


class Crop(Part):
    """Where one picture of the face lies: a byte range of a WebDataset tar.

    alignment: its name; "original" for an imported picture that follows none that is known.
    size: side in pixels, the longer one where it is not square.
    """

    alignment: str
    size: int
    format: str
    shard: str
    offset: int
    length: int
    outside: Annotated[
        float | None, _number(3, "0-1", "share of the crop outside of the photograph")
    ] = None
    quad: Annotated[
        list[Pixels] | None,
        Field(
            description="corners in the photograph: x, y of top left, bottom left, bottom "
            "right, top right; null where an imported layout does not say",
            json_schema_extra={"length": 8},
        ),
    ] = None


GlassesKind = Literal["NoGlasses", "ReadingGlasses", "Sunglasses", "SwimmingGoggles"]
EyeColor = Literal["brown", "hazel", "green", "blue", "gray"]


def _points(count: int, axes: str = "x, y") -> Any:
    """Describe a list of points of fixed count, in photograph pixels."""
    shape: list[JsonValue] = [count, len(axes.split(", "))]
    return Field(
        description=f"{count} points: {axes}",
        json_schema_extra={"decimals": 2, "unit": "pixels", "shape": shape},
    )


Points = list[list[float]]


class Landmarks68(Part):
    """The 68 points of iBUG 300-W in their seven groups, in iBUG order (0..67)."""

    jaw: Annotated[Points, _points(17)]
    right_eyebrow: Annotated[Points, _points(5)]
    left_eyebrow: Annotated[Points, _points(5)]
    nose: Annotated[Points, _points(9)]
    right_eye: Annotated[Points, _points(6)]
    left_eye: Annotated[Points, _points(6)]
    mouth: Annotated[Points, _points(20)]


BLENDSHAPE_NAMES: tuple[str, ...] = tuple(
    """neutral browDownLeft browDownRight browInnerUp browOuterUpLeft browOuterUpRight cheekPuff
    cheekSquintLeft cheekSquintRight eyeBlinkLeft eyeBlinkRight eyeLookDownLeft
    eyeLookDownRight eyeLookInLeft eyeLookInRight eyeLookOutLeft eyeLookOutRight eyeLookUpLeft
    eyeLookUpRight eyeSquintLeft eyeSquintRight eyeWideLeft eyeWideRight jawForward jawLeft
    jawOpen jawRight mouthClose mouthDimpleLeft mouthDimpleRight mouthFrownLeft mouthFrownRight
    mouthFunnel mouthLeft mouthLowerDownLeft mouthLowerDownRight mouthPressLeft mouthPressRight
    mouthPucker mouthRight mouthRollLower mouthRollUpper mouthShrugLower mouthShrugUpper
    mouthSmileLeft mouthSmileRight mouthStretchLeft mouthStretchRight mouthUpperUpLeft
    mouthUpperUpRight noseSneerLeft noseSneerRight""".split()  # noqa: SIM905 (52 quoted names read worse)
)
"""MediaPipe's 52 blendshapes in the model's order (its `_neutral` is `neutral` here)."""

if TYPE_CHECKING:
    Blendshapes = Part
else:
    Blendshapes = create_model(
        "Blendshapes",
        __base__=Part,
        __doc__="Weights 0-1 of MediaPipe's 52 blendshapes; left and right are the subject's.",
        **dict.fromkeys(BLENDSHAPE_NAMES, (Share | None, None)),
    )


class Origin(Part):
    """Where an imported row was taken from, and what the record has no field for."""

    layout: Annotated[str | None, _text("name of the layout it was read from")] = None
    name: Annotated[str | None, _text("its name in that layout, a path or an id")] = None
    extra: Annotated[str | None, _text("what else the layout says of it, as JSON")] = None


class Face(Part):
    """One face found in a photo: where it is, what was kept of it, where its crops lie."""

    face_id: Annotated[str, _text("`<photo id>_<NN>`, NN from 01, largest face first")]
    photo_id: Annotated[str, _text("id of the photo that shows it")]
    index: Annotated[int, _text("number of the face in its photo, from 1, largest first")]
    kept: Annotated[bool, _text("false when a rule dropped it; its row stays")]
    reasons: Annotated[list[str], _text("names of the rules that dropped it")]
    rectangle: Rectangle
    detection_score: Annotated[float | None, _number(3, "0-1", "the detector's score")] = None
    mesh_presence: Share | None = None
    crops: list[Crop]
    crop_hash: Annotated[
        str | None,
        _text("perceptual hash of the main crop, 64 bits in hexadecimal; null where it is flat"),
    ] = None
    origin: Origin = Origin()


class Record(Face):
    """All that is known of a face."""

    smile: Share | None = None
    head_pose: HeadPose | None = None
    camera: Annotated[
        list[float] | None,
        Field(
            description="25 floats: EG3D camera label of the face's EG3D crop, mode orig, "
            "imported with the picture or estimated from the mesh",
            json_schema_extra={"decimals": 6, "shape": [25]},
        ),
    ] = None
    camera_density: Annotated[
        float | None,
        _number(4, "1/rad2", "density of FFHQ's cameras there; LPFF keeps faces below 0.4"),
    ] = None
    sex: Annotated[Literal["female", "male"] | None, _text("apparent sex")] = None
    age: Annotated[float | None, _number(0, "years", "apparent age, whole years")] = None
    age_std: Annotated[
        float | None, _number(1, "years", "expected error of `age` (one standard deviation)")
    ] = None
    facial_hair: FacialHair | None = None
    glasses: GlassesKind | None = None
    emotion: Emotion | None = None
    blur: Blur | None = None
    exposure: Exposure | None = None
    noise: Noise | None = None
    makeup: Makeup | None = None
    accessories: list[Accessory] | None = None
    occlusion: Occlusion | None = None
    hair: Hair | None = None
    ethnicity: Ethnicity | None = None
    apparent_ethnicity: Annotated[
        Literal["white", "black", "east_asian", "south_asian", "unknown"] | None,
        _text("likeliest of `ethnicity`; `unknown` where none is likely enough"),
    ] = None
    eye_color: EyeColor | None = None
    eye_state: EyeState | None = None
    gaze: Gaze | None = None
    skin_tone: SkinTone | None = None
    quality: Quality | None = None
    confidence: Confidences | None = None
    null_reasons: Annotated[dict[str, str], _text("why a value is null: field name to reason")] = (
        Field(default_factory=dict)
    )
    landmarks: Landmarks68 | None = None
    mesh: Annotated[Points | None, _points(478, "x, y, z")] = None
    blendshapes: Blendshapes | None = None
    embedding: Annotated[
        list[float] | None,
        Field(
            description="1024-d appearance embedding, float16; compare by cosine",
            json_schema_extra={"arrow": "float16", "shape": [1024]},
        ),
    ] = None


class Photo(Part):
    """A source picture with its provenance."""

    photo_id: Annotated[str, _text("the source's own id, or the start of the content's sha256")]
    key: Annotated[str, _text("path or row inside of the source")]
    status: Annotated[Literal["used", "excluded"], _text("used: at least one face was found")]
    reason: Annotated[str | None, _text("why it was excluded: see PHOTO_REASONS")] = None
    detail: Annotated[str | None, _text("what was found, for people")] = None
    duplicate_of: Annotated[str | None, _text("key of the photo with the same bytes")] = None
    faces: Annotated[int, _text("faces found")] = 0
    width: Annotated[int | None, _text("pixels, after the EXIF orientation is applied")] = None
    height: Annotated[int | None, _text("pixels, after the EXIF orientation is applied")] = None
    format: Annotated[str | None, _text("file format as found in the bytes")] = None
    mode: Annotated[str | None, _text("pixel mode before conversion to RGB")] = None
    orientation: Annotated[int | None, _text("EXIF orientation 1-8 of the file")] = None
    bytes: Annotated[int | None, _text("size of the file")] = None
    sha256: Annotated[str | None, _text("of the file's bytes")] = None
    pixel_hash: Annotated[
        str | None, _text("XXH3-128 of size and upright sRGB pixels, whatever the file")
    ] = None
    near_hash: Annotated[
        str | None, _text("perceptual hash, 64 bits in hexadecimal; null where it is flat")
    ] = None
    notes: Annotated[list[str], _text("what was done to read it")] = Field(default_factory=list)
    author: str | None = None
    licence: str | None = None
    licence_url: str | None = None
    source_url: str | None = None
    title: str | None = None
    synthetic: Annotated[
        bool | None, _text("true where it was made by a generator; null where nobody says")
    ] = None
    generator: Annotated[str | None, _text("what made a synthetic picture, with its version")] = (
        None
    )
    seed: Annotated[str | None, _text("from which a synthetic picture was made")] = None
    retrieved: Annotated[str | None, _text("date on which it was taken from its source")] = None
    origin: Origin = Origin()
