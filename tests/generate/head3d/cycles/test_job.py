"""Trees of arrays go through a folder unchanged."""

from __future__ import annotations

import numpy as np
import pytest

from facewright.generate.head3d.cycles.blender.job import ARRAYS, read_tree, write_tree


def test_a_tree_comes_back_as_it_was(tmp_path):
    tree = {
        "n": 1,
        "name": "ball",
        "none": None,
        "list": [{"points": np.arange(6, dtype=np.float32).reshape(2, 3)}, [1.5]],
        "picture": np.zeros((2, 2, 3), np.float32),
    }
    write_tree(tmp_path, tree)
    back = read_tree(tmp_path)
    np.testing.assert_array_equal(back["list"][0]["points"], tree["list"][0]["points"])
    assert back["picture"].dtype == np.float32
    assert (back["n"], back["name"], back["none"], back["list"][1]) == (1, "ball", None, [1.5])


def test_nothing_is_unpickled(tmp_path):
    write_tree(tmp_path, {"bad": np.zeros(1)})
    np.savez(tmp_path / ARRAYS, a0=np.array([{}], dtype=object))
    with pytest.raises(ValueError, match="pickle"):
        read_tree(tmp_path)
