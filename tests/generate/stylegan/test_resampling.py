"""Changing the sampling rate against its definition, and against signals that are known."""

# ruff: noqa: E402 - what needs PyTorch is imported after it was asked for
import numpy as np
import pytest

torch = pytest.importorskip("torch")

from hypothesis import given, settings
from hypothesis import strategies as st

from facewright.generate.stylegan.resampling import Filter
from helpers import slow_networks, tiny_networks

CHANCE = np.random.default_rng(0)


def picture(rows, columns, channels=2):
    return CHANCE.standard_normal((1, channels, rows, columns))


def slow(x, taps, **how):
    return np.array([[slow_networks.resampled(c, taps, **how) for c in x[0]]])


@settings(max_examples=60, deadline=None)
@given(
    rows=st.integers(3, 9),
    columns=st.integers(3, 9),
    length=st.integers(1, 9),
    up=st.integers(1, 4),
    padding=st.tuples(*[st.integers(-2, 8)] * 4),
    square=st.booleans(),
)
def test_raising_is_inserting_zeros_padding_and_convolving(
    rows, columns, length, up, padding, square
):
    shape = (length, length) if square else (length,)
    taps = np.random.default_rng(length).standard_normal(shape).astype(np.float32)
    sizes = (columns * up + padding[0] + padding[1], rows * up + padding[2] + padding[3])
    if min(sizes) < length or min(rows, columns) * up < 3 + max(0, *(-p for p in padding)) * 2:
        return
    x = picture(rows, columns)
    got = Filter.of(taps).raised(torch.tensor(x, dtype=torch.float32), up, padding)
    want = slow(x, taps.astype(float), up=up, padding=padding, gain=up**2)
    np.testing.assert_allclose(got.numpy(), want, atol=2e-4)


@settings(max_examples=40, deadline=None)
@given(
    rows=st.integers(9, 14),
    length=st.integers(1, 9),
    down=st.integers(1, 4),
    padding=st.tuples(*[st.integers(0, 5)] * 4),
    square=st.booleans(),
)
def test_lowering_is_padding_convolving_and_decimating(rows, length, down, padding, square):
    shape = (length, length) if square else (length,)
    taps = np.random.default_rng(length).standard_normal(shape).astype(np.float32)
    x = picture(rows, rows + 1)
    got = Filter.of(taps).lowered(torch.tensor(x, dtype=torch.float32), down, padding)
    want = slow(x, taps.astype(float), down=down, padding=padding)
    np.testing.assert_allclose(got.numpy(), want, atol=1e-4)


def test_published_smoothing_is_a_product():
    found = Filter.of(np.outer([1, 3, 3, 1], [1, 3, 3, 1]) / 64)
    np.testing.assert_allclose(found.taps.numpy(), np.array([1, 3, 3, 1]) / 8, rtol=1e-6)


def test_a_golden_array():
    """Worked by hand: 2 x 2 samples doubled with the binomial filter, as pictures are."""
    x = torch.tensor([[[[0.0, 8.0], [16.0, 24.0]]]])
    got = Filter.of(np.array([1, 3, 3, 1]) / 8).raised(x, 2, (2, 1, 2, 1))[0, 0]
    want = [[0, 1.5, 4.5, 4.5], [3, 6, 10, 9], [9, 14, 18, 15], [9, 13.5, 16.5, 13.5]]
    np.testing.assert_allclose(got.numpy(), want, atol=1e-5)


def test_a_band_limited_signal_is_met_between_its_samples():
    """Raised by a long filter, a plane wave has the values that its formula gives."""
    up, taps, size = 4, 96, 40
    kernel = tiny_networks.low_pass(taps, 0.3, 0.3, up).numpy()
    x, y = np.meshgrid(np.arange(size), np.arange(size))

    def wave(x, y):
        return np.sin(2 * np.pi * (0.11 * x - 0.07 * y) + 0.4)

    padding = ((taps - 1) // 2,) * 4
    got = Filter.of(kernel).raised(
        torch.tensor(wave(x, y)[None, None], dtype=torch.float32), up, padding
    )
    # Output m lies at sample (m + (L - 1) / 2 - p0) / up.
    places = (np.arange(got.shape[-1]) + (taps - 1) / 2 - padding[0]) / up
    want = wave(*np.meshgrid(places, places))
    inner = slice(60, 100)
    error = np.abs(got[0, 0].numpy() - want)[inner, inner].max()
    assert error < 2e-3
