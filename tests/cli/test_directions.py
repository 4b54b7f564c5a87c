"""facewright directions, on a tiny network."""

from __future__ import annotations

import json

import numpy as np
import pytest

pytest.importorskip("torch")
pytest.importorskip("safetensors")
pytest.importorskip("sklearn")

from facewright.attributes.face_table import FaceTable
from facewright.cli.directions import fit, show
from facewright.errors import UsageError
from facewright.generate.directions import Direction
from facewright.generate.fit_directions import Sample
from facewright.generate.stylegan.loading import load_generator
from facewright.record import Record
from facewright.schema import to_table
from helpers import published, tiny_networks

pytestmark = pytest.mark.usefixtures("own_cache")


@pytest.fixture(autouse=True)
def wide(monkeypatch):
    monkeypatch.setenv("COLUMNS", "160")


@pytest.fixture
def weights(tmp_path):
    return published.write(tmp_path / "flat.pkl", tiny_networks.stylegan2(32))


@pytest.fixture
def seen(weights, monkeypatch):
    """Annotators that see men at one end of the first style, and the old at the second's."""
    network = load_generator(weights)
    styles = network.map(network.latents(range(500)))[:, 0]
    score = styles - styles.mean(axis=0)
    columns = {
        "face_id": [f"s{n}" for n in range(len(styles))],
        "sex": np.where(score[:, 0] > 0, "male", "female").tolist(),
        "age": 40 + 20 * score[:, 1] / score[:, 1].std(),
    }
    table = FaceTable("the samples", to_table(Record, columns, len(styles)))

    def sample(of, count, *, seed, progress):
        progress(count)
        assert (of.sha256, count, seed) == (network.sha256, 500, 0)
        return Sample(of.sha256, styles, table, 3)

    monkeypatch.setattr("facewright.generate.fit_directions.sample_styles", sample)


@pytest.mark.usefixtures("seen")
def test_a_direction_is_fitted_and_shown(weights, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    fit(weights, attribute="sex", level="male")
    said = capsys.readouterr().out
    assert "sex: male against female" in said
    assert "3 of 500 pictures had no face" in said
    assert "--option directions=sex-male.npz" in said
    male = Direction.load(tmp_path / "sex-male.npz")
    assert male.auc > 0.9
    assert f"{male.auc:.3f}" in said

    out = tmp_path / "age.npz"
    fit(weights, attribute="age", output=out, apart_from=[tmp_path / "sex-male.npz"],
        layers="0-2", json=True)  # fmt: skip
    facts = json.loads(capsys.readouterr().out)
    assert (facts["attribute"], facts["level"], facts["layers"]) == ("age", None, [0, 2])
    assert abs(float(Direction.load(out).vector @ male.vector)) < 1e-5

    show(out, json=True)
    assert json.loads(capsys.readouterr().out)["auc"] == facts["auc"]
    show(tmp_path / "sex-male.npz", out)
    assert "age: a larger number" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("how", "what"),
    [
        ({"samples": 100}, "too few"),
        ({"layers": "8"}, "--layers 8"),
        ({"layers": "4-2"}, "0-8"),
        ({"generator": "head3d"}, "stylegan or eg3d"),
        ({"attribute": "mood"}, "mood"),
        ({"level": "cat"}, "cat|female"),
    ],
)
@pytest.mark.usefixtures("seen")
def test_wrong_uses(weights, how, what):
    with pytest.raises(UsageError, match=what):
        fit(weights, **{"attribute": "sex", "level": "male", **how})


@pytest.mark.usefixtures("seen")
def test_directions_of_other_weights(weights, tmp_path):
    vector = np.eye(12, dtype=np.float32)[0]
    other = Direction("age", None, None, vector, 1.0, 0.0, 1.0, None, 0.9, 500, "0" * 64)
    other.save(tmp_path / "other.npz")
    with pytest.raises(UsageError, match="other weights"):
        fit(weights, attribute="sex", level="male", apart_from=[tmp_path / "other.npz"])
    with pytest.raises(UsageError, match="name a direction"):
        show()


def test_a_network_without_faces(tmp_path):
    weights = published.write(tmp_path / "flat.pkl", tiny_networks.stylegan2(16))
    with pytest.raises(UsageError, match="none of 200 pictures has a face"):
        fit(weights, attribute="sex", level="male", samples=200)
