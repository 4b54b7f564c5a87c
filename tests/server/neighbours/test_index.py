"""The index: exact where it says so, near enough where it does not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from facewright.server.neighbours import index as module
from facewright.server.neighbours.index import build, load
from facewright.server.neighbours.products import products


def _vectors(count: int, width: int = 64) -> NDArray[np.float16]:
    """A few strong directions and many weak ones around a common mean, as embeddings have."""
    rng = np.random.default_rng(3)
    turn = np.linalg.qr(rng.normal(size=(width, width)))[0]
    energy = np.arange(1, width + 1) ** -0.7
    return (rng.normal(size=(count, width)) * energy @ turn + turn[0]).astype(np.float16)


def _built(folder: Path, vectors: NDArray[Any]) -> module.Index:
    def blocks() -> Iterator[tuple[NDArray[np.int32], NDArray[Any]]]:
        for start in range(0, len(vectors), 700):
            part = vectors[start : start + 700]
            yield np.arange(start, start + len(part), dtype=np.int32), part

    folder.mkdir()
    build(folder, len(vectors), vectors.shape[1], blocks)
    return load(folder)


def _nearest(vectors: NDArray[Any], query: NDArray[Any], count: int) -> list[int]:
    long = vectors.astype(np.float64)
    long /= np.linalg.norm(long, axis=1, keepdims=True)
    return np.argsort(-(long @ query), kind="stable")[:count].tolist()


def test_a_small_index_is_exact(tmp_path: Path) -> None:
    vectors = _vectors(3000)
    index = _built(tmp_path / "small", vectors)
    assert index.exact
    for row in range(0, 3000, 500):
        query = index.vectors[row].astype(np.float32)
        rows, cosines = index.nearest(query, 10)
        assert set(rows.tolist()) == set(_nearest(vectors, query, 10))
        assert np.all(np.diff(cosines) <= 0)


def test_a_large_index_finds_nearly_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "WHOLE", 1000)
    monkeypatch.setattr(module, "WIDTH", 24)
    monkeypatch.setattr(module, "CANDIDATES", 400)
    vectors = _vectors(20_000)
    index = _built(tmp_path / "large", vectors)
    assert not index.exact
    found = 0
    for row in range(0, 20_000, 1000):
        query = index.vectors[row].astype(np.float32)
        rows, _ = index.nearest(query, 10)
        found += len(set(rows.tolist()) & set(_nearest(vectors, query, 10)))
    assert found >= 0.95 * 200


def test_only_what_is_allowed_is_answered(tmp_path: Path) -> None:
    index = _built(tmp_path / "some", _vectors(500))
    allowed = np.zeros(500, np.bool_)
    allowed[[3, 77]] = True
    rows, _ = index.nearest(index.vectors[3].astype(np.float32), 10, allowed)
    assert rows.tolist() == [3, 77]
    rows, _ = index.nearest(index.vectors[3].astype(np.float32), 10, np.zeros(500, np.bool_))
    assert len(rows) == 0


def test_vectors_without_a_direction_are_left_out(tmp_path: Path) -> None:
    vectors = _vectors(50)
    vectors[7], vectors[9] = 0, np.nan
    index = _built(tmp_path / "odd", vectors)
    assert len(index.rows) == 48
    assert not {7, 9} & set(index.rows.tolist())


def test_an_index_of_nothing_is_empty(tmp_path: Path) -> None:
    index = _built(tmp_path / "none", np.zeros((0, 64), np.float16))
    assert len(index.rows) == 0


@given(st.integers(0, 2**32 - 1), st.integers(1, 80), st.integers(1, 40))
def test_products_are_off_by_no_more_than_they_say(seed: int, rows: int, width: int) -> None:
    rng = np.random.default_rng(seed)
    codes = rng.integers(1, 256, (rows, width), np.uint8)
    weights = (rng.normal(size=width) * 10.0 ** rng.integers(-4, 1)).astype(np.float32)
    weights /= max(float(np.linalg.norm(weights)) * 128, 1e-9)
    found, off = products(codes, weights)
    exact = (codes.astype(np.float64) - 128) @ weights
    assert np.abs(found - exact).max() <= off


@pytest.mark.parametrize("whole", [10_000, 100], ids=["exact", "short"])
def test_likeness_lines_up_all_faces(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, whole: int
) -> None:
    monkeypatch.setattr(module, "WHOLE", whole)
    monkeypatch.setattr(module, "WIDTH", 32)
    monkeypatch.setattr(module, "CANDIDATES", 200)
    vectors = _vectors(3000)
    index = _built(tmp_path / "index", vectors)
    query = index.vectors[7].astype(np.float32)
    cosines = index.vectors.astype(np.float32) @ query
    found = index.likeness(query)
    order = np.argsort(-found, kind="stable")
    assert order[:50].tolist() == np.argsort(-cosines, kind="stable")[:50].tolist()
    assert np.corrcoef(found, cosines)[0, 1] > 0.97
    assert found.max() <= 1.0
