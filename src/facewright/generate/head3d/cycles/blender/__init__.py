"""Run by a Python of its own that has Blender's `bpy`: imports nothing of Facewright."""
