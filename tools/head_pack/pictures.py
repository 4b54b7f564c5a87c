"""Pictures of the pack: skins cut to an atlas, textures as WebP, lights as half floats."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

SIDE = 512
HEAD = (322, 84, 512, 510)
"""Left, top, right, bottom of the head's chart (and the mouth's inside) in skins of 512."""
TORSO = (0, 8, 332, 236)
"""The chart of chest and shoulders, kept at half the size."""
ATLAS = (HEAD[2] - HEAD[0] + (TORSO[2] - TORSO[0]) // 2, HEAD[3] - HEAD[1])
"""Width and height of the atlas: the head on the left, the torso at its right."""

Picture = NDArray[np.uint8]


def to_atlas(picture: Picture) -> Picture:
    """A skin (S, S, 3) as an atlas, its unused parts filled with the torso's mean."""
    small = cv2.resize(picture, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    left, top, right, bottom = TORSO
    torso = cv2.resize(
        small[top:bottom, left:right], None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA
    )
    out = np.empty((ATLAS[1], ATLAS[0], 3), np.uint8)
    out[:] = torso.mean(axis=(0, 1)).round()
    head = small[HEAD[1] : HEAD[3], HEAD[0] : HEAD[2]]
    out[:, : head.shape[1]] = head
    out[: torso.shape[0], head.shape[1] :] = torso
    return out


def atlas_uv(uv: NDArray[np.float64]) -> NDArray[np.float64]:
    """Texture coordinates of the whole skin (T, 2), v up, as those of the atlas, v down."""
    pixel = np.stack([uv[:, 0], 1 - uv[:, 1]], axis=1) * SIDE
    in_head = pixel[:, 0] > HEAD[0]
    head = pixel - HEAD[:2]
    torso = (pixel - TORSO[:2]) / 2 + (HEAD[2] - HEAD[0], 0)
    placed = np.where(in_head[:, None], head, torso)
    return placed / ATLAS


def webp(picture: NDArray[np.uint8], quality: int) -> NDArray[np.uint8]:
    """Encoded bytes (B,) of an RGB, RGBA or grey picture; above 100 lossless."""
    swapped = picture if picture.ndim == 2 else picture[..., [2, 1, 0, 3][: picture.shape[2]]]
    done, data = cv2.imencode(".webp", swapped, [cv2.IMWRITE_WEBP_QUALITY, quality])
    assert done
    return data.reshape(-1)


def read_picture(path: Path) -> Picture:
    """An RGB or RGBA picture from a file."""
    picture = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
    assert picture is not None, path
    if picture.ndim == 2:
        picture = cv2.cvtColor(picture, cv2.COLOR_GRAY2BGR)
    return np.ascontiguousarray(picture[..., [2, 1, 0, 3][: picture.shape[2]]]).astype(np.uint8)


def read_world(path: Path, width: int = 512) -> NDArray[np.float16]:
    """An equirectangular light (width / 2, width, 3), linear, mean luminance 1, sun capped."""
    import mitsuba  # type: ignore[import-untyped, import-not-found, unused-ignore]

    mitsuba.set_variant("scalar_rgb")
    bitmap = mitsuba.Bitmap(str(path)).convert(
        mitsuba.Bitmap.PixelFormat.RGB, mitsuba.Struct.Type.Float32
    )
    full = np.array(bitmap)
    small = cv2.resize(full, (width, width // 2), interpolation=cv2.INTER_AREA)
    height = np.cos((np.arange(width // 2) + 0.5) / (width // 2) * np.pi - np.pi / 2)
    luminance = (small @ [0.2126, 0.7152, 0.0722] * height[:, None]).sum() / height.sum() / width
    out: NDArray[np.float16] = np.clip(small / luminance, 0.0, 600.0).astype(np.float16)
    return out
