"""A user's own coefficients, in every file that is read."""

import json

import numpy as np
import pytest
from scipy.io import savemat

from facewright.camera.coefficients import read_coefficients, stacked
from facewright.errors import UsageError

IDS = ["a_01", "b_01"]
WANTED = np.arange(12.0).reshape(2, 6) / 10


def vectors():
    whole = np.zeros((2, 257))
    whole[:, 224:227], whole[:, 254:257] = WANTED[:, :3], WANTED[:, 3:]
    return whole


def _json_parts(folder):
    path = folder / "c.json"
    rows = {
        i: {"angle": [r[:3]], "trans": r[3:]} for i, r in zip(IDS, WANTED.tolist(), strict=True)
    }
    path.write_text(json.dumps(rows))
    return path


def _json_vectors(folder):
    path = folder / "c.json"
    path.write_text(json.dumps(dict(zip(IDS, vectors().tolist(), strict=True))))
    return path


def _npz_parts(folder):
    np.savez(folder / "c.npz", ids=IDS, angle=WANTED[:, :3], trans=WANTED[:, 3:])
    return folder / "c.npz"


def _npz_vectors(folder):
    np.savez(folder / "c.npz", ids=IDS, coefficients=vectors())
    return folder / "c.npz"


def _npy_vectors(folder):
    np.save(folder / "c.npy", vectors())
    return folder / "c.npy"


def _npy_six(folder):
    np.save(folder / "c.npy", WANTED)
    return folder / "c.npy"


def _mat_parts(folder):
    for name, row in zip(IDS, WANTED, strict=True):
        savemat(folder / f"{name}.mat", {"angle": row[None, :3], "trans": row[None, 3:], "tex": 0})
    return folder


def _mat_vectors(folder):
    for name, row in zip(IDS, vectors(), strict=True):
        savemat(folder / f"{name}.mat", {"coeff": row[None]})
    return folder


@pytest.mark.parametrize(
    "write",
    [
        _json_parts,
        _json_vectors,
        _npz_parts,
        _npz_vectors,
        _npy_vectors,
        _npy_six,
        _mat_parts,
        _mat_vectors,
    ],
)
def test_every_form_gives_the_same(write, tmp_path):
    found = read_coefficients(write(tmp_path), IDS)
    assert list(found) == IDS
    placement = stacked(found.values())
    np.testing.assert_allclose(placement.angle, WANTED[:, :3])
    np.testing.assert_allclose(placement.trans, WANTED[:, 3:])


def test_one_mat_is_one_face(tmp_path):
    _mat_parts(tmp_path)
    assert list(read_coefficients(tmp_path / "b_01.mat")) == ["b_01"]


@pytest.mark.parametrize(
    ("name", "text", "what"),
    [
        ("c.json", "{", "not JSON"),
        ("c.json", "[1]", "expected an object"),
        ("c.json", '{"a_01": [1, 2]}', "a_01: 2 numbers"),
        ("c.json", '{"a_01": {"angle": [1, 2, 3]}}', "a_01"),
        ("c.json", '{"a_01": {"angle": "x", "trans": 2}}', "a_01: angle and trans"),
        ("c.json", '{"a_01": [0, 0, 0, 0, 0, NaN]}', "a_01: .*finite"),
        ("c.npy", "text", "not an array"),
        ("c.npz", "text", "not an array"),
        ("c.mat", "text", "not a .mat"),
        ("c.txt", "text", "come in"),
    ],
)
def test_bad_files(name, text, what, tmp_path):
    path = tmp_path / name
    path.write_text(text)
    with pytest.raises(UsageError, match=rf"{name}.*{what}"):
        read_coefficients(path)


def test_bad_arrays(tmp_path):
    np.savez(tmp_path / "noids.npz", angle=WANTED[:, :3])
    np.savez(tmp_path / "short.npz", ids=IDS, angle=WANTED[:1, :3], trans=WANTED[:, 3:])
    np.savez(tmp_path / "twice.npz", ids=["a", "a"], coefficients=vectors())
    np.save(tmp_path / "objects.npy", np.array([object()]), allow_pickle=True)
    for name, what in (
        ("noids.npz", "no array 'ids'"),
        ("short.npz", "angle has 1 rows for 2 ids"),
        ("twice.npz", "twice"),
        ("objects.npy", "not an array"),
        ("none.json", "cannot read"),
        (".", "no .mat file"),
    ):
        with pytest.raises(UsageError, match=what):
            read_coefficients(tmp_path / name)
    np.save(tmp_path / "rows.npy", WANTED)
    with pytest.raises(UsageError, match="for 3 faces"):
        read_coefficients(tmp_path / "rows.npy", ["a", "b", "c"])


def test_without_scipy_mat_says_what_to_do(tmp_path, monkeypatch):
    _mat_parts(tmp_path)
    monkeypatch.setitem(__import__("sys").modules, "scipy.io", None)
    with pytest.raises(UsageError, match=r'pip install "facewright\[mat\]"'):
        read_coefficients(tmp_path)
