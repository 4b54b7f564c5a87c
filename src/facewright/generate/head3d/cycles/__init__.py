"""Blender's Cycles as the renderer of quality `hq`, in a process and a Python of its own."""
