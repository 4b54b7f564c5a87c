"""Annotators put in an order in which each finds what it needs, and run on a batch."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from typing import Any

import pyarrow as pa

from facewright import plugins
from facewright.annotators.base import Annotator, Columns
from facewright.annotators.user_head import UserHead
from facewright.errors import RecipeError
from facewright.record import Face, Record
from facewright.vision.faces import FaceBatch, View
from facewright.vision.runtime import Runtime

GROUP = "annotators"
_NULL_REASONS = "null_reasons"


class Pipeline:
    """Annotators that give a Record together.

    Args:
        names: annotators by name; those that give what these need are added. None at all means
            every annotator that is installed.
        heads: paths of files that users fitted, run as well.

    Raises:
        UsageError: a name is not known.
        RecipeError: a need is given by nobody, two give the same column, or needs go in circles.
    """

    def __init__(self, names: Sequence[str] = (), heads: Sequence[str] = ()) -> None:
        wanted = [_load(name) for name in names or plugins.names(GROUP)]
        wanted += [UserHead.load(path) for path in heads]
        self.annotators: tuple[Annotator, ...] = tuple(_ordered(_complete(wanted)))
        self._missing = dict.fromkeys(_not_given(self.annotators), "no annotator was asked for it")

    @property
    def extra_fields(self) -> list[pa.Field]:
        """Arrow fields of the columns that user-made annotators add to the Record."""
        return [
            field
            for annotator in self.annotators
            for field in getattr(annotator, "extra_fields", ())
        ]

    @property
    def models(self) -> tuple[str, ...]:
        """Ids of the models that the annotators run, each once."""
        return tuple(dict.fromkeys(model for a in self.annotators for model in a.card.models))

    @cached_property
    def _views(self) -> frozenset[View]:
        """Cut-outs that the annotators say they will look at."""
        return frozenset(v for a in self.annotators for v in getattr(a, "views", ()))

    def annotate(self, faces: FaceBatch, runtime: Runtime) -> Columns:
        """Columns of all annotators for N faces; signals between them are left out."""
        faces.cut(self._views)
        known: Columns = {}
        reasons = [dict(self._missing) for _ in range(len(faces))]
        for annotator in self.annotators:
            columns = annotator.annotate(faces, known, runtime)
            for mine, theirs in zip(reasons, columns.pop(_NULL_REASONS, ()), strict=False):
                mine.update(theirs)
            known.update(columns)
        written = {name: value for name, value in known.items() if not name.startswith("_")}
        return {**written, _NULL_REASONS: reasons}


def _not_given(annotators: Sequence[Annotator]) -> list[str]:
    """Fields of the Record that nobody of these gives: top-level names, of which some leaf."""
    given = {name.split(".")[0] for name in _gives(annotators)}
    return [
        name
        for name in Record.model_fields
        if name not in Face.model_fields and name not in given | {"confidence", _NULL_REASONS}
    ]


def _load(name: str) -> Annotator:
    annotator: Annotator = plugins.load(GROUP, name)
    return annotator


def _complete(wanted: Sequence[Annotator]) -> list[Annotator]:
    """Add installed annotators until every need is given."""
    chosen = {a.card.id: a for a in wanted}
    while missing := _needs(chosen.values()) - _gives(chosen.values()):
        spare = [_load(name) for name in plugins.names(GROUP) if name not in chosen]
        helpers = [a for a in spare if missing & set(a.card.gives)]
        if not helpers:
            raise RecipeError(f"no annotator gives {', '.join(sorted(missing))}")
        chosen.update({a.card.id: a for a in helpers})
    return list(chosen.values())


def _gives(annotators: Iterable[Annotator]) -> set[str]:
    return {name for a in annotators for name in a.card.gives}


def _needs(annotators: Iterable[Annotator]) -> set[str]:
    return {name for a in annotators for name in a.card.needs}


def _ordered(annotators: Sequence[Annotator]) -> list[Annotator]:
    giver: dict[str, Annotator] = {}
    for annotator in annotators:
        for name in annotator.card.gives:
            other = giver.setdefault(name, annotator)
            if other is not annotator and name != _NULL_REASONS:
                raise RecipeError(
                    f"both '{other.card.id}' and '{annotator.card.id}' give '{name}':"
                    " name only one of them in the recipe's `annotators`"
                )
    by_id: dict[str, Any] = {a.card.id: a for a in annotators}
    graph = {a.card.id: {giver[need].card.id for need in a.card.needs} for a in annotators}
    try:
        return [by_id[name] for name in TopologicalSorter(graph).static_order()]
    except CycleError as error:
        raise RecipeError(f"annotators need each other in a circle: {error.args[1]}") from error
