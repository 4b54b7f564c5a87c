"""Rule on faces that stand too close: one box over the other, or other eyes in the crop."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Final

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from facewright.rules.aligned import QUAD
from facewright.rules.basic import MESH_PRESENCE
from facewright.rules.columns import FaceColumns, Read
from facewright.rules.rule import Mask, Rule, RuleTable, Verdict

Numbers = NDArray[np.float64]
Rows = NDArray[np.int64]

_BOX: Final = tuple(f"rectangle.{side}" for side in ("left", "top", "width", "height"))
_EYES: Final = tuple(
    tuple(Read(leaf, f"list_avg([point[{axis}] for point in {leaf}])") for axis in (1, 2))
    for leaf in ("landmarks.right_eye", "landmarks.left_eye")
)
"""Middle of the six points of the subject's right and left eye: x and y in the photo."""


class Crowded(RuleTable):
    """Judges a face by the others of its photo; detections that are no faces do not count."""

    overlap: Annotated[
        float,
        Field(ge=0, le=1, description="share of a face's box that another's may cover; 1 is off"),
    ] = 0.1
    eyes: Annotated[
        bool, Field(description="drop where an eye of another lies in the main crop")
    ] = True
    presence: Annotated[
        float, Field(ge=0, le=1, description="mesh_presence from which another counts as a face")
    ] = 0.5


def _judge(faces: FaceColumns, settings: Crowded) -> Verdict:
    crowd = _Crowd(faces)
    drop, unknown = np.zeros(len(faces), bool), crowd.placeless(eyes=settings.eyes)
    weak = faces.numbers(MESH_PRESENCE.name) < settings.presence
    for every, neighbour in crowd.pairs():
        counts = ~weak[neighbour]
        one, other = every[counts], neighbour[counts]
        drop[one[crowd.covered(one, other) > settings.overlap]] = True
        unknown[one[np.isnan(crowd.boxes[other]).any(axis=1)]] = True
        if settings.eyes:
            drop[one[crowd.eyes_inside(one, other)]] = True
            unknown[one[np.isnan(crowd.eyes[other]).any(axis=(1, 2))]] = True
    return Verdict(drop, unknown & ~drop)


@dataclass
class _Crowd:
    """Faces, and who shares a photo with whom."""

    faces: FaceColumns

    def pairs(self) -> Iterator[tuple[Rows, Rows]]:
        """Every ordered pair of faces of one photo: the n-th neighbours of all faces at once."""
        photos, _ = self.faces.codes("photo_id")
        order = np.argsort(photos, kind="stable")
        order = order[photos[order] >= 0]
        step = 1
        while step < len(order):
            same = photos[order[step:]] == photos[order[:-step]]
            if not same.any():
                return
            first, second = order[:-step][same], order[step:][same]
            yield first, second
            yield second, first
            step += 1

    def placeless(self, *, eyes: bool) -> Mask:
        """(N,) whether a face's photo, or beside others its box or its crop, is not known."""
        photos, texts = self.faces.codes("photo_id")
        alone = np.bincount(photos[photos >= 0], minlength=len(texts) + 1)[photos] == 1
        unplaced = np.isnan(self.boxes).any(axis=1)
        if eyes:
            unplaced |= np.isnan(self.quads).any(axis=(1, 2))
        lost: Mask = (photos < 0) | (unplaced & ~alone)
        return lost

    @cached_property
    def boxes(self) -> Numbers:
        """(N, 4) left, top, right, bottom."""
        left, top, width, height = (self.faces.numbers(leaf) for leaf in _BOX)
        return np.stack([left, top, left + width, top + height], axis=1)

    @cached_property
    def quads(self) -> Numbers:
        """(N, 4, 2) corners of the main crops: TL, BL, BR, TR."""
        return self.faces.rows(QUAD, 8).reshape(-1, 4, 2)

    @cached_property
    def eyes(self) -> Numbers:
        """(N, 2, 2) the middles of both eyes."""
        points = [[self.faces.numbers(axis) for axis in eye] for eye in _EYES]
        return np.moveaxis(np.array(points), 2, 0)

    def covered(self, one: Rows, other: Rows) -> Numbers:
        """Share of the box of `one` that the box of `other` covers; NaN where not known."""
        a, b = self.boxes[one], self.boxes[other]
        shared = np.minimum(a[:, 2:], b[:, 2:]) - np.maximum(a[:, :2], b[:, :2])
        extent = a[:, 2:] - a[:, :2]
        with np.errstate(divide="ignore", invalid="ignore"):
            share: Numbers = shared.clip(0).prod(axis=1) / extent.prod(axis=1)
        return share

    def eyes_inside(self, one: Rows, other: Rows) -> Mask:
        """Whether an eye of `other` lies in the crop of `one`; not where that is not known."""
        quads, eyes = self.quads[one], self.eyes[other]
        origin = quads[:, 0]
        across, down = quads[:, 3] - origin, quads[:, 1] - origin
        inside = np.zeros(len(one), bool)
        for eye in (eyes[:, 0] - origin, eyes[:, 1] - origin):
            along, along_down = _share(eye, across, down), _share(eye, down, across)
            inside |= (along >= 0) & (along <= 1) & (along_down >= 0) & (along_down <= 1)
        return inside


def _share(point: Numbers, axis: Numbers, other: Numbers) -> Numbers:
    """How far along `axis` a point lies, in the coordinates of both axes: all (K, 2) to (K,)."""
    with np.errstate(divide="ignore", invalid="ignore"):
        share: Numbers = _cross(point, other) / _cross(axis, other)
    return share


def _cross(a: Numbers, b: Numbers) -> Numbers:
    product: Numbers = a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]
    return product


def _reads(settings: Crowded) -> tuple[str | Read, ...]:
    always = ("photo_id", MESH_PRESENCE.name, *_BOX)
    return (*always, QUAD, *_EYES[0], *_EYES[1]) if settings.eyes else always


CROWDED: Final = Rule("crowded", "another face of the photo is too close", Crowded, _reads, _judge)
