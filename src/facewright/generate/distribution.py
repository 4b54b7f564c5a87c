"""How a value is wanted: fixed, one of several by shares, a range, or about a mean.

As written in an order:

    sex = "female"                          fixed
    sex = ["female", "male"]                each as often
    sex = { female = 0.6, male = 0.4 }      by shares
    ethnicity = "white+black"               a mix of both in one face
    age = "20..40"                          any from 20 up to, but without, 40, evenly
    age = { "4..18" = 0.25, "18..60" = 0.5, ">=60" = 0.25 }
    age = { mean = 35, std = 10 }           about a mean, within what makes sense

Ranges are spelt as the levels of binned attributes are (`facewright.attributes.attribute.binned`).
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from facewright.errors import UsageError
from facewright.generate.vocabulary import Mix, Number, Value, check_level, kind_of

_NUMBER: Final = r"(-?\d+(?:\.\d+)?)"
_RANGE: Final = re.compile(
    rf"^\s*(?:{_NUMBER}\s*\.\.\s*{_NUMBER}|<\s*{_NUMBER}|>=\s*{_NUMBER})\s*$"
)
_SUM: Final = 1e-6


@dataclass(frozen=True, slots=True)
class Fixed:
    """One value."""

    value: Value

    def draw(self, rng: np.random.Generator) -> Value:
        """The value."""
        del rng
        return self.value


@dataclass(frozen=True, slots=True)
class Between:
    """Any number from `low` up to, but without, `high`, evenly."""

    low: float
    high: float
    whole: bool

    def draw(self, rng: np.random.Generator) -> Value:
        """A number of the range."""
        if self.whole:
            return float(rng.integers(math.ceil(self.low), math.ceil(self.high)))
        return float(rng.uniform(self.low, self.high))


@dataclass(frozen=True, slots=True)
class About:
    """Numbers about a mean, normally distributed, within `low` and `high`."""

    mean: float
    std: float
    low: float
    high: float
    whole: bool

    def draw(self, rng: np.random.Generator) -> Value:
        """A number; one that falls outside is drawn again, at last it is cut."""
        for _ in range(100):
            found = rng.normal(self.mean, self.std)
            if self.low <= found <= self.high:
                break
        found = float(np.clip(found, self.low, self.high))
        return float(round(found)) if self.whole else found


Piece = Fixed | Between | About


@dataclass(frozen=True, slots=True)
class Distribution:
    """Pieces with their shares.

    Attributes:
        pieces: what may come.
        shares: of each; they sum to 1.
    """

    pieces: tuple[Piece, ...]
    shares: tuple[float, ...]

    def draw(self, count: int, rng: np.random.Generator) -> list[Value]:
        """So many values: each piece as often as its share says, to within one, in random order."""
        which = np.repeat(np.arange(len(self.pieces)), quotas(count, np.array(self.shares)))
        return [self.pieces[n].draw(rng) for n in rng.permutation(which)]


def quotas(count: int, shares: NDArray[np.float64]) -> NDArray[np.int64]:
    """Whole numbers that sum to `count` in the proportion of shares (largest remainder).

    Of equal remainders, the earlier piece gets the one that is over.
    """
    exact = shares / shares.sum() * count
    whole: NDArray[np.int64] = np.floor(exact + 1e-9).astype(np.int64)
    over = np.argsort(-(exact - whole), kind="stable")[: count - int(whole.sum())]
    whole[over] += 1
    return whole


def read_distribution(name: str, written: Any, where: str) -> Distribution:
    """Read one attribute of an order.

    Args:
        name: of the attribute.
        written: as TOML gives it.
        where: file and key, for errors.

    Raises:
        UsageError: it is none of the forms, names an unknown level, or its shares do not add up.
    """
    kind = kind_of(name, where)
    if isinstance(written, Mapping):
        if isinstance(kind, Number) and "mean" in written:
            return Distribution((_about(name, written, kind, where),), (1.0,))
        return _shared(name, written, where)
    if isinstance(written, Sequence) and not isinstance(written, str):
        if not written:
            raise UsageError(f"{where}: {name} is an empty list; name at least one value")
        pieces = tuple(_piece(name, value, where) for value in written)
        return Distribution(pieces, (1 / len(pieces),) * len(pieces))
    return Distribution((_piece(name, written, where),), (1.0,))


def _shared(name: str, written: Mapping[str, Any], where: str) -> Distribution:
    shares = []
    for level, share in written.items():
        if isinstance(share, bool) or not isinstance(share, int | float) or not 0 <= share <= 1:
            raise UsageError(f"{where}: {name}.{level} must be a share from 0 to 1, not {share!r}")
        shares.append(float(share))
    if abs(sum(shares) - 1) > _SUM:
        raise UsageError(f"{where}: the shares of {name} sum to {sum(shares):g}, not to 1")
    pieces = tuple(_piece(name, level, where) for level in written)
    return Distribution(pieces, tuple(shares))


def _about(name: str, written: Mapping[str, Any], kind: Number, where: str) -> About:
    unknown = set(written) - {"mean", "std", "min", "max"}
    numbers = {
        key: value
        for key, value in written.items()
        if isinstance(value, int | float) and not isinstance(value, bool)
    }
    if unknown or len(numbers) < len(written) or "std" not in written:
        raise UsageError(f"{where}: {name} wants numbers mean and std, and may have min and max")
    low, high = numbers.get("min", kind.low), numbers.get("max", kind.high)
    _check_range(name, low, high, kind, where)
    if not low <= numbers["mean"] <= high or not numbers["std"] >= 0:
        raise UsageError(f"{where}: the mean of {name} must lie between {low:g} and {high:g}")
    return About(numbers["mean"], numbers["std"], low, high, kind.whole)


def _piece(name: str, written: Any, where: str) -> Piece:
    kind = kind_of(name, where)
    if isinstance(kind, Number):
        return _number(name, written, kind, where)
    level = ("no", "yes")[written] if isinstance(written, bool) else str(written)
    for part in level.split("+") if isinstance(kind, Mix) else (level,):
        check_level(name, part, where)
    return Fixed(level)


def _number(name: str, written: Any, kind: Number, where: str) -> Piece:
    found = _RANGE.match(written) if isinstance(written, str) else None
    if found:
        low, high, below, least = found.groups()
        start = float(low or least or kind.low)
        end = float(high or below) if high or below else math.nextafter(kind.high, math.inf)
        _check_range(name, start, min(end, kind.high), kind, where)
        if not math.ceil(start) < math.ceil(end) if kind.whole else not start < end:
            raise UsageError(f"{where}: {name} = {written!r} holds no number")
        return Between(start, end, kind.whole)
    try:
        number = math.nan if isinstance(written, bool) else float(written)
    except (TypeError, ValueError):
        number = math.nan
    if math.isnan(number):
        check_level(name, str(written), where)
    _check_range(name, number, number, kind, where)
    return Fixed(number)


def _check_range(name: str, low: float, high: float, kind: Number, where: str) -> None:
    if not kind.low <= low <= high <= kind.high:
        said = f"{low:g}" if low == high else f"{low:g}..{high:g}"
        raise UsageError(
            f"{where}: {name} = {said} is out of reach; give numbers between"
            f" {kind.low:g} and {kind.high:g} ({kind.unit})"
        )
