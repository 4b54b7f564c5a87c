"""The bake's own maths: subdivision, target files, proxy streams, the atlas."""

from __future__ import annotations

import gzip
import sys
from pathlib import Path

import numpy as np
import pytest

TOOLS = Path(__file__).parents[3] / "tools"
if not (TOOLS / "head_pack").is_dir():
    pytest.skip("the tools are not beside the tests", allow_module_level=True)
sys.path.insert(0, str(TOOLS))

from head_pack import atlas, mesh, pictures, proxies, targets  # noqa: E402

GRID = np.array([[0, 1, 4, 3], [1, 2, 5, 4], [3, 4, 7, 6], [4, 5, 8, 7]])
POINTS = np.array([[x, y, 0.0] for y in range(3) for x in range(3)])


def refined(points: np.ndarray, step: mesh.Subdivision) -> np.ndarray:
    return np.add.reduceat(points[step.index] * step.weight[:, None], step.start[:-1])


def test_a_flat_grid_stays_flat_and_its_border_becomes_a_b_spline() -> None:
    step = mesh.subdivide(GRID, 9, POINTS[:, :2], GRID)
    fine = refined(POINTS, step)
    assert len(step.faces) == 16
    assert np.abs(fine[:, 2]).max() == 0
    np.testing.assert_allclose(fine[0], (0.125, 0.125, 0))  # (a + 6 v + b) / 8
    np.testing.assert_allclose(fine[1], (1, 0, 0))
    np.testing.assert_allclose(fine[4], POINTS[4])


def test_a_cube_becomes_catmull_and_clarks() -> None:
    cube = np.array([[x, y, z] for z in (-1, 1) for y in (-1, 1) for x in (-1, 1)], float)
    faces = np.array(
        [[0, 2, 3, 1], [4, 5, 7, 6], [0, 1, 5, 4], [2, 6, 7, 3], [0, 4, 6, 2], [1, 3, 7, 5]]
    )
    step = mesh.subdivide(faces, 8, cube[:, :2], faces)
    fine = refined(cube, step)
    assert fine.shape == (8 + 12 + 6, 3)
    np.testing.assert_allclose(np.abs(fine[:8]), 5 / 9)  # (F + 2 R + 0 P) / 3
    np.testing.assert_allclose(np.sort(np.abs(fine[8:20]), axis=1)[:, 1:], 0.75)
    np.testing.assert_allclose(np.abs(fine[20:]).sum(axis=1), 1)


def test_texture_places_are_halved() -> None:
    step = mesh.subdivide(GRID, 9, POINTS[:, :2], GRID)
    assert step.uv[step.face_uv].min() == 0
    areas = [np.ptp(step.uv[face], axis=0).prod() for face in step.face_uv]
    np.testing.assert_allclose(areas, 0.25)


def test_target_files_are_read_and_packed(tmp_path: Path) -> None:
    path = tmp_path / "nose-up.target.gz"
    path.write_bytes(gzip.compress(b"# comment\n3 0.1 0 -0.2\n7 0 0.00001 0\n9 1 1 1\n"))
    index, shift = targets.read_target(path)
    np.testing.assert_array_equal(index, [3, 7, 9])
    np.testing.assert_allclose(shift[0], (0.01, 0, -0.02))
    renumber = np.full(10, -1)
    renumber[[3, 7]] = (0, 1)
    packed = targets.pack_targets({"nose-up": (index, shift)}, renumber, "local")
    np.testing.assert_array_equal(packed["local_index"], [0])  # 7 hardly moves, 9 is left out
    np.testing.assert_allclose(packed["local_shift"][0] * targets.STEP, (0.01, 0, -0.02))


def test_streams_of_faces_are_cut_into_triangles() -> None:
    stream = [1 | 2 | 8, 0, 1, 2, 3, 9, 4, 5, 6, 7, 0, 1, 2, 3]
    triangles, uv = proxies._triangles(stream)
    np.testing.assert_array_equal(triangles, [[0, 1, 2], [0, 2, 3], [1, 2, 3]])
    np.testing.assert_array_equal(uv, [[4, 5, 6], [4, 6, 7], [0, 0, 0]])


def test_only_free_assets_are_taken() -> None:
    team = {"license": {"author": "Manuel Bastioni", "license": "AGPL3 (of 2015)"}}
    assert proxies._licence(team, "eyes")["licence"] == "CC0-1.0"
    other = {"license": {"author": "somebody", "license": "CC BY 3.0"}}
    with pytest.raises(ValueError, match="somebody"):
        proxies._licence(other, "glasses")


def test_atlas_places_point_at_the_same_texel() -> None:
    rng = np.random.default_rng(0)
    skin = rng.integers(0, 255, (pictures.SIDE, pictures.SIDE, 3)).astype(np.uint8)
    made = pictures.to_atlas(skin)
    x, y = 400, 200  # in the head's chart
    uv = pictures.atlas_uv(np.array([[(x + 0.5) / 512, 1 - (y + 0.5) / 512]]))[0]
    column, row = (uv * pictures.ATLAS).astype(int)
    np.testing.assert_array_equal(made[row, column], skin[y, x])


def test_positions_are_interpolated_over_the_atlas() -> None:
    uv = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], float)
    quad = np.array([[0, 1, 2, 3]])
    points = np.concatenate([uv * 2, np.zeros((4, 1))], axis=1)
    places = atlas.position_map(points, quad, uv, quad, (8, 4))
    assert places.shape == (4, 8, 3)
    np.testing.assert_allclose(places[1, 3, :2], (3.5 / 8 * 2, 1.5 / 4 * 2))
