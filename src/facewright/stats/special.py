"""Distribution functions that tests and intervals need, without scipy.

The regularised incomplete gamma function by series and by a continued fraction (NIST DLMF 8.7,
8.9.2), the fraction by Lentz's method as modified by Thompson and Barnett (1986).
"""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import Final

_TINY: Final = 1e-300
_EPSILON: Final = 1e-15
_TERMS: Final = 200_000
"""More than any argument here takes: about the square root of the degrees times ten."""


def normal_quantile(share: float) -> float:
    """Standard score z below which `share` (0 to 1, both without) of a standard normal lies."""
    return NormalDist().inv_cdf(share)


def chi_square_tail(statistic: float, degrees: float) -> float:
    """P(X >= statistic) of a chi-square variable; 1 where there are no degrees of freedom."""
    if degrees <= 0 or statistic <= 0:
        return 1.0
    if math.isinf(statistic):
        return 0.0
    return gamma_tail(degrees / 2, statistic / 2)


def gamma_tail(a: float, x: float) -> float:
    """Q(a, x) = Gamma(a, x) / Gamma(a), the regularised upper incomplete gamma function.

    Args:
        a: above 0.
        x: 0 or more.
    """
    if x <= 0:
        return 1.0
    scale = math.exp(a * math.log(x) - x - math.lgamma(a))
    if x < a + 1:
        return max(0.0, 1.0 - scale * _gamma_series(a, x))
    return scale * _gamma_fraction(a, x)


def _gamma_series(a: float, x: float) -> float:
    """Sum of x^n / (a (a+1) .. (a+n)); DLMF 8.7.1."""
    term = total = 1.0 / a
    for n in range(1, _TERMS):
        term *= x / (a + n)
        total += term
        if term < total * _EPSILON:
            return total
    raise ArithmeticError(f"the series of gamma({a}, {x}) does not end")


def _gamma_fraction(a: float, x: float) -> float:
    """Even part of the continued fraction DLMF 8.9.2."""
    b = x + 1.0 - a
    c, d = 1.0 / _TINY, 1.0 / b
    value = d
    for n in range(1, _TERMS):
        top = -n * (n - a)
        b += 2.0
        d = 1.0 / _off_zero(top * d + b)
        c = _off_zero(b + top / c)
        value *= c * d
        if abs(c * d - 1.0) < _EPSILON:
            return value
    raise ArithmeticError(f"the fraction of gamma({a}, {x}) does not end")


def _off_zero(value: float) -> float:
    return value if abs(value) > _TINY else _TINY
