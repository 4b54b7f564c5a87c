"""Rays of a pinhole camera, and where they pass a box."""

from __future__ import annotations

import torch
from torch import Tensor


def camera_rays(label: Tensor, side: int) -> tuple[Tensor, Tensor]:
    """Rays through the middles of a picture's pixels.

    Args:
        label: (25,) as `facewright.camera.label`: cam2world of OpenCV's axes, intrinsics in
            picture sides.
        side: pixels.

    Returns:
        Origin (3,) and unit directions (side * side, 3) in the world, row by row.
    """
    cam2world, lens = label[:16].reshape(4, 4), label[16:].reshape(3, 3)
    middles = (torch.arange(side, dtype=label.dtype, device=label.device) + 0.5) / side
    v, u = torch.meshgrid(middles, middles, indexing="ij")
    seen = torch.stack([u, v, torch.ones_like(u)], dim=-1).reshape(-1, 3)
    directions = seen @ torch.linalg.inv(lens).T @ cam2world[:3, :3].T
    return cam2world[:3, 3], directions / directions.norm(dim=-1, keepdim=True)


def box_limits(origin: Tensor, directions: Tensor, side: float) -> tuple[Tensor, Tensor]:
    """Distances at which rays enter and leave a cube around the world's origin.

    Args:
        origin: (3,).
        directions: (R, 3) unit vectors.
        side: of the cube.

    Returns:
        (R,) each; for a ray that misses it, the least and the greatest of the rays that hit. All
        0 and 1 where none does.
    """
    # Slabs (Kay and Kajiya 1986): a ray is inside of the cube while it is between all planes.
    safe = torch.where(directions.abs() < 1e-9, torch.full_like(directions, 1e-9), directions)
    one, other = (-side / 2 - origin) / safe, (side / 2 - origin) / safe
    enter = torch.minimum(one, other).amax(dim=1).clamp_min(0)
    leave = torch.maximum(one, other).amin(dim=1)
    hit = leave > enter
    if not bool(hit.any()):
        return torch.zeros_like(enter), torch.ones_like(leave)
    return (
        torch.where(hit, enter, enter[hit].min()),
        torch.where(hit, leave, leave[hit].max()),
    )
