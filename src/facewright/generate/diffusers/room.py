"""Whether a pipeline's work fits into memory, and what would."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from facewright.errors import UsageError

_SHARE: Final = 0.8  # of the free memory that is used
_COPIES: Final = 3  # of the decoder's widest layer at full size are alive at once
_STEP: Final = 8
_LEAST: Final = 64


@dataclass(frozen=True, slots=True)
class Room:
    """What drawing needs, estimated from the decoder, which is what needs the most.

    Attributes:
        free: bytes; None where nobody tells.
        channels: of the decoder at full size.
        itemsize: bytes of a number.
    """

    free: int | None
    channels: int
    itemsize: int

    def needs(self, side: int, batch: int = 1) -> int:
        """Bytes, beside the weights, of so many pictures at once."""
        return _COPIES * batch * side * side * self.channels * self.itemsize

    def check(self, side: int, batch: int) -> None:
        """Refuse what does not fit.

        Raises:
            UsageError: says what is needed, what is free, and what would fit.
        """
        if self.free is not None and self.needs(side, batch) > _SHARE * self.free:
            raise UsageError(
                f"{_told(side, batch)} needs about {self.needs(side, batch) / 1e9:.2g} GB beside"
                f" the weights and {self.free / 1e9:.2g} GB are free; {self.advice(side, batch)}"
            )

    def advice(self, side: int, batch: int) -> str:
        """What fits, for an error: fewer at once, or a smaller side; below what has failed."""
        room = _SHARE * self.free if self.free is not None else self.needs(side, batch) / 4
        if batch > 1:
            fits = min(int(room // self.needs(side)), batch // 2)
            if fits:
                return f"batch = {fits} fits"
        fits = int((room / self.needs(1)) ** 0.5)
        fits = min(fits, side // 2 if self.needs(side) <= room else fits) // _STEP * _STEP
        if fits < _LEAST:
            return "free some memory"
        return f"side = {fits} fits (order a size of {fits} or less)"


def check_weights(size: int, free: int | None, where: str) -> None:
    """Refuse weights that do not fit.

    Raises:
        UsageError: says how much they need.
    """
    if free is not None and size > _SHARE * free:
        raise UsageError(
            f"the weights in {where} need {size / 1e9:.2g} GB and {free / 1e9:.2g} GB are free;"
            " free some, take a smaller pipeline, or fewer --workers"
        )


def _told(side: int, batch: int) -> str:
    return f"drawing {batch} picture{'s' * (batch > 1)} of {side} pixels"
