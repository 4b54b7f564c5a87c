"""One encoded crop: bytes that know how to become pixels."""

from __future__ import annotations

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image


class EncodedImage(bytes):
    """A crop's file content (PNG, JPEG or WebP) as `bytes`, decoded only when asked for.

    `numpy()` gives uint8 (H, W, 3) RGB, `pil()` a PIL image; notebooks show it as a picture.
    """

    __slots__ = ()

    def pil(self) -> Image.Image:
        """Decode to a PIL image in RGB."""
        return Image.open(io.BytesIO(self)).convert("RGB")

    def numpy(self) -> NDArray[np.uint8]:
        """Decode to uint8 (H, W, 3), RGB."""
        return np.asarray(self.pil())

    def _repr_png_(self) -> bytes | None:
        return bytes(self) if self.startswith(b"\x89PNG") else None

    def _repr_jpeg_(self) -> bytes | None:
        return bytes(self) if self.startswith(b"\xff\xd8") else None

    def __str__(self) -> str:
        return repr(self)

    def __repr__(self) -> str:
        return f"<EncodedImage of {len(self)} bytes>"
