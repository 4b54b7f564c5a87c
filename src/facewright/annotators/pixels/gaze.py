"""Gaze relative to the head, from the blendshapes of looking.

Nobody at hand had true gaze angles. The gains were fitted on portraits whose subjects look into
the camera: there the gaze relative to the head is the head pose with its sign turned. The
irises' offset between the corners of the eyes was tried beside the blendshapes and added nothing.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from facewright.annotators.learn.fitted import curves
from facewright.record import BLENDSHAPE_NAMES

_LIMIT = 45.0  # degrees; human eyes turn no further


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
