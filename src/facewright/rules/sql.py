"""Rule on any SQL condition, answered where there is no file and no network."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import lru_cache
from typing import Annotated, Any, Final

import duckdb
import numpy as np
import pyarrow as pa
from pydantic import Field

from facewright.errors import UsageError
from facewright.rules.columns import FaceColumns
from facewright.rules.rule import Rule, RuleTable, Verdict
from facewright.store.database import connect

_SEALED: Final[dict[str, str | bool | int | float | list[str]]] = {
    "enable_external_access": False,
    "python_enable_replacements": False,
}
"""A recipe may come from anybody: its SQL sees the columns that it names, and nothing else."""

_PHOTO: Final = "photo."


class Sql(RuleTable):
    """`[rules.sql]`, and as many `[rules.sql.NAME]` as wanted."""

    drop_where: Annotated[
        str,
        Field(min_length=1, description="SQL (DuckDB) over the Record; photo.x is of its photo"),
    ]


def _sealed() -> duckdb.DuckDBPyConnection:
    db = connect(_SEALED)
    db.execute("SET lock_configuration = true")
    return db


@lru_cache(maxsize=256)
def _reads(settings: Sql) -> tuple[str, ...]:
    """Columns that a condition names: whole top-level ones, and leaves of the photo.

    Raises:
        UsageError: it is no condition.
    """
    with _sealed() as db:
        row = db.execute("SELECT json_serialize_sql(?)", [_query(settings.drop_where)]).fetchall()
    tree = json.loads(row[0][0])
    if tree["error"]:
        raise UsageError(f"drop_where: {tree['error_message'].splitlines()[0]}")
    named = [names for names in _named(tree) if names[0] != "faces"]
    found = (f"{_PHOTO}{n[1]}" if n[0] == "photo" and len(n) > 1 else n[0] for n in named)
    return tuple(dict.fromkeys(found))


def _query(condition: str) -> str:
    return f"SELECT ({condition}\n) AS dropped FROM faces"  # noqa: S608 - it is sealed


def _named(node: Any) -> Iterator[list[str]]:
    """All references to columns in DuckDB's syntax tree."""
    if isinstance(node, dict):
        if names := node.get("column_names"):
            yield names
        for child in node.values():
            yield from _named(child)
    elif isinstance(node, list):
        for child in node:
            yield from _named(child)


def _judge(faces: FaceColumns, settings: Sql) -> Verdict:
    """Drops where it holds; where it is NULL it is unknown.

    Raises:
        UsageError: DuckDB cannot answer: no such column, a file, the network.
    """
    with _sealed() as db:
        db.register("faces", _table_of(faces, _reads(settings)))
        try:
            answer = db.sql(_query(settings.drop_where)).to_arrow_table().column(0)
        except duckdb.Error as error:
            raise UsageError(f"drop_where: {str(error).splitlines()[0]}") from error
    if len(answer) != len(faces) or not pa.types.is_boolean(answer.type):
        raise UsageError(f"drop_where is no condition on each face, but of type {answer.type}")
    unknown = answer.is_null().to_numpy()
    return Verdict(answer.fill_null(False).to_numpy().astype(bool), np.asarray(unknown, bool))


def _table_of(faces: FaceColumns, names: tuple[str, ...]) -> pa.Table:
    """The columns under their names, those of the photo in a struct `photo`."""
    there = [name for name in names if name in faces]
    own = {name: faces.arrow(name) for name in there if not name.startswith(_PHOTO)}
    photo = [name for name in there if name.startswith(_PHOTO)]
    if photo:
        leaves = [name.removeprefix(_PHOTO) for name in photo]
        own["photo"] = pa.StructArray.from_arrays([faces.arrow(n) for n in photo], leaves)
    return pa.table({"": pa.nulls(len(faces), pa.int8()), **own})


SQL: Final = Rule("sql", "a condition of the recipe holds", Sql, _reads, _judge, named=True)
