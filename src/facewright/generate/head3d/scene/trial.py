"""Whether a variant of Mitsuba renders on this machine, tried in a process that may die of it."""

from __future__ import annotations

import ctypes
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

_DRIVERS = {"linux": "libcuda.so.1", "win32": "nvcuda.dll"}
_SECONDS = 60
# What heads are made of: a mesh, a hair, light all around, paths.
_TRIAL = """
import sys
import mitsuba as mi, numpy as np
mi.set_variant(sys.argv[1])
look = mi.ScalarTransform4f().look_at(origin=[0, 0, 5], target=[0, 0, 0], up=[0, 1, 0])
film = {"type": "hdrfilm", "width": 16, "height": 16}
scene = mi.load_dict({
    "type": "scene",
    "sensor": {"type": "perspective", "to_world": look, "film": film},
    "light": {"type": "constant"},
    "ball": {"type": "sphere", "bsdf": {"type": "principled"}},
    "cube": {"type": "cube"},
    "hair": {"type": "bsplinecurve", "filename": sys.argv[2], "bsdf": {"type": "hair"}},
})
picture = np.array(mi.render(scene, integrator=mi.load_dict({"type": "path"}), spp=4))
sys.exit(not (np.isfinite(picture).all() and picture.std() > 0.01))
"""


@cache
def has_driver() -> bool:
    """Whether NVIDIA's driver is installed; takes no time where it is not."""
    library = _DRIVERS.get(sys.platform)
    if library is None:
        return False
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


@cache
def renders(variant: str) -> bool:
    """Whether a small scene with a hair in it comes out; takes about a second.

    Args:
        variant: such as "cuda_ad_rgb". False also where Mitsuba is not installed.
    """
    with tempfile.TemporaryDirectory(prefix="facewright-") as folder:
        curve = Path(folder) / "hair.txt"
        curve.write_text("".join(f"{x} 1.2 0 0.1\n" for x in (-1.5, -0.5, 0.5, 1.5)), "ascii")
        command = [sys.executable, "-c", _TRIAL, variant, str(curve)]
        try:
            ran = subprocess.run(  # noqa: S603 - this Python, with what is written above
                command, capture_output=True, timeout=_SECONDS, check=False
            )
        except (OSError, subprocess.TimeoutExpired):
            return False
    return ran.returncode == 0
