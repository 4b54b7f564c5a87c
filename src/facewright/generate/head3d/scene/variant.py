"""Which of Mitsuba's variants runs here.

A graphics card's where a trial of it succeeds, else llvm with a libLLVM that is known to work, else
scalar.
"""

from __future__ import annotations

import os
import re
import sys
from functools import cache
from pathlib import Path
from types import ModuleType

from facewright.extras import not_installed
from facewright.generate.head3d.scene import trial

CHOICE = "FACEWRIGHT_MITSUBA"
"""Environment variable that names a variant, such as cuda_ad_rgb, in place of the choice here."""
_HINT = (
    "head3d renders about three times as fast with LLVM 19 or later"
    " (Debian: apt-get install libllvm19; or DRJIT_LIBLLVM_PATH)"
)
_CUDA = "cuda_ad_rgb"
_LIBRARY = "DRJIT_LIBLLVM_PATH"
_OLDEST = 19
"""LLVM 15 aborts the process while it compiles the renderer's kernels; 19 was tested."""
_PLACES = (
    "/usr/lib/*/libLLVM*.so*",
    "/usr/lib64/libLLVM*.so*",
    "/usr/lib/libLLVM*.so*",
    "/usr/lib/llvm-*/lib/libLLVM*.so*",
    "/opt/homebrew/opt/llvm*/lib/libLLVM*.dylib",
    "/usr/local/opt/llvm*/lib/libLLVM*.dylib",
)


@cache
def mitsuba() -> ModuleType:
    """The mitsuba module, its variant set once a process.

    The llvm variant runs on one thread: float sums then have one order, so that the same seed
    gives the same pixels, and generators run a process a core anyway.

    Raises:
        UsageError: mitsuba is not installed; the message names the extra.
    """
    name = variant()
    try:
        import drjit
        import mitsuba as module
    except ImportError:
        raise not_installed("Mitsuba 3, with which head3d renders,", "generate") from None
    module.set_variant(name)
    module.set_log_level(module.LogLevel.Error)
    if name.startswith("llvm"):
        drjit.set_thread_count(1)
    loaded: ModuleType = module
    return loaded


def variant() -> str:
    """Name of the variant to use; sets DRJIT_LIBLLVM_PATH where a library was found."""
    named = os.environ.get(CHOICE)
    if named:
        return named
    if trial.has_driver() and trial.renders(_CUDA):
        return _CUDA
    if os.environ.get(_LIBRARY):
        return "llvm_ad_rgb"
    found = newest_llvm([path for place in _PLACES for path in _glob(place)])
    if found is None or sys.platform == "win32":
        return "scalar_rgb"
    os.environ[_LIBRARY] = str(found)
    return "llvm_ad_rgb"


def advice() -> str | None:
    """One line on what would make rendering faster here, or None."""
    return _HINT if variant() == "scalar_rgb" else None


def _glob(pattern: str) -> list[Path]:
    return sorted(Path("/").glob(pattern.removeprefix("/")))


def newest_llvm(paths: list[Path]) -> Path | None:
    """The library of the highest version that is known to work, or None.

    Args:
        paths: such as libLLVM.so.19.1, libLLVM-19.so or llvm-19/lib/libLLVM.so.
    """
    dated = [(version, str(path)) for path in paths if (version := _version(path)) >= _OLDEST]
    return Path(max(dated)[1]) if dated else None


def _version(path: Path) -> int:
    for text in (path.name, str(path)):
        found = re.search(r"(?:libLLVM-|\.so\.|llvm[-@])(\d+)", text)
        if found:
            return int(found.group(1))
    return 0
