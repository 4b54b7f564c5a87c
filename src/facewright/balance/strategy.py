"""Strategy: a way to choose faces; found by entry point under `facewright.strategies`.

A strategy is a frozen pydantic model whose fields are its options, so that a command can list
them, set them from text and say what was wrong. Text after a colon is its first field:
"uniform:sex,age_group".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, ValidationError

from facewright.attributes.face_table import Coded, FaceTable
from facewright.balance.target import Target
from facewright.balance.words import near
from facewright.errors import UsageError
from facewright.plugins import load, names
from facewright.stats.cells import Cells

Counts = NDArray[np.int64]
Floats = NDArray[np.float64]

GROUP = "strategies"


@dataclass(frozen=True)
class Job:
    """What is asked of a strategy.

    Attributes:
        table: the faces to choose from.
        target: what is wanted; None where the strategy has its own rule.
        size: faces wanted; None leaves it to the strategy.
        seed: of every random choice.
    """

    table: FaceTable
    target: Target | None = None
    size: int | None = None
    seed: int = 0

    @cached_property
    def wanted(self) -> Target:
        """The target, of a strategy that cannot do without.

        Raises:
            UsageError: there is none.
        """
        if self.target is None:
            raise UsageError(
                'this strategy needs a target: --target target.toml, --target "50 % adults, 50 %'
                ' children" or --target uniform:sex,age_group'
            )
        return self.target

    @cached_property
    def coded(self) -> list[Coded]:
        """Values of the target's attributes."""
        return self.wanted.coded(self.table)

    @cached_property
    def cells(self) -> Cells:
        """Faces of every combination of levels of the target's attributes."""
        return Cells.of(self.coded)

    @cached_property
    def shares(self) -> Floats:
        """Wanted share of every cell, of the shape of `cells.counts`."""
        return self.wanted.shares(self.coded)

    def random(self) -> np.random.Generator:
        """Random numbers of the seed, from the start."""
        return np.random.default_rng(self.seed)


@dataclass(frozen=True, eq=False)
class Choice:
    """Faces that a strategy chose.

    Attributes:
        times: (N,) how often each face of the table is taken.
        target: what they were chosen for; None where the rule has none.
        why: how, in one line for people.
        weights: (N,) weight of each face that is taken; None where all weigh the same.
        wanted: faces each cell of the target's joint table should have had; None where only
            marginals, or nothing, were aimed at.
        notes: what people must know: fallbacks, faces left out, marginals that were not met.
        missed: whether a marginal was not met.
    """

    times: Counts
    target: Target | None
    why: str
    weights: Floats | None = None
    wanted: Counts | None = None
    notes: tuple[str, ...] = ()
    missed: bool = False

    @property
    def amounts(self) -> Floats:
        """(N,) how often each face is taken, times its weight."""
        times = self.times.astype(np.float64)
        return times if self.weights is None else times * self.weights


@runtime_checkable
class Strategy(Protocol):
    """A way to choose faces."""

    name: ClassVar[str]

    def choose(self, job: Job) -> Choice:
        """Choose.

        Raises:
            UsageError: the table lacks what the strategy reads, or the job cannot be done.
        """
        ...


class Options(BaseModel):
    """Base of the built-in strategies: options are checked, and cannot be changed."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def strategy(spec: str, options: Mapping[str, str] | None = None) -> Strategy:
    """Make a strategy.

    Args:
        spec: its name, with its first option after a colon where wanted: "uniform:sex,smile".
        options: its options as text.

    Raises:
        UsageError: no such strategy or option, or an option's value does not fit.
    """
    name, colon, first = spec.partition(":")
    kind: type[BaseModel] = load(GROUP, name)
    values = dict(options or {})
    fields = list(kind.model_fields)
    if colon:
        if not fields:
            raise UsageError(f"{name} takes nothing after a colon")
        values[fields[0]] = first
    unknown = next((key for key in values if key not in fields), None)
    if unknown is not None:
        raise UsageError(f"{name} has no option '{unknown}'; near: {near(unknown, fields)}")
    try:
        made = kind.model_validate(values)
    except ValidationError as error:
        found = error.errors()[0]
        key = ".".join(map(str, found["loc"]))
        raise UsageError(f"{name}: option {key}: {found['msg']}") from error
    assert isinstance(made, Strategy)
    return made


def catalogue() -> list[dict[str, Any]]:
    """Strategies that are installed: name, what they do, and their options with defaults."""
    return [_described(name, load(GROUP, name)) for name in names(GROUP)]


def _described(name: str, kind: type[BaseModel]) -> dict[str, Any]:
    what = " ".join((kind.__doc__ or "").split())
    options = [
        {
            "name": key,
            "default": None if field.is_required() else field.default,
            "what": field.description or "",
        }
        for key, field in kind.model_fields.items()
    ]
    return {"name": name, "what": what, "options": options}
