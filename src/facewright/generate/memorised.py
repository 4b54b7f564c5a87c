"""Memorisation: the face of a reference that each synthetic face is nearest to, and how near.

Two measures. Embeddings of appearance (cosine) find the same picture again and look-alikes;
perceptual hashes (bits of 64, mirrored copies too) find the same picture again.

All pairs are compared, block by block: embeddings of N and M faces cost 2 N M 1024 operations,
hashes N M.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from facewright.duplicates.cosine import cosines
from facewright.duplicates.hashes import BITS, bits_apart
from facewright.errors import UsageError

REASON: Final = "order_memorised"
NONE: Final = -1
"""In place of a row: there is nothing to compare."""

Rows = NDArray[np.int64]
Mask = NDArray[np.bool_]
Hashes = NDArray[np.uint64]
OnRows = Callable[[int, int], None]

_SOME, _MANY = 1024, 4096  # rows of a block of products: 16 MB
_HASHES: Final = 256  # rows compared at once with `_MANY` hashes


@dataclass(frozen=True, slots=True)
class Limits:
    """What is too near.

    `tools/measure_duplicates.py` measures: of 37,700 pairs of different real people none reaches
    a cosine of .75, of 780 pairs of different synthetic people none .85. Of copies (re-encoded,
    smaller, cropped, brighter, grey, mirrored) 97 % have .9 or more, and the hashes of 98 % of
    their crops differ in up to 6 bits.

    Attributes:
        cosine: of embeddings from which a face is too near.
        bits: of 64 that hashes of a copy may differ in.
        confirm: cosine below which a face of a near hash is no copy.
    """

    cosine: float = 0.9
    bits: int = 6
    confirm: float = 0.7

    def __post_init__(self) -> None:
        """Refuse what makes no sense.

        Raises:
            UsageError: names the limit.
        """
        if not 0 < self.cosine <= 1:
            raise UsageError(f"cosine is above 0 and up to 1, as 0.9; not {self.cosine}")
        if not 0 <= self.bits <= BITS // 4:
            raise UsageError(f"bits are 0 to {BITS // 4} of {BITS}, not {self.bits}")


@dataclass(frozen=True, slots=True)
class Compared:
    """Faces as they are compared.

    Attributes:
        face_ids: object (N,).
        embeddings: (N, D) float16; NaN where there is none.
        hashes: (N, K) uint64, of K pictures of a face: its crop, its photo.
        hashed: (N, K) which of them are known.
    """

    face_ids: NDArray[np.object_]
    embeddings: NDArray[np.float16]
    hashes: Hashes
    hashed: Mask

    def __len__(self) -> int:
        return len(self.face_ids)


@dataclass(frozen=True, slots=True)
class Nearest:
    """For each of N faces, the nearest of a reference by either measure.

    Attributes:
        by_cosine: row of the reference (N,); `NONE` where nothing could be compared.
        cosine: float32 (N,); NaN there.
        by_bits: row of the reference (N,); `NONE` where nothing could be compared.
        bits: int64 (N,), the fewest; 64 there.
        confirmation: float32 (N,), cosine to the face of the nearest hash; NaN if unknown.
    """

    by_cosine: Rows
    cosine: NDArray[np.float32]
    by_bits: Rows
    bits: Rows
    confirmation: NDArray[np.float32]

    def too_near(self, limits: Limits) -> tuple[Mask, Mask]:
        """Faces that are too near by their embedding, and by their hash, (N,) each."""
        copied = (self.by_bits != NONE) & (self.bits <= limits.bits)
        return self.cosine >= limits.cosine, copied & ~(self.confirmation < limits.confirm)


def nearest(faces: Compared, reference: Compared, on_rows: OnRows | None = None) -> Nearest:
    """Find the nearest face of a reference for every face.

    Args:
        faces: synthetic ones.
        reference: what they may have been learned from.
        on_rows: told how many faces are compared, of how many.
    """
    by_cosine, cosine = nearest_cosine(faces.embeddings, reference.embeddings, on_rows=on_rows)
    by_bits, bits = _nearest_bits(faces, reference)
    confirmation = np.full(len(faces), np.nan, np.float32)
    rows = np.flatnonzero(by_bits != NONE)
    both = np.concatenate([faces.embeddings[rows], reference.embeddings[by_bits[rows]]])
    confirmation[rows] = cosines(both, np.arange(len(rows)), np.arange(len(rows)) + len(rows))
    return Nearest(by_cosine, cosine, by_bits, bits, confirmation)


def nearest_cosine(
    embeddings: NDArray[np.float16],
    reference: NDArray[np.float16],
    own: Rows | None = None,
    on_rows: OnRows | None = None,
) -> tuple[Rows, NDArray[np.float32]]:
    """The row of a reference with the highest cosine, and that cosine.

    Args:
        embeddings: (N, D).
        reference: (M, D).
        own: (N,) the row of the reference that is the face itself, which does not count.
        on_rows: told how many rows are done, of how many.

    Returns:
        Rows (N,), `NONE` where one has no direction, and cosines (N,), NaN there.
    """
    best = np.full(len(embeddings), NONE, np.int64)
    cosine = np.full(len(embeddings), np.nan, np.float32)
    for start in range(0, len(embeddings), _SOME):
        part = slice(start, min(start + _SOME, len(embeddings)))
        mine = _unit(embeddings[part])
        skipped = None if own is None else own[part]
        highest, at = _highest(mine, reference, skipped)
        known = np.isfinite(highest)
        best[part][known], cosine[part][known] = at[known], highest[known]
        if on_rows is not None:
            on_rows(part.stop, len(embeddings))
    return best, cosine


def _highest(
    mine: NDArray[np.float32], reference: NDArray[np.float16], own: Rows | None
) -> tuple[NDArray[np.float32], Rows]:
    """Highest cosine of unit rows with any of a reference, and where; -inf where there is none."""
    highest = np.full(len(mine), -np.inf, np.float32)
    at = np.full(len(mine), NONE, np.int64)
    rows = np.arange(len(mine))
    for start in range(0, len(reference), _MANY):
        products = mine @ _unit(reference[start : start + _MANY]).T
        products[np.isnan(products)] = -np.inf
        if own is not None:
            inside = np.flatnonzero((own >= start) & (own < start + _MANY))
            products[inside, own[inside] - start] = -np.inf
        found = products.argmax(axis=1)
        better = products[rows, found] > highest
        highest[better], at[better] = products[rows, found][better], start + found[better]
    return highest, at


def _nearest_bits(faces: Compared, reference: Compared) -> tuple[Rows, Rows]:
    """The row of a reference whose hash differs least, mirrored or not, and in how many bits."""
    owners, which = np.nonzero(reference.hashed)
    others = reference.hashes[owners, which]
    best = np.full(len(faces), NONE, np.int64)
    bits = np.full(len(faces), BITS, np.int64)
    for picture in range(faces.hashes.shape[1]):
        hashes = faces.hashes[:, picture]
        for rows, columns in _blocks(np.flatnonzero(faces.hashed[:, picture]), len(others)):
            apart, _ = bits_apart(hashes[rows][:, None], others[columns][None])
            found = apart.argmin(axis=1)
            least = apart[np.arange(len(rows)), found]
            better = (least < bits[rows]) | (best[rows] == NONE)
            bits[rows[better]] = least[better]
            best[rows[better]] = owners[columns][found[better]]
    return best, bits


def _blocks(rows: Rows, columns: int) -> Iterator[tuple[Rows, slice]]:
    for start in range(0, len(rows), _HASHES):
        for left in range(0, columns, _MANY):
            yield rows[start : start + _HASHES], slice(left, min(left + _MANY, columns))


def _unit(vectors: NDArray[np.float16]) -> NDArray[np.float32]:
    """Rows at length 1; NaN where they have no direction."""
    long = vectors.astype(np.float32)
    norms = np.sqrt(np.einsum("nd,nd->n", long, long))
    norms[(norms == 0) | ~np.isfinite(norms)] = np.nan
    unit: NDArray[np.float32] = long / norms[:, None]
    return unit
