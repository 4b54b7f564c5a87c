"""A scene in the words that the process with Blender understands: plain data, nothing of bpy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from facewright.generate.head3d.colour import LUMINANCE
from facewright.generate.head3d.parts import Hair, Lighting, Material, Part, Scene, Strands

LAMP_DISTANCE, LAMP_SIDE = 1.5, 0.7
"""Metres, see `parts.Lighting`."""
SCATTER = (0.0015, 0.00055, 0.00028)
"""Metres that red, green and blue light walk in skin: 0.4 of Christensen and Burley's (2015) 3.7,
1.4 and 0.7 mm of a head, in their proportions. All of it takes away the pores of a small face."""
_EUMELANIN = np.array([0.419, 0.697, 1.37])
_PHEOMELANIN = np.array([0.187, 0.400, 1.05])
_CLAMP = 30.0


@dataclass(frozen=True)
class CyclesEffort:
    """What a picture may cost.

    Attributes:
        samples: paths a pixel at most.
        threshold: noise at which a pixel gets no more paths.
        threads: of the renderer; the pixels do not depend on it.
        graphics_card: whether to take one where the machine has one.
    """

    samples: int
    threshold: float
    threads: int
    graphics_card: bool = True


def translate(scene: Scene, size: int, effort: CyclesEffort, seed: int) -> dict[str, Any]:
    """A scene as nested dicts and lists of numbers, texts and arrays, for `blender.job`.

    Args:
        scene: what is seen; its axes are kept: x right, y up, the camera looks along -z.
        size: side of the picture in pixels.
        effort: what it may cost.
        seed: of the sampler, 31 bits.
    """
    return {
        "camera": {
            "position": [float(v) for v in scene.camera.position],
            "fov": float(scene.camera.fov),
            "size": size,
        },
        "parts": [_part(part) for part in scene.parts],
        "strands": [_strands(bundle) for bundle in scene.strands],
        "world": np.asarray(scene.light.world, np.float32),
        "lamps": _lamps(scene.light),
        "effort": {
            "samples": effort.samples,
            "threshold": effort.threshold,
            "threads": effort.threads,
            "graphics_card": effort.graphics_card,
            "seed": seed,
            "clamp": _CLAMP * float((scene.light.world @ LUMINANCE).mean()),
        },
    }


def _part(part: Part) -> dict[str, Any]:
    corners = part.uv[part.triangle_uv].reshape(-1, 2).astype(np.float32)
    corners[:, 1] = 1 - corners[:, 1]  # Blender's v runs up
    return {
        "name": part.name,
        "vertices": np.asarray(part.vertices, np.float32),
        "normals": np.asarray(part.normals, np.float32),
        "triangles": np.asarray(part.triangles, np.int32),
        "uv": corners,
        "material": _material(part.material),
    }


def _material(material: Material) -> dict[str, Any]:
    return {
        "kind": material.kind,
        "colour": _value(material.colour),
        "alpha": None if material.alpha is None else _value(material.alpha),
        "roughness": _value(material.roughness),
        "bump": None if material.bump is None else _value(material.bump),
        "specular": float(material.specular),
        "sheen": float(material.sheen),
        "metal": float(material.metal),
        "scatter": list(SCATTER),
    }


def _value(value: Any) -> Any:
    """A picture as float32, a colour as a list, a number as a float."""
    array = np.asarray(value, np.float32)
    if array.ndim >= 2:
        return array
    return array.tolist()


def _strands(bundle: Strands) -> dict[str, Any]:
    length = bundle.points.shape[1]
    return {
        "name": bundle.name,
        "points": np.asarray(bundle.points, np.float32),
        "radius": (np.linspace(1, bundle.taper, length) * bundle.radius).astype(np.float32),
        "absorption": absorption(bundle.hair).tolist(),
        "roughness": [float(v) for v in bundle.hair.roughness],
    }


def absorption(hair: Hair) -> NDArray[np.float64]:
    """What a fibre absorbs of red, green and blue, per its radius.

    Pigments' absorptions are those of d'Eon et al. (2011), which Mitsuba's `hair` uses as well.
    """
    if hair.absorption is not None:
        return np.array(hair.absorption, np.float64)
    out: NDArray[np.float64] = hair.eumelanin * _EUMELANIN + hair.pheomelanin * _PHEOMELANIN
    return out


def _lamps(light: Lighting) -> list[dict[str, Any]]:
    return [
        {
            "position": [LAMP_DISTANCE * float(v) for v in direction],
            "side": LAMP_SIDE,
            "radiance": [float(v) for v in radiance],
        }
        for direction, radiance in light.key
    ]
