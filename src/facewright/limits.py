"""Limits: what one photo may cost, checked before a pixel is decoded."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from facewright.errors import PhotoError


class Limits(BaseModel):
    """What one photo may cost; the table `[photos]` of a recipe.

    The defaults keep a worker below 700 MB, whatever it is given.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    max_pixels: Annotated[
        int, Field(gt=0, description="width times height, as the file's header gives it")
    ] = 64_000_000
    max_bytes: Annotated[
        int, Field(gt=0, description="of the file, or of an archive member once unpacked")
    ] = 256 * 1024 * 1024
    min_side: Annotated[int, Field(gt=0, description="pixels of the shorter side")] = 16

    def check_size(self, width: int, height: int) -> None:
        """Refuse a picture by the size in its header, before a pixel is decoded.

        Raises:
            PhotoError: too_many_pixels, too_small, or corrupt for a size of nothing.
        """
        if width <= 0 or height <= 0:
            raise PhotoError("corrupt", f"its header says {width}x{height} pixels")
        if width * height > self.max_pixels:
            raise PhotoError(
                "too_many_pixels",
                f"{width}x{height} is {width * height / 1e6:.0f} megapixels;"
                f" the limit is {self.max_pixels / 1e6:.0f}",
            )
        if min(width, height) < self.min_side:
            raise PhotoError(
                "too_small",
                f"{width}x{height} pixels; the shortest side allowed is {self.min_side}",
            )
