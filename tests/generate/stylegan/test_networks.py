"""Whole tiny networks against the same networks computed slowly in NumPy."""

import numpy as np
import pytest

pytest.importorskip("torch")
pytest.importorskip("safetensors")

from facewright.generate.stylegan.loading import load_generator
from helpers import published, slow_networks, tiny_networks


def opened(tmp_path, generator, protocol=4):
    path = published.write(tmp_path / "network.pkl", generator, protocol)
    return load_generator(path, kept_in=tmp_path / "kept")


def ours(network, ws):
    """Pictures (N, C, S, S) before they are rounded."""
    return network.synthesis(network.tensor(ws)).numpy()


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"clamp": 0.8},
        {"skips": False},
        {"labels": 4},
        {"side": 16, "width": 5},
    ],
)
def test_stylegan2(tmp_path, settings):
    generator = tiny_networks.stylegan2(**settings)
    network = opened(tmp_path, generator)
    assert (network.kind, network.resolution) == ("stylegan2", settings.get("side", 32))
    z = network.latents([3, 4])
    label = 2 if settings.get("labels") else None
    ws = network.map(z, label)
    labels = None if label is None else np.eye(4)[[2, 2]]
    w = slow_networks.mapped(slow_networks.part(generator, "mapping"), z.astype(float), labels)
    np.testing.assert_allclose(ws, np.repeat(w[:, None], network.num_ws, 1), rtol=1e-4, atol=1e-5)
    synthesis = slow_networks.part(generator, "synthesis")
    slow = np.array([slow_networks.stylegan2(synthesis, each.astype(float)) for each in ws])
    np.testing.assert_allclose(ours(network, ws), slow, rtol=1e-4, atol=1e-4 * np.abs(slow).max())


@pytest.mark.parametrize("turned", [False, True])
def test_stylegan3(tmp_path, turned):
    generator = tiny_networks.stylegan3(turned=turned)
    network = opened(tmp_path, generator)
    assert network.kind == ("stylegan3-r" if turned else "stylegan3-t")
    ws = network.map(network.latents([1]))
    synthesis = slow_networks.part(generator, "synthesis")
    slow = slow_networks.stylegan3(synthesis, ws[0].astype(float))
    fast = ours(network, ws)[0]
    assert fast.shape == (3, 32, 32)
    np.testing.assert_allclose(fast, slow, atol=1e-4 * np.abs(slow).max())
