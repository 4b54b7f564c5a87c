"""The MetFaces crop: FFHQ's in float32, from landmarks that were found on a smaller picture.

Source: Karras et al., "Training Generative Adversarial Networks with Limited Data"
(arXiv:2006.06676) and the dataset's public description. `metfaces.json` gives, for each face,
landmarks on a picture that had been made `shrink` times smaller; `photo_landmarks` brings them
to the photograph. It and everything after it is float32, which shows in the pixels.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from facewright.align.ffhq import PublishedCrop


def photo_landmarks(face_spec_landmarks: ArrayLike, shrink: int) -> NDArray[np.float64]:
    """Landmarks of `metfaces.json` in photograph pixels, (landmarks + 0.5) * shrink in float32.

    Args:
        face_spec_landmarks: (68, 2), `face_spec.landmarks`: pixels (x, y) of the small picture.
        shrink: `face_spec.shrink`, by how much it was smaller.

    Returns:
        float64 (68, 2) whose values float32 holds exactly, so that no rounding is lost on the
        way through `Alignment.crop`. The published program adds half a small pixel, and does not
        take half a large one away: with shrink = 1 its points lie half a pixel off.
    """
    small = np.asarray(face_spec_landmarks, dtype=np.float32)
    return ((small + np.float32(0.5)) * np.float32(shrink)).astype(np.float64)


METFACES = PublishedCrop(
    "metfaces",
    "MetFaces exactly as published: FFHQ's crop in float32",
    precision=np.float32,
)
