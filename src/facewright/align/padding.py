"""FFHQ's padding: a photograph continued beyond its edge by its blurred mirror image.

Where a crop reaches over the edge of the photograph, the published program mirrors the picture,
blurs it the more the further it is from the real one, and lets it fade to the median colour.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from facewright.align.gaussian import gaussian_blur

BLUR = 0.02
PAD_SHARE = 0.3
SLACK = 4
_BAND = 64

Padding = tuple[int, int, int, int]
"""Pixels to add at left, top, right, bottom."""


def padding_for(
    corners: NDArray[np.floating], side: float, border: int, width: int, height: int
) -> Padding | None:
    """How far to continue the picture, or None if the crop needs nothing from beyond it.

    Args:
        corners: (4, 2) of the quad, in this picture's pixels.
        side: of the quad, pixels.
        border: pixels that must be there around the quad's bounding box.
        width: of the picture.
        height: of the picture.
    """
    x0, y0 = np.floor(corners.min(axis=0)).astype(int)
    x1, y1 = np.ceil(corners.max(axis=0)).astype(int)
    needed = np.maximum([border - x0, border - y0, x1 - width + border, y1 - height + border], 0)
    if needed.max() <= border - SLACK:
        return None
    left, top, right, bottom = np.maximum(needed, int(np.rint(side * PAD_SHARE))).tolist()
    return left, top, right, bottom


def depth_beyond_edge(
    position: NDArray[Any], length: int, before: int, after: int
) -> NDArray[np.float32]:
    """Along one axis: 1 at the ends of the padded picture, 0 at the photograph's edge, then less.

    Args:
        position: (n,), where, in pixels of the padded picture.
        length: of the padded axis.
        before: pixels added at its start.
        after: pixels added at its end.
    """
    near = np.float32(position) / np.float32(before)
    far = np.float32(length - 1 - position) / np.float32(after)
    return np.asarray(1.0 - np.minimum(near, far), dtype=np.float32)


def blur_weight(depth: NDArray[np.float32]) -> NDArray[np.float32]:
    """How much of a pixel is its blurred self: all of it from the photograph's edge outwards."""
    return np.asarray(np.clip(depth * np.float32(3.0) + np.float32(1.0), 0.0, 1.0))


def fade_weight(depth: NDArray[np.float32]) -> NDArray[np.float32]:
    """How much of a pixel is the picture's median colour: none at the photograph's edge."""
    return np.clip(depth, 0.0, 1.0)


def _median(plane: NDArray[np.float32]) -> float:
    return float(np.median(plane))


def pad_photo(
    picture: NDArray[np.uint8],
    padding: Padding,
    side: float,
    *,
    blur: Callable[[NDArray[np.float32], float], NDArray[np.float32]] = gaussian_blur,
    median: Callable[[NDArray[np.float32]], float] = _median,
) -> NDArray[np.uint8]:
    """Continue a picture beyond its edges exactly as FFHQ does.

    Works a channel at a time, so that the float32 copies stay a third as large.

    Args:
        picture: uint8 (H, W, 3).
        padding: from `padding_for`.
        side: of the quad, pixels; sets the strength of the blur.
        blur: blurs one channel by a sigma in pixels; relatives of FFHQ do it in another way.
        median: of one channel, likewise.

    Returns:
        uint8 (top + H + bottom, left + W + right, 3).
    """
    left, top, right, bottom = padding
    mirrored = np.pad(picture, ((top, bottom), (left, right), (0, 0)), "reflect")
    height, width = mirrored.shape[:2]
    across = depth_beyond_edge(np.arange(width), width, left, right)
    down = depth_beyond_edge(np.arange(height), height, top, bottom)
    for channel in range(mirrored.shape[2]):
        plane = mirrored[..., channel].astype(np.float32)
        mix(plane, blur(plane, side * BLUR), blur_weight, across, down)
        flat = np.broadcast_to(np.float32(median(plane)), plane.shape)
        mix(plane, flat, fade_weight, across, down)
        mirrored[..., channel] = np.clip(np.rint(plane, out=plane), 0, 255, out=plane)
    return mirrored


def mix(
    plane: NDArray[np.float32],
    other: NDArray[np.float32],
    weight: Callable[[NDArray[np.float32]], NDArray[np.float32]],
    across: NDArray[np.float32],
    down: NDArray[np.float32],
) -> None:
    """Make plane += (other - plane) * weight(depth), a band of rows at a time.

    Args:
        plane: (H, W), one channel of the padded picture; changed in place.
        other: (H, W), what is mixed in.
        weight: `blur_weight` or `fade_weight`.
        across: (W,), from `depth_beyond_edge`.
        down: (H,), from `depth_beyond_edge`.
    """
    for top in range(0, len(plane), _BAND):
        band = slice(top, top + _BAND)
        depth = np.maximum(across[None, :], down[band, None])
        plane[band] += (other[band] - plane[band]) * weight(depth)
