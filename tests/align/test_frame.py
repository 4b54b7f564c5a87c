"""The whole picture as its own crop."""

from __future__ import annotations

import numpy as np
import pytest

from facewright.align.base import CropSpec
from facewright.align.frame import FRAME
from facewright.errors import PhotoError, UsageError

POINTS = np.zeros((68, 2))


def test_a_square_picture_is_kept_as_it_is() -> None:
    photo = np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8)
    crop = FRAME.crop(photo, POINTS, 64)
    assert np.array_equal(crop.pixels, photo)
    assert crop.quad.tolist() == [[-0.5, -0.5], [-0.5, 63.5], [63.5, 63.5], [63.5, -0.5]]
    assert FRAME.crop(photo, POINTS, 32).pixels.shape == (32, 32, 3)


def test_what_is_no_square_has_no_frame() -> None:
    with pytest.raises(PhotoError, match="40 x 64"):
        FRAME.crop(np.zeros((64, 40, 3), np.uint8), POINTS, 32)
    with pytest.raises(UsageError, match="whole picture"):
        FRAME.quad(POINTS)


def test_recipes_can_name_it() -> None:
    assert str(CropSpec.parse("frame")) == "frame:256"
    with pytest.raises(UsageError, match="frame"):
        CropSpec.parse("frame:1")
