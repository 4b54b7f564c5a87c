"""uniform: all cells of some attributes equally often."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from facewright.balance.picking import QUALITY
from facewright.balance.resample import Resample
from facewright.balance.strategy import Choice, Job, Options
from facewright.balance.subset import Subset
from facewright.balance.target import Target
from facewright.errors import UsageError


class Uniform(Options):
    """Every cell of the columns equally often: subset or resample with a uniform target."""

    name: ClassVar[str] = "uniform"

    columns: Annotated[str, Field(description="attributes between commas: sex,age_group")]
    by: Annotated[
        Literal["subset", "resample"], Field(description="each face once, or rare ones repeated")
    ] = "subset"
    best: Annotated[
        str, Field(description='SQL number, highest first within a cell; or "random"')
    ] = QUALITY
    cap: Annotated[int, Field(ge=1, description="most times that resample takes a face")] = 10

    def choose(self, job: Job) -> Choice:
        """See `facewright.balance.strategy.Strategy`.

        Raises:
            UsageError: the job has a target of its own, or as `Subset` and `Resample`.
        """
        if job.target is not None:
            raise UsageError("uniform has a target of its own; leave out --target, or use subset")
        names = [name.strip() for name in self.columns.split(",") if name.strip()]
        own = replace(job, target=Target.uniform(names))
        if self.by == "resample":
            return Resample(cap=self.cap, best=self.best).choose(own)
        return Subset(best=self.best).choose(own)
