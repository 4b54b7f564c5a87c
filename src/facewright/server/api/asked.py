"""What a request asks for: its filter over the catalogue that it sees, and the masks of both."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

import numpy as np
from fastapi import Depends, Query, Request

from facewright.server.asking.filters import Filter, FilterError, pairs_of
from facewright.server.asking.masks import Masks, known_of
from facewright.server.catalogue.catalogue import Catalogue, Mask
from facewright.server.services import CatalogueNow, Services, ServicesNow

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Asked:
    """A filter of a request.

    Attributes:
        services: of the server.
        catalogue: what the request sees.
        filter: what it wants.
    """

    services: Services
    catalogue: Catalogue
    filter: Filter

    def masks(self) -> Masks:
        """The filter's masks; to be called in a thread (see `run`).

        Raises:
            FilterError: no such selection, or a condition that cannot be answered.
        """
        further: list[Mask] = []
        if self.filter.where:
            further.append(self.services.conditions.mask(self.catalogue, self.filter.where))
        if self.filter.select:
            further.append(self._selected())
        return Masks(self.catalogue, self.filter, further)

    async def run(
        self, work: Callable[..., T], *args: Any, naming: Iterable[str] = (), **named: Any
    ) -> T:
        """Do work in a thread: of those for SQL where the filter holds some, or reads columns.

        Args:
            work: to be done.
            *args: of the work.
            naming: columns that it needs besides those of the filter.
            **named: of the work.
        """
        names = [*naming, *(choice.name for choice in self.filter.choices)]
        reads = not all(map(self.catalogue.holds, names))
        workers = self.services.sql if self.filter.where or reads else self.services.compute
        return await workers.run(work, *args, **named)

    def _selected(self) -> Mask:
        rows = self.services.selected(self.catalogue, self.filter.select)
        if rows is None:
            raise FilterError("select", f"no selection {self.filter.select[:80]!r}")
        mask = np.zeros(len(self.catalogue), np.bool_)
        mask[rows] = True
        return mask


def asked(
    request: Request,
    services: ServicesNow,
    catalogue: CatalogueNow,
    where: Annotated[
        str | None, Query(description="SQL condition over the record, as `head_pose.yaw > 20`")
    ] = None,
    select: Annotated[str | None, Query(description="id of a stored selection")] = None,
) -> Asked:
    """Read a request's filter: every attribute is a parameter too.

    Raises:
        FilterError: it cannot be read.
    """
    _ = where, select  # documented; read with the rest
    pairs = pairs_of(request.url.query)
    return Asked(services, catalogue, Filter.parse(pairs, known_of(catalogue)))


AskedNow = Annotated[Asked, Depends(asked)]
