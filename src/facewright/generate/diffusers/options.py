"""Options of the generator `diffusers`, checked."""

from __future__ import annotations

import math
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final

from facewright.errors import UsageError
from facewright.generate.base import check_options
from facewright.generate.diffusers.template import NEGATIVE, PROMPT, Template

DTYPES: Final = {"float32": 4, "float16": 2, "bfloat16": 2}
"""Numbers that a pipeline can calculate with, and their bytes."""
_DEVICES: Final = ("cpu", "cuda")


@dataclass(frozen=True, slots=True)
class DiffusersOptions:
    """What an order says of a pipeline.

    Attributes:
        weights: folder of the pipeline.
        prompt: template of the prompt.
        negative: what no picture is to show.
        steps: of the scheduler; None for the pipeline's own default.
        guidance: scale of classifier-free guidance; None for the pipeline's own default.
        side: pixels that the pipeline draws at; None for what it was trained at.
        batch: pictures drawn at once.
        device: "cpu" or "cuda".
        dtype: of `DTYPES`.
        variant: of the weights' files, as "fp16" in `model.fp16.safetensors`.
        licence: of the pictures, as the user states it.
    """

    weights: str
    prompt: Template = field(default_factory=lambda: Template(PROMPT))
    negative: str = NEGATIVE
    steps: int | None = None
    guidance: float | None = None
    side: int | None = None
    batch: int = 1
    device: str = "cpu"
    dtype: str = "float32"
    variant: str | None = None
    licence: str = "unstated"

    @classmethod
    def parse(cls, options: Mapping[str, Any]) -> DiffusersOptions:
        """Check the options of an order; numbers may be words, as the command line gives them.

        Raises:
            UsageError: an option is unknown or wrong, or weights are not named.
        """
        known = [name for name in cls.__dataclass_fields__ if name in cls.__slots__]
        check_options("diffusers", options, known)
        weights = options.get("weights")
        if not isinstance(weights, str) or not weights:
            raise UsageError(
                'options: diffusers needs weights = "folder", as save_pretrained writes it'
            )
        variant = options.get("variant")
        return cls(
            weights,
            Template(str(options.get("prompt", PROMPT))),
            str(options.get("negative", NEGATIVE)),
            _whole(options, "steps", 1, 1000),
            _number(options, "guidance", 0, 50),
            _whole(options, "side", 8, 4096, multiple=8),
            _whole(options, "batch", 1, 64) or 1,
            _one_of(options, "device", _DEVICES),
            _one_of(options, "dtype", tuple(DTYPES)),
            None if variant is None else str(variant),
            str(options.get("licence", "unstated")),
        )

    def settings(self) -> dict[str, Any]:
        """For the manifest: all that decides the pixels."""
        told = {name: getattr(self, name) for name in self.__slots__ if name != "licence"}
        return {**told, "prompt": self.prompt.text}


def _number(options: Mapping[str, Any], name: str, low: float, high: float) -> float | None:
    value = options.get(name)
    if value is None:
        return None
    with suppress(ValueError):
        value = float(value) if isinstance(value, str) else value
    good = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    if not good or not low <= value <= high:
        raise UsageError(f"options: {name} is a number from {low:g} to {high:g}, not {value!r}")
    return float(value)


def _whole(
    options: Mapping[str, Any], name: str, low: int, high: int, *, multiple: int = 1
) -> int | None:
    value = _number(options, name, low, high)
    if value is not None and (value % 1 or value % multiple):
        what = "a whole number" if multiple == 1 else f"a multiple of {multiple}"
        raise UsageError(f"options: {name} is {what}, not {value:g}")
    return None if value is None else int(value)


def _one_of(options: Mapping[str, Any], name: str, levels: tuple[str, ...]) -> str:
    value = options.get(name, levels[0])
    if value not in levels:
        raise UsageError(f"options: {name} is {' or '.join(levels)}, not {value!r}")
    return str(value)
