"""Generator `eg3d`: a user's own EG3D weights; poses are cameras, the rest is steered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from facewright.errors import UsageError
from facewright.generate.base import GeneratorCard, Made
from facewright.generate.directions import steered
from facewright.generate.eg3d.cameras import camera_of_angles
from facewright.generate.eg3d.loading import load_eg3d
from facewright.generate.vocabulary import Value
from facewright.generate.wanted import Wanted
from facewright.generate.weights_options import WeightsOptions, of_size, too_large

if TYPE_CHECKING:
    from facewright.generate.eg3d.network import Eg3d, Person

_POSE: Final = frozenset({"yaw", "pitch", "roll", "pose"})
_SEEDS = 2**32


@dataclass(slots=True)
class Eg3dGenerator:
    """An EG3D generator as a maker of ordered pictures.

    Yaw, pitch and roll are met by the rendering camera; the mapping network is told the frontal
    one always. The planes of the last person are kept for further views. The camera is exact;
    how far the head itself is turned in the network's world is not known, so no truth says it.
    """

    options: WeightsOptions
    _network: Eg3d | None = field(default=None, repr=False)
    _person: tuple[object, Person] | None = field(default=None, repr=False)

    @property
    def card(self) -> GeneratorCard:
        """What it is."""
        network = self._opened()
        return GeneratorCard(
            "eg3d",
            "1",
            f"EG3D of {network.resolution} pixels",
            self.options.licence,
            network.sha256,
            self.options.settings(),
            self.options.steerable | _POSE,
        )

    def refuse(self, wanted: Wanted) -> str | None:
        """A size beyond the network's, or a value that no direction leads to."""
        return too_large(wanted, self._opened().resolution) or self.options.refuse(wanted, _POSE)

    def make(self, wanted: Wanted) -> Made:
        """Make one picture.

        Raises:
            FacewrightError: the weights cannot be opened, or memory does not suffice.
        """
        network = self._opened()
        angles = {name: _degrees(wanted.attributes.get(name, 0.0)) for name in _ANGLES}
        camera = camera_of_angles(**angles)
        seen = network.view(self._of(wanted), camera)
        truth = {"identity": wanted.identity, "camera": camera.array.tolist()}
        return Made(of_size(seen.pixels, wanted.size), truth)

    def __reduce__(self) -> tuple[Any, ...]:
        """Travel to a worker without the network that is open here."""
        return Eg3dGenerator, (self.options,)

    def _of(self, wanted: Wanted) -> Person:
        """The person's planes, made or kept."""
        wishes = self.options.wishes(wanted, _POSE)
        key = (wanted.person_seed, tuple(sorted(wishes.items())))
        if self._person is None or self._person[0] != key:
            network = self._opened()
            z = network.latents([wanted.person_seed % _SEEDS])
            ws = network.map(z, truncation=self.options.truncation)
            self._person = key, network.person(steered(ws, wishes, self.options.directions)[0])
        return self._person[1]

    def _opened(self) -> Eg3d:
        if self._network is None:
            network = load_eg3d(self.options.weights, device=self.options.device)
            self.options.check_network(network.sha256)
            self._network = network
        return self._network


_ANGLES: Final = ("pitch", "roll", "yaw")


def _degrees(value: Value) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not np.isfinite(value):
        raise UsageError(f"an angle is a number of degrees, not {value!r}")
    return float(value)


def eg3d(quality: str, options: Mapping[str, Any]) -> Eg3dGenerator:
    """Make the generator from the options of an order; see `WeightsOptions.parse`.

    Args:
        quality: passed over: a network has one.
        options: weights, device, truncation, directions, licence.

    Raises:
        UsageError: an option is unknown or wrong.
    """
    del quality
    parsed = WeightsOptions.parse("eg3d", options)
    if parsed.label is not None:
        raise UsageError("options: eg3d has no classes, so no label")
    return Eg3dGenerator(parsed)
