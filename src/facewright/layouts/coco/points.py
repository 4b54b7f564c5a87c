"""The 68 points of iBUG 300-W as COCO describes a category's keypoints."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from facewright.layouts.common.points import COUNT, GROUPS

KEYPOINTS: Final = tuple(
    f"{name}_{number}"
    for name, (start, end) in GROUPS.items()
    for number in range(1, end - start + 1)
)
"""Names of the points: group and number in it from 1; sides are the subject's."""

_CLOSED: Final = ((36, 42), (42, 48), (48, 60), (60, 68))
_OPEN: Final = ((0, 17), (17, 22), (22, 27), (27, 31), (31, 36))

SKELETON: Final = (
    *((n + 1, n + 2) for start, end in _OPEN for n in range(start, end - 1)),
    *(
        (n + 1, n + 2 if n + 1 < end else start + 1)
        for start, end in _CLOSED
        for n in range(start, end)
    ),
)
"""Lines between points, which COCO counts from 1: jaw, brows, nose, eyes and lips closed."""

_REGIONS: Final = {"eye": ("right_eye", "left_eye"), "mouth": ("mouth",)}


def covered(occlusion: Mapping[str, Any] | None) -> NDArray[np.bool_]:
    """Which of the 68 points the record says are covered: (68,), by regions."""
    found = np.zeros(COUNT, np.bool_)
    for region, groups in _REGIONS.items():
        for group in groups if (occlusion or {}).get(region) else ():
            start, end = GROUPS[group]
            found[start:end] = True
    return found
