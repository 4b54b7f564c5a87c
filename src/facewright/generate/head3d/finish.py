"""From radiance to a photograph: skin's glow, exposure, background, glare, tone, grain."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from facewright.generate.head3d.arrays import Floats
from facewright.generate.head3d.colour import LUMINANCE, to_srgb
from facewright.generate.head3d.parts import Radiance

_GREY = 1.25
"""Exposure: a white matt surface at the metered light comes out at this radiance."""
_DIFFUSION = ((1.3, 4.2, 0.50), (0.75, 1.9, 0.38), (0.5, 1.0, 0.30))
"""Per channel: near and far spread of light in skin in millimetres, and the far share."""
_SHARPENING = ((0.012, 0.5), (0.004, 0.15))
"""Sizes over the picture's side, and amounts."""


def diffuse_skin(image: Radiance, pixel: float, clear: float = 1.0) -> Floats:
    """Let light spread inside of the skin (S, S, 3), in screen space.

    The light that falls on the skin (radiance over albedo) is blurred, red widest, as it is by
    subsurface scattering; what stands out above its surroundings is gloss and is left alone.

    Args:
        image: radiance with its albedo and skin coverage.
        pixel: millimetres that a pixel covers on the face.
        clear: how far light goes, 1 in young skin; less in aged skin, which scatters more.
    """
    mask = image.skin
    if float(mask.max()) <= 0:
        return image.colour
    albedo = np.maximum(image.albedo, 0.02)
    light = image.colour / albedo
    around = _masked_blur(light, mask, 4 / pixel)
    matt = np.minimum(light, around * 1.5 + 0.02)
    gloss = light - matt
    spread = np.empty_like(matt)
    for channel, (near, far, share) in enumerate(_DIFFUSION):
        plane = matt[..., channel : channel + 1]
        close = _masked_blur(plane, mask, clear * near / pixel)
        wide = _masked_blur(plane, mask, clear * far / pixel)
        spread[..., channel] = ((1 - share) * close + share * wide)[..., 0]
    glowing = (spread + gloss) * albedo
    out: Floats = image.colour * (1 - mask[..., None]) + glowing * mask[..., None]
    return out


def _masked_blur(values: Floats, mask: Floats, sigma: float) -> Floats:
    sigma = max(sigma, 0.25)
    total = cv2.GaussianBlur(mask, (0, 0), sigma)[..., None]
    summed = cv2.GaussianBlur(values * mask[..., None], (0, 0), sigma)
    out: Floats = summed.reshape(values.shape) / np.maximum(total, 1e-3)
    return out


def backdrop(world: Floats, size: int, fov: float, blur: float = 0.025) -> Floats:
    """What a wide open lens shows of the world behind (S, S, 3)."""
    step = (np.arange(size) + 0.5) / size * 2 - 1
    tan = np.tan(np.radians(fov / 2))
    x, y = np.meshgrid(step * tan, -step * tan + 0.03)
    # the camera looks along -z; worlds have azimuth 180 at both edges
    azimuth = np.arctan2(x, -np.ones_like(x))
    rise = np.arctan2(y, np.hypot(x, 1.0))
    height, width = world.shape[:2]
    column = ((0.5 - azimuth / (2 * np.pi)) % 1.0) * width - 0.5
    row = (0.5 - rise / np.pi) * height - 0.5
    seen = cv2.remap(
        np.minimum(world, 8.0),
        column.astype(np.float32),
        row.astype(np.float32),
        cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_WRAP,
    )
    out: Floats = cv2.GaussianBlur(seen, (0, 0), size * blur)
    return out


def set_before(image: Radiance, behind: Floats, meter: float, stops: float) -> Radiance:
    """The figure exposed, before its background: radiance of a whole picture.

    Done before noise is taken out, so that the denoiser sees the silhouette's colour and coverage
    err alike: with coverage put on afterwards hair wears a dotted outline.

    Args:
        image: of the figure, premultiplied by its coverage.
        behind: (S, S, 3) radiance of the background.
        meter: radiance of a white matt surface at the face.
        stops: exposure over the metered one.
    """
    gain = _GREY / max(meter, 1e-6) * 2.0**stops
    level = float(np.median(behind @ LUMINANCE)) * gain
    behind = behind * np.float32(gain * np.clip(0.32 / max(level, 1e-3), 0.2, 1.6))
    whole = image.colour * np.float32(gain) + behind * (1 - image.coverage[..., None])
    return replace(image, colour=whole.astype(np.float32))


def develop(linear: Floats, rng: np.random.Generator) -> NDArray[np.uint8]:
    """Exposed light (S, S, 3) as a camera's picture (S, S, 3) RGB, its grain drawn from `rng`."""
    size = len(linear)
    glare = cv2.GaussianBlur(np.minimum(linear, 3.0), (0, 0), size * 0.02)
    linear = linear * 0.975 + glare * 0.025
    linear = cv2.GaussianBlur(linear, (0, 0), 0.32 * size / 256)
    shown = _sharpened(tone(linear))
    grain = cv2.GaussianBlur(rng.standard_normal(shown.shape).astype(np.float32), (0, 0), 0.55)
    shown = shown + np.float32(0.013) * grain * (
        0.4 + np.sqrt(np.maximum(0.25 - (shown - 0.5) ** 2, 0))
    )
    out: NDArray[np.uint8] = (np.clip(shown, 0, 1) * 255 + 0.5).astype(np.uint8)
    return out


def _sharpened(shown: Floats) -> Floats:
    """Local contrast as cameras add it, a little of it at each of two sizes; no halos."""
    size = len(shown)
    out = shown
    for sigma, amount in _SHARPENING:
        grey = (shown @ LUMINANCE)[..., None]
        around = cv2.GaussianBlur(grey, (0, 0), sigma * size)[..., None]
        out = out + np.float32(amount) * np.clip(grey - around, -0.06, 0.06)
    return np.clip(out, 0, 1)


def tone(linear: Any) -> Floats:
    """Linear light as display values: a camera's curve with a shoulder and a soft toe.

    Highlights lose saturation as they near white, as film and sensors with a shoulder do.
    """
    value = np.maximum(np.asarray(linear, np.float32), 0)
    peak = value.max(axis=-1, keepdims=True)
    rolled = _shoulder(peak)
    kept = value * rolled / np.maximum(peak, 1e-6)
    each = _shoulder(value)
    shown = to_srgb(0.55 * each + 0.45 * kept)
    curved = shown - np.float32(0.062) * np.sin(2 * np.pi * shown)
    grey = (curved @ LUMINANCE)[..., None]
    out: Floats = np.clip(grey + np.float32(1.12) * (curved - grey), 0, 1)
    return out


def _shoulder(value: Any, start: float = 0.5) -> Any:
    over = np.maximum(value - start, 0)
    span = 1 - start
    return np.where(value < start, value, start + span * (1 - np.exp(-over / span)))
