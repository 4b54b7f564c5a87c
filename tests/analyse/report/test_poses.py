from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from facewright.analyse.report.density import drawing, pose_report, reference
from facewright.analyse.report.poses import Poses, angles_of, poses_of, turns_of
from facewright.camera.reference import ffhq_density
from facewright.engine.tabling import open_table

RIGHT = np.pi / 2


def test_angles_and_turns_are_each_others_inverse() -> None:
    random = np.random.default_rng(0)
    turns = np.column_stack([random.uniform(-85, 85, 200), random.uniform(-60, 60, 200)])
    assert turns_of(angles_of(turns)) == pytest.approx(turns, abs=1e-9)


def test_signs_of_head_turns() -> None:
    """A face turned to the picture's right is seen from its left, one that looks up from below."""
    front, right, up = angles_of(np.array([[0.0, 0.0], [30.0, 0.0], [0.0, 20.0]]))
    assert front == pytest.approx([RIGHT, RIGHT])
    assert np.degrees(right) == pytest.approx([120.0, 90.0])
    assert np.degrees(up) == pytest.approx([90.0, 110.0])


def test_nan_and_null_poses_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("head_pose.yaw,head_pose.pitch\n10,5\nnan,3\n,4\n-20,0\n")
    poses = poses_of(open_table(path))
    assert poses is not None
    assert poses.source == "head_pose"
    assert poses.turns.tolist() == [[10.0, 5.0], [-20.0, 0.0]]


def test_no_pose_at_all(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("head_pose.yaw,head_pose.pitch\nnan,nan\n")
    assert poses_of(open_table(path)) is None
    path.write_text("sex\nmale\n")
    assert poses_of(open_table(path)) is None


def some_poses(turns: list[tuple[float, float]]) -> Poses:
    found = np.array(turns)
    return Poses("head_pose", angles_of(found), found)


def test_bands_count_faces_by_the_references_density() -> None:
    turns = [(0.0, 0.0), (0.0, -5.0), (80.0, 0.0), (16.0, 0.0)]
    found = pose_report(some_poses(turns), reference(None))
    density = ffhq_density()(angles_of(np.array(turns)))
    rare = float((density < 0.4).mean())
    assert found.rare == rare == 0.25
    assert sum(band.faces for band in found.bands) == 4
    assert sum(band.reference for band in found.bands) == pytest.approx(1.0)
    assert found.reference_rare == pytest.approx(0.117, abs=2e-3)
    assert (found.front, found.large) == (0.5, 0.25)
    grid = np.array(found.grid)
    assert grid.sum() == 4
    assert (found.yaw_edges[6], found.pitch_edges[4]) == (0.0, 0.0)
    assert (grid[4, 6], grid[3, 6], grid[4, 7], grid[4, 11]) == (1, 1, 1, 1)


def test_lines_of_the_reference_lie_where_it_is_as_high() -> None:
    ffhq = reference(None)
    (line,) = ffhq.lines[0.4]
    assert ffhq_density()(np.radians(line)) == pytest.approx(0.4, rel=0.03)


def test_a_drawing_of_few_or_equal_poses_has_dots_alone() -> None:
    found = drawing(some_poses([(5.0, 5.0)] * 4), reference(None))
    assert found.lines == {}
    assert len(found.dots) == 4
    assert found.fine.tolist() == [[5, 5, 4]]


def test_a_drawing_of_many_poses_has_lines() -> None:
    random = np.random.default_rng(1)
    turns = random.normal(0, (20, 8), (2000, 2))
    found = drawing(Poses("head_pose", angles_of(turns), turns), reference(None))
    assert found.lines[0.4]
    assert len(found.dots) < 2000
    assert found.fine[:, 2].sum() == 2000
