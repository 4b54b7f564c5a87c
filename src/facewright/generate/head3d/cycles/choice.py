"""Which renderer makes a quality's pictures."""

from __future__ import annotations

from typing import Literal, cast, get_args

from facewright.errors import UsageError
from facewright.generate.head3d.cycles.place import bpy_version

Renderer = Literal["mitsuba", "cycles"]


def renderer_of(quality: str, wanted: str | None = None) -> Renderer:
    """The renderer of a quality: Cycles for hq, where nothing else is wanted; else Mitsuba.

    Args:
        quality: "draft", "standard" or "hq".
        wanted: "mitsuba" or "cycles", or None for the quality's own.

    Raises:
        UsageError: no such renderer, Cycles for a lower quality, or Cycles without bpy.
    """
    known = get_args(Renderer)
    if wanted is not None and wanted not in known:
        raise UsageError(f"renderer {wanted!r}: known are {', '.join(known)}")
    if wanted == "cycles" and quality != "hq":
        raise UsageError(f"renderer 'cycles' is for quality hq, not for {quality}")
    chosen = wanted or ("cycles" if quality == "hq" else "mitsuba")
    if chosen == "cycles":
        bpy_version()
    return cast("Renderer", chosen)


def named(renderer: Renderer) -> str:
    """A renderer's name for records, Blender's with its version."""
    return f"cycles (bpy {bpy_version()})" if renderer == "cycles" else renderer
