"""Known damage to pictures: blur, motion, enlargement, exposure, noise, JPEG."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from facewright.vision.faces import FaceBatch
from pixels.sets import with_photos

Picture = NDArray[np.uint8]
Damage = Callable[[Picture, float], Picture]
"""Takes a picture and the side of its face in pixels."""


def blurred(sigma: float) -> Damage:
    """Gaussian blur of `sigma` pixels of a face of 256 pixels."""
    return lambda p, side: np.asarray(cv2.GaussianBlur(p, (0, 0), sigma * side / 256), np.uint8)


def moved(length: float) -> Damage:
    """Horizontal motion over `length` pixels of a face of 256 pixels."""

    def apply(picture: Picture, side: float) -> Picture:
        width = max(int(length * side / 256) | 1, 1)
        kernel = np.full((1, width), 1 / width, np.float32)
        return np.asarray(cv2.filter2D(picture, -1, kernel), np.uint8)

    return apply


def enlarged_from(face: int) -> Damage:
    """Reduce until the face has `face` pixels, then enlarge to the old size."""

    def apply(picture: Picture, side: float) -> Picture:
        height, width = picture.shape[:2]
        scale = min(face / side, 1.0)
        size = (max(int(width * scale), 1), max(int(height * scale), 1))
        small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
        large = cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR)
        return np.asarray(large, np.uint8)

    return apply


def exposed(stops: float) -> Damage:
    """More or less light by `stops`, clipped at white."""

    def apply(picture: Picture, _side: float) -> Picture:
        v = np.arange(256) / 255
        linear = np.where(v <= 0.04045, v / 12.92, ((v + 0.055) / 1.055) ** 2.4) * 2.0**stops
        linear = np.clip(linear, 0.0, 1.0)
        back = np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055)
        levels: Picture = np.rint(back * 255).astype(np.uint8)
        return np.asarray(levels[picture], np.uint8)

    return apply


def noisy(sigma: float) -> Damage:
    """White Gaussian noise of `sigma` 8-bit steps in each channel of each pixel."""

    def apply(picture: Picture, _side: float) -> Picture:
        random = np.random.default_rng(0)
        noise = random.normal(0.0, sigma, picture.shape)
        return np.clip(np.rint(picture + noise), 0, 255).astype(np.uint8)

    return apply


def compressed(quality: int) -> Damage:
    """JPEG at `quality` (of OpenCV)."""

    def apply(picture: Picture, _side: float) -> Picture:
        _, code = cv2.imencode(".jpg", picture[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])
        again = np.asarray(cv2.imdecode(code, cv2.IMREAD_COLOR), np.uint8)
        return np.ascontiguousarray(again[..., ::-1])

    return apply


def damaged(faces: FaceBatch, damage: Damage) -> FaceBatch:
    """The same faces in damaged pictures."""
    sides = [square.side for square in faces.squares]
    pairs = zip(faces.photo, sides, strict=True)
    return with_photos(faces, [damage(faces.photos[i], side) for i, side in pairs])
