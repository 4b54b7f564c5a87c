"""The Mitsuba 3 renderer."""

from __future__ import annotations

import contextlib
import math
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from facewright.generate.head3d.parts import (
    Camera,
    Hair,
    Lighting,
    Material,
    Part,
    Radiance,
    Scene,
    Strands,
)
from facewright.generate.head3d.scene.memory import give_back
from facewright.generate.head3d.scene.variant import mitsuba

_DEPTH = 6
_PATHS_AT_ONCE = 1_000_000
"""With the annotators' models beside them more take more than 1.5 GB."""
_KEY_DISTANCE, _KEY_SIZE = 1.5, 0.35


def render_scene(scene: Scene, size: int, samples: int, seed: int) -> Radiance:
    """Trace a scene.

    Args:
        scene: what is seen.
        size: side of the picture in pixels.
        samples: paths a pixel.
        seed: of the sampler.
    """
    mi = mitsuba()
    with _curve_files(scene.strands) as files:
        built = mi.load_dict(_scene_dict(mi, scene, size, files))
    # One integrator that gives all would, in Mitsuba 3.9, trace the paths twice.
    paths = mi.load_dict(
        {"type": "path", "max_depth": _DEPTH, "rr_depth": 4, "hide_emitters": True}
    )
    facts = mi.load_dict({"type": "aov", "aovs": "alb:albedo,nn:sh_normal,id:shape_index"})
    image = _render(mi, built, paths, (size, samples, seed))
    known = _render(mi, built, facts, (size, max(samples // 2, 4), seed + 1))
    shapes = [shape.id() for shape in built.shapes()]
    del built
    give_back()
    coverage = np.clip(image[..., 3], 0, 1)
    return Radiance(
        colour=image[..., :3],
        coverage=coverage,
        albedo=np.clip(known[..., 0:3], 0, 1),
        normal=np.clip(known[..., 3:6], -1, 1),
        skin=_skin_share(known[..., 6], shapes, coverage),
    )


def _render(
    mi: ModuleType, built: Any, integrator: Any, effort: tuple[int, int, int]
) -> NDArray[np.float32]:
    """Mean of as many passes as keep the paths in memory few; effort: size, samples, seed."""
    size, samples, seed = effort
    passes = max(1, math.ceil(size * size * samples / _PATHS_AT_ONCE))
    each = math.ceil(samples / passes)
    total: Any = 0.0
    for k in range(passes):
        image = mi.render(built, integrator=integrator, spp=each, seed=seed + 7919 * k)
        total = total + np.nan_to_num(np.array(image, np.float32), posinf=0.0, neginf=0.0)
    return np.asarray(total / passes, np.float32)


def _skin_share(index: NDArray[np.float32], names: list[str], coverage: Any) -> Any:
    """Where all paths of a pixel that hit anything hit the skin; Mitsuba counts shapes from 1."""
    skin = names.index("skin") + 1
    mean = index / np.maximum(coverage, 1e-3)
    return (np.abs(mean - skin) < 0.3) * coverage


def _scene_dict(mi: ModuleType, scene: Scene, size: int, files: list[Path]) -> dict[str, Any]:
    out: dict[str, Any] = {
        "type": "scene",
        "sensor": _sensor(mi, scene.camera, size),
        "world": {
            "type": "envmap",
            "bitmap": mi.Bitmap(np.ascontiguousarray(scene.light.world)),
        },
    }
    out |= _key_lights(mi, scene.light)
    for part in scene.parts:
        out[part.name] = _mesh(mi, part)
    for strands, path in zip(scene.strands, files, strict=True):
        out[strands.name] = {
            "type": "bsplinecurve",
            "filename": str(path),
            "bsdf": _hair(strands.hair),
        }
    return out


def _sensor(mi: ModuleType, camera: Camera, size: int) -> dict[str, Any]:
    at = np.array(camera.position)
    return {
        "type": "perspective",
        "fov": camera.fov,
        "to_world": mi.ScalarTransform4f().look_at(
            origin=at.tolist(), target=(at - (0, 0, 1)).tolist(), up=[0, 1, 0]
        ),
        "film": {
            "type": "hdrfilm",
            "width": size,
            "height": size,
            "pixel_format": "rgba",
            "rfilter": {"type": "box"},
        },
        "sampler": {"type": "independent", "sample_count": 16},
    }


def _key_lights(mi: ModuleType, light: Lighting) -> dict[str, Any]:
    out = {}
    for k, (direction, radiance) in enumerate(light.key):
        at = (np.array(direction) * _KEY_DISTANCE).tolist()
        place = mi.ScalarTransform4f().look_at(origin=at, target=[0, 0, 0], up=[0, 1, 0])
        out[f"key{k}"] = {
            "type": "rectangle",
            "to_world": place @ mi.ScalarTransform4f().scale(_KEY_SIZE),
            "emitter": {"type": "area", "radiance": _rgb(radiance)},
        }
    return out


def _rgb(colour: Any) -> dict[str, Any]:
    return {"type": "rgb", "value": [float(x) for x in colour]}


def _texture(mi: ModuleType, picture: NDArray[Any]) -> dict[str, Any]:
    flat = picture if picture.ndim == 3 else picture[..., None]
    bitmap = mi.Bitmap(np.ascontiguousarray(flat, np.float32))
    return {"type": "bitmap", "bitmap": bitmap, "raw": True, "wrap_mode": "clamp"}


def _colour(mi: ModuleType, value: Any) -> dict[str, Any]:
    array = np.asarray(value, np.float32)
    return _rgb(array) if array.ndim == 1 else _texture(mi, array)


def _number(mi: ModuleType, value: Any) -> Any:
    return float(value) if np.ndim(value) == 0 else _texture(mi, np.asarray(value))


def _mesh(mi: ModuleType, part: Part) -> Any:
    """A Mitsuba mesh; corners are not shared, so that texture seams need no care."""
    props = mi.Properties()
    props["bsdf"] = mi.load_dict(_bsdf(mi, part.material))
    count = part.triangles.size
    mesh = mi.Mesh(
        part.name,
        count,
        len(part.triangles),
        has_vertex_normals=True,
        has_vertex_texcoords=True,
        props=props,
    )
    # Mitsuba's textures have their first row at v = 0 after it flips: v down here is 1 - v there.
    uv = part.uv[part.triangle_uv].reshape(-1, 2)
    params = mi.traverse(mesh)
    params["vertex_positions"] = _flat(part.vertices[part.triangles])
    params["vertex_normals"] = _flat(part.normals[part.triangles])
    params["vertex_texcoords"] = _flat(uv)
    params["faces"] = np.arange(count, dtype=np.uint32)
    params.update()
    return mesh


def _flat(array: NDArray[Any]) -> NDArray[np.float32]:
    return np.ascontiguousarray(array, np.float32).ravel()


def _bsdf(mi: ModuleType, material: Material) -> dict[str, Any]:
    made = _MAKERS[material.kind](mi, material)
    if material.alpha is not None:
        made = {"type": "mask", "opacity": _texture(mi, material.alpha), "bsdf": made}
    return made


def _principled(mi: ModuleType, material: Material, **more: Any) -> dict[str, Any]:
    return {
        "type": "principled",
        "base_color": _colour(mi, material.colour),
        "roughness": _number(mi, material.roughness),
        "specular": material.specular,
        "sheen": material.sheen,
        "metallic": material.metal,
        **more,
    }


def _skin(mi: ModuleType, material: Material) -> dict[str, Any]:
    inner = _principled(
        mi, material, sheen_tint=0.3, clearcoat=0.08, clearcoat_gloss=0.5, flatness=0.4
    )
    if material.bump is not None:
        inner = {
            "type": "bumpmap",
            "height": _texture(mi, material.bump),
            "scale": 1.0,
            "bsdf": inner,
        }
    return {"type": "twosided", "bsdf": inner}


def _eye(mi: ModuleType, material: Material) -> dict[str, Any]:
    """A wet ball: a matt white under a clear, smooth coat."""
    return {
        "type": "roughplastic",
        "diffuse_reflectance": _colour(mi, material.colour),
        "int_ior": 1.376,
        "alpha": float(material.roughness),
        "nonlinear": False,
    }


def _plain(mi: ModuleType, material: Material) -> dict[str, Any]:
    return {"type": "twosided", "bsdf": _principled(mi, material)}


def _glass(_mi: ModuleType, _material: Material) -> dict[str, Any]:
    return {"type": "thindielectric", "int_ior": 1.3}


_MAKERS = {"skin": _skin, "eye": _eye, "plain": _plain, "glass": _glass}


def _hair(hair: Hair) -> dict[str, Any]:
    along, around = hair.roughness
    out: dict[str, Any] = {
        "type": "hair",
        "longitudinal_roughness": along,
        "azimuthal_roughness": around,
        "scale_tilt": 2.5,
    }
    if hair.absorption is not None:
        return out | {"sigma_a": _rgb(hair.absorption)}
    return out | {"eumelanin": hair.eumelanin, "pheomelanin": hair.pheomelanin}


@contextlib.contextmanager
def _curve_files(bundles: Any) -> Iterator[list[Path]]:
    """Strands as the text files that Mitsuba reads curves from."""
    with tempfile.TemporaryDirectory(prefix="facewright-") as folder:
        paths = [Path(folder) / f"{k}.txt" for k in range(len(bundles))]
        for path, strands in zip(paths, bundles, strict=True):
            path.write_text(curve_text(strands), encoding="ascii")
        yield paths


def _unseen(length: int) -> NDArray[np.float32]:
    """A strand (1, K, 3) of a millimetre, three metres below."""
    out = np.zeros((1, length, 3), np.float32)
    out[0, :, 1] = -3.0 + np.linspace(0, 0.001, length)
    return out


def curve_text(strands: Strands) -> str:
    """Control points of B-splines, one "x y z radius" a line, an empty line after each strand.

    The first and last segment are doubled by reflection, so that a curve begins at its root. One
    strand more lies where no ray goes: Mitsuba 3.9 looks up the segment after the last one where
    the last is hit near its end, reads a wild index there, and dies of it now and then.
    """
    points = np.concatenate([strands.points, _unseen(strands.points.shape[1])])
    first = 2 * points[:, :1] - points[:, 1:2]
    last = 2 * points[:, -1:] - points[:, -2:-1]
    whole = np.concatenate([first, points, last], axis=1)
    count, length = whole.shape[:2]
    radius = np.broadcast_to(
        np.linspace(1, strands.taper, length) * strands.radius, (count, length)
    )
    rows = np.concatenate([whole, radius[..., None]], axis=2)
    form = ("%.5f %.5f %.5f %.6f\n" * length + "\n") * count
    text: str = form % tuple(rows.ravel().tolist())
    return text
