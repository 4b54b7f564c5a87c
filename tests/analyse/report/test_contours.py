from __future__ import annotations

import numpy as np
import pytest

from facewright.analyse.report.contours import contours


def area(line: np.ndarray) -> float:
    x, y = line[:, 0], line[:, 1]
    return abs(float((x[:-1] * y[1:] - x[1:] * y[:-1]).sum()) / 2)


def test_a_hill_has_a_circle() -> None:
    x = np.linspace(-3, 3, 121)
    heights = -np.hypot(*np.meshgrid(x, x))
    (line,) = contours(x, x, heights, -2.0)
    assert np.hypot(line[:, 0], line[:, 1]) == pytest.approx(2.0, abs=1e-2)
    assert (line[0] == line[-1]).all()
    assert area(line) == pytest.approx(np.pi * 4, rel=1e-3)


def test_two_hills_a_ring_and_nothing() -> None:
    x = np.linspace(-4, 4, 161)
    across, along = np.meshgrid(x, x)
    hills = np.maximum(-np.hypot(across - 2, along), -np.hypot(across + 2, along))
    assert len(contours(x, x, hills, -1.0)) == 2
    ring = -np.abs(np.hypot(across, along) - 2)
    areas = sorted(map(area, contours(x, x, ring, -0.5)))
    assert areas == pytest.approx([np.pi * 1.5**2, np.pi * 2.5**2], rel=1e-2)
    assert contours(x, x, hills, 1.0) == []


def test_lines_close_at_the_edge_of_the_grid() -> None:
    x = np.arange(5.0)
    (line,) = contours(x, x, np.ones((5, 5)), 0.5)
    assert (line[0] == line[-1]).all()
    assert line.min() < 0
    assert line.max() > 4


def test_a_saddle_keeps_its_lines_apart() -> None:
    heights = np.array([[1.0, 0.0], [0.0, 1.0]])
    lines = contours(np.arange(2.0), np.arange(2.0), heights, 0.5)
    assert len(lines) == 2
    assert all((line[0] == line[-1]).all() for line in lines)
