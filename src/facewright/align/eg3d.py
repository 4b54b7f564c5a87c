"""The crops of EG3D's FFHQ, exactly, for photographs as they are: 512 pixels, and 224.

Source: Chan et al., "Efficient Geometry-aware 3D Generative Adversarial Networks"
(arXiv:2112.07945), whose preparation follows Deng et al. (arXiv:1903.08527): five landmarks are
fitted to a face model by a scaled, turned projection without roll; the photograph is resized so
that the face has a fixed scale, a square of 1024 is cut, its middle 700 is kept and made 512.
The picture that Deng et al.'s network looks at is cut in the same way, at another scale: a
square of 224, kept as it is.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from facewright.align.base import AlignedCrop, check_only_size
from facewright.align.geometry import MIN_SIDE, check_overlap, checked_landmarks
from facewright.align.resample import BICUBIC, resize_window
from facewright.errors import PhotoError

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
        PhotoError: "degenerate_landmarks", the face would be smaller than a pixel.
    """
    ones = np.ones((len(points), 1))
    design = np.hstack([MODEL_POINTS.astype(np.float64), ones])
    solution = np.linalg.lstsq(design, points, rcond=None)[0]
    scale = float(np.linalg.norm(solution[:3], axis=0).mean())
    if not scale >= MIN_SIDE:
        raise PhotoError("degenerate_landmarks", "the five points have no extent")
    return scale, float(solution[3, 0]), float(solution[3, 1])


@dataclass(frozen=True, slots=True)
class EG3DCrop:
    """EG3D's crop, of one size only.

    Another target or network size changes the camera's intrinsics, so other sizes are refused
    rather than resized: resize the crop yourself if the labels' camera is to stay.

    Attributes:
        name: registered name.
        summary: one line for people.
        default_size: side of the crop in pixels.
        target: side of the square that is cut out of the resized photograph, pixels.
        kept: side of its middle, of which the crop is made.
        rescale: pixels of the resized photograph to a unit of the face model.
    """

    name: str
    summary: str
    default_size: int
    target: int
    kept: int
    rescale: float

    def check_size(self, size: int) -> None:
        """Raise UsageError unless size is the one there is."""
        check_only_size(self.name, size, self.default_size)

    def quad(self, landmarks68: NDArray[np.float64]) -> NDArray[np.float64]:
        """Corners TL, BL, BR, TR; see `facewright.align.base.Alignment.quad`.

        The published program rounds the square to whole pixels of the resized photograph, which
        `crop` reports; this is the square before that, up to one such pixel away.
        """
        points = five_points(landmarks68)
        factor, x, y = fit_projection(points * (1.0, -1.0))
        half = self.kept / 2 * factor / self.rescale
        # The published program takes x for a distance from the left edge, and y, upwards, for
        # one from the centre of the lowest pixel: half a pixel off, in opposite senses.
        return _square_corners(x - 0.5 - half, 0.5 - y - half, 2 * half, 2 * half)

    def crop(
        self, photo: NDArray[np.uint8], landmarks68: NDArray[np.float64], size: int
    ) -> AlignedCrop:
        """Cut the face out; see `facewright.align.base.Alignment.crop`."""
        self.check_size(size)
        height, width = photo.shape[:2]
        place = self._place(landmarks68, width, height)
        corners = _photo_corners(place, self.kept, width, height)
        outside = check_overlap(corners, float(corners[2, 0] - corners[0, 0]), width, height)
        pixels = _cut(photo, place, self.kept)
        if size != self.kept:
            square = Image.fromarray(pixels)
            pixels = np.array(square.resize((size, size), Image.Resampling.LANCZOS))
        return AlignedCrop(pixels, corners, outside, padded=False)

    def _place(self, landmarks68: NDArray[np.float64], width: int, height: int) -> _Placement:
        """Scale and position, with the published program's truncations."""
        points = five_points(landmarks68)
        upright = np.stack([points[:, 0], height - 1 - points[:, 1]], axis=1)
        factor, x, y = fit_projection(upright)
        scale = self.rescale / factor
        resized_width, resized_height = int(width * scale), int(height * scale)
        left = int(resized_width / 2 - self.target / 2 + (x - width / 2) * scale)
        top = int(resized_height / 2 - self.target / 2 + (height / 2 - y) * scale)
        inset = self.target // 2 - self.kept // 2
        return _Placement(scale, resized_width, resized_height, left + inset, top + inset)


def _photo_corners(place: _Placement, kept: int, width: int, height: int) -> NDArray[np.float64]:
    """The kept square in photo pixels.

    Raises:
        PhotoError: "face_outside_photo", the resized photograph would have no pixels.
    """
    if not (place.width and place.height):
        raise PhotoError("face_outside_photo", "the face is far larger than the photograph")
    across, down = width / place.width, height / place.height
    return _square_corners(
        place.left * across - 0.5, place.top * down - 0.5, kept * across, kept * down
    )


def _square_corners(left: float, top: float, width: float, height: float) -> NDArray[np.float64]:
    """(4, 2): TL, BL, BR, TR of an upright rectangle."""
    right, bottom = left + width, top + height
    return np.array([(left, top), (left, bottom), (right, bottom), (right, top)])


def _cut(photo: NDArray[np.uint8], place: _Placement, kept: int) -> NDArray[np.uint8]:
    """The kept square of the resized photograph, (kept, kept, 3), black outside."""
    box = (
        max(place.left, 0),
        max(place.top, 0),
        min(place.left + kept, place.width),
        min(place.top + kept, place.height),
    )
    out = np.zeros((kept, kept, 3), np.uint8)
    if box[0] >= box[2] or box[1] >= box[3]:
        return out
    inside = resize_window(photo, (place.width, place.height), box, BICUBIC)
    x, y = box[0] - place.left, box[1] - place.top
    out[y : y + inside.shape[0], x : x + inside.shape[1]] = inside
    return out


EG3D = EG3DCrop(
    "eg3d",
    "EG3D's 512-pixel crop exactly: upright, scale from five landmarks",
    default_size=512,
    target=1024,
    kept=700,
    rescale=300.0,
)
EG3D_224 = EG3DCrop(
    "eg3d-224",
    "Deep3DFaceRecon's 224-pixel input exactly: as eg3d, at another scale",
    default_size=224,
    target=224,
    kept=224,
    rescale=102.0,
)
