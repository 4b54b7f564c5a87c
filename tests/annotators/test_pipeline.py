import numpy as np
import pyarrow as pa
import pytest

from facewright import plugins
from facewright.annotators.base import Annotator, AnnotatorCard
from facewright.annotators.pipeline import Pipeline
from facewright.errors import RecipeError, UsageError
from facewright.record import Record
from facewright.schema import leaves, to_table
from facewright.vision.cards import model_cards
from facewright.vision.faces import find_faces
from facewright.vision.runtime import Runtime


class Made:
    """An annotator made for a test."""

    def __init__(self, name, gives, needs=()):
        self.card = AnnotatorCard(
            id=name, version="1", task="test", gives=tuple(gives), needs=tuple(needs)
        )

    def annotate(self, faces, known, _runtime):
        value = sum(float(known[need][0]) for need in self.card.needs) + 1
        return {name: np.full(len(faces), value) for name in self.card.gives}


@pytest.fixture
def installed(monkeypatch):
    """Replace the installed annotators."""

    def install(*annotators):
        by_name = {annotator.card.id: annotator for annotator in annotators}
        monkeypatch.setattr(plugins, "names", lambda _: tuple(sorted(by_name)))
        monkeypatch.setattr(plugins, "load", lambda _, name: by_name[name])

    return install


def test_each_annotator_finds_what_it_needs(installed):
    installed(Made("c", ["age"], ["_b"]), Made("a", ["_a"]), Made("b", ["_b"], ["_a"]))
    pipeline = Pipeline()
    assert [a.card.id for a in pipeline.annotators] == ["a", "b", "c"]


def test_helpers_are_added_and_others_left_out(installed):
    installed(Made("a", ["_a"]), Made("b", ["age"], ["_a"]), Made("x", ["smile"]))
    assert {a.card.id for a in Pipeline(("b",)).annotators} == {"a", "b"}


def test_contradictions_are_said(installed):
    installed(Made("a", ["age"]), Made("b", ["age"]))
    with pytest.raises(RecipeError, match="both 'a' and 'b' give 'age'"):
        Pipeline()
    installed(Made("a", ["age"], ["_nowhere"]))
    with pytest.raises(RecipeError, match="no annotator gives _nowhere"):
        Pipeline()
    installed(Made("a", ["_a"], ["_b"]), Made("b", ["_b"], ["_a"]))
    with pytest.raises(RecipeError, match="circle"):
        Pipeline()


def test_an_unknown_name_lists_the_known_ones():
    with pytest.raises(UsageError, match=r"no 'nonsense'.*geometry"):
        Pipeline(("nonsense",))


@pytest.fixture(scope="module")
def pipeline():
    return Pipeline()


def test_the_installed_annotators_fill_the_whole_record(pipeline):
    """Every field is given by exactly one annotator, or by the detector and the run."""
    given = [name for a in pipeline.annotators for name in a.card.gives if name[0] != "_"]
    assert len(given) == len(set(given))
    by_the_run = {
        "crop_hash",
        "face_id",
        "photo_id",
        "index",
        "kept",
        "reasons",
        "crops",
        "detection_score",
    }
    by_the_run |= {"detection_score"}
    by_the_run |= {n for n, _ in leaves(Record) if n.startswith(("rectangle.", "origin."))}
    missing = {name for name, _ in leaves(Record)} - set(given) - by_the_run - {"null_reasons"}
    assert not missing


def test_cards_are_complete(pipeline):
    models = {card.id for card in model_cards()}
    for annotator in pipeline.annotators:
        assert isinstance(annotator, Annotator)
        assert annotator.card.task
        assert annotator.card.known_failures
        assert set(annotator.card.models) <= models


def test_no_face_and_small_grey_faces_make_valid_tables(pipeline, samples):
    from PIL import Image

    runtime = Runtime()
    with Image.open(samples / "astronaut.png") as opened:
        grey = np.asarray(opened.convert("L").convert("RGB").resize((128, 128)))
    for photos, count in (([], 0), ([grey], 1)):
        faces = find_faces(photos, runtime)
        assert len(faces) == count
        columns = pipeline.annotate(faces, runtime)
        table = to_table(Record, columns, count)
        assert isinstance(table, pa.Table)
        assert table.num_rows == count
    (row,) = table.to_pylist(maps_as_pydicts="strict")
    assert row["eye_color"] is None
    assert "eye_color" in row["null_reasons"]
    assert row["skin_tone"]["monk"] is None
