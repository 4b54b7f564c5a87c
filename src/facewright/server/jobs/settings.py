"""What jobs may take, and which generators they may start."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from facewright import plugins
from facewright.errors import UsageError
from facewright.generate.base import GROUP
from facewright.settings_file import first_fault, read_toml

_PLAIN: Final = ("head3d",)
"""Generators that need no options, and so no path and no program."""


class GeneratorChoice(BaseModel):
    """A generator as whoever runs the server sets it up; visitors say its name only.

    generator: registered name. options: what it needs: weights, a program.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    generator: str
    summary: str = ""
    quality: Literal["draft", "standard", "hq"] = "standard"
    options: Annotated[dict[str, Any], Field(default_factory=dict)]


def usual_generators() -> dict[str, GeneratorChoice]:
    """Those that are installed and need nothing to be said."""
    there = plugins.names(GROUP)
    return {name: GeneratorChoice(generator=name, options={}) for name in _PLAIN if name in there}


@dataclass(frozen=True, slots=True)
class JobSettings:
    """Limits of jobs.

    Attributes:
        running: at the same time.
        waiting: that may wait for their turn.
        workers: processes of one order.
        generators: by the name that visitors say.
    """

    running: int = 1
    waiting: int = 50
    workers: int = field(default_factory=lambda: max((os.cpu_count() or 2) // 2, 1))
    generators: Mapping[str, GeneratorChoice] = field(default_factory=usual_generators)


def load_generators(path: Path) -> dict[str, GeneratorChoice]:
    """Generators of a TOML file: a table each, named as visitors call it.

    Raises:
        UsageError: it cannot be read, or says what a table does not know.
    """
    tables = read_toml(path, "the generators")
    found = {}
    for name, table in tables.items():
        try:
            found[name] = GeneratorChoice.model_validate(table)
        except ValidationError as error:
            raise UsageError(f"{path}: {first_fault(error, name)}") from error
    return found
