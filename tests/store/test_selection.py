"""Selections: small files, exact order, old files readable."""

import gzip
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from facewright.errors import UsageError
from facewright.store.selection import Selection

NAMES = ["s.json", "s.json.gz", "s.csv", "s.csv.gz", "s.txt", "s"]


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20, deadline=None
)
@given(ids=st.lists(st.sampled_from("abc"), min_size=1), weighted=st.booleans())
def test_order_and_repeats_come_back(tmp_path, ids, weighted):
    weights = tuple(0.5 + n / 4 for n in range(len(ids))) if weighted else None
    chosen = Selection(tuple(ids), "why", weights, "target", {"sex": {"before": {}}})
    for name in NAMES:
        chosen.save(tmp_path / name)
        found = Selection.load(tmp_path / name)
        assert found.face_ids == chosen.face_ids
        if name.startswith("s.json") or name == "s":
            assert found == chosen
        if "csv" in name:
            assert found.weights == weights


def test_repeats_are_stored_once(tmp_path):
    Selection(("a",) * 1000 + ("b",), "w").save(tmp_path / "s.json")
    data = json.loads((tmp_path / "s.json").read_text())
    assert data == {"why": "w", "face_ids": ["a", "b"], "counts": [1000, 1]}
    Selection(("a", "b"), "w").save(tmp_path / "s.json")
    assert (tmp_path / "s.json").read_text() == (
        '{\n "why": "w",\n "face_ids": [\n  "a",\n  "b"]\n}\n'
    )


def test_a_million_ids_are_small_and_quick(tmp_path):
    ids = tuple(f"{n:07d}_01" for n in range(200_000) for _ in range(5))
    path = tmp_path / "s.json.gz"
    Selection(ids, "w", (0.125,) * len(ids)).save(path)
    assert path.stat().st_size < 1_000_000
    assert Selection.load(path).face_ids == ids


def test_old_files_are_read(tmp_path):
    (tmp_path / "s.json").write_text('{"why": "x", "face_ids": ["a", "a", "b"]}')
    assert Selection.load(tmp_path / "s.json") == Selection(("a", "a", "b"), "x")
    (tmp_path / "s.csv").write_text("face_id,other\na,1\n")
    assert Selection.load(tmp_path / "s.csv").face_ids == ("a",)


@pytest.mark.parametrize(
    "text",
    [
        '{"face_ids": ["a"], "counts": [1, 2]}',
        '{"face_ids": ["a"], "counts": [-1]}',
        '{"face_ids": ["a"], "counts": [1.5]}',
        '{"face_ids": ["a"], "counts": [1000000000]}',
        '{"face_ids": ["a"], "weights": [-1]}',
        '{"face_ids": ["a"], "weights": ["x"]}',
        '{"face_ids": ["a"], "weights": [NaN]}',
        '{"face_ids": ["a"], "distances": 3}',
        '{"face_ids": [1]}',
        '{"face_ids": []}',
        "[]",
        "nonsense",
    ],
)
def test_damaged_files_are_refused(text, tmp_path):
    (tmp_path / "s.json").write_text(text)
    with pytest.raises(UsageError):
        Selection.load(tmp_path / "s.json")


def test_damaged_gzip_is_refused(tmp_path):
    path = tmp_path / "s.json.gz"
    for data in (b"no gzip", gzip.compress(b'{"face_ids": ["a"]}')[:-9]):
        path.write_bytes(data)
        with pytest.raises(UsageError, match="gzip"):
            Selection.load(path)
    with pytest.raises(UsageError, match="cannot read"):
        Selection.load(tmp_path / "none.json")


def test_weights_belong_to_faces():
    with pytest.raises(ValueError, match="1 weights for 2 faces"):
        Selection(("a", "b"), weights=(1.0,))
