"""Noise of few samples taken out by Open Image Denoise, where pyoidn is installed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from facewright.generate.head3d.parts import Radiance


def denoise(image: Radiance) -> Radiance:
    """The image with a calm colour; as it is where pyoidn is missing."""
    try:
        import pyoidn  # type: ignore[import-untyped, import-not-found, unused-ignore]
    except ImportError:
        return image
    calm = pyoidn.denoise(
        np.ascontiguousarray(image.colour),
        albedo=np.ascontiguousarray(image.albedo),
        normal=np.ascontiguousarray(image.normal),
        hdr=True,
    )
    return replace(image, colour=np.asarray(calm, np.float32))
