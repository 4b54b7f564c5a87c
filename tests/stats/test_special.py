import pytest

from facewright.stats.special import chi_square_tail, normal_quantile

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


def test_normal_quantile() -> None:
    assert normal_quantile(0.975) == pytest.approx(1.959963984540054)
