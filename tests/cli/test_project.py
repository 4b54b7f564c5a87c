"""facewright project, on a tiny network."""

from __future__ import annotations

import shutil

import numpy as np
import pytest
from PIL import Image

pytest.importorskip("torch")
pytest.importorskip("safetensors")

from facewright.cli.project import project
from facewright.errors import SourceError, UsageError
from facewright.generate.stylegan.loading import load_generator
from facewright.generate.stylegan.vectors import read_styles
from helpers import published, tiny_networks

pytestmark = pytest.mark.usefixtures("own_cache")


@pytest.fixture
def weights(tmp_path):
    return published.write(tmp_path / "flat.pkl", tiny_networks.stylegan2(32))


def test_a_picture_of_its_own_is_found_again(weights, tmp_path, capsys):
    network = load_generator(weights)
    own = network.synthesize(network.map(network.latents([5])))[0]
    Image.fromarray(own).save(tmp_path / "own.png")
    out, shown = tmp_path / "own.npy", tmp_path / "both.png"
    project(weights, tmp_path / "own.png", output=out, picture=shown, steps=8, as_="none")
    said = capsys.readouterr().out
    assert "after 8 steps" in said
    ws = read_styles(out)
    assert ws.shape == (1, network.num_ws, network.w_dim)
    found = network.synthesize(ws)[0]
    assert np.array_equal(np.asarray(Image.open(shown)), np.hstack([own, found]))
    error = np.square(found.astype(float) - own).mean()
    assert f"{10 * np.log10(255**2 / error):.1f} dB" in said


def test_a_photo_is_aligned_first(weights, tmp_path, samples, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    shutil.copy(samples / "astronaut.png", tmp_path / "photo.png")
    project(weights, tmp_path / "photo.png", space="w+", steps=2)
    assert "photo.npy: w+ of flat.pkl" in capsys.readouterr().out
    assert read_styles("photo.npy").ndim == 3


def test_wrong_uses(weights, tmp_path):
    grey = tmp_path / "grey.png"
    Image.new("RGB", (48, 32)).save(grey)
    with pytest.raises(UsageError, match="no square"):
        project(weights, grey, as_="none")
    with pytest.raises(SourceError, match="no face"):
        project(weights, grey)
    with pytest.raises(SourceError, match="missing"):
        project(weights, tmp_path / "missing.png")
    with pytest.raises(UsageError, match="--steps"):
        project(weights, grey, steps=0)
    with pytest.raises(UsageError, match="ends in"):
        project(weights, grey, picture=tmp_path / "found.gif")
