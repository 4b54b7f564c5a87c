"""One cell of a contact sheet: a square picture and what is written below it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from facewright.store.image import EncodedImage

PANEL = (34, 37, 43)
"""Colour of a cell where there is no picture."""
_THREADS = min(4, os.cpu_count() or 1)

Given = TypeVar("Given")
Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Tag:
    """A face's number at the corner (x, y) of its box in the picture, in pixels."""

    text: str
    x: float
    y: float
    kept: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell.

    picture: uint8 (S, S, 3), RGB, marks drawn in. title: the id, shortened to one line.
    traits: short texts, most telling first. faces: how many of the faces asked
    for it shows. tags: numbers of its faces.
    """

    picture: NDArray[np.uint8]
    title: str
    traits: tuple[str, ...]
    faces: int
    tags: tuple[Tag, ...] = ()


def blank(side: int) -> NDArray[np.uint8]:
    """A picture of nothing, uint8 (side, side, 3)."""
    return np.full((side, side, 3), PANEL, np.uint8)


def resized(pixels: NDArray[np.uint8], width: int, height: int) -> NDArray[np.uint8]:
    """Pixels (H, W, 3) at another size: means over areas when smaller, cubic when larger."""
    smaller = width < pixels.shape[1]
    how = cv2.INTER_AREA if smaller else cv2.INTER_CUBIC
    return np.ascontiguousarray(cv2.resize(pixels, (width, height), interpolation=how), np.uint8)


def fitted(image: EncodedImage | None, side: int) -> NDArray[np.uint8]:
    """A picture fitted into the middle of a square cell, uint8 (side, side, 3); blank for None."""
    cell = blank(side)
    if image is None:
        return cell
    pixels = image.numpy()
    scale = side / max(pixels.shape[:2])
    height, width = (max(round(length * scale), 1) for length in pixels.shape[:2])
    top, left = (side - height) // 2, (side - width) // 2
    cell[top : top + height, left : left + width] = resized(pixels, width, height)
    return cell


def in_threads(make: Callable[[Given], Made], items: Iterable[Given]) -> list[Made]:
    """Map in a few threads: decoding and resizing run outside of Python's lock."""
    with ThreadPoolExecutor(_THREADS) as pool:
        return list(pool.map(make, items))
