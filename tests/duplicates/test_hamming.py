from __future__ import annotations

from unittest import mock

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from facewright.duplicates import hamming
from facewright.duplicates.hamming import near_pairs
from facewright.duplicates.hashes import MIRROR


def found(hashes: np.ndarray, radius: int, **how: bool) -> list[tuple[int, int, int]]:
    return sorted(
        triple
        for pairs in near_pairs(hashes, radius, **how)
        for triple in zip(
            pairs.first.tolist(), pairs.second.tolist(), pairs.bits.tolist(), strict=True
        )
    )


def brute(hashes: np.ndarray, radius: int, turned: int = 0) -> list[tuple[int, int, int]]:
    differing = hashes[:, None] ^ hashes[None]
    bits = np.minimum(np.bitwise_count(differing), np.bitwise_count(differing ^ np.uint64(turned)))
    first, second = np.nonzero(np.triu(bits <= radius, 1))
    values = bits[first, second].tolist()
    return sorted(zip(first.tolist(), second.tolist(), values, strict=True))


def made(seed: int, rows: int, alike: int) -> np.ndarray:
    """Random hashes of which the lowest `alike` bits are the same in most, and some planted."""
    rng = np.random.default_rng(seed)
    hashes = rng.integers(0, 2**64, rows, dtype=np.uint64)
    hashes &= ~np.uint64((1 << alike) - 1)
    planted = rng.integers(0, rows, rows // 4)
    turns = rng.integers(0, 64, (len(planted), 3)).astype(np.uint64)
    hashes[: len(planted)] = hashes[planted] ^ np.bitwise_or.reduce(np.uint64(1) << turns, axis=1)
    return hashes


@settings(max_examples=30, deadline=None)
@given(
    seed=st.integers(0, 2**32),
    rows=st.integers(0, 300),
    radius=st.integers(0, 8),
    alike=st.sampled_from([0, 20, 45, 58, 64]),
)
def test_exactly_the_pairs_of_comparing_all(seed: int, rows: int, radius: int, alike: int) -> None:
    hashes = made(seed, rows, min(alike, 63))
    with mock.patch.multiple(hamming, _FEW=8, _LONG=32, _CELLS=64):
        assert found(hashes, radius) == brute(hashes, radius)
        assert found(hashes, radius, mirrored=True) == brute(hashes, radius, MIRROR)


@pytest.mark.parametrize("radius", [0, 3, 6])
@pytest.mark.parametrize("alike", [0, 40])
def test_at_its_own_sizes(radius: int, alike: int) -> None:
    hashes = np.unique(made(radius, 6000, alike))
    assert found(hashes, radius) == brute(hashes, radius)


def test_nothing_and_one() -> None:
    assert found(np.zeros(0, np.uint64), 6) == []
    assert found(np.zeros(1, np.uint64), 6) == []
    assert found(np.zeros(1, np.uint64), 6, mirrored=True) == []
