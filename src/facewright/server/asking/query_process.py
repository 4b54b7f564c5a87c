"""A process for one query of a visitor, with limits that hold whatever the query does.

It is given a question as JSON on its standard input and answers on its standard output. DuckDB
may read the dataset's own parts and nothing else; the system keeps the process from using more
memory or time than it may, and from writing a byte to any file.
"""

from __future__ import annotations

import base64
import json
import math
import sys
from typing import Any, Final

import duckdb

MORE_MEMORY: Final = 2 << 30
"""Address space beside DuckDB's own limit: libraries, threads' stacks."""
_MOST_BYTES: Final = 32 << 20
"""Of an answer."""
_LONGEST: Final = 10_000


def main() -> None:
    """Answer the question on the standard input."""
    question = json.load(sys.stdin)
    _limit(int(question["bytes"]), math.ceil(question["seconds"]) + 1)
    try:
        answer = answered(question)
    except duckdb.Error as error:
        answer = {"error": (str(error).splitlines() or ["cannot be answered"])[0]}
    except MemoryError:
        answer = {"error": "needs more memory than it may have"}
    text = json.dumps(answer, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    if len(text) > _MOST_BYTES:
        text = json.dumps({"error": f"answers with more than {_MOST_BYTES >> 20} MB"})
    sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace"))


def answered(question: dict[str, Any]) -> dict[str, Any]:
    """Columns and rows.

    Args:
        question: sql, rows, memory, datasets ({name: {faces: paths, photos: paths, hidden:
            columns of faces}}).

    Raises:
        duckdb.Error: DuckDB cannot answer.
    """
    with duckdb.connect(config=_config(question["memory"])) as db:
        tables = question["datasets"].values()
        paths = [path for each in tables for path in (*each["faces"], *each["photos"])]
        db.execute(f"SET allowed_paths = [{', '.join(map(_quoted, paths))}]")
        db.execute("SET enable_progress_bar = false")  # it would stand in the answer
        db.execute("SET enable_external_access = false")
        db.execute("SET lock_configuration = true")
        for kind in ("faces", "photos"):
            db.execute(f"CREATE VIEW {kind} AS {_view(question['datasets'], kind)}")
        fault = _fault(db, question["sql"])
        if fault:
            return {"error": fault}
        found = db.execute(question["sql"])
        names = [each[0] for each in found.description or ()]
        rows = found.fetchmany(question["rows"] + 1)
    more = len(rows) > question["rows"]
    values = [[_plain(value) for value in row] for row in rows[: question["rows"]]]
    return {"columns": names, "rows": values, "more": more}


def _config(memory: str) -> dict[str, str | bool | int | float | list[str]]:
    return {
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "python_enable_replacements": False,
        "memory_limit": memory,
        "temp_directory": "",
        "threads": 1,
    }


def _view(datasets: dict[str, dict[str, list[str]]], kind: str) -> str:
    """All rows of a kind with the name of their dataset, without the columns that it hides."""
    rows = [
        f"SELECT {_quoted(name)} AS dataset, *{_without(each, kind)}"  # noqa: S608 - own paths
        f" FROM read_parquet([{', '.join(map(_quoted, each[kind]))}])"
        for name, each in datasets.items()
        if each[kind]
    ]
    return " UNION ALL BY NAME ".join(rows) or "SELECT NULL AS dataset WHERE false"


def _without(each: dict[str, list[str]], kind: str) -> str:
    hidden = each["hidden"] if kind == "faces" else []
    return f" EXCLUDE ({', '.join(map(_name, hidden))})" if hidden else ""


def _fault(db: duckdb.DuckDBPyConnection, sql: str) -> str:
    """What keeps a text from being one SELECT; "" where nothing does."""
    row = db.execute("SELECT json_serialize_sql(?)", [sql]).fetchall()
    tree = json.loads(row[0][0])
    if tree["error"]:
        return str(tree.get("error_message", "cannot be read")).splitlines()[0]
    return "" if len(tree["statements"]) == 1 else "must be one SELECT"


def _plain(value: Any) -> Any:
    """As JSON holds it: what it cannot hold is a text."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, bytes):
        return base64.b64encode(value[:_LONGEST]).decode()
    return value if value is None or isinstance(value, bool | int) else str(value)[:_LONGEST]


def _limit(memory: int, seconds: int) -> None:
    """Tell the system what this process may use; Windows has no such limits."""
    try:
        import resource
    except ImportError:
        return
    for kind, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(kind)
        resource.setrlimit(kind, (most if hard < 0 else min(most, hard), hard))


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _name(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


if __name__ == "__main__":
    main()
