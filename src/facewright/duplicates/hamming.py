"""All pairs of 64-bit hashes within a Hamming distance, exactly, without comparing all pairs.

Hashes are cut into b blocks. Two that differ in at most r bits agree in at least b - r blocks, so
sorting by every choice of b - r blocks brings each such pair into one run of equal keys (G. S.
Manku, A. Jain, A. Das Sarma, "Detecting Near-Duplicates for Web Crawling", WWW 2007). How many
blocks are best depends on how alike the hashes are; a sample of them decides. A pair that several
choices find is given by the first of these only.

Mirrored copies differ in the bits of `MIRROR` turned. A key in which the highest of these bits is
set is turned in all of them, so a hash and its mirrored twin get the same key, and one search
finds both.

Real hashes are not uniform: aligned faces have much in common, and a run of equal keys may hold a
good part of them. A long run is searched in the same way over the bits that are left, or pair by
pair where they are all alike; memory is bounded by the batches.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from facewright.duplicates.hashes import BITS, MIRROR

Rows = NDArray[np.int64]
Hashes = NDArray[np.uint64]

_ALL = (1 << BITS) - 1
_FEW = 1024  # up to here comparing all pairs is fastest
_LONG = 4096  # a run from here on is searched by blocks again
_CELLS = 1 << 18  # pairs compared at once: they stay in the cache
_SAMPLE = 1 << 13
_MORE_BLOCKS = 4  # than the radius, at most
# Nanoseconds a row and table, a pair that meets in a table, a pair when all are compared; measured
_SORT, _PAIR, _COMPARED = 90.0, 8.0, 2.0


@dataclass(frozen=True, slots=True)
class Pairs:
    """Some pairs of rows, first < second, with the bits in which their hashes differ.

    Attributes:
        first: rows (N,).
        second: rows (N,).
        bits: uint8 (N,), the lesser of as they are and of one mirrored.
        mirrored: bool (N,), whether that is of one mirrored.
    """

    first: Rows
    second: Rows
    bits: NDArray[np.uint8]
    mirrored: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What is searched in: all hashes, the radius, the bits that mirroring turns (0 for none)."""

    hashes: Hashes
    radius: int
    turned: int

    def pairs(self, first: Rows, second: Rows) -> Pairs | None:
        """The near ones of some pairs of rows."""
        plain, bits = self.bits(self.hashes[first] ^ self.hashes[second])
        near = np.flatnonzero(bits <= self.radius)
        if not len(near):
            return None
        first, second, bits = first[near], second[near], bits[near]
        low, high = np.minimum(first, second), np.maximum(first, second)
        return Pairs(low, high, bits, bits < plain[near])

    def bits(self, differing: Hashes) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
        """Bits in which hashes differ as they are, and at least: of one mirrored."""
        plain = np.bitwise_count(differing)
        if not self.turned:
            return plain, plain
        return plain, np.minimum(plain, np.bitwise_count(differing ^ np.uint64(self.turned)))

    def keys(self, rows: Rows, key: int) -> Hashes:
        """The bits of `key`, equal for a hash and its mirrored twin."""
        found = self.hashes[rows] & np.uint64(key)
        inside = self.turned & key
        if inside:
            highest = np.uint64(1 << (inside.bit_length() - 1))
            found = np.where(found & highest, found ^ np.uint64(inside), found)
        return found


def near_pairs(hashes: Hashes, radius: int, *, mirrored: bool = False) -> Iterator[Pairs]:
    """All pairs of rows whose hashes differ in at most `radius` bits, each once, in batches.

    Equal hashes count as well: give distinct ones (`numpy.unique`) where many may be equal, since
    n equal ones are n * (n - 1) / 2 pairs.

    Args:
        hashes: `near_hash`es as uint64 (N,).
        radius: bits, 0..63.
        mirrored: find pairs too of which one picture is the other's mirror picture.
    """
    wanted = _Wanted(hashes, radius, MIRROR if mirrored else 0)
    yield from _search(wanted, np.arange(len(hashes)), _ALL)


def _search(wanted: _Wanted, rows: Rows, free: int) -> Iterator[Pairs]:
    """Near pairs among `rows`, told apart by the `free` bits alone: they agree in the others."""
    blocks = _plan(wanted, rows, free) if len(rows) > _FEW else []
    if not blocks:
        yield from _compared(wanted, rows)
        return
    choices = list(itertools.combinations(range(len(blocks)), len(blocks) - wanted.radius))
    first_choice = _first_choices(choices, len(blocks))
    for number, chosen in enumerate(choices):
        key = sum(blocks[i] for i in chosen)
        for pairs in _meeting(wanted, rows, free, key):
            mine = _found_by(wanted, pairs, blocks, first_choice) == number
            if mine.any():
                yield _take(pairs, mine)


def _plan(wanted: _Wanted, rows: Rows, free: int) -> list[int]:
    """The cut of the free bits into blocks, as masks, that a sample says is the cheapest.

    None, where comparing all is cheaper: a long run of hashes that are all alike gains nothing.
    """
    count = len(rows)
    sample = wanted.hashes[rows[:: max(count // _SAMPLE, 1)]]
    cuts: list[tuple[float, int, list[int]]] = [(count * count / 2 * _COMPARED, 0, [])]
    twice = 2.0 if wanted.turned else 1.0
    most = min(wanted.radius + _MORE_BLOCKS, free.bit_count())
    for number in range(wanted.radius + 1, most + 1):
        blocks = _cut(free, number)
        chances = [_chance(sample & np.uint64(block)) for block in blocks]
        cost = 0.0
        for chosen in itertools.combinations(chances, number - wanted.radius):
            meetings = min(twice * float(np.prod(chosen)), 1.0) * count * count / 2
            cost += count * _SORT + meetings * _PAIR
        cuts.append((cost, number, blocks))
    return min(cuts)[2]


def _chance(keys: Hashes) -> float:
    """Share of all pairs of keys that are equal."""
    _, counts = np.unique(keys, return_counts=True)
    return float((counts * (counts - 1)).sum() / (len(keys) * (len(keys) - 1)))


def _cut(free: int, number: int) -> list[int]:
    """The free bits dealt out to so many blocks in turn: neighbouring bits tend to be alike."""
    bits = [bit for bit in range(BITS) if free >> bit & 1]
    return [sum(1 << bit for bit in bits[start::number]) for start in range(number)]


def _first_choices(choices: Sequence[Sequence[int]], blocks: int) -> NDArray[np.int64]:
    """The first choice that finds a pair, by the blocks in which it agrees: one bit a block."""
    found = np.full(1 << blocks, len(choices), np.int64)
    agreeing = np.arange(1 << blocks)
    for number, chosen in reversed(list(enumerate(choices))):
        bits = sum(1 << block for block in chosen)
        found[agreeing & bits == bits] = number
    return found


def _found_by(
    wanted: _Wanted, pairs: Pairs, blocks: Sequence[int], first_choice: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Number of the first choice by which each pair meets, as it is or mirrored."""
    differing = wanted.hashes[pairs.first] ^ wanted.hashes[pairs.second]
    found = first_choice[_agreeing(differing, blocks)]
    if wanted.turned:
        turned = _agreeing(differing ^ np.uint64(wanted.turned), blocks)
        found = np.minimum(found, first_choice[turned])
    return found


def _agreeing(differing: Hashes, blocks: Sequence[int]) -> NDArray[np.int64]:
    bits = np.zeros(len(differing), np.int64)
    for number, block in enumerate(blocks):
        bits |= ((differing & np.uint64(block)) == 0).astype(np.int64) << number
    return bits


def _meeting(wanted: _Wanted, rows: Rows, free: int, key: int) -> Iterator[Pairs]:
    """Near pairs among rows whose keys are equal."""
    keys = wanted.keys(rows, key)
    order = np.argsort(keys)
    keys, rows = keys[order], rows[order]
    edges = np.flatnonzero(keys[1:] != keys[:-1]) + 1
    starts = np.concatenate([[0], edges])
    lengths = np.diff(np.append(starts, len(rows)))
    for run in np.flatnonzero(lengths >= _LONG).tolist():
        inside = rows[starts[run] : starts[run] + lengths[run]]
        yield from _search(wanted, inside, free & ~key)
    short = lengths < _LONG
    yield from _lagged(wanted, rows[np.repeat(short, lengths)], lengths[short])


def _lagged(wanted: _Wanted, rows: Rows, lengths: Rows) -> Iterator[Pairs]:
    """Compare each row of a run with the next one of it, the one after, ...

    Args:
        wanted: what is searched for.
        rows: of the runs, one run after another.
        lengths: of the runs.
    """
    hashes = wanted.hashes[rows]
    after = np.repeat(np.cumsum(lengths), lengths) - np.arange(len(rows)) - 1
    for start in range(0, len(rows), _CELLS):
        at = np.arange(start, min(start + _CELLS, len(rows)))
        for lag in itertools.count(1):
            at = at[after[at] >= lag]
            if not len(at):
                break
            _, bits = wanted.bits(hashes[at] ^ hashes[at + lag])
            found = at[bits <= wanted.radius]
            if len(found) and (pairs := wanted.pairs(rows[found], rows[found + lag])):
                yield pairs


def _compared(wanted: _Wanted, rows: Rows) -> Iterator[Pairs]:
    """Near pairs by comparing all."""
    mine = wanted.hashes[rows]
    height = max(_CELLS // max(len(rows), 1), 1)
    for top in range(0, len(rows), height):
        _, bits = wanted.bits(mine[top : top + height, None] ^ mine[None, top:])
        upper, right = np.nonzero(np.triu(bits <= wanted.radius, 1))
        if len(upper) and (pairs := wanted.pairs(rows[top + upper], rows[top + right])):
            yield pairs


def _take(pairs: Pairs, which: NDArray[np.bool_]) -> Pairs:
    return Pairs(pairs.first[which], pairs.second[which], pairs.bits[which], pairs.mirrored[which])
