"""A tiny render: seeded, with a face in the middle."""

from __future__ import annotations

import numpy as np
import pytest

from facewright.errors import UsageError
from facewright.generate.head3d.person import sample_person
from facewright.generate.head3d.render import View, render


def test_unknown_words_are_refused_before_anything_is_loaded() -> None:
    person = sample_person({}, 1)
    with pytest.raises(UsageError, match="draft, standard"):
        render(person, View(), 64, "lavish", 1)
    with pytest.raises(UsageError, match="yaw"):
        View(yaw=120)
    with pytest.raises(UsageError, match="gaze"):
        View(gaze=(80, 0))


@pytest.mark.slow
def test_same_seed_same_pixels() -> None:
    pytest.importorskip("mitsuba", reason="Mitsuba is in the extra `generate`")
    person = sample_person({"sex": "male", "age": 40, "hair_style": "buzz", "beard": "none"}, 1)
    view = View(yaw=15, light="studio", background="3060a0")
    one, two = (render(person, view, 64, "draft", 5) for _ in range(2))
    np.testing.assert_array_equal(one.pixels, two.pixels)
    assert one.pixels.shape == (64, 64, 3)
    corner, face = one.pixels[:6, :6].mean(axis=(0, 1)), one.pixels[26:40, 28:38].mean(axis=(0, 1))
    assert corner[2] > corner[0]  # the blue backdrop
    assert face[0] > face[2]  # skin
    assert one.truth.yaw == 15
    other = render(person, view, 64, "draft", 6)
    assert (other.pixels != one.pixels).any()
