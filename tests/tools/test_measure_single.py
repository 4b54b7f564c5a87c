"""Pairs of mirrored points are mirror images, and figures are kept where they say something."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from facewright.vision.mesh import ibug68
from facewright.vision.tables import canonical_face

TOOLS = Path(__file__).resolve().parents[2] / "tools"


@pytest.fixture(autouse=True)
def tools(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tools import one another as scripts do: from their own folder."""
    monkeypatch.setattr(sys, "path", [str(TOOLS), *sys.path])


def faces(**columns: list[str]) -> Any:
    from labelled import Labelled

    count = len(next(iter(columns.values())))
    rows = [{name: values[i] for name, values in columns.items()} for i in range(count)]
    return Labelled(rows, {}, {}, np.ones(count, np.intp))


def test_mirrored_points_lie_on_the_other_side_of_the_canonical_face() -> None:
    from single_outputs import MIRROR68

    mesh = np.zeros((1, 478, 3))
    mesh[0, :468] = canonical_face()["vertices"]
    points = ibug68(mesh)[0]
    back = points[list(MIRROR68)] * (-1.0, 1.0)
    apart = np.linalg.norm(points - back, axis=1) / np.linalg.norm(points[36] - points[45])
    np.testing.assert_allclose(apart, 0.0, atol=0.12)  # the two jaws are picked a little apart
    np.testing.assert_allclose(apart[17:], 0.0, atol=1e-6)


def test_mirroring_twice_changes_nothing() -> None:
    from single_outputs import MIRROR68

    assert [MIRROR68[i] for i in MIRROR68] == list(range(68))


def test_figures_of_few_faces_or_of_none_are_left_out() -> None:
    from figures import Figures, add

    figures: Figures = {}
    add(figures, "model", "of four", 1.0, "portraits", 4)
    add(figures, "model", "of nothing", float("nan"), "portraits", 100)
    assert figures == {}
    add(figures, "model", "of five", 0.123456, "portraits", 5)
    ((row,),) = figures.values()
    assert (row["value"], row["n"], row["script"]) == (0.1235, 5, "tools/measure_models.py")


def test_subgroups_are_means_of_their_own_faces() -> None:
    from figures import Figures, add_by_subgroup

    sexes = ["f"] * 5 + ["m"] * 5 + [""]
    seen = faces(apparent_sex=sexes, set=["portraits"] * 11)
    figures: Figures = {}
    right = np.array([1] * 5 + [0] * 6)
    add_by_subgroup(figures, "m", "right", right, seen, np.ones(11, bool), ["apparent_sex"])
    found = {row["figure"]: (row["value"], row["n"]) for row in figures["m"]}
    assert found == {"right": (0.4545, 11), "right, sex f": (1.0, 5), "right, sex m": (0.0, 5)}
