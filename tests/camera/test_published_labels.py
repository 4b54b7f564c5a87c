"""The two camera labels that LPFF's own pages show, and the densities that belong to them.

The numbers are those of the examples `100004356@N06_21795165006_01` (LPFF) and
`guess-attic-girl-woman-pretty_01` (Unsplash-Pexels) in the published description of
camera_parameters.json.
"""

import numpy as np
import pytest

from facewright.camera.angles import position_of_theta_phi, theta_phi
from facewright.camera.density import KernelDensity
from facewright.camera.label import mirrored, pack_labels, positions_of, rotations_of
from facewright.camera.reference import ffhq_density
from facewright.camera.replicas import lpff_keeps

INTRINSICS = [0.0, 0.0, 0.0, 1.0, 4.2647, 0.0, 0.5, 0.0, 4.2647, 0.5, 0.0, 0.0, 1.0]
LABELS = np.array(
    [
        [
            0.8436030745506287,
            -0.05643552541732788,
            0.5339932441711426,
            -1.3756788969039917,
            0.1792474240064621,
            -0.907820999622345,
            -0.3791190981864929,
            0.9812977910041809,
            0.5061661005020142,
            0.41554296016693115,
            -0.7557247281074524,
            2.105839967727661,
            *INTRINSICS,
        ],
        [
            0.7822178602218628,
            -0.24413354694843292,
            0.5731788873672485,
            -1.4835724830627441,
            -0.1928202509880066,
            -0.9697182774543762,
            -0.14988917112350464,
            0.3528100848197937,
            0.5924149751663208,
            0.006725475192070007,
            -0.805604875087738,
            2.2281243801116943,
            *INTRINSICS,
        ],
    ]
)
DENSITIES = (0.0197, 0.3635)


def test_the_table_that_ships_gives_the_published_densities():
    found = ffhq_density()(theta_phi(positions_of(LABELS)))
    np.testing.assert_array_equal(np.round(found, 4), DENSITIES)
    assert lpff_keeps(found).all()


def test_so_does_the_exact_density(ffhq_angles):
    found = KernelDensity.fit(ffhq_angles)(theta_phi(positions_of(LABELS)))
    np.testing.assert_array_equal(np.round(found, 4), DENSITIES)


def test_they_go_there_and_back():
    positions = positions_of(LABELS)
    assert np.linalg.norm(positions, axis=1) == pytest.approx([2.7, 2.7], abs=1e-6)
    packed = pack_labels(rotations_of(LABELS), positions)
    np.testing.assert_allclose(packed, LABELS, atol=1e-12)
    np.testing.assert_allclose(mirrored(mirrored(LABELS)), LABELS, atol=0)
    again = position_of_theta_phi(theta_phi(positions))
    np.testing.assert_allclose(again, positions, atol=1e-6)
