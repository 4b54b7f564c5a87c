"""Face chips as dlib cuts them: the similarity that best carries five template points over."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from facewright.vision.warp import Square

# Mean positions in a unit square of the corners of the subject's left eye (outer, inner), of the
# right eye (outer, inner) and of the point under the nose: dlib's `get_face_chip_details` (BSL-1).
_TEMPLATE = np.array(
    [
        [0.8595674595992, 0.2134981538014],
        [0.6460604764104, 0.2289674387677],
        [0.1205750620789, 0.2137274526848],
        [0.3340850613712, 0.2290642403242],
        [0.4901123135679, 0.6277975316475],
    ]
)
_MESH_POINTS = (263, 362, 33, 133, 2)


def chip_squares(meshes: NDArray[np.float64], padding: float) -> list[Square]:
    """Squares of the chips of N faces.

    Args:
        meshes: (N, 478, 3), photograph pixels.
        padding: added on each side, in units of the unpadded chip.
    """
    template = (_TEMPLATE + padding) / (1 + 2 * padding)
    wanted = template @ np.array([1, 1j])
    seen = meshes[:, _MESH_POINTS, 0] + 1j * meshes[:, _MESH_POINTS, 1]
    centre = wanted.mean()
    wanted = wanted - centre
    middle = seen.mean(axis=1)
    # Least-squares similarity as one complex factor: its modulus scales, its argument turns.
    factor = (seen - middle[:, None]) @ wanted.conj() / (np.abs(wanted) ** 2).sum()
    centres = middle + factor * ((0.5 + 0.5j) - centre)
    return [
        Square(float(c.real), float(c.imag), float(abs(f)), float(np.angle(f)))
        for c, f in zip(centres, factor, strict=True)
    ]
