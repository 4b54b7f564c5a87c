"""Contact sheets of the faces that rules drop, so that a limit can be judged by eye."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from facewright.analyse.cells import Cell
from facewright.analyse.crop_cells import crop_cells
from facewright.analyse.grid import Grid, grid_for
from facewright.analyse.heading import Heading
from facewright.analyse.paper import BACKGROUND, picture_encoder
from facewright.analyse.picked import MARK_COLUMNS, evenly, pick
from facewright.analyse.sheet import MOST_CELLS, drawn
from facewright.engine.ruling import Ruling
from facewright.errors import UsageError
from facewright.rules.chosen import Chosen, meaning_of
from facewright.rules.words import plain, words
from facewright.store.atomic import make_folder, write_atomic

_ROW: Final = 8
"""Faces a rule where one picture shows all rules."""
_CELL, _TEXT = 200, 11
_SURENESS: Final = "confidence."
_NO_NEWS: Final = frozenset({"face_id", "photo_id"})


@dataclass(frozen=True, slots=True)
class RuleSheet:
    """What a sheet shows of one reason: so many of the faces that it drops."""

    reason: str
    path: Path
    shown: int
    dropped: int


def write_rule_sheets(ruling: Ruling, path: Path, limit: int = 64) -> list[RuleSheet]:
    """Show dropped faces: a row a rule in one picture, or a picture a rule in a folder.

    Only faces that have a crop can be shown.

    Args:
        ruling: of a dataset.
        path: .jpg, .png or .webp for one picture; any other name is a folder.
        limit: faces a rule in a folder, 1..`MOST_CELLS`.

    Raises:
        UsageError: the faces have no pictures, or a wrong limit.
        DatasetError: a shard is missing or broken.
        StorageError: the sheet cannot be written.
    """
    if ruling.table.dataset is None or not ruling.judgement.standing.cropped.any():
        raise UsageError(f"{ruling.table.name} holds no pictures; a sheet needs some")
    if not 1 <= limit <= MOST_CELLS:
        raise UsageError(f"a sheet shows 1 to {MOST_CELLS} pictures, not {limit}")
    if path.suffix:
        return _one_picture(ruling, path)
    make_folder(path)
    return [_own_picture(ruling, n, path, limit) for n in _reasons(ruling)]


def _reasons(ruling: Ruling) -> list[int]:
    """Numbers of the reasons that drop any face."""
    return np.flatnonzero(ruling.judgement.drops.any(axis=1)).tolist()


def _one_picture(ruling: Ruling, path: Path) -> list[RuleSheet]:
    encode = picture_encoder(path)
    sheets, strips = [], []
    grid = Grid(_ROW, _ROW, _CELL, _TEXT, 3)
    for n in _reasons(ruling):
        rows, dropped = _faces_of(ruling, n, _ROW)
        cells = _cells(ruling, n, rows, grid.cell)
        strips.append(drawn(_heading(ruling, n, len(rows), dropped), grid, cells))
        sheets.append(RuleSheet(ruling.judgement.names[n], path, len(rows), dropped))
    if not strips:
        strips = [drawn(Heading(ruling.table.name, ("no rule drops a face",)), grid_for(0), [])]
    notice_once = [*(strip[: -grid.footing] for strip in strips[:-1]), strips[-1]]
    write_atomic(path, encode(_stacked(notice_once)))
    return sheets


def _stacked(strips: list[NDArray[np.uint8]]) -> NDArray[np.uint8]:
    width = max(strip.shape[1] for strip in strips)
    sheet = np.full((sum(map(len, strips)), width, 3), BACKGROUND, np.uint8)
    top = 0
    for strip in strips:
        sheet[top : top + len(strip), : strip.shape[1]] = strip
        top += len(strip)
    return sheet


def _own_picture(ruling: Ruling, n: int, folder: Path, limit: int) -> RuleSheet:
    name = ruling.judgement.names[n]
    path = folder / f"{name}.jpg"
    rows, dropped = _faces_of(ruling, n, limit)
    grid = grid_for(len(rows))
    cells = _cells(ruling, n, rows, grid.cell)
    pixels = drawn(_heading(ruling, n, len(rows), dropped), grid, cells)
    write_atomic(path, picture_encoder(path)(pixels))
    return RuleSheet(name, path, len(rows), dropped)


def _faces_of(ruling: Ruling, n: int, limit: int) -> tuple[NDArray[np.int64], int]:
    """Rows of some faces with a crop that a reason drops, evenly spread; and how many it drops.

    By the first number that the rule reads, so that the limit is seen from its near end to its
    far one; else in the dataset's order.
    """
    drops = ruling.judgement.drops[n]
    shown = np.flatnonzero(drops & ruling.judgement.standing.cropped)
    rule = _rule(ruling, n)
    read = rule.reads[0] if rule is not None else None
    if read is not None and read in ruling.columns:
        kind = ruling.columns.arrow(read).type
        if pa.types.is_floating(kind) or pa.types.is_integer(kind):
            shown = shown[np.argsort(ruling.columns.numbers(read)[shown], kind="stable")]
    return shown[evenly(len(shown), limit)], int(drops.sum())


def _heading(ruling: Ruling, n: int, shown: int, dropped: int) -> Heading:
    name = ruling.judgement.names[n]
    rule = _rule(ruling, n)
    facts = [meaning_of(name), *(words(rule) if rule else ()), f"{shown:,} of {dropped:,} faces"]
    uncropped = int((ruling.judgement.drops[n] & ~ruling.judgement.standing.cropped).sum())
    if uncropped:
        facts.append(f"{uncropped:,} were never cropped")
    return Heading(name, tuple(fact for fact in facts if fact))


def _rule(ruling: Ruling, n: int) -> Chosen | None:
    name = ruling.judgement.names[n]
    return next((rule for rule in ruling.rules if rule.name == name), None)


def _cells(ruling: Ruling, n: int, rows: NDArray[np.int64], side: int) -> list[Cell]:
    """Crops with what the rule saw, and which other rules drop the face."""
    if not len(rows):
        return []
    dataset = ruling.table.take(rows).dataset
    assert dataset is not None
    faces = pick(dataset, len(rows), MARK_COLUMNS)
    cells = crop_cells(dataset, faces, side, marks=False)
    return [
        replace(cell, traits=tuple(_why(ruling, n, row)))
        for cell, row in zip(cells, rows.tolist(), strict=True)
    ]


def _why(ruling: Ruling, n: int, row: int) -> Iterator[str]:
    rule = _rule(ruling, n)
    for read in rule.reads if rule is not None else ():
        if read.leaf not in _NO_NEWS and not read.leaf.startswith(_SURENESS):
            yield from _value(read.leaf, ruling.columns.arrow(read)[row])
    others = np.flatnonzero(ruling.judgement.drops[:, row]).tolist()
    also = [ruling.judgement.names[other] for other in others if other != n]
    if also:
        yield f"also {', '.join(also)}"


def _value(leaf: str, value: pa.Scalar) -> Iterator[str]:
    """A value under its short name; a flag that is set is its name alone."""
    found, name = value.as_py(), leaf.rpartition(".")[2]
    if found is True:
        yield name
    elif isinstance(found, float | int | str) and found is not False:
        yield f"{name} {plain(round(found, 2) if isinstance(found, float) else found)}"
