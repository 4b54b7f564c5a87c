"""Generator `diffusers`: prompts from an order's attributes, pictures from a user's pipeline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from facewright.errors import UsageError
from facewright.generate.base import GeneratorCard, Made
from facewright.generate.diffusers.folder import PipelineFolder, look, sha256
from facewright.generate.diffusers.options import DiffusersOptions
from facewright.generate.diffusers.pipeline import Opened, open_pipeline
from facewright.generate.diffusers.template import negative
from facewright.generate.wanted import Wanted
from facewright.generate.weights_options import of_size, too_large

VERSION: Final = "1"


@dataclass(slots=True)
class Diffusers:
    """A text-to-image pipeline as a maker of ordered pictures.

    The prompt says what was ordered; nothing holds the pipeline to it, so the annotators judge.
    Pictures are drawn in the batches in which they are announced (`expect`): a batch changes
    the last digits of what is calculated, so its members are always the same.
    """

    options: DiffusersOptions
    folder: PipelineFolder
    _sha256: str | None = None
    _opened: Opened | None = field(default=None, repr=False)
    _queue: list[Wanted] = field(default_factory=list, repr=False)
    _drawn: dict[str, NDArray[np.uint8]] = field(default_factory=dict, repr=False)

    @property
    def card(self) -> GeneratorCard:
        """What it is."""
        if self._sha256 is None:
            self._sha256 = sha256(self.folder.path)
        return GeneratorCard(
            "diffusers",
            VERSION,
            f"{self.folder.pipeline} at {self._side} pixels",
            self.options.licence,
            self._sha256,
            self.options.settings(),
            self.options.prompt.says,
            same_person=False,
        )

    def refuse(self, wanted: Wanted) -> str | None:
        """A size beyond the pipeline's, or an angle that no prompt can say."""
        if "yaw" in wanted.attributes and "pose" not in wanted.attributes:
            return (
                f"no prompt aims at a yaw of {wanted.attributes['yaw']} degrees; order pose ="
                " left, front or right"
            )
        why = too_large(wanted, self._side)
        return f"{why}, or draw larger ones with the option side" if why else None

    def expect(self, pictures: Sequence[Wanted]) -> None:
        """Be told which pictures are asked for next, in this order."""
        self._queue, self._drawn = list(pictures), {}

    def make(self, wanted: Wanted) -> Made:
        """Make one picture, and with it those that are announced beside it.

        Raises:
            FacewrightError: the pipeline cannot be opened, or memory does not suffice.
        """
        if wanted.key not in self._drawn:
            self._drawn = self._draw(self._batch(wanted))
        pixels = of_size(self._drawn.pop(wanted.key), wanted.size)
        return Made(pixels, {"identity": wanted.identity})

    def prompts(self, wanted: Wanted) -> tuple[str, str]:
        """The prompt and the negative prompt of a picture."""
        said = self.options.prompt.filled(wanted.attributes)
        return said, negative(self.options.negative, wanted.attributes)

    def __reduce__(self) -> tuple[Any, ...]:
        """Travel to a worker without the pipeline that is open here."""
        return Diffusers, (self.options, self.folder, self._sha256)

    @property
    def _side(self) -> int:
        side = self.options.side or self.folder.side
        assert side is not None  # as `diffusers` checks
        return side

    def _batch(self, wanted: Wanted) -> list[Wanted]:
        """The batch of a picture: announced pictures are cut into batches from the first on."""
        at = next((n for n, each in enumerate(self._queue) if each == wanted), None)
        if at is None:
            return [wanted]
        start = at - at % self.options.batch
        return self._queue[start : start + self.options.batch]

    def _draw(self, batch: Sequence[Wanted]) -> dict[str, NDArray[np.uint8]]:
        if self._opened is None:
            self._opened = open_pipeline(self.folder, self.options)
        said, unsaid = zip(*map(self.prompts, batch), strict=True)
        pictures = self._opened.draw(said, unsaid, [each.seed for each in batch], self._side)
        return {each.key: pixels for each, pixels in zip(batch, pictures, strict=True)}


def diffusers(quality: str, options: Mapping[str, Any]) -> Diffusers:
    """Make the generator from the options of an order; see `DiffusersOptions`.

    Args:
        quality: passed over: steps say it.
        options: weights (a folder), prompt, negative, steps, guidance, side, batch, device,
            dtype, variant, licence.

    Raises:
        UsageError: an option is unknown or wrong, or there is no such folder.
        ModelError: the folder is no pipeline of safetensors.
    """
    del quality
    parsed = DiffusersOptions.parse(options)
    folder = look(parsed.weights, parsed.variant)
    if parsed.side is None and folder.side is None:
        raise UsageError(f"{folder.path} does not say at which size it draws; give side = 512")
    return Diffusers(parsed, folder)
