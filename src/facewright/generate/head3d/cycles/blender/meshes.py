"""Meshes of a scene."""

from __future__ import annotations

from typing import Any

import bpy
import numpy as np

from .materials import material_of


def add_mesh(scene: Any, part: dict[str, Any]) -> None:
    """A mesh with its corners' texture places, smooth by the given normals."""
    vertices, triangles = part["vertices"], part["triangles"]
    mesh = bpy.data.meshes.new(part["name"])
    mesh.vertices.add(len(vertices))
    mesh.vertices.foreach_set("co", vertices.ravel())
    mesh.loops.add(triangles.size)
    mesh.loops.foreach_set("vertex_index", triangles.ravel())
    mesh.polygons.add(len(triangles))
    mesh.polygons.foreach_set("loop_start", np.arange(0, triangles.size, 3, dtype=np.int32))
    layer = mesh.uv_layers.new(name="places")
    layer.uv.foreach_set("vector", part["uv"].ravel())
    mesh.update(calc_edges=True)
    mesh.shade_smooth()
    mesh.normals_split_custom_set_from_vertices(part["normals"])
    mesh.materials.append(material_of(part["name"], part["material"]))
    scene.collection.objects.link(bpy.data.objects.new(part["name"], mesh))
