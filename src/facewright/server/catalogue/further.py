"""Further columns: any column of the tables as levels and numbers, read when it is first named.

What is held at the start are the attributes. Every other column is read when a visitor asks for
it, and the last few that were asked for are kept.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from facewright.attributes.attribute import UNKNOWN
from facewright.attributes.columns import Spread, generic
from facewright.errors import UsageError
from facewright.server.catalogue.columns import Codes, Column, Floats, narrowest
from facewright.server.catalogue.leaves import Leaf, empty_leaves, leaves
from facewright.server.catalogue.memo import Memo
from facewright.server.catalogue.opening import listed
from facewright.server.catalogue.shelf import Shelf
from facewright.store.database import connect

NONE: Final = "none"
"""Level of a list without entries."""

_HELD: Final = 16
"""Columns kept; at a million faces one takes up to 8 MB."""
_FEW: Final = 12
"""Different whole numbers up to which each is a level."""
_MANY: Final = 50
"""Different texts from which on they may be too many: when they are more than half of the faces."""
_LONGEST: Final = 300  # letters of a level
_MOST_SETS: Final = 65_535
_BETWEEN: Final = "\x1f"


class ColumnError(UsageError):
    """A column whose values cannot be listed.

    Args:
        name: of the column.
        why: it cannot, for people.
    """

    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"{name}: {why}")


@dataclass(frozen=True, eq=False, slots=True)
class Read:
    """A column of one dataset as it was read.

    Attributes:
        codes: (N,) int32 index into `texts`, -1 where not known; of numbers, none.
        texts: different values; of lists, their entries with a separator between.
        numbers: (N,) float32, NaN where not known; None for texts.
    """

    codes: NDArray[np.int32]
    texts: tuple[str, ...]
    numbers: Floats | None = None


Reads = Memo[tuple[str, str], Read]
"""By a dataset's signature and a column's name: a dataset that grows is read again alone."""


def new_reads() -> Reads:
    """Room for what was read of datasets."""
    return Memo(2 * _HELD)


class FurtherColumns:
    """Columns beyond the attributes. May be used from several threads.

    Args:
        shelves: the datasets, in order.
        reads: keeps what was read from one state of the datasets to the next.
    """

    def __init__(self, shelves: Sequence[Shelf], reads: Reads) -> None:
        self._shelves = tuple(shelves)
        self._reads = reads
        self._columns: Memo[str, Column | ColumnError] = Memo(_HELD)
        self._reading = threading.Lock()

    @cached_property
    def leaves(self) -> dict[str, Leaf]:
        """What there is, by name."""
        return leaves(self._shelves)

    @cached_property
    def empty(self) -> frozenset[str]:
        """Names of those that hold nothing at all."""
        return empty_leaves(self._shelves, list(self.leaves))

    def holds(self, name: str) -> bool:
        """Whether a column can be had without reading."""
        return name in self._columns

    def column(self, name: str) -> Column:
        """A column, read if it is not held; others that want to read wait meanwhile.

        Raises:
            KeyError: there is no such column.
            ColumnError: its values cannot be listed.
        """
        leaf = self.leaves[name]
        if leaf.why:
            raise ColumnError(name, leaf.why)
        found = self._columns.held(name)
        if found is None:
            with self._reading:
                found = self._columns.get(name, lambda: self._made(leaf))
        if isinstance(found, ColumnError):
            raise found
        return found

    def _made(self, leaf: Leaf) -> Column | ColumnError:
        parts = [self._part(shelf, leaf) for shelf in self._shelves]
        try:
            return _of_numbers(leaf, parts) if leaf.kind == "number" else _of_texts(leaf, parts)
        except ColumnError as error:
            return error

    def _part(self, shelf: Shelf, leaf: Leaf) -> Read:
        return self._reads.get((shelf.signature, leaf.name), lambda: _read(shelf, leaf))


def _read(shelf: Shelf, leaf: Leaf) -> Read:
    """One dataset's faces; all unknown where it has no such column of this kind."""
    own = leaves([shelf]).get(leaf.name)
    rows = shelf.photo_rows.astype(np.int64) if leaf.of_photo else shelf.rows
    if own is None or own.kind != leaf.kind:
        unknown = np.full(len(rows), np.nan, np.float32) if leaf.kind == "number" else None
        return Read(np.full(len(rows), -1, np.int32), (), unknown)
    files = shelf.photo_files if leaf.of_photo else shelf.files
    with connect() as db:
        sql = f"SELECT {_value_sql(leaf)} AS x FROM read_parquet([{listed(files)}])"  # noqa: S608
        column = db.sql(sql).to_arrow_table().column(0).combine_chunks()
    if leaf.kind == "number":
        values = column.to_numpy(zero_copy_only=False).astype(np.float32, copy=False)
        numbers = _at(np.where(np.isfinite(values), values, np.float32(np.nan)), rows, np.nan)
        return Read(np.zeros(0, np.int32), (), numbers)
    encoded = column.cast(pa.string()).dictionary_encode()
    codes = pc.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False)
    return Read(_at(codes.astype(np.int32), rows, -1), tuple(encoded.dictionary.to_pylist()))


def _value_sql(leaf: Leaf) -> str:
    if leaf.kind == "number":
        return f"({leaf.sql})::FLOAT"
    if leaf.kind == "flag":
        return f"CASE WHEN {leaf.sql} THEN 'yes' WHEN NOT {leaf.sql} THEN 'no' END"
    if leaf.kind == "texts":
        return f"array_to_string(list_sort(list_distinct({leaf.sql})), chr({ord(_BETWEEN)}))"
    return f"nullif(({leaf.sql})::VARCHAR, '{UNKNOWN}')"


def _at(values: NDArray[Any], rows: NDArray[np.int64], missing: float) -> NDArray[Any]:
    """Values of some rows; `missing` where the row is -1."""
    if not len(values):
        return np.full(len(rows), missing, values.dtype)
    found = values[rows]
    found[rows < 0] = missing
    return found


def _of_numbers(leaf: Leaf, parts: Sequence[Read]) -> Column:
    """Round bins over all datasets, or a level for each of a few whole numbers."""
    own = [part.numbers for part in parts if part.numbers is not None]
    numbers = own[0] if len(own) == 1 else np.concatenate(own)
    known: Floats = numbers[~np.isnan(numbers)]
    if not len(known):
        attribute = replace(generic(leaf.name, "number"), measure=leaf.sql, levels={})
        return Column(attribute, (), np.zeros(len(numbers), np.uint8), numbers)
    low, high = np.quantile(known, [0.02, 0.98]).tolist()
    spread = Spread(max(low, np.nextafter(known.min(), np.inf)), high, _few(known))
    attribute = replace(generic(leaf.name, "number", spread), unit=leaf.unit, note=leaf.about)
    levels = tuple(attribute.levels or ())
    cuts = np.array(spread.values[1:] if spread.is_few else spread.edges(), np.float32)
    codes: Codes = np.searchsorted(cuts, numbers, side="right").astype(narrowest(len(levels)))
    codes[np.isnan(numbers)] = len(levels)
    return Column(attribute, levels, codes, numbers)


def _few(known: Floats) -> tuple[int, ...]:
    """The different numbers where they are whole and few."""
    if len(np.unique(known[:4096])) > _FEW:
        return ()
    values = np.unique(known)
    whole = len(values) <= _FEW and bool((values == np.rint(values)).all())
    return tuple(int(value) for value in values) if whole else ()


def _of_texts(leaf: Leaf, parts: Sequence[Read]) -> Column:
    texts = tuple(dict.fromkeys(text for part in parts for text in part.texts))
    number = {text: at for at, text in enumerate(texts)}
    codes = np.concatenate(
        [np.array([*(number[t] for t in part.texts), len(texts)])[part.codes] for part in parts]
    )
    _check(leaf, texts, int(np.count_nonzero(codes < len(texts))))
    if leaf.kind == "texts":
        return _of_sets(leaf, texts, codes)
    often = np.bincount(codes, minlength=len(texts) + 1)
    fixed = ("no", "yes") if leaf.kind == "flag" else ()
    order = sorted(number, key=lambda text: (-often[number[text]], text))
    levels = fixed or tuple(text for text in order if often[number[text]])
    place = {text: at for at, text in enumerate(levels)}
    lookup: Codes = np.array(
        [*(place.get(text, len(levels)) for text in texts), len(levels)], narrowest(len(levels))
    )
    kind = "flag" if leaf.kind == "flag" else "text"
    return Column(replace(generic(leaf.name, kind), note=leaf.about), levels, lookup[codes])


def _check(leaf: Leaf, texts: Sequence[str], known: int) -> None:
    """Whether values can be listed.

    Raises:
        ColumnError: they are long, or nearly every face has its own.
    """
    if len(texts) > _MANY and 2 * len(texts) > known:
        why = f"nearly every face has a value of its own ({len(texts):,} values)"
        raise ColumnError(leaf.name, f"{why}; ask for one by a condition")
    entries = (entry for text in texts for entry in text.split(_BETWEEN))
    if any(len(entry) > _LONGEST for entry in entries):
        raise ColumnError(leaf.name, "holds long texts, which cannot be listed")
    if leaf.kind == "texts" and len(texts) > _MOST_SETS:
        raise ColumnError(leaf.name, "holds too many different lists to count")


def _of_sets(leaf: Leaf, texts: Sequence[str], codes: NDArray[np.intp]) -> Column:
    """Each different list is a code; `members` tells the levels that are in it."""
    sets = [tuple(text.split(_BETWEEN)) if text else (NONE,) for text in texts]
    often = np.bincount(codes, minlength=len(sets) + 1)
    faces: dict[str, int] = {}
    for count, entries in zip(often.tolist(), sets, strict=False):
        for entry in entries:
            faces[entry] = faces.get(entry, 0) + count
    levels = tuple(sorted(faces, key=lambda entry: (entry == NONE, -faces[entry], entry)))
    place = {level: at for at, level in enumerate(levels)}
    members = np.zeros((len(sets) + 1, len(levels) + 1), np.bool_)
    for at, entries in enumerate(sets):
        members[at, [place[entry] for entry in entries]] = True
    members[-1, -1] = True
    attribute = replace(generic(leaf.name, "text"), note=leaf.about)
    return Column(attribute, levels, codes.astype(narrowest(len(sets))), members=members)
