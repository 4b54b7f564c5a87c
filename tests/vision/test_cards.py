"""The vendored weights are the ones their cards describe, and work in batches."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import onnxruntime as ort
import pytest

from facewright.errors import ModelError
from facewright.vision import cards
from facewright.vision.cards import model_card, model_cards, verify, weights_path

if TYPE_CHECKING:
    from collections.abc import Iterator

    from facewright.vision.cards import ModelCard

ROOT = Path(__file__).resolve().parents[2]
NETWORKS = [card.id for card in model_cards() if card.file.endswith(".onnx")]
FREE = {"H": 64, "W": 96}


def session(model_id: str) -> ort.InferenceSession:
    options = ort.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    path = str(weights_path(model_id))
    return ort.InferenceSession(path, options, providers=["CPUExecutionProvider"])


def batch(card: ModelCard, size: int, *, noise: bool) -> dict[str, np.ndarray[Any, Any]]:
    rng = np.random.default_rng(1)
    feeds = {}
    for tensor in card.inputs:
        shape = [size if n == "N" else FREE.get(str(n), n) for n in tensor.shape]
        values = rng.integers(0, 256, shape) if noise else np.zeros(shape)
        feeds[tensor.name] = values.astype(tensor.dtype)
    return feeds


def test_every_file_of_the_folder_has_a_card() -> None:
    folder = weights_path("faceres").parent
    files = {path.name for path in folder.iterdir() if path.suffix == ".onnx"}
    assert files <= {card.file for card in model_cards()}
    assert len({card.id for card in model_cards()}) == len(model_cards())


@pytest.mark.parametrize("model_id", [card.id for card in model_cards()])
def test_file_is_the_one_of_the_card(model_id: str) -> None:
    verify(model_id)


@pytest.mark.parametrize("model_id", [card.id for card in model_cards()])
def test_card_and_notice_say_where_it_is_from(model_id: str) -> None:
    card = model_card(model_id)
    notices = (ROOT / "THIRD_PARTY_NOTICES.md").read_text(encoding="utf-8")
    (line,) = [row for row in notices.splitlines() if row.startswith(f"| {card.file} ")]
    assert card.licence_weights in line
    assert card.copyright in line
    assert card.origin.version in line or card.origin.registry == "facewright"
    assert card.known_failures
    assert card.trained_on


@pytest.mark.parametrize("model_id", NETWORKS)
def test_graph_has_the_inputs_and_outputs_of_the_card(model_id: str) -> None:
    card, run = model_card(model_id), session(model_id)
    for tensors, found in ((card.inputs, run.get_inputs()), (card.outputs, run.get_outputs())):
        assert [(t.name, list(t.shape)) for t in tensors] == [(f.name, f.shape) for f in found]
    assert all(len(t.labels) in {0, t.shape[-1]} for t in card.outputs)


@pytest.mark.parametrize("model_id", NETWORKS)
def test_black_pictures_give_finite_output(model_id: str) -> None:
    card = model_card(model_id)
    feeds = batch(card, 1, noise=False)
    if "points" in feeds:  # all points in one place have no size to normalise by
        feeds["points"] += np.arange(146, dtype=np.float32)[None, :, None]
    for output in session(model_id).run(None, feeds):
        assert np.isfinite(output).all()


@pytest.mark.parametrize("model_id", NETWORKS)
def test_a_batch_equals_its_pictures_one_by_one(model_id: str) -> None:
    run, feeds = session(model_id), batch(model_card(model_id), 2, noise=True)
    together = run.run(None, feeds)
    singles = [run.run(None, {k: v[i : i + 1] for k, v in feeds.items()}) for i in range(2)]
    for index, output in enumerate(together):
        alone = np.concatenate([single[index] for single in singles])
        np.testing.assert_allclose(output, alone, rtol=1e-5, atol=1e-5)


def test_weights_stay_small() -> None:
    folder = weights_path("faceres").parent
    assert sum(path.stat().st_size for path in folder.iterdir()) < 20e6


def test_unknown_model_names_the_known_ones() -> None:
    with pytest.raises(ModelError, match="'nose'; there are: yunet_2023mar"):
        model_card("nose")


@pytest.fixture
def other_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of weights that holds the cards only."""
    text = (weights_path("faceres").parent / "cards.toml").read_text(encoding="utf-8")
    (tmp_path / "cards.toml").write_text(text, encoding="utf-8")
    monkeypatch.setattr(cards, "_folder", lambda: tmp_path)
    cards.model_cards.cache_clear()
    cards.measured_figures.cache_clear()
    yield tmp_path
    cards.model_cards.cache_clear()
    cards.measured_figures.cache_clear()


def test_missing_and_changed_weights_are_named(other_folder: Path) -> None:
    with pytest.raises(ModelError, match=r"faceres\.onnx: the weights are missing"):
        weights_path("faceres")
    (other_folder / "faceres.onnx").write_bytes(b"something else")
    with pytest.raises(ModelError, match="is not the card's"):
        verify("faceres")


def test_measured_figures_join_their_card(other_folder: Path) -> None:
    assert model_card("faceres").measured == ()
    cards.model_cards.cache_clear()
    cards.measured_figures.cache_clear()
    (other_folder / "measured.json").write_text(
        '{"faceres": [{"figure": "sex right", "value": 0.99, "on": "portraits", "n": 100,'
        ' "script": "tools/measure_models.py"}], "glasses": []}',
        encoding="utf-8",
    )
    (figure,) = model_card("faceres").measured
    assert (figure.figure, figure.value, figure.n) == ("sex right", 0.99, 100)
    assert cards.measured_figures()["glasses"] == ()
