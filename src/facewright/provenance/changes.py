"""What was done to a photo to make a crop of it, in the words that attribution asks for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

ORIGINAL: Final = "original"
AS_IMPORTED: Final = "as imported"
NO_PICTURE: Final = "no picture"
_UPRIGHT: Final = ("square", "ffhq-u", "metfaces-u")
_MADE: Final = ("aligned", "cropped", "resampled")
_PADDED: Final = "padded"
_MAYBE_PADDED: Final = "padded where it leaves the photo"


def chosen_crops(crops: pa.ChunkedArray, wanted: str | None) -> tuple[pa.StructArray, pa.Array]:
    """The crop of each face that goes out.

    Args:
        crops: lists of crops, one list a face.
        wanted: alignment, or alignment and size ("ffhq:1024"); None for the first of each face.

    Returns:
        All crops in a row, and for each face the number of its own there, null where it has none.
    """
    lists = crops.combine_chunks()
    whole = lists.flatten()
    lengths = pc.fill_null(pc.list_value_length(lists), 0).to_numpy()
    ends = np.cumsum(lengths.astype(np.int64))
    fits = np.flatnonzero(_fits(whole, wanted))
    first = np.searchsorted(fits, ends - lengths)
    padded = np.append(fits, len(whole))  # past the end: no crop
    numbers = padded[np.minimum(first, len(fits))]
    return whole, pa.array(numbers, mask=numbers >= ends)


def _fits(crops: pa.StructArray, wanted: str | None) -> NDArray[np.bool_]:
    if wanted is None:
        return np.ones(len(crops), np.bool_)
    alignment, _, size = wanted.partition(":")
    fits = pc.equal(crops.field("alignment"), alignment)
    if size:
        fits = pc.and_(fits, pc.equal(crops.field("size"), int(size)))
    found: NDArray[np.bool_] = pc.fill_null(fits, fill_value=False).to_numpy(zero_copy_only=False)
    return found


def changes(crops: pa.ChunkedArray, wanted: str | None, further: Sequence[str]) -> Iterator[str]:
    """Say of each face what was done to its photo.

    Args:
        crops: lists of crops, one list a face.
        wanted: as for `chosen_crops`.
        further: what the export did besides, as "resampled" or "mirrored".
    """
    whole, numbers = chosen_crops(crops, wanted)
    alignments = whole.field("alignment").take(numbers).to_pylist()
    outside = whole.field("outside").take(numbers).to_pylist()
    known: dict[tuple[str | None, float | None], str] = {}
    for alignment, beyond in zip(alignments, outside, strict=True):
        kind = (alignment, None if beyond is None else float(beyond > 0))
        if kind not in known:
            known[kind] = ", ".join(_words(*kind, further))
        yield known[kind]


def _words(alignment: str | None, beyond: float | None, further: Sequence[str]) -> list[str]:
    if alignment is None:
        return [NO_PICTURE]
    if alignment == ORIGINAL:
        return list(further) or [AS_IMPORTED]
    made = [word for word in _MADE if word != "aligned" or alignment not in _UPRIGHT]
    if beyond is None:
        made.append(_MAYBE_PADDED)
    elif beyond:
        made.append(_PADDED)
    return made + [word for word in further if word not in made]
