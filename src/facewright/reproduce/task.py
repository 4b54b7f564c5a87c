"""What is to be made again, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from facewright.align.geometry import Square

Status = Literal[
    "verified",
    "made",
    "missing",
    "source_differs",
    "different",
    "failed",
    "bad_entry",
    "given_up",
    "unplaced",
]
STATUSES: dict[Status, str] = {
    "verified": "made, and equal to what was published",
    "made": "made; the metadata state nothing to compare it with",
    "missing": "its source photo is not there",
    "source_differs": "its source photo is not the one that was published",
    "different": "made, but it differs from what was published",
    "failed": "its source photo cannot be read or cropped",
    "bad_entry": "its entry in the metadata cannot be used",
    "given_up": "the published program gives it up: it has no crop",
    "unplaced": "its shift depends on a photo that is not there",
}
GOOD: frozenset[Status] = frozenset({"verified", "made", "given_up"})
"""Nothing to do about these."""
ABSENT: frozenset[Status] = frozenset({"missing", "unplaced"})
"""Nothing is wrong with what is there."""


@dataclass(frozen=True, slots=True)
class Task:
    """One picture of a published set.

    Attributes:
        name: its path below the output folder.
        source: path of its photo in the source.
        source_md5: of the photo's file, or None.
        alignment: registered name.
        landmarks: (68, 2) photo pixels.
        square: for alignments of whole lists, the square after its shift.
        file_md5: of the published PNG, or None.
        pixel_md5: of the published pixels, RGB rows, or None.
        to_rgb: whether the published program converts the photo to RGB; if not, a photo that is
            something else has no crop.
    """

    name: str
    source: str
    source_md5: str | None
    alignment: str
    landmarks: NDArray[np.float64]
    square: Square | None = None
    file_md5: str | None = None
    pixel_md5: str | None = None
    to_rgb: bool = True


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one picture.

    Attributes:
        name: its path below the output folder, or its entry in the metadata.
        status: one of `STATUSES`.
        detail: what was found, for people.
        sha256: of the file that was written, or "".
    """

    name: str
    status: Status
    detail: str = ""
    sha256: str = ""
