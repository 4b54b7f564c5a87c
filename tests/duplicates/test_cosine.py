from __future__ import annotations

from unittest import mock

import numpy as np
import pytest

from facewright.duplicates import cosine
from facewright.duplicates.cosine import alike_pairs, cosines, usable


def found(embeddings: np.ndarray, least: float) -> set[tuple[int, int]]:
    pairs = [
        pair
        for alike in alike_pairs(embeddings, least)
        for pair in zip(alike.first.tolist(), alike.second.tolist(), strict=True)
    ]
    assert len(pairs) == len(set(pairs))
    return set(pairs)


def brute(embeddings: np.ndarray, least: float) -> set[tuple[int, int]]:
    long = embeddings.astype(np.float64)
    unit = long / np.linalg.norm(long, axis=1, keepdims=True)
    first, second = np.nonzero(np.triu(unit @ unit.T >= least, 1))
    return set(zip(first.tolist(), second.tolist(), strict=True))


def planted(rows: int, width: int, noise: float) -> np.ndarray:
    """Embeddings of few strong directions, a third of them near to others."""
    rng = np.random.default_rng(rows)
    values = rng.normal(size=(rows, width)) * np.geomspace(1, 0.01, width)
    third = rows // 3
    values[:third] = values[third : 2 * third] + noise * rng.normal(size=(third, width))
    return values.astype(np.float16)


@pytest.mark.parametrize("least", [0.5, 0.9, 0.99])
@pytest.mark.parametrize("block", [50, 10_000])
def test_no_pair_is_lost(least: float, block: int) -> None:
    embeddings = planted(400, 96, 0.002)
    with mock.patch.object(cosine, "_BLOCK", block):
        got, wanted = found(embeddings, least), brute(embeddings, least)
    unsure = [pair for pair in got ^ wanted if abs(cosines_of(embeddings, pair) - least) > 1e-4]
    assert not unsure
    assert len(wanted) > 50


def cosines_of(embeddings: np.ndarray, pair: tuple[int, int]) -> float:
    return float(cosines(embeddings, np.array([pair[0]]), np.array([pair[1]]))[0])


def test_a_bound_that_helps_is_used() -> None:
    embeddings = planted(3000, 512, 0.002)
    with mock.patch.object(cosine, "_BLOCK", 500):
        assert 0 < cosine._directions(embeddings, usable(embeddings), 0.95).shape[1] < 512
        assert found(embeddings, 0.95) == brute(embeddings, 0.95)


def test_rows_without_a_direction_have_no_pair() -> None:
    embeddings = np.ones((6, 8), np.float16)
    embeddings[1], embeddings[2], embeddings[3, 0] = np.nan, 0, np.inf
    assert usable(embeddings).tolist() == [0, 4, 5]
    assert found(embeddings, 0.9) == {(0, 4), (0, 5), (4, 5)}
    assert np.isnan(cosines(embeddings, np.array([0, 0, 0]), np.array([1, 2, 3]))).all()


@pytest.mark.parametrize("rows", [0, 1])
def test_nothing_and_one(rows: int) -> None:
    assert found(np.ones((rows, 8), np.float16), 0.9) == set()


def test_progress_ends_at_all_rows() -> None:
    told: list[tuple[int, int]] = []
    with mock.patch.object(cosine, "_BLOCK", 4):
        list(alike_pairs(np.eye(10, dtype=np.float16), 0.9, lambda *x: told.append(x)))
    assert told == [(4, 10), (8, 10), (10, 10)]
