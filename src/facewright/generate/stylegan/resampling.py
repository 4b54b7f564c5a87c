"""FIR filters that change the sampling rate, by their polyphase form.

Meant is: put `up - 1` zeros after every sample, pad with zeros, convolve, keep every `down`-th
sample (Crochiere and Rabiner, Multirate Digital Signal Processing, 1983). The inserted zeros are
never multiplied: output s = up q + r is the r-th phase f[r], f[r + up], ... of the filter on the
samples up to the q-th.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

_ROWS, _COLUMNS = 2, 3  # axes of (N, C, H, W)
_RANK_ONE = 1e-5  # of the largest tap; published filters are float32

Padding = tuple[int, int, int, int]
"""Zeros before and after x, then before and after y, at the raised rate; negative ones crop."""


@dataclass(frozen=True)
class Filter:
    """A low-pass filter with sum 1.

    taps: (L,), used along both axes, or (L, L) where it is no product of two.
    """

    taps: Tensor

    @classmethod
    def of(cls, taps: NDArray[Any], device: str = "cpu") -> Filter:
        """A filter of its taps (L,) or (L, L); square ones of rank one become (L,)."""
        values = np.asarray(taps, np.float64)
        if values.ndim == 2:
            line = values.sum(axis=1) / np.sqrt(max(values.sum(), 1e-12))
            if np.abs(np.outer(line, line) - values).max() < _RANK_ONE * np.abs(values).max():
                values = line
        return cls(torch.tensor(values, dtype=torch.float32, device=device))

    @property
    def length(self) -> int:
        """Number of taps along an axis."""
        return len(self.taps)

    def raised(self, x: Tensor, up: int, padding: Padding) -> Tensor:
        """Insert zeros, pad, convolve with `up`^2 times the filter, so that brightness stays.

        Args:
            x: (N, C, H, W).
            up: factor of the sampling rate.
            padding: see `Padding`.

        Returns:
            (N, C, H up + padding - L + 1, W up + padding - L + 1).
        """
        if self.taps.ndim == 2:
            return _convolved(functional.pad(_zeros_inserted(x, up), padding), self.taps * up**2, 1)
        x = _raise_axis(x, self.taps * up, up, padding[0], padding[1], _COLUMNS)
        return _raise_axis(x, self.taps * up, up, padding[2], padding[3], _ROWS)

    def lowered(self, x: Tensor, down: int, padding: Padding = (0, 0, 0, 0)) -> Tensor:
        """Pad, convolve, keep every `down`-th sample of both axes, from the first on.

        Args:
            x: (N, C, H, W).
            down: divisor of the sampling rate.
            padding: see `Padding`.
        """
        if any(padding):
            x = functional.pad(x, padding)
        if self.taps.ndim == 2:
            return _convolved(x, self.taps, down)
        return _lower_axis(_lower_axis(x, self.taps, down, _COLUMNS), self.taps, down, _ROWS)


def _raise_axis(x: Tensor, taps: Tensor, up: int, before: int, after: int, axis: int) -> Tensor:
    """One axis of `Filter.raised`."""
    length, size = len(taps), x.shape[axis]
    phases = -(-length // up)  # taps of the longest phase
    first = length - 1 - before  # place of the first output in the unpadded, full convolution
    count = size * up + before + after - length + 1
    low, high = first // up, (first + count - 1) // up
    x = _padded(x, phases - 1 - low, high - size + 1, axis)
    filters = functional.pad(taps, (0, phases * up - length)).reshape(phases, up).T.flip(1)
    channels = x.shape[1]
    shape = (up, 1, phases, 1) if axis == _ROWS else (up, 1, 1, phases)
    found = functional.conv2d(x, filters.reshape(shape).repeat(channels, 1, 1, 1), groups=channels)
    batch, _, rows, columns = found.shape
    found = found.reshape(batch, channels, up, rows, columns).movedim(2, axis + 1)
    return found.flatten(axis, axis + 1).narrow(axis, first - low * up, count)


def _lower_axis(x: Tensor, taps: Tensor, down: int, axis: int) -> Tensor:
    """One axis of `Filter.lowered`."""
    column = axis == _ROWS
    filters = taps.flip(0).reshape((1, 1, -1, 1) if column else (1, 1, 1, -1))
    filters = filters.expand(x.shape[1], -1, -1, -1)
    return functional.conv2d(
        x, filters, stride=(down, 1) if column else (1, down), groups=x.shape[1]
    )


def _convolved(x: Tensor, taps: Tensor, down: int) -> Tensor:
    filters = taps.flip(0, 1).expand(x.shape[1], 1, -1, -1)
    return functional.conv2d(x, filters, stride=down, groups=x.shape[1])


def _zeros_inserted(x: Tensor, up: int) -> Tensor:
    if up == 1:
        return x
    out = x.new_zeros(*x.shape[:2], x.shape[2] * up, x.shape[3] * up)
    out[:, :, ::up, ::up] = x
    return out


def _padded(x: Tensor, before: int, after: int, axis: int) -> Tensor:
    widths = (before, after, 0, 0) if axis == _COLUMNS else (0, 0, before, after)
    return functional.pad(x, widths)
