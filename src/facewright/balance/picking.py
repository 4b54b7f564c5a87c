"""Which faces of a cell are taken: the best, or any; and each how often."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from facewright.attributes.face_table import FaceTable
from facewright.errors import UsageError

Counts = NDArray[np.int64]
Floats = NDArray[np.float64]

RANDOM: Final = "random"
QUALITY: Final = "quality.overall"


def ranks_of(table: FaceTable, best: str, rng: np.random.Generator) -> tuple[Floats, str | None]:
    """Rank of every face, higher is taken first; ties are broken by chance.

    Args:
        table: the faces.
        best: SQL of a number, higher is better; or "random".
        rng: breaks ties.

    Returns:
        (2, N): keys for `repeats`, and what people must be told.

    Raises:
        UsageError: the SQL cannot be read. Not where it is the default and the table has no
            quality: then the choice is by chance, and that is told.
    """
    chance = rng.random(len(table))
    if best == RANDOM:
        return np.stack([np.zeros(len(table)), chance]), None
    if best == QUALITY and table.leaves.get(QUALITY) != "number":
        told = f"{table.name} has no {QUALITY}: faces are taken by chance within each cell"
        return np.stack([np.zeros(len(table)), chance]), told
    try:
        values = table.numbers(best)
    except UsageError as error:
        raise UsageError(f"option best: {error}") from None
    if len(values) and np.isnan(values).all():
        told = f"no face has a value of {best}: faces are taken by chance within each cell"
        return np.stack([np.zeros(len(table)), chance]), told
    return np.stack([np.where(np.isnan(values), -np.inf, values), chance]), None


def repeats(numbers: Counts, quotas: Counts, ranks: Floats) -> Counts:
    """How often each face is taken, so that every cell has its quota.

    A cell's faces are taken equally often; what is left of its quota goes to the best of them.

    Args:
        numbers: (N,) cell of each face; -1 for none.
        quotas: (C,) faces of each cell; 0 where the cell has no face.
        ranks: (2, N) higher first; the second breaks ties of the first.

    Returns:
        (N,) times; its sum over a cell is the quota.
    """
    counts = np.bincount(numbers[numbers >= 0], minlength=len(quotas))
    whole = np.divide(quotas, counts, out=np.zeros(len(quotas)), where=counts > 0)
    base = np.floor(whole).astype(np.int64)
    extra = quotas - base * counts
    order = np.lexsort((-ranks[1], -ranks[0], numbers))
    order = order[numbers[order] >= 0]
    cells = numbers[order]
    starts = np.concatenate([[0], np.cumsum(counts)[:-1]])
    place = np.arange(len(order)) - starts[cells]
    times = np.zeros(len(numbers), np.int64)
    times[order] = base[cells] + (place < extra[cells])
    return times
