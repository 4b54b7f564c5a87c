"""The 112-pixel crop that ArcFace and most networks for face recognition are fed.

Source: Deng et al., "ArcFace" (arXiv:1801.07698), for the five target points; Umeyama,
"Least-squares estimation of transformation parameters between two point patterns" (1991), for
the fit. Given the same five points, matrix and pixels are those of insightface's `norm_crop`
at 112: a similarity, then OpenCV's bilinear warp, black outside. What differs is where the points
come from: its detector gives them directly, here they follow from the 68.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from facewright.align.base import AlignedCrop, check_only_size
from facewright.align.geometry import MIN_SIDE, check_overlap, checked_landmarks
from facewright.errors import PhotoError

SIZE = 112
# Image-left eye, image-right eye, nose, image-left and image-right corner of the mouth.
TEMPLATE = np.array(
    [
        (38.2946, 51.6963),
        (73.5318, 51.5014),
        (56.0252, 71.7366),
        (41.5493, 92.3655),
        (70.7299, 92.2041),
    ]
)
# Points that agree this little with the template are rounding error.
_NO_DIRECTION = 1e-6
_CORNERS = np.array([(0, 0), (0, SIZE), (SIZE, SIZE), (SIZE, 0)]) - 0.5


def arcface_points(landmarks68: NDArray[np.float64]) -> NDArray[np.float64]:
    """(5, 2): image-left eye, image-right eye, nose, mouth corners, image-left first.

    An eye is the mean of its six points, which is nearer to the pupil that detectors mark than
    the mean of its corners (`facewright.align.eg3d.five_points`).
    """
    points = checked_landmarks(landmarks68)
    eyes = [points[36:42].mean(axis=0), points[42:48].mean(axis=0)]
    return np.stack([*eyes, points[30], points[48], points[54]])


def similarity(points: NDArray[np.float64], targets: NDArray[np.float64]) -> NDArray[np.float64]:
    """Umeyama's fit in the plane: turn, scale and shift that bring points to targets best.

    Args:
        points: (n, 2).
        targets: (n, 2).

    Returns:
        (2, 3), to be applied to (x, y, 1). Never mirrored.

    Raises:
        PhotoError: "degenerate_landmarks", the points have no extent or no direction.
    """
    centre, target_centre = points.mean(axis=0), targets.mean(axis=0)
    # As complex numbers, a similarity without mirroring is one product.
    source, target = (
        (p - c) @ np.array([1, 1j]) for p, c in ((points, centre), (targets, target_centre))
    )
    extent = float(np.vdot(source, source).real)
    if not extent >= MIN_SIDE:
        raise PhotoError("degenerate_landmarks", "the five points have no extent")
    factor = complex(np.vdot(source, target)) / extent
    if not abs(factor) > _NO_DIRECTION * np.sqrt(np.vdot(target, target).real / extent):
        raise PhotoError("degenerate_landmarks", "the five points give no direction")
    linear = np.array([[factor.real, -factor.imag], [factor.imag, factor.real]])
    return np.column_stack([linear, target_centre - linear @ centre])


@dataclass(frozen=True, slots=True)
class ArcFaceCrop:
    """The crop for face recognition, of 112 pixels only."""

    name: str = "arcface-112"
    default_size: int = SIZE
    summary: str = "ArcFace's 112-pixel crop: five points to its template by a similarity"

    def check_size(self, size: int) -> None:
        """Raise UsageError unless size is 112."""
        check_only_size(self.name, size, SIZE)

    def quad(self, landmarks68: NDArray[np.float64]) -> NDArray[np.float64]:
        """Corners TL, BL, BR, TR; see `facewright.align.base.Alignment.quad`."""
        return _corners(similarity(arcface_points(landmarks68), TEMPLATE))

    def crop(
        self, photo: NDArray[np.uint8], landmarks68: NDArray[np.float64], size: int
    ) -> AlignedCrop:
        """Cut the face out; see `facewright.align.base.Alignment.crop`."""
        self.check_size(size)
        matrix = similarity(arcface_points(landmarks68), TEMPLATE)
        corners = _corners(matrix)
        side = float(np.hypot(*(corners[3] - corners[0])))
        outside = check_overlap(corners, side, photo.shape[1], photo.shape[0])
        pixels = cv2.warpAffine(photo, matrix, (SIZE, SIZE), borderValue=0.0)
        return AlignedCrop(np.asarray(pixels, dtype=np.uint8), corners, outside, padded=False)


def _corners(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    """The crop's corners in the photograph."""
    return np.asarray(np.linalg.solve(matrix[:, :2], (_CORNERS - matrix[:, 2]).T).T)


ARCFACE_112 = ArcFaceCrop()
