import dataclasses

import numpy as np
import pytest

from facewright.align.ffhq import FFHQ
from facewright.align.lpff import LPFF_STYLEGAN


def placed(face68, centre, scale):
    return (face68 - face68.mean(axis=0)) * scale + centre


def test_equals_ffhq_where_nothing_is_padded(natural, face68):
    landmarks = placed(face68, (350, 350), 1.3)
    crop, ffhq = (a.crop(natural, landmarks, 1024) for a in (LPFF_STYLEGAN, FFHQ))
    assert not crop.padded
    assert np.array_equal(crop.pixels, ffhq.pixels)
    assert np.array_equal(crop.quad, ffhq.quad)


def test_the_border_is_a_fifth_and_at_least_100(face68):
    view = LPFF_STYLEGAN.view(LPFF_STYLEGAN.square(placed(face68, (0, 0), 2.0)))
    assert view.border == 100
    view = LPFF_STYLEGAN.view(LPFF_STYLEGAN.square(placed(face68, (0, 0), 6.0)))
    assert view.border == np.rint(view.side * 0.2)
    assert view.shrunk(2).moved(1, 1).border == np.rint(view.side / 2 * 0.2)


@pytest.mark.parametrize(("x", "padded"), [(60, True), (110, True), (140, False), (350, False)])
def test_is_padded_where_ffhq_is_but_from_more_of_the_photo(natural, face68, x, padded):
    recipes = (dataclasses.replace(a, working_side=512) for a in (LPFF_STYLEGAN, FFHQ))
    landmarks = placed(face68, (x, 350), 1.3)
    crop, ffhq = (a.crop(natural, landmarks, 512) for a in recipes)
    assert crop.padded == ffhq.padded == padded
    assert np.array_equal(crop.pixels, ffhq.pixels) != padded
