"""Gaze relative to the head, from the blendshapes of looking.

Nobody at hand had true gaze angles. The gains were fitted on portraits whose subjects look into
the camera: there the gaze relative to the head is the head pose with its sign turned. The
irises' offset between the corners of the eyes was tried beside the blendshapes and added nothing.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from facewright.annotators.learn.fitted import curves
from facewright.annotators.pixels.robust import logistic
from facewright.record import BLENDSHAPE_NAMES

_LIMIT = 45.0  # degrees; human eyes turn no further
_OUTER_CORNERS = (33, 263)  # of the right and the left eye


def gaze_features(blendshapes: NDArray[np.floating]) -> NDArray[np.float64]:
    """Balance of the looking blendshapes (N, 52): (N, 2), -1 to 1.

    Signs as `HeadPose`: up and towards the picture's right (the subject's left) are positive.
    """
    weight = dict(zip(BLENDSHAPE_NAMES, blendshapes.T.astype(np.float64), strict=True))
    up = weight["eyeLookUpLeft"] + weight["eyeLookUpRight"]
    down = weight["eyeLookDownLeft"] + weight["eyeLookDownRight"]
    leftwards = weight["eyeLookOutLeft"] + weight["eyeLookInRight"]
    rightwards = weight["eyeLookInLeft"] + weight["eyeLookOutRight"]
    return np.stack([up - down, leftwards - rightwards], axis=1) / 2


def gaze_angles(features: NDArray[np.float64]) -> NDArray[np.float64]:
    """Degrees (N, 2), pitch and yaw, of `gaze_features` (N, 2)."""
    curve = curves()["gaze"]
    gains = np.array([curve[name]["gain"] for name in ("pitch", "yaw")])
    offsets = np.array([curve[name]["offset"] for name in ("pitch", "yaw")])
    return np.asarray(np.clip(features * gains + offsets, -_LIMIT, _LIMIT))


def eye_span(meshes: NDArray[np.float64]) -> NDArray[np.float64]:
    """Distance (N,) of the outer eye corners of meshes (N, 478, 3), in photograph pixels.

    In three dimensions, so that turning the head changes little.
    """
    right, left = (meshes[:, point] for point in _OUTER_CORNERS)
    span: NDArray[np.float64] = np.linalg.norm(left - right, axis=1)
    return span


def gaze_closeness(yaw: NDArray[np.floating], span: NDArray[np.floating]) -> NDArray[np.float64]:
    """Share (N,) of faces such as these whose gaze was found within 5 degrees of the camera.

    logistic(base + per_degree * |yaw| + per_doubling * min(log2(span / full_span), 0)), fitted
    by tools/fit_gaze.py on portraits as they are and reduced. Some of the people look elsewhere,
    so that the share errs on the low side.

    Args:
        yaw: (N,) of the head, in degrees.
        span: (N,) of `eye_span`.
    """
    close = curves()["gaze"]["close"]
    small = np.minimum(np.log2(np.maximum(span, 1e-3) / close["full_span"]), 0.0)
    return logistic(
        close["base"] + close["per_degree"] * np.abs(yaw) + close["per_doubling"] * small
    )
