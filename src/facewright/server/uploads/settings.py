"""What a visitor's picture may cost."""

from __future__ import annotations

from dataclasses import dataclass

from facewright.limits import Limits


@dataclass(frozen=True, slots=True)
class UploadSettings:
    """Limits of one picture.

    Attributes:
        max_bytes: of the file.
        max_pixels: width times height, as its header says, before a pixel is decoded.
        seconds: from when the process takes it in hand.
        memory: bytes that the process may take beyond its models.
        waiting: pictures that may wait for the process.
    """

    max_bytes: int = 20 * 1024 * 1024
    max_pixels: int = 40_000_000
    seconds: float = 20.0
    memory: int = 1024 * 1024 * 1024
    waiting: int = 16

    @property
    def limits(self) -> Limits:
        """As decoding takes them."""
        return Limits(max_bytes=self.max_bytes, max_pixels=self.max_pixels, min_side=32)
