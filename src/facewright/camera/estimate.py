"""Camera labels from this project's own mesh: another estimator, the same convention.

Published labels come from Deep3DFaceRecon: a network's fit of a face model (BFM09) to a 224-pixel
crop, shape, expression, light and pose at once. Here the rotation comes from MediaPipe's mesh
(`facewright.vision.pose`), and the shift from five landmarks: the trans that brings
Deep3DFaceRecon's own five mean-face points, so turned, onto the face's. Angle and trans then go
through the very steps that made the published labels (`facewright.camera.deep3d`).

So axes, radius, focal length, origin and crop are those of the published labels, and the two may
be mixed; but single faces differ as two estimators do: by a few degrees, more beyond 60 degrees of
yaw, where both guess, and in pitch by what each takes for a frontal face (the two mean faces agree
to 0.4 degrees by their five points). Nothing here was fitted to published labels.
"""

from __future__ import annotations

import numpy as np

from facewright.align.eg3d import MODEL_POINTS
from facewright.camera.axes import azure_of_head
from facewright.camera.deep3d import DISTANCE, HeadPlacement, Mode, labels_of_deep3d
from facewright.camera.label import FOCAL, Floats
from facewright.camera.window import to_window
from facewright.vision.mesh import ibug68
from facewright.vision.pose import head_rotations


def estimate_labels(meshes: Floats, quads: Floats, mode: Mode = "orig") -> Floats:
    """Labels of faces from their meshes.

    Args:
        meshes: (N, 478, 3) as of `facewright.vision.mesh`, in photo pixels.
        quads: (N, 4, 2) corners TL, BL, BR, TR of the faces' EG3D crops in photo pixels.
        mode: of `facewright.camera.deep3d`.

    Returns:
        (N, 25) labels of those crops.
    """
    placement = estimate_placement(meshes, quads)
    return labels_of_deep3d(placement.angle, placement.trans, mode)


def estimate_placement(meshes: Floats, quads: Floats) -> HeadPlacement:
    """Deep3DFaceRecon's angle and trans as the mesh tells them; arguments as `estimate_labels`."""
    heads = head_rotations(meshes)
    azure = np.radians(azure_of_head(heads))
    angle = np.stack([-azure[:, 0], azure[:, 2], -azure[:, 1]], axis=1)
    return HeadPlacement(angle, _shifts(heads, five_in_crop(meshes, quads)))


def five_in_crop(meshes: Floats, quads: Floats) -> Floats:
    """(N, 5, 2) EG3D's five landmarks from the crop's middle, x right, y up, in its sides."""
    points = ibug68(meshes)
    eyes = [points[:, [36, 39]].mean(axis=1), points[:, [42, 45]].mean(axis=1)]
    five = np.stack([*eyes, points[:, 30], points[:, 48], points[:, 54]], axis=1)
    return (to_window(five, quads) - 0.5) * (1.0, -1.0)


def _shifts(heads: Floats, seen: Floats) -> Floats:
    """(N, 3) least-squares trans of turned mean faces whose five points are seen so.

    A point p + t is seen at f (p + t)_xy / (10 - (p + t)_z); times the denominator, that is
    linear in t.
    """
    turned = MODEL_POINTS.astype(np.float64) @ np.swapaxes(heads, 1, 2)
    known = seen * (DISTANCE - turned[..., 2:]) - FOCAL * turned[..., :2]
    design = np.zeros((*seen.shape, 3))
    design[:, :, 0, 0] = design[:, :, 1, 1] = FOCAL
    design[..., 2] = seen
    rows = design.reshape(len(seen), 10, 3)
    inverse = np.linalg.pinv(rows)
    trans: Floats = np.einsum("nij,nj->ni", inverse, known.reshape(len(seen), 10))
    return trans
