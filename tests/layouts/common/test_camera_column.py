"""Labels of 25 numbers that are cameras, and others."""

from __future__ import annotations

import numpy as np
import pytest

from facewright.camera.label import pack_labels
from facewright.layouts.common.camera_column import camera_column


def test_a_camera_becomes_a_column() -> None:
    label = pack_labels(np.diag([1.0, -1.0, -1.0]), [0.0, 0.0, 2.7]).tolist()
    assert camera_column(label) == {"camera": pytest.approx(label)}


@pytest.mark.parametrize(
    "label", [[0.0] * 25, [float(n) for n in range(25)], [1e400] * 25, [1.0], "x", None, [[1]]]
)
def test_nothing_else_does(label: object) -> None:
    assert camera_column(label) == {}
