"""Names for arrays. OpenCV's and Mitsuba's results carry no element type that mypy could hold."""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray

Floats = NDArray[Any]
"""Floats, float32 unless a docstring says otherwise."""
Ints = NDArray[Any]
"""Whole numbers: indices."""
