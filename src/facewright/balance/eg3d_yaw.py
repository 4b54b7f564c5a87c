"""eg3d-yaw: faces repeated by how far they look to the side."""

from __future__ import annotations

from typing import Annotated, ClassVar

import numpy as np
from pydantic import Field

from facewright.balance.poses import camera_yaw
from facewright.balance.strategy import Choice, Job, Options
from facewright.camera.replicas import eg3d_replicas
from facewright.errors import UsageError

CAMERA = "camera"


class Eg3dYaw(Options):
    """EG3D's rule for FFHQ: nine arcs of yaw, 2^|arc - 4| times.

    The arcs cut the range of yaw of these faces evenly, or the one that `widest` says, so a face
    in the middle arc comes once and one in the outermost 16 times. The published yaw is not known;
    see `facewright.camera.replicas.eg3d_replicas`.
    """

    name: ClassVar[str] = "eg3d-yaw"

    yaw: Annotated[str, Field(description='"camera", or SQL of degrees, as head_pose.yaw')] = CAMERA
    widest: Annotated[
        float | None,
        Field(gt=0, le=180, description="degrees where the outermost arcs end; 79.2 for FFHQ"),
    ] = None

    def choose(self, job: Job) -> Choice:
        """See `facewright.balance.strategy.Strategy`.

        Raises:
            UsageError: a size is given, or no face has a yaw.
        """
        if job.size is not None:
            raise UsageError("eg3d-yaw says itself how many faces come out; leave out the size")
        table = job.table
        by_camera = self.yaw == CAMERA
        yaw = camera_yaw(table) if by_camera else np.radians(table.numbers(self.yaw))
        known = np.isfinite(yaw)
        if not known.any():
            raise UsageError(f"{table.name}: no face has a yaw ({self.yaw})")
        own = yaw[known]
        times = np.zeros(len(yaw), np.int64)
        times[known] = eg3d_replicas(
            np.stack([np.sin(own), np.zeros(len(own)), np.cos(own)], axis=-1),
            None if self.widest is None else float(np.radians(self.widest)),
        )
        notes = (
            ()
            if known.all()
            else (f"{int((~known).sum())} faces are left out: their yaw is not known",)
        )
        told = ", ".join(
            f"{int((times == n).sum())} x {n}" for n in (1, 2, 4, 8, 16) if (times == n).any()
        )
        why = f"eg3d-yaw by {self.yaw}: {int(times.sum())} of {len(yaw)} faces ({told})"
        return Choice(times, job.target, why, notes=notes)
