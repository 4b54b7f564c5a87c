"""What a visitor's condition may say: DuckDB parses it, and only what is listed here is run.

A list of what is allowed stays right when DuckDB learns something new. Left out on purpose is
whatever reads anything but the row (subqueries, tables, settings), and whatever makes much out of
little (`repeat`, `range`, `||`, lists inside of lambdas, casts to arrays), as no limit on memory
holds inside of one expression.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any, Final

import duckdb

from facewright.server.asking.filters import FilterError

_SEALED: Final[dict[str, str | bool | int | float | list[str]]] = {
    "enable_external_access": False,
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "python_enable_replacements": False,
    "threads": 1,
}

_KEY: Final = "where"
_DEEPEST: Final = 60
_CLASSES: Final = frozenset(
    (
        *("BETWEEN", "CASE", "CAST", "COLLATE", "COLUMN_REF", "COMPARISON", "CONJUNCTION"),
        *("CONSTANT", "FUNCTION", "LAMBDA", "LAMBDA_REF", "OPERATOR", "TYPE"),
    )
)
_FUNCTION_NAMES: Final = (
    # arithmetic and numbers
    "+ - * / // % ^ ** abs ceil ceiling floor round trunc sign sqrt cbrt ln log log2 log10 exp pow"
    " power sin cos tan asin acos atan atan2 radians degrees pi greatest least isnan isinf isfinite"
    # texts
    " lower upper trim ltrim rtrim length len strlen substr substring left right contains"
    " starts_with ends_with prefix suffix position instr strpos strip_accents ascii unicode"
    " ~~ !~~ ~~* !~~* ~~~ like_escape not_like_escape ilike_escape not_ilike_escape"
    " regexp_matches regexp_full_match"
    # lists, structs and maps of the record
    " list_contains list_has array_contains array_has list_position list_indexof list_extract"
    " list_element array_extract list_has_any list_has_all list_max list_min list_sum list_avg"
    " list_transform list_apply list_filter list_any_value array_length cardinality list_value"
    " struct_extract map_extract map_keys map_values map_contains element_at row"
    # unknown values
    " coalesce ifnull nullif if hash"
)
_FUNCTIONS: Final = frozenset(_FUNCTION_NAMES.split())
_MAKING: Final = frozenset(("list_value", "row"))
"""Not inside of lambdas: a chain of them doubles its input at each step."""
_TYPE_NAMES: Final = (
    "BOOLEAN BOOL TINYINT SMALLINT INTEGER INT INT1 INT2 INT4 INT8 BIGINT HUGEINT UTINYINT"
    " USMALLINT UINTEGER UBIGINT FLOAT FLOAT4 FLOAT8 REAL DOUBLE DECIMAL NUMERIC VARCHAR TEXT"
    " STRING CHAR DATE TIMESTAMP"
)
_TYPES: Final = frozenset(_TYPE_NAMES.split())


def sealed(memory: str = "256MB") -> duckdb.DuckDBPyConnection:
    """A connection that sees what is registered with it, and nothing else; nor can that change.

    Args:
        memory: its limit, as DuckDB writes it.
    """
    db = duckdb.connect(config={**_SEALED, "memory_limit": memory})
    db.execute("SET enable_progress_bar = false")
    db.execute("SET lock_configuration = true")
    return db


def columns_named(condition: str) -> tuple[str, ...]:
    """Top-level columns that a condition names; `photo.x` for those of the photo.

    Raises:
        FilterError: it is no condition, or says what is not allowed.
    """
    expression = _expression(condition)
    found: dict[str, None] = {}
    for node in _checked(expression, 0, inside_lambda=False):
        names = node.get("column_names")
        if names:
            own = names[1:] if names[0] == "faces" and len(names) > 1 else names
            found[f"photo.{own[1]}" if own[0] == "photo" and len(own) > 1 else own[0]] = None
    return tuple(found)


def query_of(condition: str) -> str:
    """The one SELECT that a condition becomes; its end cannot be commented away."""
    return f"SELECT ({condition}\n) AS held FROM faces"  # noqa: S608 - it is parsed and sealed


def _expression(condition: str) -> dict[str, Any]:
    """Syntax tree of the condition.

    Raises:
        FilterError: DuckDB cannot parse it, or it is more than one expression.
    """
    try:
        with sealed() as db:
            row = db.execute("SELECT json_serialize_sql(?)", [query_of(condition)]).fetchall()
    except duckdb.Error as error:
        raise FilterError(_KEY, first_line(error)) from error
    try:
        tree: dict[str, Any] = json.loads(row[0][0])
    except RecursionError:
        raise FilterError(_KEY, "too deeply nested") from None
    if tree["error"]:
        raise FilterError(_KEY, str(tree.get("error_message", "cannot be read")).splitlines()[0])
    statements = tree["statements"]
    node = statements[0]["node"] if len(statements) == 1 else {}
    source = node.get("from_table", {})
    sound = (
        node.get("type") == "SELECT_NODE"
        and len(node["select_list"]) == 1
        and source.get("type") == "BASE_TABLE"
        and source.get("table_name") == "faces"
        and not any(node.get(part) for part in ("where_clause", "group_expressions", "having"))
        and not any(node.get(part) for part in ("modifiers", "sample", "qualify"))
        and not (node.get("cte_map") or {}).get("map")
    )
    if not sound:
        raise FilterError(_KEY, "must be one condition, as after SQL's WHERE")
    expression: dict[str, Any] = node["select_list"][0]
    return expression


def _checked(node: Any, depth: int, *, inside_lambda: bool) -> Iterator[dict[str, Any]]:
    """All expressions below a node.

    Raises:
        FilterError: one is not allowed.
    """
    if depth > 3 * _DEEPEST:
        raise FilterError(_KEY, "too deeply nested")
    children: Iterable[Any] = node if isinstance(node, list) else ()
    within = inside_lambda
    if isinstance(node, dict):
        _check(node, inside_lambda=inside_lambda)
        if "class" in node:
            yield node
        within = inside_lambda or node.get("class") == "LAMBDA"
        children = node.values()
    for child in children:
        yield from _checked(child, depth + 1, inside_lambda=within)


def _check(node: dict[str, Any], *, inside_lambda: bool) -> None:
    kind = node.get("class")
    if kind is None and str(node.get("type", "")).endswith(("_NODE", "TABLE_FUNCTION")):
        raise FilterError(_KEY, "holds a query; only the columns of a face can be named")
    if kind is not None and kind not in _CLASSES:
        raise FilterError(_KEY, f"{str(kind).lower().replace('_', ' ')}s are not allowed")
    if kind == "TYPE":
        _check_type(str(node.get("type_name")))
    if "cast_type" in node:  # up to DuckDB 1
        _check_type(str((node["cast_type"] or {}).get("id")))
    if kind == "FUNCTION":
        _check_function(str(node["function_name"]).lower(), node, inside_lambda=inside_lambda)


def _check_function(name: str, node: dict[str, Any], *, inside_lambda: bool) -> None:
    if name not in _FUNCTIONS or node.get("schema") not in ("", "main", None):
        raise FilterError(_KEY, f"the function {name[:40]} is not allowed")
    if inside_lambda and name in _MAKING:
        raise FilterError(_KEY, "a lambda may not make lists")


def _check_type(name: str) -> None:
    """Only plain types: arrays of a stated length are filled even where they are null."""
    if name.upper() not in _TYPES:
        raise FilterError(_KEY, f"casts to {name[:40].lower()} are not allowed")


def first_line(error: Exception) -> str:
    """What DuckDB says, without its picture of where."""
    return (str(error).splitlines() or ["cannot be answered"])[0]
