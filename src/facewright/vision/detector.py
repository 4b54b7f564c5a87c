"""Faces in photographs: YuNet, decoded here (Wu, Peng, Yu: YuNet, 2023)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from facewright.recipe import DetectorSettings
from facewright.vision.runtime import Runtime

_STRIDES = (8, 16, 32)
_MULTIPLE = 32
DEFAULT_SETTINGS = DetectorSettings()


@dataclass(frozen=True, slots=True)
class Detections:
    """Faces of one photo, largest first, in photograph pixels.

    boxes: (N, 4) float64, left, top, width, height.
    points: (N, 5, 2) float64: the picture's left eye, right eye, nose, left and right mouth
        corner (left as seen in the picture: the subject's right comes first).
    scores: (N,) float64, 0-1.
    """

    boxes: NDArray[np.float64]
    points: NDArray[np.float64]
    scores: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.scores)


def detect(
    photos: Sequence[NDArray[np.uint8]],
    runtime: Runtime,
    settings: DetectorSettings = DEFAULT_SETTINGS,
) -> list[Detections]:
    """Find the faces of several photos; photos of one shape share a batch.

    Args:
        photos: RGB uint8 (H, W, 3), any sizes.
        runtime: where the model runs.
        settings: sizes and thresholds.

    Returns:
        One `Detections` a photo, in order.
    """
    found = dict(_detect_at(photos, range(len(photos)), settings.size, runtime, settings))
    for size in settings.retry_sizes:
        todo = [
            i
            for i, detections in found.items()
            if not len(detections)
            and (size < settings.size or max(photos[i].shape[:2]) > settings.size)
        ]
        found.update(_detect_at(photos, todo, size, runtime, settings))
    return [found[i] for i in range(len(photos))]


def _detect_at(
    photos: Sequence[NDArray[np.uint8]],
    indices: Sequence[int],
    size: int,
    runtime: Runtime,
    settings: DetectorSettings,
) -> list[tuple[int, Detections]]:
    by_shape: dict[tuple[int, int], list[int]] = defaultdict(list)
    for i in indices:
        by_shape[_canvas_shape(photos[i], size)].append(i)
    answers = []
    for shape, members in by_shape.items():
        canvases = np.empty((len(members), *shape, 3), np.uint8)
        scales = [_draw(photos[i], size, c) for i, c in zip(members, canvases, strict=True)]
        outputs = runtime.infer("yunet_2023mar", canvases)
        for row, (i, scale) in enumerate(zip(members, scales, strict=True)):
            rows = [output[row] for output in outputs]
            answers.append((i, _decode(rows, shape[1], scale, settings)))
    return answers


def _scale(photo: NDArray[np.uint8], size: int) -> float:
    """What the photo is reduced by, so that its longer side is `size` at most."""
    return min(size / int(max(photo.shape[:2])), 1.0)


def _reduced_shape(photo: NDArray[np.uint8], size: int) -> tuple[int, int]:
    """Height and width of the reduced photo."""
    height, width = photo.shape[:2]
    scale = _scale(photo, size)
    return max(round(height * scale), 1), max(round(width * scale), 1)


def _canvas_shape(photo: NDArray[np.uint8], size: int) -> tuple[int, int]:
    """Height and width of the reduced photo, padded to whole strides."""
    height, width = _reduced_shape(photo, size)
    return -(-height // _MULTIPLE) * _MULTIPLE, -(-width // _MULTIPLE) * _MULTIPLE


def _draw(photo: NDArray[np.uint8], size: int, canvas: NDArray[np.uint8]) -> float:
    """Draw the photo, reduced to `size`, on black; its scale.

    It is reduced by area in whole steps, then by less than half with bilinear samples: by area
    at once costs five times as much and finds the same faces.
    """
    height, width = _reduced_shape(photo, size)
    canvas[height:] = 0
    canvas[:, width:] = 0
    scale = _scale(photo, size)
    step = int(1 / scale)
    if step > 1:
        whole = (max(photo.shape[1] // step, 1), max(photo.shape[0] // step, 1))
        photo = np.asarray(cv2.resize(photo, whole, interpolation=cv2.INTER_AREA), np.uint8)
    if photo.shape[:2] == (height, width):
        canvas[:height, :width] = photo
    else:
        drawn = canvas[:height, :width]
        cv2.resize(photo, (width, height), drawn, interpolation=cv2.INTER_LINEAR)
    return scale


def _decode(
    outputs: Sequence[NDArray[np.float32]], width: int, scale: float, settings: DetectorSettings
) -> Detections:
    """Turn the twelve heads (class, objectness, box, points at three strides) into faces."""
    scores, boxes, points = [], [], []
    for level, stride in enumerate(_STRIDES):
        cls, obj, box, kps = (outputs[level + 3 * kind] for kind in range(4))
        score = np.sqrt(np.clip(cls[:, 0], 0, 1) * np.clip(obj[:, 0], 0, 1))
        keep = np.flatnonzero(score >= settings.min_score)
        columns = width // stride
        cell = np.stack([keep % columns, keep // columns], axis=1).astype(np.float64)
        centre = (cell + box[keep, :2]) * stride
        extent = np.exp(box[keep, 2:]) * stride
        scores.append(score[keep].astype(np.float64))
        boxes.append(np.concatenate([centre - extent / 2, extent], axis=1))
        points.append((kps[keep].reshape(-1, 5, 2) + cell[:, None]) * stride)
    return _largest_first(
        np.concatenate(boxes) / scale,
        np.concatenate(points) / scale,
        np.concatenate(scores),
        settings,
    )


def _largest_first(
    boxes: NDArray[np.float64],
    points: NDArray[np.float64],
    scores: NDArray[np.float64],
    settings: DetectorSettings,
) -> Detections:
    keep = np.zeros(0, np.intp)
    if len(scores):
        kept = cv2.dnn.NMSBoxes(
            boxes.tolist(), scores.tolist(), settings.min_score, settings.overlap
        )
        keep = np.asarray(kept, np.intp).reshape(-1)
        order = np.lexsort((boxes[keep, 0], -boxes[keep, 2] * boxes[keep, 3]))
        keep = keep[order][: settings.max_faces]
    # The detector's cells are continuous coordinates; pixel centres lie half a pixel in.
    shift = np.array([0.5, 0.5])
    moved = boxes[keep].copy()
    moved[:, :2] -= shift
    return Detections(moved, points[keep] - shift, scores[keep])
