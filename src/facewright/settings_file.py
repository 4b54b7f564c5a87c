"""Settings that people write: TOML files, and what pydantic finds wrong with them, in one line."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from facewright.errors import UsageError

_OWN = "Value error, "


def read_toml(path: Path, what: str, error: type[UsageError] = UsageError) -> dict[str, Any]:
    """Tables of a TOML file.

    Args:
        path: of the file.
        what: it is, for errors: "the recipe".
        error: what is raised.

    Raises:
        UsageError: or what `error` names: the file cannot be read, or is not TOML.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as problem:
        raise error(f"{path}: cannot read {what}: {problem.strerror}") from problem
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise error(f"{path}: not TOML: {problem}") from problem


def first_fault(error: ValidationError, *above: str, whole: str = "it") -> str:
    """The first thing that is wrong, as "key: what is wrong with it".

    Args:
        error: that pydantic raised.
        above: keys of the tables around what was checked.
        whole: stands for the key where there is none to blame.
    """
    first = error.errors()[0]
    key = ".".join([*above, *map(str, first["loc"])]) or whole
    own = first["msg"].removeprefix(_OWN)
    return f"{key}: {own if own != first['msg'] else own.lower()}"
