"""Render a scene with Cycles, in a process that ends with the picture."""

from __future__ import annotations

import json
import multiprocessing
import os
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from facewright.errors import FacewrightError
from facewright.generate.head3d.arrays import Floats
from facewright.generate.head3d.cycles.blender import job
from facewright.generate.head3d.cycles.exr import read_exr
from facewright.generate.head3d.cycles.place import blender_python, run_python
from facewright.generate.head3d.cycles.translate import CyclesEffort, translate
from facewright.generate.head3d.parts import Radiance, Scene

_PATHS, _FEWEST, _MOST = 3_700_000, 18, 64
"""Paths a picture, and their bounds a pixel: large pictures need fewer, as the denoiser sees more
of everything. About 50 CPU-seconds at any size to 512."""
_THRESHOLD = 0.015


def render_scene(scene: Scene, size: int, seed: int) -> Radiance:
    """Trace a scene with Cycles.

    Args:
        scene: what is seen.
        size: side of the picture in pixels.
        seed: of the sampler.

    Returns:
        radiance whose `skin` is 0 everywhere: light has already walked through the skin, so
        nothing is left to spread. `facts` has the version of Blender, the device, and the skin's
        coverage.

    Raises:
        UsageError: there is no bpy.
        FacewrightError: Blender failed; the message has its last line.
    """
    effort = CyclesEffort(samples(size), _THRESHOLD, threads())
    with tempfile.TemporaryDirectory(prefix="facewright-") as name:
        folder = Path(name)
        job.write_tree(folder, translate(scene, size, effort, seed))
        _run(folder)
        facts = json.loads((folder / job.FACTS).read_text(encoding="utf-8"))
        return radiance(layers_of(read_exr(folder / job.PICTURE)), facts)


def samples(size: int) -> int:
    """Paths a pixel of a picture that many pixels wide."""
    return min(max(_PATHS // size**2, _FEWEST), _MOST)


def threads() -> int:
    """All cores for a picture that is made alone, one where a pool works on several."""
    return 1 if multiprocessing.parent_process() is not None else os.cpu_count() or 1


def _run(folder: Path) -> None:
    python = blender_python()
    # its user's settings of Blender are neither read nor written
    own = {"BLENDER_USER_RESOURCES": str(folder / "blender")}
    ended = run_python(python, ["-m", "blender", str(folder)], Path(__file__).parent, own)
    if ended.returncode or not (folder / job.FACTS).is_file():
        raise FacewrightError(f"Cycles failed in {python}: {_last_line(ended.stderr)}")


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "it said nothing"


def layers_of(channels: dict[str, Floats]) -> dict[str, Floats]:
    """Channels by their names, less the name of the view layer."""
    return {name.partition(".")[2]: values for name, values in channels.items()}


def radiance(layers: dict[str, Floats], facts: dict[str, Any]) -> Radiance:
    """What Cycles wrote, as every renderer of head3d gives it."""

    def three(name: str, axes: str) -> Floats:
        return np.stack([layers[f"{name}.{axis}"] for axis in axes], axis=-1)

    coverage = np.clip(layers["Combined.A"], 0, 1)
    return Radiance(
        colour=np.nan_to_num(three("Combined", "RGB"), posinf=0.0, neginf=0.0),
        coverage=coverage,
        albedo=np.clip(three("Denoising Albedo", "RGB"), 0, 1),
        normal=np.clip(three("Denoising Normal", "XYZ"), -1, 1),
        skin=np.zeros_like(coverage),
        facts=facts | {"skin": layers["skin.X"]},
    )
