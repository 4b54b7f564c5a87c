"""Hair of a scene."""

from __future__ import annotations

from typing import Any

import bpy
import numpy as np

from .nodes import Graph

_VARY = (0.6, 1.5)
"""Least and most that a fibre absorbs, over the bundle's own."""


def add_strands(scene: Any, bundle: dict[str, Any]) -> None:
    """A bundle of hairs as Blender's own curves, thinner towards their tips."""
    points = bundle["points"]
    count, length = points.shape[:2]
    curves = bpy.data.hair_curves.new(bundle["name"])
    curves.add_curves([length] * count)
    curves.points.foreach_set("position", points.ravel())
    curves.points.foreach_set("radius", np.tile(bundle["radius"], count))
    curves.materials.append(_material(bundle))
    scene.collection.objects.link(bpy.data.objects.new(bundle["name"], curves))


def _material(bundle: dict[str, Any]) -> Any:
    """Chiang's model; fibres differ in how much they absorb, so that single ones are seen."""
    material = bpy.data.materials.new(bundle["name"])
    graph = Graph(material, "ShaderNodeOutputMaterial")
    which = graph.tree.nodes.new("ShaderNodeHairInfo").outputs["Random"]
    share = graph.tree.nodes.new("ShaderNodeMapRange")
    for name, value in zip(("Value", "To Min", "To Max"), (which, *_VARY), strict=True):
        graph.set(share.inputs[name], value)
    absorbed = graph.tree.nodes.new("ShaderNodeVectorMath")
    absorbed.operation = "SCALE"
    graph.set(absorbed.inputs["Vector"], tuple(bundle["absorption"]))
    graph.set(absorbed.inputs["Scale"], share.outputs["Result"])
    fibre = graph.tree.nodes.new("ShaderNodeBsdfHairPrincipled")
    fibre.model, fibre.parametrization = "CHIANG", "ABSORPTION"
    along, around = bundle["roughness"]
    values = {
        "Absorption Coefficient": absorbed.outputs["Vector"],
        "Roughness": along,
        "Radial Roughness": around,
        "Coat": 0.0,
        "IOR": 1.55,
        "Offset": np.radians(2.5),
        "Random Roughness": 0.15,
    }
    for name, value in values.items():
        graph.set(fibre.inputs[name], value)
    graph.set(graph.output.inputs["Surface"], fibre.outputs["BSDF"])
    return material
