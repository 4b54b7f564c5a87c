"""Shares as people write them: 50 %, 0.5, 1/3; and whether they add up."""

from __future__ import annotations

import math
import re
from collections.abc import Hashable, Mapping
from typing import Any, Final, NamedTuple, TypeVar

from facewright.errors import UsageError

ROUNDING: Final = 1e-3
"""Sums may be off by this share of the whole, as rounded tables are: 33.3 % three times is 1."""

_NUMBER: Final = re.compile(
    r"\s*(-?\d+(?:\.\d+)?(?:e-?\d+)?)(?:\s*/\s*(\d+))?\s*(%)?\s*", re.IGNORECASE
)

Key = TypeVar("Key", bound=Hashable)


class Amount(NamedTuple):
    """A number of a target.

    Attributes:
        value: as written.
        percent: whether a percent sign follows it.
    """

    value: float
    percent: bool = False


def amount(written: Any, source: str) -> Amount:
    """Read a number, or a text such as "50 %", "0.5", "1/3".

    Args:
        written: a number or text.
        source: file and key, for the message.

    Raises:
        UsageError: it is no number, negative, NaN or infinite.
    """
    if isinstance(written, str):
        found = _NUMBER.fullmatch(written)
        if found is None:
            raise UsageError(f"{source}: {written!r} is no share; write 50 %, 0.5 or 1/3")
        divisor = float(found[2] or 1)
        value = float(found[1]) / divisor if divisor else math.nan
        read = Amount(value, found[3] is not None)
    elif isinstance(written, (int, float)) and not isinstance(written, bool):
        read = Amount(float(written))
    else:
        raise UsageError(f"{source}: {written!r} is no share; write 50 %, 0.5 or 1/3")
    if not math.isfinite(read.value):
        raise UsageError(f"{source}: {written} is no share; it must be a number of 0 or more")
    if read.value < 0:
        raise UsageError(f"{source}: {written} is negative; a share is 0 or more")
    return read


def shares_of(
    amounts: Mapping[Key, Amount | None], source: str, *, normalise: bool = False
) -> dict[Key, float]:
    """Amounts as shares that add up to 1.

    They are percents where one of them has the sign or they add up to 100, else shares of 1.
    A sum that is off by up to 0.1 % of the whole is taken for rounding.

    Args:
        amounts: by level; one may be None: what is left of the whole.
        source: file and key, for messages.
        normalise: take them as parts of whatever they add up to.

    Raises:
        UsageError: they do not add up, are all 0, or more than one is left open.
    """
    given = {key: each for key, each in amounts.items() if each is not None}
    open_keys = [key for key in amounts if key not in given]
    total = math.fsum(each.value for each in given.values())
    percent = any(each.percent for each in given.values())
    whole = 100.0 if percent or total > 1 + ROUNDING else 1.0
    if len(open_keys) > 1:
        raise UsageError(f"{source}: only one level can take what is left")
    if open_keys:
        left = whole - total
        if left < -ROUNDING * whole:
            raise UsageError(f"{source}: {_told(total, whole)} is given; nothing is left")
        given[open_keys[0]] = Amount(max(left, 0.0))
        total += max(left, 0.0)
    if not total > 0:
        raise UsageError(f"{source}: every share is 0")
    if not normalise and abs(total - whole) > ROUNDING * whole + 1e-9:
        raise UsageError(
            f"{source}: the shares add up to {_told(total, whole)}, not to {_told(whole, whole)};"
            " correct them, or say `normalise = true` to take them as parts of their sum"
        )
    return {key: given[key].value / total for key in amounts}


def _told(total: float, whole: float) -> str:
    return f"{total:.6g} %" if whole > 1 else f"{total:.6g}"
