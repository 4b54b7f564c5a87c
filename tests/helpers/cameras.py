"""Strategies for cameras and head poses."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st


def floats(low, high):
    return st.floats(low, high, allow_subnormal=False)


def rows(*bounds):
    """Arrays (1, len(bounds)) with a column within each pair of bounds."""
    return st.tuples(*(floats(*pair) for pair in bounds)).map(lambda row: np.array([row]))


ANGLES = rows((-1.4, 1.4), (-1.4, 1.4), (-1.4, 1.4))
"""Deep3DFaceRecon's angle: every head that shows a face."""
TRANS = rows((-0.6, 0.6), (-0.6, 0.6), (-1.0, 1.0))
SPHERE = rows((0.05, np.pi - 0.05), (0.05, np.pi - 0.05))
"""theta, phi before the face."""
AZURE = rows((-85, 85), (-175, 175), (-85, 85))
"""pitch, roll, yaw in degrees."""
