"""Run a strategy and say what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import chain, repeat
from typing import Any, Final

import numpy as np

from facewright.balance.feasible import largest_exact, largest_within
from facewright.balance.order import Order, OrderLine
from facewright.balance.split import Split
from facewright.balance.strategy import Choice, Job, Strategy
from facewright.errors import UsageError
from facewright.stats.cells import Cells
from facewright.store.selection import Selection

TOLERANCE: Final = 0.01
"""Total variation under which the nearest feasible size is told, too."""


@dataclass(frozen=True, slots=True)
class Feasible:
    """Sizes that a target allows without repeats.

    Attributes:
        exact: most faces of which every cell has its exact share.
        within: most faces that are at most `TOLERANCE` from the target.
    """

    exact: int
    within: int


@dataclass(frozen=True)
class Outcome:
    """What a strategy chose of a table, and how far it is from the target.

    Attributes:
        job: what was asked. choice: what was chosen.
    """

    job: Job
    choice: Choice

    @cached_property
    def splits(self) -> tuple[Split, ...]:
        """Before and after: over all attributes of the target, then over each of its parts.

        Where only marginals were aimed at, over the parts alone. None without a target.
        """
        choice = self.choice
        if choice.target is None:
            return ()
        coded = choice.target.coded(self.job.table)
        amounts = choice.amounts
        own = {each.attribute.name: each for each in coded}
        titles = dict.fromkeys(part.attributes for part in choice.target.parts)
        if choice.wanted is None and len(titles) > 1:
            joint = []
        else:
            joint = [Split.of(Cells.of(coded), choice.target, amounts, choice.wanted)]
        parts = titles if len(titles) > 1 else ()
        return (
            *joint,
            *(
                Split.of(Cells.of([own[name] for name in names]), choice.target, amounts)
                for names in parts
            ),
        )

    @cached_property
    def feasible(self) -> Feasible | None:
        """Sizes that the target allows; None where its joint table was not aimed at."""
        if self.choice.wanted is None or not self.splits:
            return None
        split = self.splits[0]
        return Feasible(
            largest_exact(split.had, split.shares),
            largest_within(split.had, split.shares, TOLERANCE),
        )

    @property
    def faces(self) -> int:
        """Faces taken, with repeats."""
        return int(self.choice.times.sum())

    @property
    def lacking(self) -> int:
        """Faces that are missing from what was wanted."""
        return sum(int(split.lacking.sum()) for split in self.splits)

    @property
    def is_met(self) -> bool:
        """Whether no face is lacking, and no marginal is missed, of what was aimed at."""
        return not self.lacking and not self.choice.missed

    @property
    def order(self) -> Order:
        """What would have to be generated for the target to be met at this size."""
        lines = [
            OrderLine(count=row["lacking"], attributes=row["levels"])
            for split in self.splits[:1]
            for row in split.rows()
            if row["lacking"]
        ]
        target = self.choice.target
        name = target.name if target is not None else "nothing"
        size = self.faces + self.lacking
        why = f"what {self.job.table.name} lacks for {size} faces of: {name}"
        return Order(why=why, order=tuple(lines))

    @property
    def selection(self) -> Selection:
        """The faces that were taken, in the table's order, repeats side by side.

        Raises:
            UsageError: none was taken.
        """
        times = self.choice.times
        rows = np.flatnonzero(times)
        if not len(rows):
            raise UsageError(
                f"{self.job.table.name}: {self.choice.why}: no face is left to select"
                f"{''.join(f'; {note}' for note in self.choice.notes)}"
            )
        ids = self.job.table.face_ids
        counts = times[rows].tolist()
        chosen = chain.from_iterable(map(repeat, [ids[row] for row in rows.tolist()], counts))
        weights = self.choice.weights
        weighing = None if weights is None else tuple(np.repeat(weights[rows], counts).tolist())
        target = self.choice.target
        return Selection(
            tuple(chosen),
            f"{self.choice.why}, of {self.job.table.name}",
            weighing,
            target.name if target is not None else "",
            self.distances,
        )

    @property
    def distances(self) -> dict[str, dict[str, dict[str, float | None]]]:
        """Attributes, "sex × smile", to distances before and after."""
        return {
            split.title: {"before": split.before.plain(), "after": split.after.plain()}
            for split in self.splits
        }

    def plain(self) -> dict[str, Any]:
        """Everything for JSON, but the faces."""
        target, feasible = self.choice.target, self.feasible
        return {
            "table": self.job.table.name,
            "of": len(self.job.table),
            "target": None if target is None else target.name,
            "seed": self.job.seed,
            "why": self.choice.why,
            "faces": self.faces,
            "different_faces": int((self.choice.times > 0).sum()),
            "lacking": self.lacking,
            "feasible": None
            if feasible is None
            else {"exact": feasible.exact, "within": feasible.within, "tolerance": TOLERANCE},
            "notes": list(self.choice.notes),
            "distances": self.distances,
            "cells": {split.title: split.rows() for split in self.splits},
        }


def balance(job: Job, by: Strategy) -> Outcome:
    """Choose faces.

    Raises:
        UsageError: the table has no face, the size is no size, or as the strategy says.
    """
    if not len(job.table):
        raise UsageError(f"{job.table.name} has no face to choose from")
    if job.size is not None and job.size < 1:
        raise UsageError(f"size must be 1 or more, not {job.size}")
    return Outcome(job, by.choose(job))
