"""Render a radiance field from a camera, a few rays at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from facewright.generate.eg3d.march import Seen, composite, refined, spread, weights_of
from facewright.generate.eg3d.rays import box_limits, camera_rays
from facewright.generate.pickles.node import Node

RAYS_AT_ONCE = 2048
_MOST_SAMPLES = 1024
_MOST_DISTANCE = 1000.0

FieldAt = Callable[[Tensor], tuple[Tensor, Tensor]]
"""(M, 3) points to (M,) densities and (M, F) features."""


@dataclass(frozen=True, slots=True)
class Rendering:
    """How rays are sampled.

    coarse, fine: samples of the first and second round. near, far: distances from the camera
    between which the first round lies; None for where a ray passes the box. box: side of the
    cube that holds the field. white: colour of what nothing covers. disparity: see `spread`.
    """

    coarse: int
    fine: int
    near: float | None
    far: float | None
    box: float
    white: bool = False
    disparity: bool = False

    @classmethod
    def of(cls, node: Node) -> Rendering:
        """The published table `rendering_kwargs`."""
        table = node.table("rendering_kwargs")
        if table.get("clamp_mode", "softplus") != "softplus":
            node.refuse("renders with another clamp mode than softplus, which is not read")
        near, far = table.get("ray_start"), table.get("ray_end")
        auto = near == far == "auto"
        coarse, fine = (
            _count(node, table.get(name))
            for name in ("depth_resolution", "depth_resolution_importance")
        )
        if coarse < 4:
            node.refuse("renders with fewer than 4 samples a ray")
        return cls(
            coarse,
            fine,
            None if auto else _distance(node, near),
            None if auto else _distance(node, far),
            _distance(node, table.get("box_warp")),
            bool(table.get("white_back", False)),
            bool(table.get("disparity_space_sampling", False)),
        )

    def render(
        self, field: FieldAt, label: Tensor, side: int, chance: torch.Generator | None = None
    ) -> Seen:
        """What a camera sees.

        Args:
            field: to render.
            label: (25,) the camera.
            side: pixels of the square picture.
            chance: for samples at random; None for the same ones always.

        Returns:
            With R = side * side, row by row.
        """
        origin, directions = camera_rays(label, side)
        near, far = self._limits(origin, directions)
        parts = []
        for start in range(0, side * side, RAYS_AT_ONCE):
            some = slice(start, start + RAYS_AT_ONCE)
            parts.append(self._rays(field, origin, directions[some], near[some], far[some], chance))
        return Seen(
            torch.cat([part.features for part in parts]),
            torch.cat([part.depth for part in parts]),
            torch.cat([part.opacity for part in parts]),
        )

    def _limits(self, origin: Tensor, directions: Tensor) -> tuple[Tensor, Tensor]:
        if self.near is None or self.far is None:
            return box_limits(origin, directions, self.box)
        like = directions[:, 0]
        return torch.full_like(like, self.near), torch.full_like(like, self.far)

    def _rays(
        self,
        field: FieldAt,
        origin: Tensor,
        directions: Tensor,
        near: Tensor,
        far: Tensor,
        chance: torch.Generator | None,
    ) -> Seen:
        depths = spread(near, far, self.coarse, chance, disparity=self.disparity)
        densities, features = _at(field, origin, directions, depths)
        if self.fine:
            more = refined(depths, weights_of(depths, densities), self.fine, chance)
            more_densities, more_features = _at(field, origin, directions, more)
            depths, order = torch.cat([depths, more], dim=1).sort(dim=1)
            densities = torch.cat([densities, more_densities], dim=1).gather(1, order)
            features = torch.cat([features, more_features], dim=1).take_along_dim(
                order[:, :, None], dim=1
            )
        return composite(depths, densities, features, white=self.white)


def _at(
    field: FieldAt, origin: Tensor, directions: Tensor, depths: Tensor
) -> tuple[Tensor, Tensor]:
    """Densities (R, S) and features (R, S, F) at depths (R, S)."""
    points = origin + depths[:, :, None] * directions[:, None]
    density, features = field(points.reshape(-1, 3))
    return density.reshape(depths.shape), features.reshape(*depths.shape, -1)


def _distance(node: Node, value: object) -> float:
    if not isinstance(value, int | float) or not 0 < value <= _MOST_DISTANCE:
        node.refuse("has rendering settings that are not read: distances are numbers above 0")
    return float(value)


def _count(node: Node, value: object) -> int:
    if not isinstance(value, int) or not 0 <= value <= _MOST_SAMPLES:
        node.refuse(f"has rendering settings that are not read: at most {_MOST_SAMPLES} samples")
    return value
