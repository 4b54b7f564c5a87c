"""subset: faces, each once, in the proportions of a target."""

from __future__ import annotations

from typing import Annotated, ClassVar

import numpy as np
from pydantic import Field

from facewright.balance.feasible import largest_exact, largest_within, off_by
from facewright.balance.picking import QUALITY, ranks_of, repeats
from facewright.balance.quotas import Counts, capped, hamilton
from facewright.balance.strategy import Choice, Job, Options
from facewright.errors import UsageError


class Subset(Options):
    """Each face at most once, cells in the target's proportions.

    Quotas are by largest remainder. Without a size it is the largest subset of which every cell
    has its exact share. With a size that the faces do not allow, short cells give all they have
    and the rest keep their quotas, so that the faces which are lacking, once generated, complete
    it; with a tolerance, other cells fill up instead.
    """

    name: ClassVar[str] = "subset"

    best: Annotated[
        str, Field(description='SQL number, highest first within a cell; or "random"')
    ] = QUALITY
    tolerance: Annotated[
        float,
        Field(ge=0, lt=1, description="total variation from the target that a larger set may have"),
    ] = 0.0

    def choose(self, job: Job) -> Choice:
        """See `facewright.balance.strategy.Strategy`.

        Raises:
            UsageError: there is no target, or no size and some wanted cell has no face.
        """
        counts, shares = job.cells.counts, job.shares
        size = job.size if job.size is not None else self._largest(job)
        wanted = hamilton(shares, size)
        quotas = self._quotas(counts, job, wanted)
        ranks, told = ranks_of(job.table, self.best, job.random())
        times = repeats(job.cells.numbers, quotas.ravel(), ranks)
        how = "by chance" if told or not ranks[0].any() else f"highest {self.best} first"
        why = f"subset of {int(times.sum())} faces for {job.wanted.name}, {how}, seed {job.seed}"
        return Choice(times, job.target, why, wanted=wanted, notes=(told,) if told else ())

    def _quotas(self, counts: Counts, job: Job, wanted: Counts) -> Counts:
        """Faces to take of each cell, no more than it has."""
        size = int(wanted.sum())
        usable = int(counts[job.shares > 0].sum())
        fills = self.tolerance and size <= usable
        if fills and off_by(counts, job.shares, size) <= self.tolerance + 1e-9:
            return capped(job.shares, counts, size)
        return np.minimum(wanted, counts)

    def _largest(self, job: Job) -> int:
        """The largest size that the target, or its tolerance, allows."""
        counts, shares = job.cells.counts, job.shares
        if self.tolerance:
            size = largest_within(counts, shares, self.tolerance)
        else:
            size = largest_exact(counts, shares)
        if size:
            return size
        keys = job.cells.keys()
        empty = np.flatnonzero((counts.ravel() == 0) & (shares.ravel() > 0))
        none = "; ".join(" × ".join(keys[cell]) for cell in empty[:5].tolist())
        more = f" and {len(empty) - 5} more" if len(empty) > 5 else ""
        lack = f"no face is {none}{more}" if len(empty) else "the rarest cell is too small"
        near = largest_within(counts, shares, 0.05)
        raise UsageError(
            f"{job.table.name}: {job.wanted.name} allows no subset: {lack}. Give a size to take"
            " what there is and order the rest, or a tolerance (tolerance=0.05 allows"
            f" {near} faces)"
        )
