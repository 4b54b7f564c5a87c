"""Index: the embeddings of one dataset, laid out for searching.

    vectors.f16   unit vectors, read for the few that may be among the nearest
    short.u8      their short forms, of which every byte is read by each search
    index.npz     rows, directions, steps, errors

Up to `WHOLE` faces the short form has as many numbers as the embedding, and the search is exact:
a byte's error is bounded, and whatever could be nearer within it is looked at in full. Beyond, the
short form holds the strongest directions alone, and the best `CANDIDATES` are looked at in full.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from facewright.server.neighbours.products import products
from facewright.server.neighbours.short import Floats, Shortener, unit_rows

WHOLE: Final = 150_000
"""Faces up to which a search is exact."""
WIDTH: Final = 128
"""Directions of the short form beyond."""
CANDIDATES: Final = 4096
"""Faces looked at in full beyond."""

_SAMPLE: Final = 8192
_PROBE: Final = 64  # every how many scores are looked at to guess where the best begin

Vectors = NDArray[np.float16]
Blocks = Callable[[], Iterator[tuple[NDArray[np.int32], NDArray[np.floating]]]]
"""Gives rows and their embeddings (N, D), block by block, from the start each time."""


@dataclass(frozen=True, eq=False, slots=True)
class Index:
    """Embeddings of faces, in files.

    Attributes:
        rows: (N,) of the faces that have an embedding, rising.
        vectors: (N, D) float16 unit vectors, in a mapped file.
        short: (N, K) bytes, in a mapped file.
        off: (N,) how far each short form is off its vector.
        shortener: made the short forms.
    """

    rows: NDArray[np.int32]
    vectors: Vectors
    short: NDArray[np.uint8]
    off: Floats
    shortener: Shortener

    @property
    def exact(self) -> bool:
        """Whether no nearer face can be missed."""
        return bool(self.short.shape[1] == self.vectors.shape[1])

    def nearest(
        self, query: Floats, count: int, allowed: NDArray[np.bool_] | None = None
    ) -> tuple[NDArray[np.int32], Floats]:
        """The nearest faces.

        Args:
            query: (D,) unit vector.
            count: at most so many.
            allowed: (N,) which may be answered, by place in `rows`; None for all.

        Returns:
            Rows, nearest first, and their cosines.
        """
        scores, slack = products(self.short, self.shortener.weights(query))
        if allowed is not None:
            scores[~allowed] = -np.inf
        some = self._within(scores, slack, count) if self.exact else _best(scores, CANDIDATES)
        some = some[np.isfinite(scores[some])]
        cosines = np.clip(self.vectors[some].astype(np.float32) @ query, -1.0, 1.0)
        order = np.lexsort((some, -cosines))[:count]
        return self.rows[some[order]], cosines[order]

    def likeness(self, query: Floats) -> Floats:
        """(N,) cosines with all faces: exact of the nearest, nearly so of the others.

        Args:
            query: (D,) unit vector.
        """
        scores, _ = products(self.short, self.shortener.weights(query))
        some = _best(scores, CANDIDATES)
        scores[some] = self.vectors[some].astype(np.float32) @ query
        return np.clip(scores, -1.0, 1.0)

    def _within(self, scores: Floats, slack: float, count: int) -> NDArray[np.intp]:
        """Places of all that could be among the nearest, given the errors of both roundings."""
        reach = self.off + np.float32(slack)
        sure = scores - reach
        if len(sure) <= count:
            return np.arange(len(sure))
        least = np.partition(sure, len(sure) - count)[len(sure) - count]
        return np.flatnonzero(scores + reach >= least)


def _best(scores: Floats, count: int) -> NDArray[np.intp]:
    """Places of at least the `count` highest scores; where they begin is guessed by a sample.

    Partitioning a million numbers takes longer than making them.
    """
    if len(scores) <= 4 * count:
        return np.argsort(-scores)[:count]
    probe = np.sort(scores[::_PROBE])[::-1]
    wanted = min(int(1.5 * count / _PROBE) + 8, len(probe) - 1)
    some = np.flatnonzero(scores >= probe[wanted])
    if not count <= len(some) <= 4 * count:
        return np.argpartition(-scores, count)[:count]
    return some


def build(folder: Path, faces: int, width: int, blocks: Blocks) -> None:
    """Write an index into an empty folder.

    Args:
        folder: to write into.
        faces: of the dataset, at most so many have an embedding.
        width: D of the embeddings.
        blocks: gives them.

    Raises:
        OSError: writing failed.
    """
    short_width = width if faces <= WHOLE else min(WIDTH, width)
    shortener = Shortener.fitted(_sample(blocks, faces, width), short_width)
    rows: list[NDArray[np.int32]] = []
    off: list[Floats] = []
    with (folder / "vectors.f16").open("wb") as vectors, (folder / "short.u8").open("wb") as short:
        for own, embeddings in blocks():
            unit, sound = unit_rows(embeddings)
            codes, error = shortener.codes(unit[sound])
            vectors.write(unit[sound].astype(np.float16).tobytes())
            short.write(codes.tobytes())
            rows.append(own[sound])
            off.append(error)
    np.savez(
        folder / "index.npz",
        rows=np.concatenate(rows) if rows else np.zeros(0, np.int32),
        off=np.concatenate(off) if off else np.zeros(0, np.float32),
        turn=shortener.turn,
        steps=shortener.steps,
    )


def load(folder: Path) -> Index:
    """Open what `build` wrote.

    Raises:
        OSError: it is not there.
        ValueError: it is not whole.
    """
    with np.load(folder / "index.npz", allow_pickle=False) as told:
        rows, off, turn, steps = (told[name] for name in ("rows", "off", "turn", "steps"))
    return Index(
        rows,
        _mapped(folder / "vectors.f16", np.float16, (len(rows), len(turn))),
        _mapped(folder / "short.u8", np.uint8, (len(rows), turn.shape[1])),
        off,
        Shortener(turn, steps),
    )


def _mapped(path: Path, kind: type, shape: tuple[int, int]) -> NDArray[Any]:
    if 0 in shape:  # an empty file cannot be mapped
        return np.zeros(shape, kind)
    return np.memmap(path, kind, "r", shape=shape)


def _sample(blocks: Blocks, faces: int, width: int) -> Floats:
    """Unit vectors evenly from all blocks."""
    step = max(faces // _SAMPLE, 1)
    found = [embeddings[::step] for _, embeddings in blocks()]
    unit, sound = unit_rows(np.concatenate(found) if found else np.zeros((0, width), np.float32))
    return unit[sound]
