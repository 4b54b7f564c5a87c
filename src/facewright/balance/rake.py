"""rake: weights, or a drawn sample, that meet several marginals at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, ClassVar, NamedTuple

import numpy as np
from pydantic import Field

from facewright.attributes.face_table import Coded
from facewright.balance.drawing import draw
from facewright.balance.fitting import Fit, Floats, Ints, Margin, fit
from facewright.balance.part import Part
from facewright.balance.strategy import Choice, Job, Options
from facewright.errors import UsageError
from facewright.stats.cells import cell_numbers

_EXACT = 1e-9


class _Goal(NamedTuple):
    """A part of the target with the margin that it is over the cells."""

    part: Part
    coded: list[Coded]
    margin: Margin


class Rake(Options):
    """Weights by iterative proportional fitting, and a sample of any size drawn by them.

    How attributes come together stays as close to the data as the target's parts allow, so
    several marginals are enough. Without a size every face is taken with its weight; with one,
    faces are drawn by weight, spread evenly over the cells (systematic sampling).
    """

    name: ClassVar[str] = "rake"

    replace: Annotated[bool, Field(description="a drawn face may come several times")] = False
    tolerance: Annotated[
        float, Field(gt=0, lt=1, description="how far a share may be off before that is told")
    ] = 1e-3

    def choose(self, job: Job) -> Choice:
        """See `facewright.balance.strategy.Strategy`.

        Raises:
            UsageError: there is no target, no face has all of its attributes, no face may stay,
                or, without repeats, more faces are asked for than have a weight.
        """
        numbers = _numbers(job)
        known = numbers >= 0
        _, first, cell, counts = np.unique(
            numbers[known], return_index=True, return_inverse=True, return_counts=True
        )
        rows = np.flatnonzero(known)
        goals = [_goal(part, job.coded, rows[first]) for part in job.wanted.parts]
        found = fit(counts.astype(np.float64), [goal.margin for goal in goals], _EXACT)
        if not found.masses.any():
            raise UsageError(f"{job.table.name}: {job.wanted.name} wants none of its faces")
        weights = np.zeros(len(job.table))
        weights[rows] = (found.masses / counts)[cell]
        notes = self._notes(goals, found)
        missed = bool(notes)
        effective = 1.0 / float((weights**2).sum())
        notes.append(f"the weights make {int(known.sum())} faces worth {effective:.0f} equal ones")
        return replace(self._taken(job, numbers, weights, notes), missed=missed)

    def _taken(self, job: Job, numbers: Ints, weights: Floats, notes: list[str]) -> Choice:
        if job.size is None:
            there = weights > 0
            why = f"all {int(there.sum())} faces with weights for {job.wanted.name}"
            scaled = weights * int(there.sum())
            return Choice(there.astype(np.int64), job.target, why, scaled, notes=tuple(notes))
        most = int(np.floor(1 / weights.max() * (1 + _EXACT)))
        if not self.replace and job.size > most:
            notes.append(
                f"without repeats the weights allow {most} faces; {job.size} are farther from the"
                " target (replace=true repeats them instead)"
            )
        times = draw(weights, job.size, numbers, job.random(), replace=self.replace)
        how = "with" if self.replace else "without"
        why = f"{job.size} faces drawn for {job.wanted.name}, {how} repeats, seed {job.seed}"
        return Choice(times, job.target, why, notes=tuple(notes))

    def _notes(self, goals: Sequence[_Goal], found: Fit) -> list[str]:
        """Which margins are not met, and why."""
        notes = []
        for goal, off in zip(goals, found.off, strict=True):
            if off <= self.tolerance:
                continue
            missing = _missing(goal)
            why = (
                f"no face is {missing}"
                if missing
                else "the faces there are do not allow it together with the other marginals"
            )
            notes.append(f"{goal.part.title} is off by {off:.1%}: {why} ({goal.part.source})")
        return notes


def _numbers(job: Job) -> Ints:
    """Cell of each face, also where there are too many cells to list."""
    size = np.prod([float(len(each.levels)) for each in job.coded])
    if size > 2.0**62:
        raise UsageError(f"{job.wanted.name}: too many attributes to rake over at once")
    numbers = cell_numbers(job.coded)
    if not (numbers >= 0).any():
        names = ", ".join(job.wanted.attributes)
        raise UsageError(f"{job.table.name}: no face has a value of all of {names}")
    return numbers


def _goal(part: Part, coded: Sequence[Coded], rows: Ints) -> _Goal:
    """A part as a margin over cells, each of which has one of its faces in `rows`."""
    own = [next(c for c in coded if c.attribute.name == name) for name in part.attributes]
    groups = np.zeros(len(rows), np.int64)
    for each in own:
        groups = groups * len(each.levels) + each.codes[rows]
    return _Goal(part, own, Margin(groups, part.table(own).ravel()))


def _missing(goal: _Goal) -> str:
    """Wanted groups that no face is in."""
    there = np.bincount(goal.margin.groups, minlength=len(goal.margin.wanted)) > 0
    absent = np.flatnonzero(~there & (goal.margin.wanted > 0))
    shape = tuple(len(each.levels) for each in goal.coded)
    told = []
    for group in absent[:5].tolist():
        at = np.unravel_index(group, shape)
        told.append(" × ".join(c.levels[i] for c, i in zip(goal.coded, at, strict=True)))
    return ", ".join(told)
