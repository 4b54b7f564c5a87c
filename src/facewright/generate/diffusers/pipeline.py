"""A pipeline that is open: prompts and seeds in, pictures out."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from facewright.errors import FacewrightError, ModelError, UsageError
from facewright.extras import not_installed
from facewright.generate.diffusers.folder import PipelineFolder
from facewright.generate.diffusers.options import DTYPES, DiffusersOptions
from facewright.generate.diffusers.room import Room, check_weights
from facewright.generate.stylegan.loading import require_torch

_BROKEN = (OSError, ValueError, RuntimeError, TypeError, KeyError, AttributeError, ImportError)


@dataclass(frozen=True, eq=False)
class Opened:
    """A pipeline with its weights.

    Attributes:
        pipe: the `DiffusionPipeline`.
        folder: where it is from.
        options: how it draws.
    """

    pipe: Any
    folder: PipelineFolder
    options: DiffusersOptions

    def draw(
        self, prompts: Sequence[str], negatives: Sequence[str], seeds: Sequence[int], side: int
    ) -> NDArray[np.uint8]:
        """Draw pictures at once.

        Args:
            prompts: one a picture.
            negatives: what is not to be seen, one a picture.
            seeds: one a picture; its noise is drawn on the CPU whatever the device.
            side: in pixels.

        Returns:
            (N, side, side, 3) RGB.

        Raises:
            UsageError: memory does not suffice; says what fits.
            FacewrightError: the pipeline gave something else.
        """
        import torch

        told = {
            "prompt": list(prompts),
            "negative_prompt": list(negatives),
            "num_inference_steps": self.options.steps,
            "guidance_scale": self.options.guidance,
        }
        taken = inspect.signature(self.pipe.__call__).parameters
        given = {name: value for name, value in told.items() if value is not None and name in taken}
        room = self._room()
        room.check(side, len(prompts))
        chance = [torch.Generator("cpu").manual_seed(seed) for seed in seeds]
        with told_of_memory(room.advice(side, len(prompts))), torch.inference_mode():
            made = self.pipe(
                **given, height=side, width=side, generator=chance, output_type="np"
            ).images
        return _pixels(np.asarray(made), (len(prompts), side, side, 3))

    def _room(self) -> Room:
        from facewright.generate.stylegan.memory import free_bytes

        free = free_bytes(self.options.device)
        return Room(free, self.folder.channels, DTYPES[self.options.dtype])


def open_pipeline(folder: PipelineFolder, options: DiffusersOptions) -> Opened:
    """Open a pipeline from its safetensors, with nothing fetched and no code of the folder run.

    Raises:
        UsageError: PyTorch, diffusers or the device is missing, memory does not suffice, or an
            option is of no use to this pipeline.
        ModelError: the folder is damaged, or no pipeline that makes pictures from text.
    """
    library = _library()  # first: its extra brings PyTorch too
    require_torch(options.device)
    import torch

    from facewright.generate.stylegan.memory import free_bytes

    check_weights(folder.bytes, free_bytes(options.device), str(folder.path))
    kind = _class(library, folder)
    _check_takes(kind, folder, options)
    try:
        with told_of_memory("free some, or take a smaller pipeline"):
            pipe = kind.from_pretrained(
                str(folder.path),
                local_files_only=True,
                use_safetensors=True,
                variant=options.variant,
                dtype=getattr(torch, options.dtype),
            ).to(options.device)
    except (*_BROKEN, import_module("safetensors").SafetensorError) as error:
        first = (str(error).splitlines() or [type(error).__name__])[0][:300]
        raise ModelError(f"{folder.path} cannot be opened as {folder.pipeline}: {first}") from error
    pipe.set_progress_bar_config(disable=True)
    return Opened(pipe, folder, options)


@contextmanager
def told_of_memory(advice: str) -> Iterator[None]:
    """Turn PyTorch's out-of-memory errors into ours.

    Raises:
        UsageError: memory ran out.
    """
    from facewright.generate.stylegan.memory import told_of_memory as told

    with told("the pictures", advice):
        yield


def _library() -> Any:
    try:
        import_module("transformers")
        return import_module("diffusers")
    except ImportError as error:
        raise not_installed("the package diffusers, or transformers,", "diffusers") from error


def _class(library: Any, folder: PipelineFolder) -> Any:
    kind = getattr(library, folder.pipeline, None)
    if not isinstance(kind, type) or not issubclass(kind, library.DiffusionPipeline):
        raise ModelError(
            f"{folder.path}: this diffusers ({library.__version__}) has no pipeline"
            f" {folder.pipeline}"
        )
    return kind


def _check_takes(kind: Any, folder: PipelineFolder, options: DiffusersOptions) -> None:
    taken = inspect.signature(kind.__call__).parameters
    needed = {"prompt", "height", "width", "generator", "output_type"}
    if not needed <= set(taken) or "image" in taken:
        raise ModelError(f"{folder.path}: {folder.pipeline} makes no pictures from text alone")
    for option, name in (("steps", "num_inference_steps"), ("guidance", "guidance_scale")):
        if getattr(options, option) is not None and name not in taken:
            raise UsageError(f"options: {folder.pipeline} takes no {option}")


def _pixels(made: NDArray[Any], shape: tuple[int, ...]) -> NDArray[np.uint8]:
    if made.shape != shape:
        raise FacewrightError(f"the pipeline made pictures of {made.shape}, not {shape}")
    if not np.isfinite(made).all():
        raise FacewrightError(
            "the pipeline's numbers overflowed: use dtype=float32, or bfloat16 on a GPU"
        )
    return np.asarray(np.rint(np.clip(made, 0, 1) * 255), np.uint8)
