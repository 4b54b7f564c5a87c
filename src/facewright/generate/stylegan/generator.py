"""Generator `stylegan`: a user's own StyleGAN2 or StyleGAN3 weights, steered by directions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from facewright.generate.base import GeneratorCard, Made
from facewright.generate.directions import steered
from facewright.generate.stylegan.loading import load_generator
from facewright.generate.wanted import Wanted
from facewright.generate.weights_options import WeightsOptions, of_size, too_large

if TYPE_CHECKING:
    from facewright.generate.stylegan.network import Network

_SEEDS = 2**32


@dataclass(slots=True)
class Stylegan:
    """A StyleGAN generator as a maker of ordered pictures.

    A person is the latent of `person_seed`; what is ordered of the person or the picture moves
    its style along the directions. The same person under other poses or expressions stays as
    much the same as the directions are pure.
    """

    options: WeightsOptions
    _network: Network | None = field(default=None, repr=False)

    @property
    def card(self) -> GeneratorCard:
        """What it is."""
        network = self._opened()
        return GeneratorCard(
            "stylegan",
            "1",
            f"{network.kind} of {network.resolution} pixels",
            self.options.licence,
            network.sha256,
            self.options.settings(),
            self.options.steerable,
        )

    def refuse(self, wanted: Wanted) -> str | None:
        """A size beyond the network's, or a value that no direction leads to."""
        return too_large(wanted, self._opened().resolution) or self.options.refuse(wanted)

    def make(self, wanted: Wanted) -> Made:
        """Make one picture.

        Raises:
            FacewrightError: the weights cannot be opened, or memory does not suffice.
        """
        network = self._opened()
        z = network.latents([wanted.person_seed % _SEEDS])
        ws = network.map(z, self.options.label, self.options.truncation)
        ws = steered(ws, self.options.wishes(wanted), self.options.directions)
        pixels = network.synthesize(ws)[0]
        return Made(of_size(pixels, wanted.size), {"identity": wanted.identity})

    def __reduce__(self) -> tuple[Any, ...]:
        """Travel to a worker without the network that is open here."""
        return Stylegan, (self.options,)

    def _opened(self) -> Network:
        if self._network is None:
            network = load_generator(self.options.weights, device=self.options.device)
            self.options.check_network(network.sha256)
            self._network = network
        return self._network


def stylegan(quality: str, options: Mapping[str, Any]) -> Stylegan:
    """Make the generator from the options of an order; see `WeightsOptions.parse`.

    Args:
        quality: passed over: a network has one.
        options: weights, device, truncation, directions, licence, label.

    Raises:
        UsageError: an option is unknown or wrong.
    """
    del quality
    return Stylegan(WeightsOptions.parse("stylegan", options))
