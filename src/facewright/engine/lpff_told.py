"""What LPFF's path from raw photos is asked for, and what it tells of every photo and face."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final

from facewright.camera.deep3d import MODES, Mode
from facewright.camera.replicas import RARE
from facewright.errors import UsageError
from facewright.limits import Limits
from facewright.record import PHOTO_REASONS
from facewright.rules.basic import RULE_REASONS

KEPT: Final = "kept"
USED: Final = "used"
COMMON_VIEW: Final = "common_view"
NO_COEFFICIENTS: Final = "no_coefficients"
NONE_KEPT: Final = "none_kept"

_GEOMETRY: Final = (
    "mesh_presence",
    "degenerate_landmarks",
    "face_outside_photo",
    "crop_too_small",
)
FACE_OUTCOMES: Final[Mapping[str, str]] = {
    KEPT: "its pictures and its camera are written",
    COMMON_VIEW: "FFHQ has many such views: the density at its camera is not below the limit",
    NO_COEFFICIENTS: "the file of coefficients does not name it",
    **{name: RULE_REASONS[name] for name in _GEOMETRY},
}
"""What becomes of a face."""

PHOTO_OUTCOMES: Final[Mapping[str, str]] = {
    USED: "a face of it is kept",
    NONE_KEPT: "it shows faces, none of which is kept",
    **PHOTO_REASONS,
}
"""What becomes of a photo."""


@dataclass(frozen=True, slots=True)
class LPFFSettings:
    """How faces are chosen and labelled.

    Attributes:
        density: faces are kept whose camera's density under the FFHQ cameras, per square radian,
            is below this; None keeps all.
        mode: of `facewright.camera.deep3d`; LPFF's is "orig".
        limits: what one photo may cost.
    """

    density: float | None = RARE
    mode: Mode = "orig"
    limits: Limits = field(default_factory=Limits)

    def __post_init__(self) -> None:
        """Refuse what would keep nothing, or is no mode.

        Raises:
            UsageError: so.
        """
        if self.density is not None and not (math.isfinite(self.density) and self.density > 0):
            raise UsageError(
                f"a density limit of {self.density:g} keeps no face; give a number above 0, or"
                " keep all"
            )
        if self.mode not in MODES:
            raise UsageError(f"no mode {self.mode!r}; there are: {', '.join(MODES)}")


@dataclass(frozen=True, slots=True)
class FaceTold:
    """What became of one face.

    Attributes:
        id: `<raw image>_<NN>`, NN from 01 by size, largest first.
        outcome: one of `FACE_OUTCOMES`.
        box: left, top, width, height in photo pixels, as detected.
        detail: what was found, for people.
        density: of the FFHQ cameras at its camera, per square radian; None if it did not get so
            far.
        theta: LPFF's angle of its camera in degrees, 90 in front; None likewise.
        phi: likewise.
        entries: for a face that is kept, its entry in each of the published JSON files.
    """

    id: str
    outcome: str
    box: tuple[float, float, float, float]
    detail: str = ""
    density: float | None = None
    theta: float | None = None
    phi: float | None = None
    entries: Mapping[str, Any] = field(default_factory=dict)

    def shown(self) -> dict[str, Any]:
        """For the report: without what the published files say."""
        data = asdict(replace(self, entries={}))
        del data["entries"]
        return {name: value for name, value in data.items() if value not in (None, "")}


@dataclass(frozen=True, slots=True)
class PhotoTold:
    """What became of one raw photo.

    Attributes:
        key: of the source's entry.
        raw: name of the raw image, of which ids are made.
        outcome: one of `PHOTO_OUTCOMES`.
        detail: what was found, for people.
        sha256: of the photo's file; "" where it was not read.
        faces: all faces of the photo, largest first.
        files: sha256 of each file that was written, by its path in the output folder.
    """

    key: str
    raw: str
    outcome: str
    detail: str = ""
    sha256: str = ""
    faces: tuple[FaceTold, ...] = ()
    files: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def parse(cls, data: Mapping[str, Any]) -> PhotoTold:
        """From what `dataclasses.asdict` and JSON made of one."""
        faces = (FaceTold(**{**face, "box": tuple(face["box"])}) for face in data["faces"])
        return cls(**{**data, "faces": tuple(faces)})

    def shown(self) -> dict[str, Any]:
        """For the report."""
        said = {"photo": self.key, "raw": self.raw, "outcome": self.outcome}
        detail = {"detail": self.detail} if self.detail else {}
        return {**said, **detail, "faces": [face.shown() for face in self.faces]}
