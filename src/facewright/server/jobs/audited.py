"""A dataset as labels by hand say it: what is exported, balanced and reported goes by them."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from facewright.server.notes.audit import Said
from facewright.server.notes.edits import BY_HAND, Leaves, columns_of, edits
from facewright.store.atomic import make_folder, storage_error, write_atomic
from facewright.store.manifest import NAME
from facewright.store.pending import current
from facewright.store.tables import parts, read_part, write_part

_REASONS: Final = "null_reasons"
_ID: Final = "face_id"


def audited_copy(root: Path, labels: Sequence[Said], folder: Path) -> Path:
    """A folder that shows a dataset with labels in place of estimates.

    Parts without a labelled face, photos and pictures are links: it costs what it changes.

    Args:
        root: the dataset; it stays as it is.
        labels: of some of its faces, later ones win.
        folder: made anew. Without labels it is not made, and the dataset itself answered.

    Raises:
        StorageError: it cannot be written.
        DatasetError: a part cannot be read.
    """
    if not labels:
        return root
    shutil.rmtree(folder, ignore_errors=True)  # of a job that was interrupted
    wanted: dict[str, dict[str, str | None]] = {}
    for each in labels:
        wanted.setdefault(each.face_id, {})[each.attribute] = each.value
    for kind in ("faces", "photos"):
        make_folder(folder / kind)
    for path in parts(root, "photos"):
        _link(path, folder / "photos" / path.name)
    for path in parts(root, "faces"):
        _part(path, wanted, folder / "faces" / path.name)
    if (root / "crops").exists():
        _link(root / "crops", folder / "crops")
    write_atomic(folder / NAME, current(root, NAME).read_bytes())
    return folder


def with_labels(table: pa.Table, wanted: Mapping[str, Mapping[str, str | None]]) -> pa.Table:
    """A table of faces in which labels stand in place of estimates.

    Args:
        table: of faces.
        wanted: by face, attribute to its value; None: nobody can tell.
    """
    ids: list[str] = table.column(_ID).to_pylist()
    rows = [row for row, face_id in enumerate(ids) if face_id in wanted]
    touched = {name for row in rows for each in wanted[ids[row]] for name in columns_of(each)}
    names = [name for name in table.column_names if name in touched | {_REASONS}]
    values = {name: table.column(name).to_pylist() for name in names} if rows else {}
    for row in rows:
        record = {name: values[name][row] for name in values}
        for attribute, value in wanted[ids[row]].items():
            _put(record, edits(attribute, value, record))
        for name, column in values.items():
            column[row] = record[name]
    for name, changed in values.items():
        at = table.schema.get_field_index(name)
        field = table.schema.field(at)
        table = table.set_column(at, field, pa.array(changed, field.type))
    return table


def _part(path: Path, wanted: Mapping[str, Mapping[str, str | None]], out: Path) -> None:
    ids = read_part(path, [_ID]).column(_ID).to_pylist()
    if wanted.keys().isdisjoint(ids):
        _link(path, out)
    else:
        write_part(out, with_labels(read_part(path), wanted))


def _put(record: dict[str, Any], leaves: Leaves) -> None:
    """Put leaves into a record, as far as it has their columns; say why what is null is."""
    reasons = dict(record.get(_REASONS) or ())
    for leaf, value in leaves.items():
        top, *inner = leaf.split(".")
        if top not in record:
            continue
        if top != "confidence":
            reasons.pop(leaf, None)
            if value is None:
                reasons[leaf] = BY_HAND
        record[top] = _replaced(record[top], inner, value)
    if _REASONS in record:
        record[_REASONS] = list(reasons.items())


def _replaced(old: Any, path: Sequence[str], value: Any) -> Any:
    if not path:
        return value
    there = dict(old or {})
    there[path[0]] = _replaced(there.get(path[0]), path[1:], value)
    return there


def _link(there: Path, here: Path) -> None:
    try:
        here.symlink_to(there.resolve())
    except OSError as error:
        raise storage_error(here, error) from error
