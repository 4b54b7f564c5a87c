"""Which renderer makes what, and that the record says so."""

from __future__ import annotations

import pickle

import pytest

from facewright.errors import UsageError
from facewright.generate.head3d.cycles import choice
from facewright.generate.head3d.generator import head3d


@pytest.fixture
def with_bpy(monkeypatch):
    monkeypatch.setattr(choice, "bpy_version", lambda: "5.0.1")


@pytest.fixture
def without_bpy(monkeypatch):
    def none():
        raise UsageError("no bpy")

    monkeypatch.setattr(choice, "bpy_version", none)


@pytest.mark.usefixtures("without_bpy")
def test_draft_and_standard_need_no_blender():
    for quality in ("draft", "standard"):
        maker = head3d(quality, {})
        assert maker.card.settings == {"quality": quality, "renderer": "mitsuba"}
        assert "Mitsuba" in maker.card.summary


@pytest.mark.usefixtures("without_bpy")
def test_hq_without_bpy_is_mitsuba_only_where_that_is_said():
    with pytest.raises(UsageError, match="no bpy"):
        head3d("hq", {})
    assert head3d("hq", {"renderer": "mitsuba"}).card.settings["renderer"] == "mitsuba"


@pytest.mark.usefixtures("with_bpy")
def test_hq_is_cycles_and_the_card_says_which():
    maker = pickle.loads(pickle.dumps(head3d("hq", {})))
    assert maker.card.settings == {"quality": "hq", "renderer": "cycles (bpy 5.0.1)"}
    assert "Cycles" in maker.card.summary


@pytest.mark.usefixtures("with_bpy")
@pytest.mark.parametrize(
    ("quality", "renderer", "told"),
    [("hq", "luxrender", "known are mitsuba, cycles"), ("draft", "cycles", "for quality hq")],
)
def test_other_renderers_are_refused(quality, renderer, told):
    with pytest.raises(UsageError, match=told):
        head3d(quality, {"renderer": renderer})
