"""Seeded textures: smooth noise and bands of frequencies."""

from __future__ import annotations

import cv2
import numpy as np

from facewright.generate.head3d.arrays import Floats


def smooth_noise(rng: np.random.Generator, shape: tuple[int, int], cell: float) -> Floats:
    """Noise (H, W) of mean 0 and deviation 1 whose blobs are about `cell` texels wide."""
    coarse = (max(2, round(shape[0] / cell)), max(2, round(shape[1] / cell)))
    small = rng.standard_normal(coarse).astype(np.float32)
    wide = cv2.resize(small, (shape[1], shape[0]), interpolation=cv2.INTER_CUBIC)
    out: Floats = (wide / max(float(wide.std()), 1e-6)).astype(np.float32)
    return out


def fine_noise(rng: np.random.Generator, shape: tuple[int, int], sigma: float) -> Floats:
    """White noise (H, W) blurred by `sigma` texels, of deviation 1."""
    white = rng.standard_normal(shape).astype(np.float32)
    soft = cv2.GaussianBlur(white, (0, 0), sigma)
    out: Floats = (soft / max(float(soft.std()), 1e-6)).astype(np.float32)
    return out
