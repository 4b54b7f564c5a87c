"""Distribution functions that tests and intervals need, without scipy.

Regularised incomplete gamma and beta functions by series and by continued fractions (NIST DLMF
8.7, 8.9.2, 8.17.22), the fractions by Lentz's method as modified by Thompson and Barnett (1986).
"""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

_TINY: Final = 1e-300
_EPSILON: Final = 1e-15
_TERMS: Final = 200_000
"""More than any argument here takes: about the square root of the degrees times ten."""
_STEPS: Final = 200


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


def beta_below(a: ArrayLike, b: ArrayLike, x: ArrayLike) -> Floats:
    """I_x(a, b), the regularised incomplete beta function, of arrays that broadcast.

    Args:
        a: above 0.
        b: above 0.
        x: 0 to 1.
    """
    first, second, at = np.broadcast_arrays(*(np.asarray(v, np.float64) for v in (a, b, x)))
    # The fraction is quick below the mean; above it I_x(a, b) = 1 - I_{1-x}(b, a).
    turned = at > (first + 1) / (first + second + 2)
    p, q = np.where(turned, second, first), np.where(turned, first, second)
    y = np.where(turned, 1.0 - at, at)
    inner = np.clip(y, _TINY, 1.0 - 1e-16)
    log_scale = p * np.log(inner) + q * np.log1p(-inner) - _log_beta(p, q)
    below = np.exp(log_scale) * _beta_fraction(p, q, inner).reshape(p.shape) / p
    below = np.where(y <= 0, 0.0, np.where(y >= 1, 1.0, below))
    return np.where(turned, 1.0 - below, below)


def _log_beta(a: Floats, b: Floats) -> Floats:
    log_gamma = np.vectorize(math.lgamma, otypes=[np.float64])
    found: Floats = log_gamma(a) + log_gamma(b) - log_gamma(a + b)
    return found


def _beta_fraction(a: Floats, b: Floats, x: Floats) -> Floats:
    """Continued fraction DLMF 8.17.22, as the factor of x^a (1-x)^b / (a B(a, b))."""
    found = np.empty(x.size)
    left = np.arange(x.size)  # those whose fraction has not ended
    a, b, x = a.ravel(), b.ravel(), x.ravel()
    c = np.ones_like(x)
    d = 1.0 / _away(1.0 - (a + b) * x / (a + 1))
    value = d.copy()
    for m in range(1, _TERMS):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for top in (even, odd):
            d = 1.0 / _away(1.0 + top * d)
            c = _away(1.0 + top / c)
            value *= c * d
        going = np.abs(c * d - 1.0) >= _EPSILON
        found[left[~going]] = value[~going]
        if not going.any():
            return found
        if not going.all():
            left = left[going]
            a, b, x, c, d, value = np.stack([a, b, x, c, d, value])[:, going]
    raise ArithmeticError("the fraction of an incomplete beta function does not end")


def _away(values: Floats) -> Floats:
    return np.where(np.abs(values) > _TINY, values, _TINY)


def beta_quantile(share: float, a: ArrayLike, b: ArrayLike) -> Floats:
    """Value x below which `share` of Beta(a, b) lies, of arrays that broadcast.

    Newton's steps inside of a bracket that each step narrows; halves of it where a step leaves it.
    """
    first, second = np.broadcast_arrays(*(np.asarray(v, np.float64) for v in (a, b)))
    low, high = np.zeros(first.shape), np.ones(first.shape)
    mean = first / (first + second)
    spread = np.sqrt(mean * (1 - mean) / (first + second + 1))
    start = mean + normal_quantile(share) * spread
    x: Floats = np.clip(start, mean / 100, 1 - (1 - mean) / 100).astype(np.float64)
    log_scale = -_log_beta(first, second)
    for _ in range(_STEPS):
        off = beta_below(first, second, x) - share
        low, high = np.where(off < 0, x, low), np.where(off < 0, high, x)
        inner = np.clip(x, _TINY, 1.0 - 1e-16)
        log_density = log_scale + (first - 1) * np.log(inner) + (second - 1) * np.log1p(-inner)
        step = x - off / np.exp(np.clip(log_density, -600.0, 600.0))
        inside = (step > low) & (step < high)
        x, before = np.asarray(np.where(inside, step, (low + high) / 2), np.float64), x
        if (np.abs(x - before) <= 1e-14 + 1e-12 * before).all():
            return x
    raise ArithmeticError("a quantile of a beta distribution was not found")
