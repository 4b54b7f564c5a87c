"""Rates: so many requests a second for each who asks, with room for a burst."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

_MOST: Final = 10_000
"""Who is remembered; of more, those are forgotten who asked longest ago: their bucket is full."""


@dataclass(frozen=True, slots=True)
class Rate:
    """Attributes: second: requests a second. burst: requests at once."""

    second: float
    burst: float


class Buckets:
    """Token buckets by name.

    Args:
        clock: seconds, never falling.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._held: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, name: str, rate: Rate, cost: float = 1.0) -> float:
        """Take one request out of a bucket.

        Returns:
            0.0, or the seconds after which there is one again.
        """
        now = self._clock()
        level, then = self._held.pop(name, (rate.burst, now))
        level = min(level + (now - then) * rate.second, rate.burst)
        wait = 0.0 if level >= cost else (cost - level) / rate.second
        self._held[name] = (level if wait else level - cost, now)
        if len(self._held) > _MOST:
            self._held.popitem(last=False)
        return wait
