"""Small helpers for Blender's graphs of shader nodes."""

from __future__ import annotations

from typing import Any

import bpy
import numpy as np


class Graph:
    """A tree of shader nodes that is being built.

    Attributes:
        tree: Blender's.
        output: its material or world output.
    """

    def __init__(self, owner: Any, output: str) -> None:
        """Clear the tree of a material or a world and give it one output node."""
        owner.use_nodes = True
        self.tree = owner.node_tree
        self.tree.nodes.clear()
        self.output = self.tree.nodes.new(output)

    def add(self, kind: str, **inputs: Any) -> Any:
        """A node of Blender's type name; inputs by name with _ for a space.

        An input is a socket to be linked, or a value.
        """
        node = self.tree.nodes.new(kind)
        for name, value in inputs.items():
            self.set(node.inputs[name.replace("_", " ")], value)
        return node

    def set(self, socket: Any, value: Any) -> None:
        """Link a socket to another, or give it a value."""
        if isinstance(value, bpy.types.NodeSocket):
            self.tree.links.new(value, socket)
        else:
            socket.default_value = value

    def picture(self, name: str, values: Any) -> Any:
        """Colour socket of a texture from rows (H, W, 3) or (H, W), top row first, linear."""
        node = self.tree.nodes.new("ShaderNodeTexImage")
        node.image = linear_image(name, values)
        node.extension = "EXTEND"
        return node.outputs["Color"]


def linear_image(name: str, values: Any) -> Any:
    """A float image whose numbers are taken as they are."""
    height, width = values.shape[:2]
    rgba = np.ones((height, width, 4), np.float32)
    rgba[..., :3] = values if values.ndim == 3 else values[..., None]
    image = bpy.data.images.new(name, width, height, float_buffer=True, is_data=True)
    image.pixels.foreach_set(np.ascontiguousarray(rgba[::-1]).ravel())
    image.update()
    return image
