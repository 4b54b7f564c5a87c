"""Surfaces: skin, eyes, cloth and what else there is, as graphs of shader nodes."""

from __future__ import annotations

from typing import Any

import bpy
import numpy as np

from .nodes import Graph


def material_of(name: str, wanted: dict[str, Any]) -> Any:
    """Blender's material for a translated `parts.Material`."""
    material = bpy.data.materials.new(name)
    graph = Graph(material, "ShaderNodeOutputMaterial")
    surface = _MAKERS[wanted["kind"]](graph, wanted)
    graph.set(graph.output.inputs["Surface"], surface)
    mark = graph.add("ShaderNodeOutputAOV", Value=1.0 if wanted["kind"] == "skin" else 0.0)
    mark.aov_name = "skin"
    return material


def _colour(graph: Graph, name: str, value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return graph.picture(name, value)
    return (*value, 1.0)


def _number(graph: Graph, name: str, value: Any) -> Any:
    return graph.picture(name, value) if isinstance(value, np.ndarray) else value


def _principled(graph: Graph, wanted: dict[str, Any]) -> Any:
    """Blender's principled surface with what all of ours have in common."""
    node = graph.add(
        "ShaderNodeBsdfPrincipled",
        Base_Color=_colour(graph, "colour", wanted["colour"]),
        Roughness=_number(graph, "roughness", wanted["roughness"]),
        Metallic=wanted["metal"],
        Specular_IOR_Level=wanted["specular"],
        Sheen_Weight=wanted["sheen"],
        Sheen_Roughness=0.4,
    )
    if wanted["alpha"] is not None:
        graph.set(node.inputs["Alpha"], graph.picture("alpha", wanted["alpha"]))
    return node


def _skin(graph: Graph, wanted: dict[str, Any]) -> Any:
    """Most light walks inside of it, red farthest; a thin oily film lies on it.

    What is left is matt: what walks blurs the painted skin, too. Relief in full cuts lines of age
    like knives where a lamp grazes them, and a stronger film leaves patches of gloss on cheeks.
    """
    node = _principled(graph, wanted)
    node.subsurface_method = "RANDOM_WALK"
    values = {
        "Subsurface Weight": 0.7,
        "Subsurface Radius": tuple(wanted["scatter"]),
        "Subsurface Scale": 1.0,
        "Coat Weight": _FILM,
        "Coat Roughness": 0.32,
        "Coat IOR": 1.45,
    }
    for name, value in values.items():
        graph.set(node.inputs[name], value)
    if wanted["bump"] is not None:
        height = graph.picture("bump", wanted["bump"])
        bump = graph.add("ShaderNodeBump", Strength=_RELIEF, Distance=1.0, Height=height)
        graph.set(node.inputs["Normal"], bump.outputs["Normal"])
    return node.outputs["BSDF"]


_FILM = 0.08
"""Weight of the oily film over skin."""
_RELIEF = 0.4
"""Share of the bumps' slope that skin shows; judged by eye beside Mitsuba's."""


def _eye(graph: Graph, wanted: dict[str, Any]) -> Any:
    """A wet ball: a matt inside, a little clouded, under a clear film."""
    node = _principled(graph, wanted | {"roughness": 0.6, "specular": 0.0})
    values = {
        "Coat Weight": 1.0,
        "Coat Roughness": 0.02,
        "Coat IOR": 1.376,
    }
    for name, value in values.items():
        graph.set(node.inputs[name], value)
    return node.outputs["BSDF"]


def _plain(graph: Graph, wanted: dict[str, Any]) -> Any:
    return _principled(graph, wanted).outputs["BSDF"]


def _glass(graph: Graph, _wanted: dict[str, Any]) -> Any:
    """A pane so thin that it bends nothing."""
    clear = graph.add("ShaderNodeBsdfTransparent").outputs["BSDF"]
    gloss = graph.add("ShaderNodeBsdfGlossy", Roughness=0.0).outputs["BSDF"]
    share = graph.add("ShaderNodeFresnel", IOR=1.3).outputs["Fac"]
    mixed = graph.add("ShaderNodeMixShader", Fac=share)
    graph.set(mixed.inputs[1], clear)
    graph.set(mixed.inputs[2], gloss)
    return mixed.outputs["Shader"]


_MAKERS = {"skin": _skin, "eye": _eye, "plain": _plain, "glass": _glass}
