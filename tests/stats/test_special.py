import numpy as np
import pytest

from facewright.stats.special import beta_below, beta_quantile, chi_square_tail, normal_quantile

stats = pytest.importorskip("scipy.stats")


@pytest.mark.parametrize("degrees", [1, 2, 3, 10, 99, 1000, 50_000])
@pytest.mark.parametrize("at", [0.01, 0.5, 0.9, 1.0, 1.1, 2.0])
def test_chi_square_tail_is_scipys(degrees: int, at: float) -> None:
    wanted = stats.chi2.sf(at * degrees, degrees)
    assert chi_square_tail(at * degrees, degrees) == pytest.approx(wanted, rel=1e-8, abs=1e-200)


def test_chi_square_tail_at_the_ends() -> None:
    assert chi_square_tail(0, 3) == chi_square_tail(5, 0) == 1
    assert chi_square_tail(float("inf"), 3) == 0
    assert chi_square_tail(3.841458820694124, 1) == pytest.approx(0.05)  # any table


def test_beta_below_is_scipys() -> None:
    a, b, x = np.meshgrid([0.5, 1, 7.5, 300], [0.5, 2, 40, 9000], [0, 1e-6, 0.01, 0.3, 0.9, 1])
    np.testing.assert_allclose(beta_below(a, b, x), stats.beta.cdf(x, a, b), rtol=1e-9, atol=1e-300)


@pytest.mark.parametrize("share", [1e-6, 0.025, 0.5, 0.975])
def test_beta_quantile_is_scipys(share: float) -> None:
    a, b = np.meshgrid([0.5, 1, 1.5, 20.5, 3000], [0.5, 1, 2.5, 80.5, 70_000])
    np.testing.assert_allclose(beta_quantile(share, a, b), stats.beta.ppf(share, a, b), rtol=1e-7)


def test_normal_quantile() -> None:
    assert normal_quantile(0.975) == pytest.approx(1.959963984540054)
