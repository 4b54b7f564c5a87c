"""The 512-pixel crop of EG3D's FFHQ, exactly, for photographs as they are.

Source: Chan et al., "Efficient Geometry-aware 3D Generative Adversarial Networks"
(arXiv:2112.07945), whose preparation follows Deng et al. (arXiv:1903.08527): five landmarks are
fitted to a face model by a scaled, turned projection without roll; the photograph is resized so
that the face has a fixed scale, a square of 1024 is cut, its middle 700 is kept and made 512.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from facewright.align.base import AlignedCrop
from facewright.align.geometry import MIN_SIDE, check_overlap, checked_landmarks
from facewright.align.resample import BICUBIC, resize_window
from facewright.errors import PhotoError, UsageError

SIZE = 512
TARGET = 1024
RESCALE = 300.0
CENTRE = 700
_CENTRE_OFFSET = TARGET // 2 - CENTRE // 2

# Image-left eye, image-right eye, nose, image-left and image-right corner of the mouth of the
# face model, x to the image's right, y up. Depth does not enter the fit of two coordinates.
MODEL_POINTS = np.array(
    [
        (-0.31148657, 0.29036078, 0.13377953),
        (0.30979887, 0.28972036, 0.13179526),
        (0.0032534988, -0.046179324, 0.55244243),
        (-0.25216928, -0.38133916, 0.22405732),
        (0.2484662, -0.38128236, 0.22235769),
    ],
    dtype=np.float32,
)


@dataclass(frozen=True, slots=True)
class _Placement:
    """Where the kept square lies.

    Attributes:
        scale: resized pixels to a photo pixel.
        width: of the resized photograph.
        height: of the resized photograph.
        left: of the kept square, in resized pixels.
        top: of the kept square, in resized pixels.
    """

    scale: float
    width: int
    height: int
    left: int
    top: int


def five_points(landmarks68: NDArray[np.float64]) -> NDArray[np.float64]:
    """(5, 2): image-left eye, image-right eye, nose, mouth corners, image-left first.

    An eye is the mean of its two corners, not of its six points.
    """
    points = checked_landmarks(landmarks68)
    return np.stack(
        [
            points[[36, 39]].mean(axis=0),
            points[[42, 45]].mean(axis=0),
            points[30],
            points[48],
            points[54],
        ]
    )


def fit_projection(points: NDArray[np.float64]) -> tuple[float, float, float]:
    """Least-squares scale and shift that bring the face model to five points.

    Args:
        points: (5, 2), x to the right and y UP.

    Returns:
        Scale in pixels to a model unit (mean length of the two rows of the linear part), and the
        image x and y, up, of the model's origin.

    Raises:
        PhotoError: "degenerate_landmarks", the crop would be smaller than a pixel.
    """
    ones = np.ones((len(points), 1))
    design = np.hstack([MODEL_POINTS.astype(np.float64), ones])
    solution = np.linalg.lstsq(design, points, rcond=None)[0]
    scale = float(np.linalg.norm(solution[:3], axis=0).mean())
    if not scale * CENTRE / RESCALE >= MIN_SIDE:
        raise PhotoError("degenerate_landmarks", "the five points have no extent")
    return scale, float(solution[3, 0]), float(solution[3, 1])


@dataclass(frozen=True, slots=True)
class EG3DCrop:
    """EG3D's crop, of 512 pixels only.

    Another target or network size changes the camera's intrinsics, so other sizes are refused
    rather than resized: resize the crop yourself if the labels' camera is to stay.
    """

    name: str = "eg3d"
    default_size: int = SIZE
    summary: str = "EG3D's 512-pixel crop exactly: upright, scale from five landmarks"

    def check_size(self, size: int) -> None:
        """Raise UsageError unless size is 512."""
        if size != SIZE:
            raise UsageError(f"eg3d makes crops of {SIZE} pixels only, not {size}; use 'eg3d:512'")

    def quad(self, landmarks68: NDArray[np.float64]) -> NDArray[np.float64]:
        """Corners TL, BL, BR, TR; see `facewright.align.base.Alignment.quad`.

        The published program rounds the square to whole pixels of the resized photograph, which
        `crop` reports; this is the square before that, up to one such pixel away.
        """
        points = five_points(landmarks68)
        factor, x, y = fit_projection(points * (1.0, -1.0))
        half = CENTRE / 2 * factor / RESCALE
        # The published program takes x for a distance from the left edge, and y, upwards, for
        # one from the centre of the lowest pixel: half a pixel off, in opposite senses.
        return _square_corners(x - 0.5 - half, 0.5 - y - half, 2 * half, 2 * half)

    def crop(
        self, photo: NDArray[np.uint8], landmarks68: NDArray[np.float64], size: int
    ) -> AlignedCrop:
        """Cut the face out; see `facewright.align.base.Alignment.crop`."""
        self.check_size(size)
        height, width = photo.shape[:2]
        place = _place(landmarks68, width, height)
        corners = _photo_corners(place, width, height)
        outside = check_overlap(corners, float(corners[2, 0] - corners[0, 0]), width, height)
        square = Image.fromarray(_cut(photo, place))
        pixels = np.array(square.resize((SIZE, SIZE), Image.Resampling.LANCZOS))
        return AlignedCrop(pixels, corners, outside, padded=False)


def _place(landmarks68: NDArray[np.float64], width: int, height: int) -> _Placement:
    """Scale and position, with the published program's truncations."""
    points = five_points(landmarks68)
    upright = np.stack([points[:, 0], height - 1 - points[:, 1]], axis=1)
    factor, x, y = fit_projection(upright)
    scale = RESCALE / factor
    resized_width, resized_height = int(width * scale), int(height * scale)
    left = int(resized_width / 2 - TARGET / 2 + (x - width / 2) * scale)
    top = int(resized_height / 2 - TARGET / 2 + (height / 2 - y) * scale)
    return _Placement(
        scale, resized_width, resized_height, left + _CENTRE_OFFSET, top + _CENTRE_OFFSET
    )


def _photo_corners(place: _Placement, width: int, height: int) -> NDArray[np.float64]:
    """The kept square in photo pixels.

    Raises:
        PhotoError: "face_outside_photo", the resized photograph would have no pixels.
    """
    if not (place.width and place.height):
        raise PhotoError("face_outside_photo", "the face is far larger than the photograph")
    across, down = width / place.width, height / place.height
    return _square_corners(
        place.left * across - 0.5, place.top * down - 0.5, CENTRE * across, CENTRE * down
    )


def _square_corners(left: float, top: float, width: float, height: float) -> NDArray[np.float64]:
    """(4, 2): TL, BL, BR, TR of an upright rectangle."""
    right, bottom = left + width, top + height
    return np.array([(left, top), (left, bottom), (right, bottom), (right, top)])


def _cut(photo: NDArray[np.uint8], place: _Placement) -> NDArray[np.uint8]:
    """The kept square of the resized photograph, (700, 700, 3), black outside."""
    box = (
        max(place.left, 0),
        max(place.top, 0),
        min(place.left + CENTRE, place.width),
        min(place.top + CENTRE, place.height),
    )
    out = np.zeros((CENTRE, CENTRE, 3), np.uint8)
    if box[0] >= box[2] or box[1] >= box[3]:
        return out
    inside = resize_window(photo, (place.width, place.height), box, BICUBIC)
    x, y = box[0] - place.left, box[1] - place.top
    out[y : y + inside.shape[0], x : x + inside.shape[1]] = inside
    return out


EG3D = EG3DCrop()
