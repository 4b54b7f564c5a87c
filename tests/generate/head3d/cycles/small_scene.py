"""A ball in front of the camera, for the tests of Cycles."""

from __future__ import annotations

import numpy as np

from facewright.generate.head3d.parts import Camera, Lighting, Material, Part, Scene, Strands

CAMERA = Camera((0.0, 0.0, 0.8), 20.0)
DARK = np.full((16, 32, 3), 1e-4, np.float32)
RADIUS = 0.05


def ball(centre=(0.0, 0.0, 0.0), material=None, rows=32):
    """A closed ball whose outside is its front."""
    polar, around = np.meshgrid(
        np.linspace(0, np.pi, rows + 1), np.linspace(0, 2 * np.pi, 2 * rows + 1), indexing="ij"
    )
    normals = np.stack(
        [np.sin(polar) * np.sin(around), np.cos(polar), np.sin(polar) * np.cos(around)], axis=-1
    ).reshape(-1, 3)
    uv = np.stack([around / (2 * np.pi), polar / np.pi], axis=-1).reshape(-1, 2)
    wide = 2 * rows + 1
    i, k = np.meshgrid(np.arange(rows), np.arange(2 * rows), indexing="ij")
    a, b = (i * wide + k).ravel(), (i * wide + k + 1).ravel()
    triangles = np.concatenate(
        [np.stack([a, a + wide, b], axis=1), np.stack([b, a + wide, b + wide], axis=1)]
    )
    points = (np.array(centre) + RADIUS * normals).astype(np.float32)
    matt = Material("plain", (0.5, 0.5, 0.5), roughness=1.0, specular=0.0)
    return Part(
        "skin",
        points,
        normals.astype(np.float32),
        triangles,
        uv.astype(np.float32),
        triangles,
        material or matt,
    )


def scene(parts, *, world=DARK, key=(), strands=()):
    return Scene(parts, strands, CAMERA, Lighting(world, key))


def bundle(hair, count=3):
    """Straight hairs up from the ball's top."""
    roots = np.linspace(-0.02, 0.02, count)
    points = np.zeros((count, 5, 3), np.float32)
    points[..., 0] = roots[:, None]
    points[..., 1] = 0.05 + np.linspace(0, 0.03, 5)
    return Strands("hair", points, 0.001, hair)
