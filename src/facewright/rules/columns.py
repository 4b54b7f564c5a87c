"""Columns that rules read, as numpy arrays: unknown is NaN, or a code of -1."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from facewright.errors import UsageError
from facewright.record import Record
from facewright.schema import decimals_of, leaves

_EXTRA_DECIMALS = 6
"""What 32 bits hold of a column that the Record does not define."""


@dataclass(frozen=True, slots=True)
class Read:
    """One column that a rule reads.

    Attributes:
        leaf: dotted name of a column ("blur.value"), or of a whole top-level one ("hair").
        made: SQL of the value that is made from it; empty: the leaf itself.
    """

    leaf: str
    made: str = ""


class FaceColumns:
    """Values of N faces by what was read; a column that the faces do not have is unknown.

    Args:
        table: a column for each of `reads`, in the same order, N rows.
        reads: what was read.
        names: of all columns there are, for messages.
    """

    def __init__(self, table: pa.Table, reads: Sequence[Read], names: Iterable[str]) -> None:
        self._at = {read: n for n, read in enumerate(reads)}
        self._table = table
        self._names = sorted(names)

    @classmethod
    def of(cls, columns: Mapping[str, NDArray[Any]]) -> FaceColumns:
        """Columns that are at hand: (N,) values by leaf."""
        table = pa.table({leaf: pa.array(values) for leaf, values in columns.items()})
        return cls(table, [Read(leaf) for leaf in columns], columns)

    def __len__(self) -> int:
        return len(self._table)

    def __contains__(self, read: str | Read) -> bool:
        """Whether the faces have such a column."""
        return _read(read) in self._at

    def require(self, leaf: str) -> None:
        """Insist on a column that a recipe names.

        Raises:
            UsageError: the faces have no such column; names those that are near.
        """
        if leaf not in self:
            near = get_close_matches(leaf, self._names, n=5, cutoff=0.5) or self._names[:40]
            raise UsageError(f"there is no column '{leaf}'; near: {', '.join(near)}")

    def arrow(self, read: str | Read) -> pa.Array:
        """(N,) values as Arrow has them; of type null where the faces have no such column."""
        at = self._at.get(_read(read))
        if at is None:
            return pa.nulls(len(self))
        column = self._table.column(at)
        return pa.concat_arrays(column.chunks) if column.num_chunks else column.combine_chunks()

    def numbers(self, read: str | Read) -> NDArray[np.float64]:
        """(N,) float64, NaN where unknown; flags are 0 and 1.

        Tables hold 32 bits; rounded as the Record says, 0.7 is 0.7 again and not below it.

        Raises:
            UsageError: the column does not hold numbers.
        """
        values = self.arrow(read)
        if not _is_number(values.type):
            raise UsageError(f"column {_read(read).leaf} holds no numbers, but {values.type}")
        values = pc.cast(values, pa.float64(), safe=False)
        found: NDArray[np.float64] = values.to_numpy(zero_copy_only=False)
        leaf = read if isinstance(read, str) else read.leaf
        return np.round(found, _decimals().get(leaf, _EXTRA_DECIMALS))

    def rows(self, read: str | Read, width: int) -> NDArray[np.float64]:
        """(N, width) numbers of a column of lists; NaN where there is none of that length."""
        lists = self.arrow(read)
        found = np.full((len(lists), width), np.nan)
        if not _is_list(lists.type):
            return found
        fits = pc.equal(pc.list_value_length(lists), width).fill_null(False)
        there: NDArray[np.bool_] = fits.to_numpy(zero_copy_only=False)
        flat = pc.list_flatten(lists.filter(fits)).to_numpy(zero_copy_only=False)
        found[there] = flat.astype(np.float64).reshape(-1, width)
        return found

    def codes(self, read: str | Read) -> tuple[NDArray[np.int32], list[str]]:
        """(N,) index into the different texts, -1 where unknown; and the texts."""
        texts = pc.cast(self.arrow(read), pa.string()).dictionary_encode()
        codes = pc.fill_null(texts.indices, -1).to_numpy(zero_copy_only=False)
        return codes.astype(np.int32), texts.dictionary.to_pylist()

    def known(self, read: str | Read) -> NDArray[np.bool_]:
        """(N,) whether there is a value; NaN and the text "unknown" are none.

        Of a struct (`hair`) any field will do.
        """
        return _known(self.arrow(read))


@cache
def _decimals() -> dict[str, int]:
    known = ((name, decimals_of(info)) for name, info in leaves(Record))
    return {name: decimals for name, decimals in known if decimals is not None}


def _known(values: pa.Array) -> NDArray[np.bool_]:
    there = pc.is_valid(values)
    if pa.types.is_struct(values.type):
        inner = [_known(field) for field in values.flatten()]
        some: NDArray[np.bool_] = np.any([np.zeros(len(values), bool), *inner], axis=0)
        return some
    if pa.types.is_floating(values.type):
        there = pc.and_(there, pc.invert(pc.is_nan(values).fill_null(True)))
    elif pa.types.is_string(values.type) or pa.types.is_large_string(values.type):
        there = pc.and_(there, pc.not_equal(values, "unknown").fill_null(False))
    flags: NDArray[np.bool_] = there.to_numpy(zero_copy_only=False)
    return flags


def _read(read: str | Read) -> Read:
    return Read(read) if isinstance(read, str) else read


def _is_number(kind: pa.DataType) -> bool:
    kinds = (pa.types.is_floating, pa.types.is_integer, pa.types.is_boolean)
    return any(test(kind) for test in (*kinds, pa.types.is_decimal, pa.types.is_null))


def _is_list(kind: pa.DataType) -> bool:
    return any(
        test(kind)
        for test in (pa.types.is_list, pa.types.is_large_list, pa.types.is_fixed_size_list)
    )
