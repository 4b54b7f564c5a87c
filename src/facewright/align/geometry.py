"""From 68 landmarks to the square that FFHQ and its relatives cut out.

Source of the formulas: Karras et al., "Progressive Growing of GANs" (arXiv:1710.10196),
appendix C, with the constants of the FFHQ release (arXiv:1812.04948). All arithmetic keeps the
dtype of the landmarks: MetFaces was made in float32, FFHQ in float64. Lengths of float32 vectors
become float64 numbers before they are multiplied, as in the NumPy 1 of the published sets;
NumPy 2 by itself would go on in float32 and round once more.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from facewright.errors import PhotoError

Points = NDArray[np.floating[Any]]

EYE_SPANS = 2.0
MOUTH_SPANS = 1.8
TOWARDS_MOUTH = 0.1
LANDMARKS = (68, 2)
MIN_SIDE = 1.0
# A square that dwarfs the photograph comes from broken landmarks, and padding it would need
# memory without bound.
MAX_SIDES = 8.0
# Farther out than any picture goes; keeps products of coordinates finite.
_FARTHEST = 1e9
# A sum of vectors this much shorter than the square is rounding error.
_NO_DIRECTION = 1e-6


@dataclass(frozen=True, slots=True)
class Square:
    """A square anywhere in the plane.

    Attributes:
        centre: (2,), photo pixels (x, y).
        x: (2,), from the centre to the middle of the right edge.
        y: (2,), from the centre to the middle of the bottom edge.
    """

    centre: Points
    x: Points
    y: Points

    @property
    def corners(self) -> Points:
        """(4, 2): TL, BL, BR, TR."""
        c, x, y = self.centre, self.x, self.y
        return np.stack([c - x - y, c - x + y, c + x + y, c + x - y])

    @property
    def side(self) -> float:
        """Length of an edge in photo pixels."""
        return float(np.hypot(*self.x) * 2)


def _turned(v: Points) -> Points:
    """The vector turned by +90 degrees on the screen: (x, y) -> (-y, x)."""
    return np.flipud(v) * np.asarray([-1, 1], dtype=v.dtype)


def checked_landmarks(landmarks68: Points) -> Points:
    """The landmarks themselves, once they are 68 points that a photograph could have.

    Raises:
        PhotoError: "degenerate_landmarks".
    """
    if landmarks68.shape != LANDMARKS:
        raise PhotoError("degenerate_landmarks", f"the shape is {landmarks68.shape}, not (68, 2)")
    # Written so that NaN fails too.
    if not np.abs(landmarks68).max() <= _FARTHEST:
        raise PhotoError("degenerate_landmarks", "a point is at infinity, or is none")
    return landmarks68


def face_square(landmarks68: Points, *, rotate: bool = True, stretch: float = 1.0) -> Square:
    """The square around a face.

    Its side is the larger of 4 eye distances and 3.6 eye-to-mouth distances, its centre lies
    between the eyes, a tenth of the way to the mouth, and it leans with eyes and mouth.

    Args:
        landmarks68: float (68, 2), iBUG order, photo pixels. 36..41 is the subject's right eye,
            on the image's left; 48 and 54 are the corners of the mouth.
        rotate: False keeps the square upright (FFHQ-U); its edges are float64 in any case.
        stretch: factor on the side (EG3D's realign1500 uses 1.8).

    Raises:
        PhotoError: "degenerate_landmarks", when the points give no direction or no size.
    """
    points = checked_landmarks(landmarks68)
    eye_left, eye_right = points[36:42].mean(axis=0), points[42:48].mean(axis=0)
    eyes = (eye_left + eye_right) * 0.5
    eye_to_eye = eye_right - eye_left
    eye_to_mouth = (points[48] + points[54]) * 0.5 - eyes

    lean = eye_to_eye - _turned(eye_to_mouth)
    length = np.hypot(*lean)
    half = max(
        float(np.hypot(*eye_to_eye)) * EYE_SPANS, float(np.hypot(*eye_to_mouth)) * MOUTH_SPANS
    )
    if not (length > _NO_DIRECTION * half and 2 * half >= MIN_SIDE):
        raise PhotoError("degenerate_landmarks", "eyes and mouth give no direction or no size")
    x = lean / length * half if rotate else np.array([half, 0.0])
    if stretch != 1.0:
        x = x * stretch
    return Square(eyes + eye_to_mouth * TOWARDS_MOUTH, x, _turned(x))


def outside_share(corners: Points, width: int, height: int) -> float:
    """Share of a quad's area, 0 to 1, outside a photograph of width x height pixels.

    The photograph covers [-0.5, width - 0.5] x [-0.5, height - 0.5]. The quad is cut along the
    four edges in turn (Sutherland and Hodgman, 1974).
    """
    polygon: Points = np.asarray(corners, dtype=np.float64)
    limits = np.array([width, height], dtype=np.float64) - 0.5
    if (polygon >= -0.5).all() and (polygon <= limits).all():
        return 0.0
    whole = _area(polygon)
    for axis in (0, 1):
        polygon = _cut(polygon, polygon[:, axis] + 0.5)
        polygon = _cut(polygon, limits[axis] - polygon[:, axis])
    return float(np.clip(1.0 - _area(polygon) / whole, 0.0, 1.0))


def check_overlap(corners: Points, side: float, width: int, height: int) -> float:
    """`outside_share`, or an error if there is nothing to cut out.

    Raises:
        PhotoError: "face_outside_photo", the square misses the photograph or dwarfs it.
    """
    outside = outside_share(corners, width, height)
    if outside >= 1.0 or side > MAX_SIDES * max(width, height):
        raise PhotoError(
            "face_outside_photo",
            f"the crop (side {side:.0f} px) hardly touches the photograph ({width} x {height})",
        )
    return outside


def _cut(polygon: Points, distance: Points) -> Points:
    """The part of a convex polygon where `distance`, one per vertex, is not negative."""
    kept: list[Points] = []
    for i in range(len(polygon)):
        here, there = distance[i - 1], distance[i]
        if (here >= 0) != (there >= 0):
            t = here / (here - there)
            kept.append(polygon[i - 1] + t * (polygon[i] - polygon[i - 1]))
        if there >= 0:
            kept.append(polygon[i])
    return np.array(kept, dtype=np.float64).reshape(-1, 2)


def _area(polygon: Points) -> float:
    """Area by the shoelace formula; 0 for fewer than three vertices."""
    x, y = polygon[:, 0], polygon[:, 1]
    return float(abs(x @ np.roll(y, -1) - y @ np.roll(x, -1)) / 2)
