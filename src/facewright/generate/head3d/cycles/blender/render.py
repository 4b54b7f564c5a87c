"""A whole scene, rendered once by Cycles."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import bpy

from .job import FACTS, PICTURE, read_tree
from .lighting import add_lamps, set_world
from .meshes import add_mesh
from .settings import set_camera, set_film, set_sampling
from .strands import add_strands


def render_job(folder: Path) -> None:
    """Render the scene of a job's folder; writes `picture.exr` and `facts.json` there."""
    tree = read_tree(folder)
    bpy.ops.wm.read_factory_settings(use_empty=True)
    scene = bpy.context.scene
    scene.render.engine = "CYCLES"
    for part in tree["parts"]:
        add_mesh(scene, part)
    for bundle in tree["strands"]:
        add_strands(scene, bundle)
    set_world(scene, tree["world"])
    add_lamps(scene, tree["lamps"])
    set_camera(scene, tree["camera"])
    device = set_sampling(scene, tree["effort"])
    set_film(scene, tree["camera"]["size"], folder / PICTURE)
    bpy.ops.render.render(write_still=True)
    (folder / FACTS).write_text(json.dumps(_facts(device)), encoding="utf-8")


def _facts(device: str) -> dict[str, Any]:
    return {"blender": ".".join(str(n) for n in bpy.app.version), "device": device}
