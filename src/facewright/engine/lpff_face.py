"""One face on LPFF's path: from its mesh in the raw photo to its pictures and its camera.

Source: the public description of LPFF's custom-image path (arXiv:2303.14407). Every crop,
conversion and rule is the published one. What differs is who looks at the face:

- landmarks on the raw photo: this project's mesh, reduced to iBUG's 68 points, not dlib's or
  face-alignment's. They place realign2400.
- landmarks on the realigned picture: the mesh again, fitted where the first one lies there, not
  the 68 points that Deep3DFaceRecon predicts. They place both crops, and are what
  realign2400_lm.json holds, as in LPFF, whose file holds Deep3DFaceRecon's points.
- the camera: estimated from that mesh (`facewright.camera.estimate`), unless the user brings
  Deep3DFaceRecon's own coefficients.

Landmarks are rounded to the two decimals that the files hold before anything is cut by them, so
that the files make the very same pictures again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from facewright.align.base import AlignedCrop
from facewright.align.eg3d import EG3D
from facewright.align.lpff import LPFF_STYLEGAN
from facewright.align.realign import REALIGN2400
from facewright.camera.angles import theta_phi
from facewright.camera.coefficients import stacked
from facewright.camera.deep3d import labels_of_deep3d
from facewright.camera.estimate import estimate_labels
from facewright.camera.label import Floats, positions_of
from facewright.camera.reference import ffhq_density
from facewright.engine.lpff_told import COMMON_VIEW, KEPT, NO_COEFFICIENTS, FaceTold, LPFFSettings
from facewright.errors import PhotoError
from facewright.layouts.common.points import into_crop, plain
from facewright.layouts.lpff.files import CAMERAS, RAW_POINTS, REALIGN_POINTS
from facewright.recipe import RuleSettings
from facewright.vision.mesh import find_meshes, ibug68, presence_share, square_of_mesh
from facewright.vision.runtime import Runtime
from facewright.vision.warp import Pyramid

_MARGIN = 1.5  # of the square that the mesh is fitted in, as `find_meshes` takes it
_LEAST_PRESENCE = RuleSettings().mesh_presence
_DIGITS = 6  # of densities and degrees in the report


@dataclass(frozen=True, slots=True)
class RawFace:
    """A face as it was found in a raw photo.

    Attributes:
        id: of the face.
        photo: RGB uint8 (H, W, 3), upright.
        mesh: (478, 3) in photo pixels, as of `facewright.vision.mesh`.
        presence: the mesh's logit.
        box: left, top, width, height in photo pixels.
        placement: (6,) Deep3DFaceRecon's angle and trans, where there is one.
    """

    id: str
    photo: NDArray[np.uint8]
    mesh: NDArray[np.float64]
    presence: float
    box: tuple[float, float, float, float]
    placement: Floats | None = None


@dataclass(frozen=True, slots=True)
class MadeFace:
    """A face's outcome and, if it is kept, its pictures by their folder: RGB uint8 squares."""

    told: FaceTold
    pictures: dict[str, NDArray[np.uint8]]


@dataclass(frozen=True, slots=True)
class FaceMaker:
    """Takes faces down LPFF's path.

    Attributes:
        settings: the rule and the camera's mode.
        runtime: runs the mesh.
        estimate: whether a face without a placement gets its camera from the mesh; if not, it is
            left out.
    """

    settings: LPFFSettings
    runtime: Runtime
    estimate: bool = True

    def make(self, face: RawFace) -> MadeFace:
        """Crop and label one face, or say why it is left out."""
        told = FaceTold(face.id, KEPT, face.box)
        if face.placement is None and not self.estimate:
            return MadeFace(replace(told, outcome=NO_COEFFICIENTS), {})
        try:
            return self._made(face, told)
        except PhotoError as error:
            return MadeFace(replace(told, outcome=str(error.reason), detail=error.detail), {})

    def _made(self, face: RawFace, told: FaceTold) -> MadeFace:
        """Raises PhotoError: the face is rejected on the way."""
        _check_presence(face.presence, "photo")
        raw_points = _written(ibug68(face.mesh[None])[0])
        whole = REALIGN2400.crop(face.photo, raw_points, REALIGN2400.default_size)
        mesh = self._look_again(face.mesh, whole)
        points = _written(ibug68(mesh[None])[0])
        eg3d = EG3D.crop(whole.pixels, points, EG3D.default_size)
        label = self._label(mesh, eg3d.quad, face.placement)
        told = _seen(told, label)
        limit = self.settings.density
        if limit is not None and told.density is not None and not told.density < limit:
            detail = f"density {told.density:.4f}, the limit is {limit:g}"
            return MadeFace(replace(told, outcome=COMMON_VIEW, detail=detail), {})
        stylegan = LPFF_STYLEGAN.crop(whole.pixels, points, LPFF_STYLEGAN.default_size)
        entries = {
            CAMERAS: label.tolist(),
            RAW_POINTS: raw_points.tolist(),
            REALIGN_POINTS: points.tolist(),
        }
        pictures = {
            "realign2400": whole.pixels,
            "crop/eg3d": eg3d.pixels,
            "crop/stylegan": stylegan.pixels,
        }
        return MadeFace(replace(told, entries=entries), pictures)

    def _look_again(self, mesh: NDArray[np.float64], whole: AlignedCrop) -> NDArray[np.float64]:
        """The mesh (478, 3) of the same face on its realigned picture, in that one's pixels.

        Raises:
            PhotoError: "mesh_presence", none is found there.
        """
        side = whole.pixels.shape[0]
        before = into_crop(mesh[:, :2], whole.quad.reshape(-1).tolist(), side)
        assert before is not None, "a square that was cut has an area"
        pyramid = Pyramid(whole.pixels, 0, 0, side, side)
        square = square_of_mesh(before, _MARGIN)
        meshes, presence = find_meshes([pyramid], [square], self.runtime)
        _check_presence(float(presence[0]), "realigned picture")
        again: NDArray[np.float64] = meshes[0]
        return again

    def _label(
        self, mesh: NDArray[np.float64], quad: NDArray[np.float64], placement: Floats | None
    ) -> Floats:
        """The camera's label (25,)."""
        mode = self.settings.mode
        if placement is not None:
            return np.asarray(labels_of_deep3d(*stacked([placement]), mode)[0])
        return np.asarray(estimate_labels(mesh[None], quad[None], mode)[0])


def _check_presence(logit: float, where: str) -> None:
    """Raises PhotoError: the mesh found no face."""
    share = float(presence_share(np.array([logit]))[0])
    if share < _LEAST_PRESENCE:
        detail = f"the mesh's presence on the {where} is {share:.2f}, below {_LEAST_PRESENCE:g}"
        raise PhotoError("mesh_presence", detail)


def _seen(told: FaceTold, label: Floats) -> FaceTold:
    """With the camera's angles and its density under the FFHQ cameras."""
    angles = theta_phi(positions_of(label))
    theta, phi = np.degrees(angles).round(_DIGITS).tolist()
    density = float(ffhq_density()(angles)[0].round(_DIGITS))
    return replace(told, density=density, theta=theta, phi=phi)


def _written(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Points (68, 2) as the files hold them."""
    return np.array(plain(points), np.float64)
