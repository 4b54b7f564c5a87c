"""Who is kept and how often a picture is repeated."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from facewright.camera.angles import position_of_theta_phi
from facewright.camera.replicas import EG3D_WIDEST, eg3d_replicas, lpff_keeps, lpff_replicas


def test_lpff_keeps_the_rare():
    assert lpff_keeps([0.0197, 0.3635, 0.4, 7.0]).tolist() == [True, True, False, False]


@pytest.mark.parametrize(
    ("density", "times"),
    [
        (7.0, 1),
        (0.1601, 1),
        (0.16, 2),  # 1.5 rounds to even
        (0.0961, 2),
        (0.096, 2),  # 2.5 rounds to even
        (0.0955, 3),
        (0.06857, 4),  # 3.5 rounds to even
        (0.05, 4),
        (0.03, 4),
        (0.0299, 5),
        (0.02, 5),
        (0.0199, 6),
        (0.0, 6),
    ],
)
def test_lpff_repeats_the_rare(density, times):
    assert lpff_replicas([density]).tolist() == [times]


@given(st.lists(st.floats(1e-9, 10.0), min_size=1, max_size=20))
def test_lpff_is_the_published_line_of_python(densities):
    def published(d):
        n = int(min(max(round(4 * 0.06 / d), 1), 4))
        if d < 0.02:
            n = 6
        elif d < 0.03:
            n = 5
        return n

    assert lpff_replicas(densities).tolist() == [published(d) for d in densities]


def test_eg3d_arcs():
    yaw = np.radians([-90, -69, -49, -29, -5, 5, 29, 49, 69, 90])
    places = np.stack([np.sin(yaw), 0 * yaw, np.cos(yaw)], axis=1)
    assert eg3d_replicas(places).tolist() == [16, 8, 4, 2, 1, 1, 2, 4, 8, 16]
    assert eg3d_replicas(places[:1]).tolist() == [16]


def test_eg3d_beyond_the_widest_yaw():
    yaw = np.radians([-80, -60, -5, 5, 60, 80])
    places = np.stack([np.sin(yaw), 0 * yaw, np.cos(yaw)], axis=1)
    assert eg3d_replicas(places, np.radians(72)).tolist() == [16, 16, 1, 1, 16, 16]


@pytest.mark.parametrize(
    ("widest", "counts", "share"),
    [
        (None, {1: 69_510, 2: 57_600, 4: 11_464, 8: 1_260, 16: 80}, 0.979),
        (EG3D_WIDEST, {1: 68_264, 2: 57_930, 4: 12_192, 8: 1_412, 16: 116}, 0.9996),
    ],
)
def test_eg3d_of_the_published_cameras(ffhq_angles, widest, counts, share):
    """As near to the published counts as that rule comes."""
    published = {1: 68_262, 2: 57_980, 4: 12_154, 8: 1_408, 16: 110}
    times = eg3d_replicas(position_of_theta_phi(ffhq_angles), widest)
    ours = dict(zip(*(each.tolist() for each in np.unique(times, return_counts=True)), strict=True))
    assert ours == counts
    assert sum(min(ours[n], published[n]) for n in published) / sum(published.values()) > share
