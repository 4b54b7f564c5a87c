"""The FFHQ crop exactly as published, and the parameters in which its relatives differ.

Source: Karras, Laine, Aila, "A Style-Based Generator Architecture for Generative Adversarial
Networks" (arXiv:1812.04948) and the dataset's public description. Equal bit for bit to the
published program's pixels: quad and resizing are Pillow's, whose results have not changed in
this respect since version 5.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from facewright.align.base import AlignedCrop, check_only_size, check_size_range
from facewright.align.geometry import Points, Square, check_overlap, face_square
from facewright.align.padding import Padding, pad_photo, padding_for
from facewright.align.resample import LANCZOS, Box, resize_window
from facewright.errors import PhotoError

PadPhoto = Callable[[NDArray[np.uint8], Padding, float], NDArray[np.uint8]]
"""Continues a picture beyond its edges: picture, padding, side of the square."""


@dataclass(frozen=True, slots=True)
class Border:
    """How much of the photograph is kept around a square.

    Attributes:
        share: of the square's side.
        minimum: pixels.
    """

    share: float = 0.1
    minimum: int = 3

    def pixels(self, side: float) -> int:
        """Width around a square of this side, in pixels of the same picture."""
        return max(int(np.rint(side * self.share)), self.minimum)


FFHQ_BORDER = Border()


@dataclass(frozen=True, slots=True)
class QuadView:
    """A square, seen from a picture that was cut out of the photograph and maybe made smaller.

    Attributes:
        corners: (4, 2), TL, BL, BR, TR in this picture's pixels.
        side: of the square, in this picture's pixels.
        rule: for the border.
    """

    corners: Points
    side: float
    rule: Border = FFHQ_BORDER

    @property
    def border(self) -> int:
        """Pixels to keep around the square's bounding box."""
        return self.rule.pixels(self.side)

    def needed_box(self, width: int, height: int) -> Box:
        """The part of a width x height picture that the square and its border touch."""
        low = np.floor(self.corners.min(axis=0)).astype(int) - self.border
        high = np.ceil(self.corners.max(axis=0)).astype(int) + self.border
        return (
            max(int(low[0]), 0),
            max(int(low[1]), 0),
            min(int(high[0]), width),
            min(int(high[1]), height),
        )

    def shrunk(self, factor: int) -> QuadView:
        """Seen from the picture made `factor` times smaller."""
        return QuadView(self.corners / factor, self.side / factor, self.rule)

    def moved(self, dx: int, dy: int) -> QuadView:
        """Seen after (dx, dy) has been added to all coordinates."""
        shift = np.array([dx, dy], dtype=self.corners.dtype)
        return QuadView(self.corners + shift, self.side, self.rule)


def shrink_factor(side: float, size: int) -> int:
    """How many times the photograph is made smaller before the crop, 1 for not at all.

    Args:
        side: of the square in photo pixels.
        size: of the crop.
    """
    return max(int(np.floor(side / size * 0.5)), 1)


def cut_region(
    photo: NDArray[np.uint8], view: QuadView, size: int
) -> tuple[NDArray[np.uint8], QuadView]:
    """Shrink the photograph if the face is large, and keep the part around the square.

    Equal to shrinking the whole photograph and cropping then, but only that part is computed.
    """
    height, width = photo.shape[:2]
    factor = shrink_factor(view.side, size)
    if factor > 1:
        view = view.shrunk(factor)
        width, height = (max(int(np.rint(n / factor)), 1) for n in (width, height))
    box = view.needed_box(width, height)
    left, top, right, bottom = box
    if factor > 1:
        region = resize_window(photo, (width, height), box, LANCZOS)
    else:
        region = photo[top:bottom, left:right]
    return region, view.moved(-left, -top)


def warp_quad(
    picture: NDArray[np.uint8], corners: Points, size: int, working_side: int
) -> NDArray[np.uint8]:
    """Pillow's bilinear quad transform at `working_side`, then Lanczos down to `size`.

    Pillow makes its coefficients of the very numbers that it is given, in their precision: float32
    corners must reach it as float32, as in MetFaces, where it shows in the pixels.
    """
    image = Image.fromarray(np.ascontiguousarray(picture)).transform(
        (working_side, working_side),
        Image.Transform.QUAD,
        list((corners + 0.5).flatten()),
        Image.Resampling.BILINEAR,
    )
    if size < working_side:
        image = image.resize((size, size), Image.Resampling.LANCZOS)
    return np.array(image)


@dataclass(frozen=True, slots=True)
class PublishedCrop:
    """The family of FFHQ: a leaning square, padded, warped at high resolution, made smaller.

    Attributes:
        name: registered name.
        summary: one line for people.
        default_size: side of the crop in pixels.
        only_size: whether there are no other sizes.
        working_side: side at which the warp is done before the last reduction.
        enable_padding: whether the picture is continued beyond its edge; if not, it is black
            there.
        rotate: whether the square leans with the face.
        stretch: factor on the side of the square.
        precision: of the arithmetic, float32 or float64.
        border: kept around the square.
        pad: how the picture is continued beyond its edge.
        min_picture: faces whose part of the photograph, after shrinking, is smaller than this
            many pixels both ways are refused.
    """

    name: str
    summary: str
    default_size: int = 1024
    only_size: bool = False
    working_side: int = 4096
    enable_padding: bool = True
    rotate: bool = True
    stretch: float = 1.0
    precision: type[np.floating[Any]] = np.float64
    border: Border = FFHQ_BORDER
    pad: PadPhoto = pad_photo
    min_picture: int = 0

    def check_size(self, size: int) -> None:
        """Raise UsageError unless size is 16 to 4096, or the only one there is."""
        if self.only_size:
            check_only_size(self.name, size, self.default_size)
        check_size_range(self.name, size)

    def square(self, landmarks68: Points) -> Square:
        """The square around the face; see `facewright.align.geometry.face_square`."""
        points = np.asarray(landmarks68, dtype=self.precision)
        return face_square(points, rotate=self.rotate, stretch=self.stretch)

    def view(self, square: Square) -> QuadView:
        """The square as this recipe sees it in the photograph."""
        return QuadView(square.corners, square.side, self.border)

    def check_picture(self, picture: NDArray[np.uint8]) -> None:
        """Refuse a face whose part of the photograph is too small for this recipe.

        Args:
            picture: uint8 (h, w, 3), what is left after shrinking and cropping.

        Raises:
            PhotoError: "crop_too_small".
        """
        height, width = picture.shape[:2]
        if max(width, height) < self.min_picture:
            raise PhotoError(
                "crop_too_small",
                f"{width} x {height} pixels of the photograph belong to the crop; {self.name}"
                f" asks for {self.min_picture} one way or the other",
            )

    def quad(self, landmarks68: NDArray[np.float64]) -> NDArray[np.float64]:
        """Corners TL, BL, BR, TR; see `facewright.align.base.Alignment.quad`."""
        return self.square(landmarks68).corners.astype(np.float64)

    def crop(
        self, photo: NDArray[np.uint8], landmarks68: NDArray[np.float64], size: int
    ) -> AlignedCrop:
        """Cut the face out; see `facewright.align.base.Alignment.crop`."""
        return self.crop_square(photo, self.square(landmarks68), size)

    def crop_square(self, photo: NDArray[np.uint8], square: Square, size: int) -> AlignedCrop:
        """Cut a given square out: the part that relatives with another square share."""
        self.check_size(size)
        corners = square.corners
        outside = check_overlap(corners, square.side, photo.shape[1], photo.shape[0])
        picture, view = cut_region(photo, self.view(square), size)
        self.check_picture(picture)
        padding = None
        if self.enable_padding:
            height, width = picture.shape[:2]
            padding = padding_for(view.corners, view.side, view.border, width, height)
        if padding is not None:
            picture = self.pad(picture, padding, view.side)
            view = view.moved(padding[0], padding[1])
        pixels = warp_quad(picture, view.corners, size, self.working_side)
        return AlignedCrop(pixels, corners.astype(np.float64), outside, padded=padding is not None)


FFHQ = PublishedCrop("ffhq", "FFHQ exactly as published: leaning square, padded, 4096 then Lanczos")
FFHQ_NOPAD = PublishedCrop(
    "ffhq-nopad",
    "FFHQ with the published program's --no-padding: black beyond the photograph",
    enable_padding=False,
)
