"""Coded attributes from plain lists."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from facewright.attributes.attribute import Attribute
from facewright.attributes.face_table import Coded


def coded(name: str, levels: Sequence[str], values: Sequence[str | None]) -> Coded:
    at = {key: n for n, key in enumerate(levels)}
    codes = np.array([at.get(value, -1) if value else -1 for value in values], np.int32)
    attribute = Attribute(name, name.title(), name, {key: key.title() for key in levels})
    return Coded(attribute, tuple(levels), codes)


def coded_table(table: Sequence[Sequence[int]]) -> tuple[Coded, Coded]:
    """Two attributes whose cross table of counts is this."""
    rows, columns = np.indices(np.shape(table))
    counts = np.ravel(table)
    parts = [np.repeat(each.ravel(), counts).astype(np.int32) for each in (rows, columns)]
    sizes = np.shape(table)
    return tuple(  # type: ignore[return-value]
        Coded(Attribute(name, name, name), tuple(map(str, range(size))), codes)
        for name, size, codes in zip(("row", "column"), sizes, parts, strict=True)
    )
