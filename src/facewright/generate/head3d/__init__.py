"""A parametric head, baked into one file and rendered by Mitsuba 3: faces with exact truth.

`person.sample_person` turns wishes into a Person, `render.render` a Person and a View into pixels
and their truth. Data flow: `pack` (the baked file) -> `shape` (vertices) -> `figure` (skin, eyes,
hair, clothes as meshes, textures and strands) -> `scene.mitsuba` (radiance) -> `finish` (a
photograph). Space: metres, x to the picture's right of a frontal head (the subject's left), y up,
z towards the camera.
"""
