"""Layers against closed forms."""

# ruff: noqa: E402 - what needs PyTorch is imported after it was asked for
import numpy as np
import pytest

torch = pytest.importorskip("torch")

from torch.nn import functional

from facewright.generate.stylegan.layers import modulated, rectify, unit_power
from helpers import slow_networks

CHANCE = torch.Generator().manual_seed(1)


def normal(*shape):
    return torch.randn(*shape, generator=CHANCE)


def test_modulated_convolution_is_convolution_with_each_samples_own_weights():
    x, weight, styles = normal(3, 4, 7, 6), normal(5, 4, 3, 3), normal(3, 4) + 1
    got = modulated(x, weight, styles, demodulate=True, padding=1)
    for sample in range(3):
        own = slow_networks.demodulated(weight.numpy().astype(float), styles[sample].numpy())
        want = functional.conv2d(x[sample : sample + 1].double(), torch.tensor(own), padding=1)
        np.testing.assert_allclose(got[sample], want[0], atol=1e-5)


def test_demodulated_outputs_of_white_noise_have_unit_variance():
    out = modulated(normal(1, 16, 200, 200), normal(8, 16, 3, 3), normal(1, 16), demodulate=True)
    np.testing.assert_allclose(out.std(dim=(2, 3)).numpy(), 1, atol=0.03)


def test_without_demodulation_styles_scale_the_outputs():
    x, weight, styles = normal(2, 4, 5, 5), normal(3, 4, 1, 1), normal(2, 4)
    double = modulated(x, weight, 2 * styles, demodulate=False)
    torch.testing.assert_close(double, 2 * modulated(x, weight, styles, demodulate=False))


def test_raised_convolution_puts_the_kernel_down_at_every_second_place():
    one = torch.zeros(1, 1, 3, 3)
    one[0, 0, 1, 1] = 1.0
    weight = torch.arange(9.0).reshape(1, 1, 3, 3)
    out = modulated(one, weight, torch.ones(1, 1), demodulate=False, up=2)
    assert out.shape[2:] == (7, 7)
    torch.testing.assert_close(out[0, 0, 2:5, 2:5], weight[0, 0])


def test_small_pieces():
    x = torch.tensor([-10.0, -1.0, 0.0, 2.0])
    torch.testing.assert_close(rectify(x, gain=2.0), torch.tensor([-4.0, -0.4, 0.0, 4.0]))
    torch.testing.assert_close(
        rectify(x, gain=2.0, clamp=3.0), torch.tensor([-3.0, -0.4, 0.0, 3.0])
    )
    torch.testing.assert_close(unit_power(x[None]).square().mean(), torch.tensor(1.0))
