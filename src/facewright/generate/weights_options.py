"""Options of the generators that run a user's own weights, checked once for all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from facewright.errors import UsageError
from facewright.generate.base import check_options
from facewright.generate.directions import Direction, leading
from facewright.generate.vocabulary import EXCLUSIVE, VOCABULARY, Value
from facewright.generate.wanted import Wanted

_KNOWN: Final = ("weights", "device", "truncation", "directions", "licence", "label")
_TRUNCATION: Final = 0.7


@dataclass(frozen=True)
class WeightsOptions:
    """What an order says of a generator with weights.

    Attributes:
        weights: file of the network.
        device: "cpu" or "cuda".
        truncation: psi.
        directions: by which attributes are steered.
        licence: of the pictures, as the user states it.
        label: class, for networks with classes.
    """

    weights: str
    device: str = "cpu"
    truncation: float = _TRUNCATION
    directions: tuple[Direction, ...] = ()
    licence: str = "unstated"
    label: int | None = None

    @classmethod
    def parse(cls, name: str, options: Mapping[str, Any]) -> WeightsOptions:
        """Check the options of an order.

        Args:
            name: of the generator, for errors.
            options: weights (a path), device, truncation (0 to 1.5), directions (paths, a list
                or separated by commas), licence, label.

        Raises:
            UsageError: an option is unknown or wrong, or weights are not named.
        """
        check_options(name, options, _KNOWN)
        weights = options.get("weights")
        if not isinstance(weights, str) or not weights:
            raise UsageError(f'options: {name} needs weights = "network.pkl"')
        return cls(
            weights,
            str(options.get("device", "cpu")),
            _truncation(options.get("truncation", _TRUNCATION)),
            tuple(Direction.load(path) for path in _paths(options.get("directions", ()))),
            str(options.get("licence", "unstated")),
            _label(options.get("label")),
        )

    @property
    def steerable(self) -> frozenset[str]:
        """Attributes of an order that directions lead along, under either of their names."""
        own = self._led
        twins = {n for pair in EXCLUSIVE if own.intersection(pair) for n in pair}
        return (own | twins) & frozenset(VOCABULARY)

    def wishes(self, wanted: Wanted, own: frozenset[str] = frozenset()) -> dict[str, Value]:
        """What directions are to meet: an age group that came with its age is said once.

        Args:
            wanted: a picture.
            own: attributes that are met in another way.
        """
        found = {n: v for n, v in wanted.attributes.items() if n not in own}
        for pair in EXCLUSIVE:
            if found.keys() >= set(pair):
                first, second = pair
                del found[second if first in self._led else first]
        return found

    @property
    def _led(self) -> frozenset[str]:
        return frozenset(d.attribute for d in self.directions)

    def settings(self) -> dict[str, Any]:
        """For the manifest."""
        return {
            "weights": self.weights,
            "device": self.device,
            "truncation": self.truncation,
            "label": self.label,
            "directions": {d.attribute: round(d.auc, 4) for d in self.directions},
        }

    def refuse(self, wanted: Wanted, own: frozenset[str] = frozenset()) -> str | None:
        """Why directions do not lead to what is wanted; `own` is met in another way."""
        for name, value in self.wishes(wanted, own).items():
            try:
                leading(self.directions, name, value)
            except UsageError as error:
                return str(error)
        return None

    def check_network(self, sha256: str) -> None:
        """Refuse directions that were fitted on other weights.

        Raises:
            UsageError: names the attribute.
        """
        for direction in self.directions:
            if direction.network != sha256:
                raise UsageError(
                    f"the direction of {direction.attribute} was fitted on other weights than"
                    f" {self.weights}; fit it on these"
                )


def too_large(wanted: Wanted, resolution: int) -> str | None:
    """Why a size cannot be made; None where it can."""
    if wanted.size <= resolution:
        return None
    return f"its pictures are {resolution} pixels, not {wanted.size}; order at most {resolution}"


def of_size(pixels: NDArray[np.uint8], size: int) -> NDArray[np.uint8]:
    """A square picture made smaller by averaging areas."""
    if len(pixels) == size:
        return pixels
    smaller = cv2.resize(pixels, (size, size), interpolation=cv2.INTER_AREA)
    return np.asarray(smaller, np.uint8)


def _label(value: object) -> int | None:
    if isinstance(value, str) and value.isdecimal():  # options of the command line are words
        value = int(value)
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    raise UsageError(f"options: label is a class from 0 on, not {value!r}")


def _truncation(value: object) -> float:
    with suppress(ValueError):
        value = float(value) if isinstance(value, str) else value
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1.5:
        raise UsageError(f"options: truncation is a number from 0 to 1.5, not {value!r}")
    return float(value)


def _paths(value: object) -> Sequence[str]:
    if isinstance(value, str):
        value = [part.strip() for part in value.split(",") if part.strip()]
    if not isinstance(value, list | tuple) or not all(isinstance(part, str) for part in value):
        raise UsageError(f"options: directions are paths of .npz files, not {value!r}")
    return value
