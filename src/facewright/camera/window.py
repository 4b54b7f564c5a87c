"""From EG3D's crop to another: the same camera seen through another window.

Two upright or turned squares of one photograph differ by a scale, a turn and a shift. The scale
is another focal length, the turn a roll of the camera, the shift another principal point; the
camera stays where it is.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from facewright.camera.label import Floats, positions_of, rotations_of


def to_window(points: Floats, quads: Floats) -> Floats:
    """Photo points in units of crops.

    Args:
        points: (N, P, 2) photo pixels.
        quads: (N, 4, 2) corners TL, BL, BR, TR of each crop in photo pixels.

    Returns:
        (N, P, 2) x right, y down in sides of the crop, (0, 0) its top left corner.
    """
    inside = np.linalg.solve(_sides(quads), np.swapaxes(points - quads[:, None, 0], 1, 2))
    return np.asarray(np.swapaxes(inside, 1, 2), np.float64)


def through_window(labels: Floats, quads: Floats, others: Floats) -> Floats:
    """Labels of other crops of the same faces.

    Args:
        labels: (N, 25) of the crops `quads`.
        quads: (N, 4, 2) as for `to_window`.
        others: (N, 4, 2) the crops that labels are wanted for.

    Returns:
        (N, 25): focal length and principal point in sides of the other crop, rotation with its
        turn as roll.
    """
    change = np.linalg.solve(_sides(others), _sides(quads))
    shift = np.linalg.solve(_sides(others), (quads[:, 0] - others[:, 0])[..., None])[..., 0]
    scale = np.sqrt(np.abs(np.linalg.det(change)))
    turn = np.arctan2(change[:, 1, 0] - change[:, 0, 1], change[:, 0, 0] + change[:, 1, 1])
    lens = labels[:, 16:].reshape(-1, 3, 3)
    out = labels.copy()
    out[:, :16].reshape(-1, 4, 4)[:, :3, :3] = rotations_of(labels) @ _roll(-turn)
    inner = lens[:, :2, :2] * scale[:, None, None]
    middle = np.einsum("nij,nj->ni", change, lens[:, :2, 2]) + shift
    out[:, 16:].reshape(-1, 3, 3)[:, :2] = np.concatenate([inner, middle[..., None]], axis=2)
    assert np.array_equal(positions_of(out), positions_of(labels))
    return out


def _sides(quads: Floats) -> Floats:
    """(N, 2, 2) whose columns are the crops' upper and left side as vectors."""
    return np.stack([quads[:, 3] - quads[:, 0], quads[:, 1] - quads[:, 0]], axis=2)


def _roll(angles: NDArray[np.float64]) -> Floats:
    """(N, 3, 3) turns of x towards y."""
    out = np.zeros((len(angles), 3, 3))
    out[:, 0, 0] = out[:, 1, 1] = np.cos(angles)
    out[:, 1, 0] = np.sin(angles)
    out[:, 0, 1] = -out[:, 1, 0]
    out[:, 2, 2] = 1.0
    return out
