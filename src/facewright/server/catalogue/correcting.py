"""Audited values in place of estimates."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from facewright.server.catalogue.columns import Codes, Column, narrowest


def corrected(column: Column, values: Mapping[int, str | None]) -> Column:
    """A column with some values replaced.

    Args:
        column: it stays as it is.
        values: by row; keys of levels, new ones too, or numbers where the levels are bins. None:
            not known.
    """
    numbers = None if column.numbers is None else column.numbers.copy()
    keys = dict(values)
    if column.is_binned and numbers is not None:
        for row, value in values.items():
            numbers[row] = number = _number(value)
            if not np.isnan(number):
                keys[row] = bin_of(column.levels, float(number))
    new = (key for key in keys.values() if key is not None)
    levels = tuple(dict.fromkeys((*column.levels, *new)))
    kind = narrowest(len(levels))
    lookup: Codes = np.append(np.arange(len(column.levels)), len(levels)).astype(kind)
    codes = lookup[column.codes]
    index = {key: code for code, key in enumerate(levels)}
    for row, key in keys.items():
        codes[row] = len(levels) if key is None else index[key]
    return Column(column.attribute, levels, codes, numbers)


def bin_of(levels: tuple[str, ...], number: float) -> str:
    """The bin of a number; keys are "<10", "10..20", ">=90", rising."""
    for key in levels[:-1]:
        if number < float(key.removeprefix("<").rpartition("..")[2]):
            return key
    return levels[-1]


def _number(value: str | None) -> np.float32:
    """NaN where it is none, as it is for the key of a bin."""
    try:
        number = float(value or "nan")
    except ValueError:
        return np.float32(np.nan)
    return np.float32(number) if np.isfinite(number) else np.float32(np.nan)
