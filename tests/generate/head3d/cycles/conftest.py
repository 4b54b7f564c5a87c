"""Where bpy is not there, what needs it is skipped."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

from facewright.errors import UsageError
from facewright.generate.head3d.cycles.place import bpy_version


@pytest.fixture(scope="session")
def small():
    """The module beside this one; tests are no packages."""
    path = Path(__file__).with_name("small_scene.py")
    spec = importlib.util.spec_from_file_location("cycles_small_scene", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def bpy():
    """Version of the bpy that renders here."""
    try:
        return bpy_version()
    except UsageError as error:
        pytest.skip(f"no Cycles here: {error}")
