"""A plane with axes in SVG: lines, areas, cells and dots over two angles in degrees."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from facewright.analyse.markup import Html, join, text

Floats = NDArray[np.float64]

_LEFT, _RIGHT, _TOP, _BELOW = 46, 10, 10, 42
_WIDTH: Final = 520
_TALLEST: Final = 420


@dataclass(frozen=True, slots=True)
class Window:
    """The part of a plane that is drawn; a degree is as long across as upwards.

    Attributes:
        x, y: lowest and highest, in degrees.
    """

    x: tuple[float, float]
    y: tuple[float, float]

    @property
    def scale(self) -> float:
        """Units of the picture a degree."""
        across = (_WIDTH - _LEFT - _RIGHT) / (self.x[1] - self.x[0])
        return min(across, (_TALLEST - _TOP - _BELOW) / (self.y[1] - self.y[0]))

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of the picture."""
        width = (self.x[1] - self.x[0]) * self.scale + _LEFT + _RIGHT
        return width, (self.y[1] - self.y[0]) * self.scale + _TOP + _BELOW

    def outside(self, points: Floats) -> int:
        """Points (N, 2) that are not drawn."""
        low, high = np.array([self.x[0], self.y[0]]), np.array([self.x[1], self.y[1]])
        return int(((points < low) | (points > high)).any(axis=1).sum())

    def place(self, points: Floats) -> Floats:
        """Points (N, 2) of the plane in the picture, whose y goes down."""
        x = _LEFT + (points[:, 0] - self.x[0]) * self.scale
        y = _TOP + (self.y[1] - points[:, 1]) * self.scale
        return np.stack([x, y], axis=-1)


def around(points: Iterable[Floats], limits: tuple[float, float, float, float]) -> Window:
    """The smallest window of whole tens of degrees that holds all points, within limits.

    Args:
        points: arrays (N, 2).
        limits: lowest and highest x, lowest and highest y that a window may have.
    """
    every = np.concatenate([np.zeros((0, 2)), *points])
    if not len(every):
        return Window(limits[:2], limits[2:])
    low, high = np.floor(every.min(axis=0) / 10) * 10, np.ceil(every.max(axis=0) / 10) * 10
    x = max(float(low[0]), limits[0]), min(float(high[0]), limits[1])
    y = max(float(low[1]), limits[2]), min(float(high[1]), limits[3])
    return Window(x if x[1] > x[0] else limits[:2], y if y[1] > y[0] else limits[2:])


def svg(window: Window, marks: Sequence[Html], axes: tuple[str, str], said: str) -> Html:
    """A picture of marks with axes.

    Args:
        window: what is drawn.
        marks: SVG elements, from below to above.
        axes: names of the axis across and of the one upwards.
        said: what is seen, for those who cannot.
    """
    width, height = window.size
    inner = (_LEFT, _TOP, width - _LEFT - _RIGHT, height - _TOP - _BELOW)
    box = 'x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"'.format(*inner)
    return Html(
        f'<svg class="plane" viewBox="0 0 {width:.0f} {height:.0f}" role="img"'
        f' aria-label="{text(said)}"><rect class="ground" {box}/>{_ticks(window)}'
        f'<svg {box} viewBox="{inner[0]:.1f} {inner[1]:.1f} {inner[2]:.1f} {inner[3]:.1f}"'
        f' preserveAspectRatio="none">{join(marks)}</svg>'
        f'<text class="axis" x="{_LEFT + inner[2] / 2:.0f}" y="{height - 6:.0f}">'
        f'{text(axes[0])}</text><text class="axis" transform="translate(12 '
        f'{_TOP + inner[3] / 2:.0f}) rotate(-90)">{text(axes[1])}</text></svg>'
    )


def _ticks(window: Window) -> Html:
    width, height = window.size
    parts = []
    for value in _round(window.x):
        x = float(window.place(np.array([[value, window.y[0]]]))[0, 0])
        parts.append(f'<path class="grid" d="M{x:.1f} {_TOP}V{height - _BELOW:.1f}"/>')
        parts.append(f'<text x="{x:.1f}" y="{height - _BELOW + 15:.0f}">{_said(value)}</text>')
    for value in _round(window.y):
        y = float(window.place(np.array([[window.x[0], value]]))[0, 1])
        parts.append(f'<path class="grid" d="M{_LEFT} {y:.1f}H{width - _RIGHT:.1f}"/>')
        parts.append(f'<text class="end" x="{_LEFT - 6}" y="{y + 4:.0f}">{_said(value)}</text>')
    return Html("".join(parts))


def _round(ends: tuple[float, float]) -> list[float]:
    """Whole multiples of 15 or 30 degrees."""
    step = 15 if ends[1] - ends[0] <= 90 else 30
    first = int(np.ceil(ends[0] / step))
    return [float(n * step) for n in range(first, int(ends[1] // step) + 1)]


def _said(value: float) -> str:
    return f"{value:g}".replace("-", "−")


def area(window: Window, lines: Sequence[Floats], kind: str) -> Html:
    """Closed lines as one area, holes left open."""
    path = "".join(_path(window.place(line)) + "Z" for line in lines if len(line) > 2)
    return Html(f'<path class="{kind}" fill-rule="evenodd" d="{path}"/>' if path else "")


def cells(window: Window, corners: Floats, side: float, kinds: Sequence[str]) -> Html:
    """Square cells, given by their lower left corners, of one class each."""
    edge = side * window.scale
    places = window.place(corners + np.array([0.0, side]))
    return join(
        Html(
            f'<rect class="{kind}" x="{x:.1f}" y="{y:.1f}" width="{edge:.2f}" height="{edge:.2f}"/>'
        )
        for (x, y), kind in zip(places.tolist(), kinds, strict=True)
    )


def dots(window: Window, points: Floats, kind: str) -> Html:
    """Points, each a dot."""
    return join(
        Html(f'<circle class="{kind}" cx="{x:.1f}" cy="{y:.1f}" r="2"/>')
        for x, y in window.place(points).tolist()
    )


def note(window: Window, lines: Sequence[Floats], words: str, kind: str, side: int) -> Html:
    """Words at the top (side 1) or at the foot (side -1) of the longest line."""
    if not lines:
        return Html("")
    line = max(lines, key=len)
    at = line[int(np.argmax(line[:, 1] * side))]
    (x, y), *_ = window.place(at[None]).tolist()
    below = y - 5 if side > 0 else y + 13
    return Html(f'<text class="{kind}" x="{x:.1f}" y="{below:.1f}">{text(words)}</text>')


def _path(points: Floats) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points.tolist())
