"""The photographed world around a scene, and its lamps."""

from __future__ import annotations

import math
from typing import Any

import bpy
import mathutils

from .nodes import Graph, linear_image


def set_world(scene: Any, picture: Any) -> None:
    """Light from all around.

    Args:
        scene: Blender's.
        picture: (H, W, 3) radiance as `parts.Lighting.world`: up is +y, its middle column +z.
    """
    world = bpy.data.worlds.new("world")
    graph = Graph(world, "ShaderNodeOutputWorld")
    place = graph.add("ShaderNodeTexCoord")
    split = graph.add("ShaderNodeSeparateXYZ", Vector=place.outputs["Generated"])
    x, y, z = (split.outputs[axis] for axis in "XYZ")
    # Blender's equirectangular pictures have +x in their middle and +z up
    turned = graph.add("ShaderNodeCombineXYZ", X=z, Y=x, Z=y)
    texture = graph.add("ShaderNodeTexEnvironment", Vector=turned.outputs["Vector"])
    texture.image = linear_image("world", picture)
    light = graph.add("ShaderNodeBackground", Color=texture.outputs["Color"], Strength=1.0)
    graph.set(graph.output.inputs["Surface"], light.outputs["Background"])
    scene.world = world


def add_lamps(scene: Any, lamps: list[dict[str, Any]]) -> None:
    """Square lamps of a given radiance that face the origin; the camera does not see them."""
    for number, lamp in enumerate(lamps):
        data = bpy.data.lights.new(f"lamp{number}", "AREA")
        data.shape, data.size = "SQUARE", lamp["side"]
        peak = max(*lamp["radiance"], 1e-9)
        data.color = [value / peak for value in lamp["radiance"]]
        # Blender spreads its watts over the half sphere as a matt surface does: W = L pi A
        data.energy = peak * math.pi * lamp["side"] ** 2
        shown = bpy.data.objects.new(f"lamp{number}", data)
        place = mathutils.Vector(lamp["position"])
        shown.location = place
        shown.rotation_euler = place.to_track_quat("Z", "Y").to_euler()
        shown.visible_camera = False
        scene.collection.objects.link(shown)
