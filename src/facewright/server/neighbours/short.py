"""Short forms of embeddings: turned so that the first numbers say most, then a byte a number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

_REACH: Final = 1.25
"""Times the largest number of the sample that a byte reaches; what is beyond is cut."""


@dataclass(frozen=True, eq=False, slots=True)
class Shortener:
    """From unit vectors to bytes.

    Attributes:
        turn: (D, K) orthonormal directions, those of most energy first.
        steps: (K,) what a step of a byte stands for, in each direction.
    """

    turn: Floats
    steps: Floats

    @classmethod
    def fitted(cls, sample: Floats, width: int) -> Shortener:
        """Directions and steps from a sample.

        Args:
            sample: (S, D) unit vectors.
            width: K, at most D.
        """
        energy, vectors = np.linalg.eigh(sample.T.astype(np.float64) @ sample)
        turn = np.ascontiguousarray(vectors[:, np.argsort(energy)[::-1][:width]], np.float32)
        largest = np.abs(sample @ turn).max(axis=0, initial=0.0)
        floor = max(float(largest.max(initial=0.0)), 1.0) * 1e-4
        return cls(turn, (np.maximum(largest, floor) * _REACH / 127).astype(np.float32))

    def codes(self, unit: Floats) -> tuple[NDArray[np.uint8], Floats]:
        """Bytes (N, K) of unit vectors (N, D), 128 for zero; and how far each is off, (N,)."""
        turned = unit @ self.turn
        steps = np.clip(np.rint(turned / self.steps), -127, 127)
        off = np.linalg.norm(turned - steps * self.steps, axis=1)
        return (steps + 128).astype(np.uint8), off.astype(np.float32)

    def weights(self, query: Floats) -> Floats:
        """(K,) what the bytes are to be multiplied with, for products with a query (D,)."""
        weights: Floats = (query @ self.turn) * self.steps
        return weights


def unit_rows(vectors: NDArray[np.floating]) -> tuple[Floats, NDArray[np.bool_]]:
    """Vectors (N, D) at length 1; and which have a direction at all (the others are zero)."""
    long = vectors.astype(np.float32)
    with np.errstate(invalid="ignore", over="ignore"):
        norms = np.linalg.norm(long, axis=1)
    sound = np.isfinite(norms) & (norms > 0)
    long[~sound] = 0.0
    unit: Floats = (long / np.where(sound, norms, 1.0)[:, None]).astype(np.float32)
    return unit, sound
