"""resample: faces repeated until the target is reached."""

from __future__ import annotations

from typing import Annotated, ClassVar

import numpy as np
from pydantic import Field

from facewright.balance.feasible import largest_exact
from facewright.balance.picking import QUALITY, ranks_of, repeats
from facewright.balance.quotas import hamilton
from facewright.balance.strategy import Choice, Job, Options
from facewright.errors import UsageError


class Resample(Options):
    """Rare faces several times, up to a cap, so that the target is reached.

    Quotas are by largest remainder; within a cell all faces are repeated equally often, and the
    best once more where the quota wants it. Without a size it is the smallest one that keeps
    every face of a wanted cell, or, if the cap forbids that, the largest that the cap allows.
    """

    name: ClassVar[str] = "resample"

    cap: Annotated[int, Field(ge=1, description="most times that a face is taken")] = 10
    best: Annotated[
        str, Field(description='SQL number; the highest are repeated first; or "random"')
    ] = QUALITY

    def choose(self, job: Job) -> Choice:
        """See `facewright.balance.strategy.Strategy`.

        Raises:
            UsageError: there is no target, or no size and a wanted cell has no face.
        """
        counts, shares = job.cells.counts, job.shares
        size = job.size if job.size is not None else self._size(job)
        wanted = hamilton(shares, size)
        quotas = np.minimum(wanted, counts * self.cap)
        ranks, told = ranks_of(job.table, self.best, job.random())
        times = repeats(job.cells.numbers, quotas.ravel(), ranks)
        most = int(times.max(initial=0))
        notes = [told] if told else []
        if (wanted > quotas).any():
            short = int((wanted - quotas).sum())
            notes.append(f"the cap of {self.cap} repeats leaves {short} faces to wish for")
        why = (
            f"resample of {int(times.sum())} for {job.wanted.name}, each face at most {most} of"
            f" {self.cap} times, seed {job.seed}"
        )
        return Choice(times, job.target, why, wanted=wanted, notes=tuple(notes))

    def _size(self, job: Job) -> int:
        counts, shares = job.cells.counts.ravel(), job.shares.ravel()
        allowed = largest_exact(counts * self.cap, shares)
        if not allowed:
            keys = job.cells.keys()
            cell = int(np.flatnonzero((shares > 0) & (counts == 0))[0])
            raise UsageError(
                f"{job.table.name}: {job.wanted.name} cannot be reached by repeating: no face is"
                f" {' × '.join(keys[cell])}; give a size to take what there is and order the rest"
            )
        there = shares > 0
        keeps_all = float((counts[there] / shares[there]).max())
        return min(allowed, int(np.ceil(keeps_all - 1e-6)))
