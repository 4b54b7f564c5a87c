"""StyleGAN3's promise: what is moved or turned at the input is moved or turned in the picture."""

# ruff: noqa: E402 - what needs PyTorch is imported after it was asked for
import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("safetensors")

from facewright.generate.stylegan.loading import load_generator
from facewright.generate.stylegan.resampling import Filter
from facewright.generate.stylegan.sg3 import FilteredLayer
from helpers import published, tiny_networks

SIDE = 64


def opened(folder, *, turned):
    generator = tiny_networks.stylegan3(SIDE, 5, layers=8, turned=turned, width=12)
    path = published.write(folder / "network.pkl", generator)
    return load_generator(path, kept_in=folder)


@pytest.fixture(scope="module")
def moved(tmp_path_factory):
    return opened(tmp_path_factory.mktemp("t"), turned=False)


@pytest.fixture(scope="module")
def turned(tmp_path_factory):
    return opened(tmp_path_factory.mktemp("r"), turned=True)


def pictures(network, placed=None):
    ws = network.tensor(network.map(network.latents([2])))
    where = None if placed is None else torch.tensor(placed, dtype=torch.float32)
    with torch.inference_mode():
        return network.synthesis(ws, "const", None, where)[0].double().numpy()


def decibels(one, other, inner):
    """Peak signal to noise, the peak being the range of the picture."""
    error = ((one - other)[:, inner] ** 2).mean()
    return 10 * np.log10(np.ptp(one) ** 2 / error)


def interpolated(picture, x, y, reach=10):
    """A picture's values at places, by a long windowed sinc."""
    rows = _weights(y, picture.shape[1], reach)
    columns = _weights(x, picture.shape[2], reach)
    return np.einsum("pr,crk,pk->cp", rows, picture, columns, optimize=True)


def _weights(places, size, reach):
    gap = places.reshape(-1, 1) - np.arange(size)
    return np.sinc(gap) * np.where(np.abs(gap) < reach, np.sinc(gap / reach), 0)


def placing(angle=0.0, x=0.0, y=0.0):
    cos, sin = np.cos(np.radians(angle)), np.sin(np.radians(angle))
    return np.array([[cos, -sin, x], [sin, cos, y], [0, 0, 1]])


def seen_through(picture, placed):
    """What the picture would be if its content were placed so."""
    line = (np.arange(SIDE) + 0.5) / SIDE - 0.5
    x, y = np.meshgrid(line, line)
    xs, ys, _ = np.einsum("ij,jhw->ihw", placed, np.stack([x, y, np.ones_like(x)]))
    found = interpolated(picture, (xs + 0.5) * SIDE - 0.5, (ys + 0.5) * SIDE - 0.5)
    return found.reshape(picture.shape)


def disc(radius):
    line = np.arange(SIDE) + 0.5 - SIDE / 2
    x, y = np.meshgrid(line, line)
    return np.hypot(x, y) < radius


@pytest.mark.parametrize(("x", "y"), [(3, -5), (2.5, 1.25)])
def test_translation(moved, turned, x, y):
    placed = placing(x=x / SIDE, y=y / SIDE)
    for network in (moved, turned):
        want = seen_through(pictures(network), placed)
        assert decibels(pictures(network, placed), want, disc(SIDE / 2 - 14)) > 70


@pytest.mark.parametrize("angle", [90, 30, -17])
def test_rotation(turned, angle):
    placed = placing(angle)
    want = seen_through(pictures(turned), placed)
    assert decibels(pictures(turned, placed), want, disc(SIDE / 2 - 14)) > 60


def test_translational_networks_do_not_turn(moved):
    """Their 3 x 3 kernels do not: the measure would notice."""
    placed = placing(30)
    want = seen_through(pictures(moved), placed)
    assert decibels(pictures(moved, placed), want, disc(SIDE / 2 - 14)) < 30


def test_a_filtered_rectifier_is_the_rectifier_of_the_continuous_signal():
    """Against dense sampling: 16 times the rate, rectified, filtered, and sampled again."""
    size, taps, dense, inner = 64, 32, 16, slice(24, 40)

    def wave(x, y):
        return np.sin(2 * np.pi * (0.09 * x + 0.05 * y)) + 0.7 * np.cos(2 * np.pi * 0.08 * y)

    def rectified(signal):
        return np.where(signal < 0, 0.2 * signal, signal) * np.sqrt(2)

    samples = wave(*np.meshgrid(np.arange(size), np.arange(size)))
    got = _layer(taps).filtered(single(samples))[0, 0].numpy()[inner, inner]
    line = np.arange(size * dense) / dense
    kernel = tiny_networks.low_pass(taps * dense // 2 + 1, 0.25, 0.3, dense).numpy()
    smooth = Filter.of(kernel).lowered(single(rectified(wave(*np.meshgrid(line, line)))), 1)
    skipped = len(kernel) // 2 // dense
    place = slice(inner.start - skipped, inner.stop - skipped)
    want = smooth[0, 0, ::dense, ::dense].numpy()[place, place]
    error = np.sqrt(((got - want) ** 2).mean())
    naive = np.sqrt(((rectified(samples)[inner, inner] - want) ** 2).mean())
    assert error < 0.003 * want.std()
    assert naive > 15 * error


def single(signal):
    return torch.tensor(signal[None, None], dtype=torch.float32)


def _layer(taps):
    """A layer that raises and lowers by 2 with filters of `taps` taps."""
    kernel = Filter.of(tiny_networks.low_pass(taps, 0.25, 0.3, 2).numpy())
    # Together the filters delay by (taps - 1) samples of the raised signal.
    low = taps - 1
    return FilteredLayer(
        None, None, None, None, 2, kernel, 2, kernel, (low, low - 1) * 2, None, False, 0
    )
