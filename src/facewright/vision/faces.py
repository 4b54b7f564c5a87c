"""FaceBatch: the faces of several photographs as one struct of arrays, with shared cut-outs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from facewright.recipe import DetectorSettings
from facewright.vision.detector import DEFAULT_SETTINGS, Detections, detect
from facewright.vision.mesh import find_meshes, ibug68, square_of_mesh, squares_of_boxes
from facewright.vision.pose import head_rotations
from facewright.vision.runtime import Runtime
from facewright.vision.warp import Pyramid, Square

FINDERS = ("yunet_2023mar", "face_landmarks_478")
"""Models that find faces and their meshes, before any annotator."""

_REACH = 2.2  # half-side of a face's neighbourhood in detector boxes: holds every view


@dataclass(frozen=True, slots=True)
class View:
    """A way of cutting faces out: eye-level mesh square x `scale`, moved up by `up` of its side.

    Pixels outside of the photograph repeat its edge. size: side of the cut-out in pixels.
    """

    scale: float
    size: int
    up: float = 0.0


@dataclass
class FaceBatch:
    """N faces of one or more photos.

    photos: the pictures, RGB uint8 (H, W, 3).
    photo: (N,) index into `photos` of each face.
    boxes, points, scores: as `Detections`, concatenated.
    meshes: (N, 478, 3); presence: (N,) logits.
    """

    photos: Sequence[NDArray[np.uint8]]
    photo: NDArray[np.intp]
    boxes: NDArray[np.float64]
    points: NDArray[np.float64]
    scores: NDArray[np.float64]
    meshes: NDArray[np.float64]
    presence: NDArray[np.float64]
    pyramids: Sequence[Pyramid]
    _views: dict[View, NDArray[np.uint8]] = field(default_factory=dict, repr=False)

    def __len__(self) -> int:
        return len(self.photo)

    @cached_property
    def landmarks68(self) -> NDArray[np.float64]:
        """(N, 68, 2) iBUG points in photograph pixels."""
        return ibug68(self.meshes)

    @cached_property
    def rotations(self) -> NDArray[np.float64]:
        """(N, 3, 3) head rotations, see `facewright.vision.pose`."""
        return head_rotations(self.meshes)

    @cached_property
    def squares(self) -> list[Square]:
        """Smallest eye-level square around each face's mesh."""
        return [square_of_mesh(mesh) for mesh in self.meshes]

    def take(self, rows: slice | Sequence[int]) -> FaceBatch:
        """Some of these faces, in the given order."""
        chosen = np.arange(len(self))[rows]
        return FaceBatch(
            self.photos,
            self.photo[chosen],
            self.boxes[chosen],
            self.points[chosen],
            self.scores[chosen],
            self.meshes[chosen],
            self.presence[chosen],
            [self.pyramids[i] for i in chosen],
        )

    def split(self, size: int) -> Iterator[FaceBatch]:
        """Batches of at most `size` of these faces, in order, so that a crowd costs no more."""
        for start in range(0, len(self), size):
            yield self.take(slice(start, start + size))

    def cut(self, views: Iterable[View]) -> None:
        """Cut several views now, face by face while its pixels are in the processor's cache.

        That takes half the time of cutting them one `view` after the other.
        """
        # Finest first: views of one level of the pyramid follow each other.
        todo = sorted(set(views) - self._views.keys(), key=lambda view: view.scale / view.size)
        cuts = [np.empty((len(self), view.size, view.size, 3), np.uint8) for view in todo]
        for i, (pyramid, square) in enumerate(zip(self.pyramids, self.squares, strict=True)):
            for view, out in zip(todo, cuts, strict=True):
                pyramid.cut(square.scaled(view.scale, view.up), view.size, out[i])
        self._views.update(zip(todo, cuts, strict=True))

    def view(self, view: View) -> NDArray[np.uint8]:
        """Cut-outs (N, size, size, 3) RGB; the same view is cut once."""
        self.cut([view])
        return self._views[view]

    def view_meshes(self, view: View) -> NDArray[np.float64]:
        """Meshes in a view's pixels: (N, 478, 2), pixel centres at integers."""
        out = np.empty((len(self), self.meshes.shape[1], 2))
        for i, face in enumerate(self.squares):
            square = face.scaled(view.scale, view.up)
            delta = self.meshes[i, :, :2] - (square.x, square.y)
            cos, sin = np.cos(square.angle), np.sin(square.angle)
            unit = delta @ np.array([[cos, -sin], [sin, cos]]) / square.side + 0.5
            out[i] = unit * view.size - 0.5
        return out


def find_faces(
    photos: Sequence[NDArray[np.uint8]],
    runtime: Runtime,
    settings: DetectorSettings = DEFAULT_SETTINGS,
) -> FaceBatch:
    """Detect the faces of several photos and fit their meshes.

    Args:
        photos: RGB uint8 (H, W, 3).
        runtime: where the models run.
        settings: the detector's.
    """
    detections = detect(photos, runtime, settings)
    photo = np.repeat(np.arange(len(photos)), [len(d) for d in detections])
    boxes, points, scores = _concatenate(detections)
    pyramids = [_pyramid(photos[i], box) for i, box in zip(photo.tolist(), boxes, strict=True)]
    meshes, presence = find_meshes(pyramids, squares_of_boxes(boxes, points[:, :2]), runtime)
    return FaceBatch(photos, photo, boxes, points, scores, meshes, presence, pyramids)


def _concatenate(
    detections: Sequence[Detections],
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    if not detections:
        return np.zeros((0, 4)), np.zeros((0, 5, 2)), np.zeros(0)
    return (
        np.concatenate([d.boxes for d in detections]),
        np.concatenate([d.points for d in detections]),
        np.concatenate([d.scores for d in detections]),
    )


def _pyramid(photo: NDArray[np.uint8], box: NDArray[np.float64]) -> Pyramid:
    left, top, width, height = box
    reach = _REACH * max(width, height)
    x, y = left + width / 2, top + height / 2
    # Whole multiples keep a level's grid independent of which face asked for it.
    return Pyramid(photo, int(x - reach), int(y - reach), int(x + reach) + 1, int(y + reach) + 1)
