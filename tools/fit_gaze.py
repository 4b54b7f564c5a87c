"""How often gaze is right, by how far the head is turned and how small the face is.

The labelled portraits look into the camera, most of them: there the gaze relative to the head is
the head pose with its sign turned. Each picture is looked at as it is and reduced, so that small
faces count, too. fit_heads.py puts what is fitted here beside the other curves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from facewright.annotators.pixels.gaze import eye_span, gaze_features
from facewright.vision.faces import FaceBatch, find_faces
from facewright.vision.pose import azure_angles
from facewright.vision.runtime import Runtime
from facewright.vision.tables import landmark_tables
from labelled import read_picture

Floats = NDArray[np.float64]

_SPANS = (64, 40, 24, 16, 10)  # distances of the outer eye corners that pictures are reduced to
_FULL_SPAN = 32.0  # pixels; cuts at 32 to 128 fitted alike, this one best
_NEAR = 5.0  # degrees


@dataclass(frozen=True)
class Looks:
    """M looks at faces of the largest size in their pictures.

    features: (M, 2) of `gaze_features`. angles: (M, 3) pitch, roll, yaw of the heads.
    spans: (M,) of `eye_span`.
    """

    features: Floats
    angles: Floats
    spans: Floats


def look(paths: Sequence[Path]) -> Looks:
    """The largest face of every picture, as it is and at each smaller size it is found in."""
    runtime = Runtime()
    found: list[tuple[Floats, Floats, float]] = []
    for path in paths:
        photo = read_picture(path)
        whole = find_faces([photo], runtime)
        seen = [whole]
        span = float(eye_span(whole.meshes[:1])[0])
        for scale in (target / span for target in _SPANS if target < span):
            small = cv2.resize(photo, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
            seen.append(find_faces([np.asarray(small, np.uint8)], runtime))
        found += [_look(faces, runtime) for faces in seen if len(faces)]
    features, angles, spans = zip(*found, strict=True)
    return Looks(np.stack(features), np.stack(angles), np.array(spans))


def _look(faces: FaceBatch, runtime: Runtime) -> tuple[Floats, Floats, float]:
    points = faces.meshes[:1, landmark_tables()["blendshape_inputs"], :2].astype(np.float32)
    shapes = runtime.infer("blendshapes_52", points)[0]
    angles = azure_angles(faces.rotations[:1])[0]
    return gaze_features(shapes)[0], angles, float(eye_span(faces.meshes[:1])[0])


def fit_closeness(looks: Looks, gaze: Mapping[str, Mapping[str, float]]) -> dict[str, Any]:
    """Coefficients of `gaze_closeness` for the gains and offsets of `fit_gaze`."""
    gains, offsets = (
        np.array([gaze[name][key] for name in ("pitch", "yaw")]) for key in ("gain", "offset")
    )
    off = looks.features * gains + offsets + looks.angles[:, [0, 2]]
    small = np.minimum(np.log2(looks.spans / _FULL_SPAN), 0.0)
    inputs = np.column_stack([np.abs(looks.angles[:, 2]), small])
    model = LogisticRegression(C=1e6).fit(inputs, np.linalg.norm(off, axis=1) < _NEAR)
    (base,), ((degree, doubling),) = model.intercept_, model.coef_
    return {
        "full_span": _FULL_SPAN,
        "base": round(float(base), 3),
        "per_degree": round(float(degree), 4),
        "per_doubling": round(float(doubling), 3),
    }
