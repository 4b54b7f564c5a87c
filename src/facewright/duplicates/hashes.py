"""Two hashes of a picture: one that knows its exact pixels, one that knows what it looks like.

`pixel_hash` is XXH3 with 128 bits (https://github.com/Cyan4973/xxHash, doc/xxhash_spec.md) over
height, width and the upright sRGB pixels: equal for the same pixels in whatever file.

`near_hash` is the DCT hash of C. Zauner, "Implementation and Benchmarking of Perceptual Image
Hash Functions" (2010), section 3.2.1: luma of 32 x 32, its discrete cosine transform, 64 low
frequencies, one bit each. Two choices differ from Zauner's, for reasons that
`tools/measure_duplicates.py` measures:

- the 64 lowest frequencies by radius, without the mean, in place of a square of 8 x 8;
- a bit is the coefficient's sign in place of its side of the median. The luma's mean is taken off
  first, so signs are as balanced, and the hash of the mirrored picture is the hash with the bits
  of the odd horizontal frequencies turned (`MIRROR`): mirrored copies are found without decoding.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np
import xxhash
from numpy.typing import NDArray

BITS: Final = 64
_SIDE: Final = 32
_HIGHEST: Final = 9  # frequencies 0..8 hold the 64 lowest by radius
_ROWS: Final = 128  # of a picture are looked at: four a row of the luma, an eighth of the time
_FLAT: Final = 2.0  # levels between the darkest and the lightest of the luma


def _lowest() -> NDArray[np.int64]:
    """Rows (64, 2) of vertical and horizontal frequency, by radius, then vertical."""
    pairs = [(v, u) for v in range(_HIGHEST) for u in range(_HIGHEST) if v + u]
    return np.array(sorted(pairs, key=lambda at: (at[0] ** 2 + at[1] ** 2, at))[:BITS])


def _cosines() -> NDArray[np.float32]:
    """DCT-II of length 32 without its scale, rows of frequency: (9, 32)."""
    frequency, at = np.arange(_HIGHEST)[:, None], np.arange(_SIDE)
    return np.cos(np.pi * frequency * (2 * at + 1) / (2 * _SIDE)).astype(np.float32)


_V, _U = _lowest().T
_DCT = _cosines()
_WEIGHTS = np.uint64(1) << np.arange(BITS, dtype=np.uint64)[::-1]
MIRROR: Final = int(_WEIGHTS[_U % 2 == 1].sum())
"""Bits that differ between a picture's `near_hash` and that of its mirror picture."""


def pixel_hash(pixels: NDArray[np.uint8]) -> str:
    """XXH3-128 of a picture's exact pixels, 32 hexadecimal digits.

    Args:
        pixels: sRGB uint8 (H, W, 3), upright.
    """
    digest = xxhash.xxh3_128(np.array(pixels.shape[:2], "<u4").tobytes())
    digest.update(np.ascontiguousarray(pixels).data)
    return digest.hexdigest()


def near_hash(pixels: NDArray[np.uint8]) -> str | None:
    """64-bit perceptual hash, 16 hexadecimal digits; similar pictures differ in few bits.

    Args:
        pixels: sRGB uint8 (H, W, 3) or luma (H, W), upright, of any size.

    Returns:
        The hash, or None where the picture is one flat colour, of which signs say nothing.
    """
    step = max(pixels.shape[0] // _ROWS, 1)
    some = pixels[step // 2 :: step]
    small = cv2.resize(some, (_SIDE, _SIDE), interpolation=cv2.INTER_AREA)
    luma = cv2.cvtColor(small, cv2.COLOR_RGB2GRAY) if small.ndim == 3 else small
    levels = luma.astype(np.float32)
    if np.ptp(levels) <= _FLAT:
        return None
    waves = _DCT @ (levels - levels.mean()) @ _DCT.T
    return f"{int(_WEIGHTS[waves[_V, _U] > 0].sum()):016x}"


def numbers_of(hashes: Sequence[str | None]) -> tuple[NDArray[np.uint64], NDArray[np.bool_]]:
    """Hexadecimal `near_hash`es as uint64 (N,), 0 where None, and which are there (N,)."""
    there = np.array([text is not None for text in hashes], bool)
    found = np.zeros(len(hashes), np.uint64)
    digits = "".join(text for text in hashes if text is not None)
    found[there] = np.frombuffer(bytes.fromhex(digits), ">u8")
    return found, there


def bits_apart(
    first: NDArray[np.uint64], second: NDArray[np.uint64]
) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """Bits in which hashes differ, as they are or one of them mirrored, whichever is less.

    Args:
        first: hashes (N,).
        second: hashes (N,).

    Returns:
        Bits (N,), 0..64, and whether the mirrored one is nearer (N,).
    """
    differing = first ^ second
    plain, turned = np.bitwise_count(differing), np.bitwise_count(differing ^ np.uint64(MIRROR))
    return np.minimum(plain, turned), turned < plain
