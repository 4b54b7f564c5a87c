"""Judge a dataset again by its tables: no picture is decoded.

Shards are left as they are: the JSON beside a picture says what was known when it was cropped.
Which faces are kept is said by the tables alone.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from facewright.attributes.face_table import FaceTable
from facewright.engine.workplace import locked
from facewright.errors import UsageError
from facewright.recipe import RuleSettings
from facewright.record import Photo, Record
from facewright.rules.chosen import Chosen, chosen_rules, resolved
from facewright.rules.columns import FaceColumns, Read
from facewright.rules.judging import Judgement, Standing, judged
from facewright.rules.reading import read_columns
from facewright.schema import arrow_schema
from facewright.store.counts import count
from facewright.store.dataset import Dataset
from facewright.store.manifest import NAME, Manifest
from facewright.store.pending import commit, stage
from facewright.store.selection import Selection
from facewright.store.tables import HEAVY, open_part, parts, read_part, write_part

_SEPARATOR = "\x1f"
_REASONS = Read("reasons", f"array_to_string(reasons, chr({ord(_SEPARATOR)}))")
_CROPPED = Read("crops", "len(crops) > 0")


@dataclass(frozen=True, eq=False)
class Ruling:
    """What rules say of a table of faces.

    Attributes:
        table: the faces, those included that are dropped at present.
        rules: in the order in which they are counted.
        judgement: of every face.
        columns: what the rules read.
    """

    table: FaceTable
    rules: tuple[Chosen, ...]
    judgement: Judgement
    columns: FaceColumns

    @property
    def selection(self) -> Selection:
        """The faces that are kept."""
        ids = self.table.face_ids
        kept = np.flatnonzero(self.judgement.kept).tolist()
        names = [each.name for each in self.rules]
        return Selection(tuple(ids[row] for row in kept), f"rules: {', '.join(names) or 'none'}")


def rules_of(path: str | Path) -> RuleSettings:
    """The rules of a dataset's own recipe; the defaults for any other table.

    Paths of files are the manifest's, made good from here.
    """
    root = Path(path)
    if not (root / NAME).exists():
        return RuleSettings()
    return Manifest.load(root).recipe.rules.with_files(lambda file: str(root / file))


def judge_dataset(root: Path, rules: RuleSettings) -> Ruling:
    """Judge all faces of a dataset, dropped ones too, and change nothing.

    Args:
        root: the dataset's folder.
        rules: relative paths of files start from the working folder.

    Raises:
        UsageError: a rule, a parameter, a column or a condition is wrong.
    """
    chosen = chosen_rules(rules)
    dataset = Dataset.open(root, dropped=True)
    if not parts(root, "faces"):
        return judge_table(_empty(), chosen)
    return judge_table(FaceTable.of(dataset), chosen, crops=bool(dataset.manifest.recipe.crops))


def judge_table(table: FaceTable, rules: Sequence[Chosen], *, crops: bool = False) -> Ruling:
    """Judge all faces of a table.

    Args:
        table: the faces.
        rules: in the order in which they are counted.
        crops: whether faces that are kept have crops.

    Raises:
        UsageError: a column or a condition is wrong.
    """
    own = (Read("kept"), _REASONS, _CROPPED)
    reads = [read for rule in rules for read in rule.reads]
    columns = read_columns(table, [*own, *reads])
    standing = _standing(columns, crops=crops)
    return Ruling(table, tuple(rules), judged(rules, columns, standing), columns)


def apply(root: str | Path, rules: RuleSettings) -> Ruling:
    """Judge a dataset and write `kept`, `reasons`, the recipe's rules and the counts.

    Readers see the old state or the new one, whenever it is killed; run again, it goes on.

    Raises:
        UsageError: it is no dataset, not complete, another run works on it, or a rule is wrong.
        StorageError: it cannot be written; the old state is read.
    """
    folder = Path(root)
    if not (folder / NAME).exists():
        raise UsageError(f"{folder} is no dataset; rules are applied to datasets only")
    with locked(folder):
        manifest = Manifest.load(folder)
        if manifest.state != "complete":
            raise UsageError(f"{folder} is not complete; finish it first")
        ruling = judge_dataset(folder, rules)
        placed = placed_rules(rules, folder)
        recipe = manifest.recipe.model_copy(update={"rules": placed})
        _write(folder, manifest.model_copy(update={"recipe": recipe}), ruling.judgement)
    return ruling


def conclude(root: Path, manifest: Manifest) -> Manifest:
    """Judge a dataset whose chunks are all made, and save its manifest.

    Args:
        root: the dataset; the caller holds its lock.
        manifest: as it is to be, with what was counted before.

    Returns:
        The manifest with what is counted after.
    """
    rules = manifest.recipe.rules
    if not rules.tables:  # gates were judged while the chunks were made
        manifest.save(root)
        return manifest
    ruling = judge_dataset(root, rules.with_files(lambda file: str(root / file)))
    return _write(root, manifest, ruling.judgement)


def placed_rules(rules: RuleSettings, root: Path, extra: Sequence[pa.Field] = ()) -> RuleSettings:
    """Rules as a dataset's manifest states them: in full, files relative to the dataset.

    They are tried on a table of no face, so that what is wrong is said before hours of work.

    Args:
        rules: as given; relative paths start from the working folder.
        root: the dataset's folder.
        extra: columns that user-made annotators add to the Record.

    Raises:
        UsageError: a rule, a parameter, a column or a condition is wrong.
    """
    chosen = chosen_rules(rules)
    if rules.tables:
        judge_table(_empty(extra), chosen)
    full = resolved(rules)
    return full.with_files(lambda file: Path(os.path.relpath(file, root)).as_posix())


def _standing(columns: FaceColumns, *, crops: bool) -> Standing:
    """What a table says; where it says nothing every face is kept."""
    combo, texts = columns.codes(_REASONS)
    none = texts.index("") if "" in texts else len(texts)
    combos = [tuple(text.split(_SEPARATOR)) if text else () for text in texts]
    return Standing(
        kept=columns.numbers("kept") != 0,
        combos=combos if none < len(texts) else [*combos, ()],
        combo=np.where(combo < 0, none, combo).astype(np.int32),
        cropped=columns.numbers(_CROPPED) == 1,
        crops=crops,
    )


def _empty(extra: Sequence[pa.Field] = ()) -> FaceTable:
    fields = [field for field in arrow_schema(Record, extra) if field.name not in HEAVY]
    photos = arrow_schema(Photo).empty_table()
    return FaceTable("no faces", pa.schema(fields).empty_table(), photos)


def _write(root: Path, manifest: Manifest, judgement: Judgement) -> Manifest:
    """Write the parts that change, and the manifest, all at once."""
    folder = stage(root)
    (folder / "faces").mkdir()
    start = 0
    for path in parts(root, "faces"):
        rows = slice(start, start + _rows_of(path))
        start = rows.stop
        if judgement.changed[rows].any():
            write_part(folder / "faces" / path.name, _told(read_part(path), judgement, rows))
    dropped = judgement.by_first_reason()
    totals = {"faces_kept": int(judgement.kept.sum()), "faces_dropped": dropped}
    counts = count(root).model_copy(update=totals)
    final = manifest.model_copy(update={"counts": counts})
    final.save(folder)
    commit(root)
    return final


def _told(faces: pa.Table, judgement: Judgement, rows: slice) -> pa.Table:
    """A part's faces with what the rules say of them."""
    said = {"kept": pa.array(judgement.kept[rows]), "reasons": judgement.column(rows)}
    for name, column in said.items():
        at = faces.schema.get_field_index(name)
        faces = faces.set_column(at, faces.schema.field(at), column.cast(faces.schema.types[at]))
    return faces


def _rows_of(path: Path) -> int:
    with open_part(path) as part:
        return int(part.metadata.num_rows)
