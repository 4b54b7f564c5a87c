"""From a filter to the faces for which it holds: one mask a condition, shared between requests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from facewright.server.asking.filters import Choice, Filter, Known, Level, Range, Unknown, Value
from facewright.server.catalogue.catalogue import Catalogue, Mask
from facewright.server.catalogue.columns import Column
from facewright.server.catalogue.leaves import Leaf


def known_of(catalogue: Catalogue) -> dict[str, Known]:
    """What filters may name: attributes, and every other column by its dotted name."""
    further = {name: _of_leaf(leaf) for name, leaf in catalogue.further.leaves.items()}
    return further | {name: _known(column) for name, column in catalogue.columns.items()}


class Masks:
    """Faces for which a filter's conditions hold.

    Args:
        catalogue: whose faces.
        wanted: the filter.
        further: (N,) masks of conditions that are no attribute's: SQL, selections.
    """

    def __init__(self, catalogue: Catalogue, wanted: Filter, further: Sequence[Mask] = ()) -> None:
        self._catalogue = catalogue
        self._by_name = {choice.name: mask_of(catalogue, choice) for choice in wanted.choices}
        self._further = list(further)

    @property
    def whole(self) -> Mask | None:
        """(N,) where every condition holds; None where there is none."""
        return _all([*self._by_name.values(), *self._further])

    def without(self, name: str) -> Mask | None:
        """(N,) where every condition but those on an attribute holds; None where there is none."""
        rest = [mask for other, mask in self._by_name.items() if other != name]
        return _all([*rest, *self._further])

    def lifts(self, name: str) -> bool:
        """Whether there is a condition on an attribute, so that `without` differs from `whole`."""
        return name in self._by_name


def mask_of(catalogue: Catalogue, choice: Choice) -> Mask:
    """(N,) where a choice holds; remembered by the catalogue."""
    return catalogue.masks.get(choice, lambda: _mask(catalogue.column(choice.name), choice))


def _mask(column: Column, choice: Choice) -> Mask:
    mask = _any(column, choice.values) if choice.values else np.ones(len(column.codes), np.bool_)
    if choice.excluded:
        mask = mask & ~_any(column, choice.excluded)
    return mask


def _any(column: Column, values: Sequence[Value]) -> Mask:
    """(N,) where one of the values is the face's."""
    found: list[Mask] = []
    numbers = column.numbers
    unknown = any(isinstance(value, Unknown) for value in values)
    codes = {column.index.get(value.key, -1) for value in values if isinstance(value, Level)} - {-1}
    if numbers is not None:
        for value in values:
            if isinstance(value, Range):
                with np.errstate(over="ignore"):  # what is too large for 32 bits is infinite
                    low, high = np.float32(value.low), np.float32(value.high)
                same = value.low == value.high
                found.append(numbers == low if same else (numbers >= low) & (numbers < high))
        if unknown and column.kind != "class":
            found.append(np.isnan(numbers))
            unknown = False
    if unknown:
        codes.add(len(column.levels))
    found += _coded(column, codes)
    if not found:
        return np.zeros(len(column.codes), np.bool_)
    mask = found[0]
    for other in found[1:]:
        mask = mask | other
    return mask


def _coded(column: Column, codes: set[int]) -> list[Mask]:
    if not codes:
        return []
    if column.members is not None:
        held: Mask = np.logical_or.reduce(column.members[:, list(codes)], axis=1)
        return [held[column.codes]]
    if len(codes) <= 3:  # comparing runs over 32 codes at once, looking up over one
        return [column.codes == column.codes.dtype.type(code) for code in codes]
    allowed = np.zeros(len(column.levels) + 1, np.bool_)
    allowed[list(codes)] = True
    return [allowed[column.codes]]


def _all(masks: Sequence[Mask]) -> Mask | None:
    if not masks:
        return None
    whole = masks[0]
    for mask in masks[1:]:
        whole = whole & mask
    return whole


def _known(column: Column) -> Known:
    classes = column.kind == "class"
    closed = classes and bool(column.attribute.levels)
    levels = frozenset(column.levels) if closed else None
    return Known(levels, classes, column.numbers is not None)


def _of_leaf(leaf: Leaf) -> Known:
    """A column that need not have been read yet."""
    levels = frozenset(("no", "yes")) if leaf.kind == "flag" else None
    return Known(levels, leaf.kind != "number", leaf.kind == "number", leaf.why)


def synthetic_mask(columns: Mapping[str, Column], wanted: str) -> Mask | None:
    """(N,) synthetic faces ("yes"), photographs ("no"); None for "any".

    Of a photograph hardly anybody says that it is not synthetic: photographs are all faces that
    are not known to be.
    """
    if wanted == "any":
        return None
    made = level_mask(columns, "synthetic", "yes")
    return made if wanted == "yes" else ~made


def level_mask(columns: Mapping[str, Column], name: str, key: str) -> Mask:
    """(N,) where one attribute has one level."""
    return _any(columns[name], [Level(key)])
