"""Generator: makes pictures of faces that were ordered, and knows what it made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, cast, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from facewright import plugins
from facewright.errors import UsageError
from facewright.generate.accept import JUDGED
from facewright.generate.wanted import Wanted

GROUP = "generators"


@dataclass(frozen=True, slots=True, eq=False)
class Made:
    """A picture that was made.

    Attributes:
        pixels: (S, S, 3) uint8, RGB.
        truth: dotted leaf name of `facewright.truth.Truth` to its value, as the columns of
            `facewright.schema.to_table` hold it; only what is known.
    """

    pixels: NDArray[np.uint8]
    truth: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class GeneratorCard:
    """What a generator is.

    Attributes:
        id: its name.
        version: changes when its pixels do.
        summary: one line for people.
        licence: of what it makes and is made from.
        sha256: of its weights or data, where it has any.
        settings: what it was told, for the manifest.
        attributes: names of `vocabulary.VOCABULARY` that it can make.
        trained: whether its pictures come from a trained network, not from a model by hand.
        judged: attributes that annotators read well enough on its pictures to reject one; see
            `accept.verdicts`.
        same_person: whether pictures of one person show one person.
    """

    id: str
    version: str
    summary: str
    licence: str
    sha256: str | None
    settings: Mapping[str, Any] = field(hash=False)
    attributes: frozenset[str]
    trained: bool = True
    judged: frozenset[str] = JUDGED
    same_person: bool = True


@runtime_checkable
class Generator(Protocol):
    """Makes pictures. Picklable: each worker gets a copy and loads what it needs by itself."""

    @property
    def card(self) -> GeneratorCard:
        """What it is."""

    def refuse(self, wanted: Wanted) -> str | None:
        """Why it cannot make this picture, or None where it can.

        Called for every picture of an order before the first is made.
        """

    def make(self, wanted: Wanted) -> Made:
        """Make one picture; the same wish gives the same pixels.

        Raises:
            FacewrightError: it cannot be made here: memory, weights, a missing extra.
        """


@runtime_checkable
class Announced(Protocol):
    """What a generator has besides that makes several pictures at once."""

    def expect(self, pictures: Sequence[Wanted]) -> None:
        """Be told which pictures are asked for next, in this order."""


@runtime_checkable
class Advising(Protocol):
    """What a generator has besides that knows how it would be faster on this machine."""

    def advice(self) -> str | None:
        """One line for people, or None."""


class Factory(Protocol):
    """Registered under the entry-point group `facewright.generators`."""

    def __call__(self, quality: str, options: Mapping[str, Any]) -> Generator:
        """Make a generator.

        Args:
            quality: "draft", "standard" or "hq".
            options: what only this generator understands.

        Raises:
            UsageError: an unknown option, or one of the wrong type; the known ones are named.
        """


def generator(name: str, quality: str, options: Mapping[str, Any]) -> Generator:
    """The generator that is registered as `name`.

    Raises:
        UsageError: there is none, or it does not take these options.
    """
    return cast("Factory", plugins.load(GROUP, name))(quality, options)


def check_options(name: str, options: Mapping[str, Any], known: Sequence[str]) -> None:
    """Refuse an option that a generator does not know.

    Args:
        name: of the generator.
        options: of the order.
        known: names that it knows.

    Raises:
        UsageError: names those that it does not, and those that it does.
    """
    unknown = set(options) - set(known)
    if unknown:
        raise UsageError(
            f"options: {name} does not know {', '.join(sorted(unknown))};"
            f" it knows {', '.join(known)}"
        )


def check_order(maker: Generator, pictures: list[Wanted], where: str) -> None:
    """Refuse an order of which a generator cannot make a picture, before any is made.

    Raises:
        UsageError: names the attribute and what can be had.
    """
    card = maker.card
    known = card.attributes
    if not card.same_person and len({wanted.identity for wanted in pictures}) < len(pictures):
        raise UsageError(
            f"{where}: {card.id} cannot make several pictures of one person; leave out views and"
            " expressions"
        )
    for wanted in pictures:
        unknown = [name for name in wanted.attributes if name not in known]
        if unknown:
            raise UsageError(
                f"{where}: {card.id} cannot make {', '.join(unknown)};"
                f" it makes {', '.join(sorted(known))}"
            )
        why = maker.refuse(wanted)
        if why is not None:
            raise UsageError(f"{where}: {card.id} cannot make picture {wanted.key}: {why}")
