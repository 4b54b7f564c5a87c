"""Where bpy is looked for, and what is said where it is not."""

from __future__ import annotations

import sys

import pytest

from facewright.errors import UsageError
from facewright.generate.head3d.cycles import place


def test_missing_bpy_is_one_line_that_can_be_pasted(monkeypatch, tmp_path):
    monkeypatch.delenv(place.VARIABLE, raising=False)
    monkeypatch.setattr(place, "default_place", lambda: tmp_path / "bpy")
    with pytest.raises(UsageError) as caught:
        place.bpy_version()
    text = str(caught.value)
    assert "\n" not in text
    assert f"python3.11 -m venv '{tmp_path / 'bpy'}' &&" in text
    assert "pip install 'bpy>=5.0,<6'" in text
    assert "renderer=mitsuba" in text


def test_the_variable_names_the_python(monkeypatch):
    monkeypatch.setenv(place.VARIABLE, sys.executable)
    assert str(place.blender_python()) == sys.executable


def test_a_python_without_bpy_is_told(monkeypatch):
    monkeypatch.setattr(place, "ASK_VERSION", "raise ModuleNotFoundError('bpy')")
    monkeypatch.setenv(place.VARIABLE, sys.executable)
    place._version_in.cache_clear()
    with pytest.raises(UsageError, match="has no bpy"):
        place.bpy_version()


def test_a_python_that_is_not_there_is_told(monkeypatch, tmp_path):
    monkeypatch.setenv(place.VARIABLE, str(tmp_path / "python"))
    with pytest.raises(UsageError, match="cannot be started"):
        place.bpy_version()
