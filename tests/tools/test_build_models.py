"""The rewritten graphs agree with plain conversions of the same networks, on photographs."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
import onnxruntime as ort
import pytest

from facewright.vision.cards import model_card, weights_path

if TYPE_CHECKING:
    from collections.abc import Callable

Array = np.ndarray[Any, Any]
SHARED = Path(os.environ.get("FACEWRIGHT_SHARED", Path(__file__).resolve().parents[3] / "shared"))
MEAN = np.array([122.782, 117.001, 104.298], dtype=np.float32)
LUMA = np.array([0.299, 0.587, 0.114], dtype=np.float32)

pytestmark = pytest.mark.skipif(
    not (SHARED / "models").is_dir() or not (SHARED / "data" / "portraits").is_dir(),
    reason="the reference conversions and portraits are not here (FACEWRIGHT_SHARED)",
)


def unit(crops: Array) -> Array:
    return crops / np.float32(255)


def chips(crops: Array) -> Array:
    return ((crops - MEAN) / np.float32(256)).transpose(0, 3, 1, 2)


def grey(crops: Array) -> Array:
    return ((crops @ LUMA) / np.float32(127.5) - 1)[..., None]


def plain(crops: Array) -> Array:
    return crops.astype(np.float32)


def bgr_planes(crops: Array) -> Array:
    return plain(crops[..., ::-1]).transpose(0, 3, 1, 2)


# Model, side, how the reference wants its pictures, and its output for each of ours.
CASES: list[tuple[str, int, Callable[[Array], Array], dict[str, str]]] = [
    ("yunet_2023mar", 640, bgr_planes, {}),
    ("face_landmarks_478", 256, unit, {"landmarks": "Identity", "presence": "Identity_1"}),
    (
        "faceres",
        224,
        plain,
        {
            "male": "gender_pred/Sigmoid:0",
            "age": "age_pred/Softmax:0",
            "embedding": "global_pooling/Mean:0",
        },
    ),
    ("age_v1", 64, chips, {"age": "probabilities"}),
    ("gender_v1", 32, chips, {"male": "probabilities"}),
    ("expression_oarriaga", 64, grey, {"expression": "Identity:0"}),
    ("expression_faceapi", 112, plain, {"expression": "Identity:0"}),
    ("selfie_mask", 256, unit, {"mask": "activation_10:0"}),
]


@cache
def portraits() -> list[Array]:
    """The middle of some portraits, where the face is."""
    paths = sorted((SHARED / "data" / "portraits").glob("*.jpg"))[::12]
    pictures = []
    for path in paths:
        picture = cv2.cvtColor(cv2.imread(str(path)), cv2.COLOR_BGR2RGB)
        margin = min(picture.shape[:2]) // 6
        pictures.append(picture[margin:-margin, margin:-margin])
    return pictures


def crops(side: int) -> Array:
    return np.stack(
        [cv2.resize(p, (side, side), interpolation=cv2.INTER_AREA) for p in portraits()]
    )


def session(path: Path) -> ort.InferenceSession:
    options = ort.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def run(path: Path, values: Array) -> dict[str, Array]:
    """Outputs by name, one item at a time: some references take no batch."""
    model = session(path)
    feed, names = model.get_inputs()[0].name, [out.name for out in model.get_outputs()]
    items = [model.run(None, {feed: np.ascontiguousarray(v[None])}) for v in values]
    return {name: np.stack([item[i] for item in items]) for i, name in enumerate(names)}


@pytest.mark.parametrize(("model_id", "side", "prepare", "names"), CASES)
def test_within_the_tolerance_of_the_card(
    model_id: str, side: int, prepare: Callable[[Array], Array], names: dict[str, str]
) -> None:
    pictures = crops(side)
    reference = run(SHARED / "models" / f"{model_id}.onnx", prepare(pictures))
    shipped = run(weights_path(model_id), pictures)
    for name, tolerance in model_card(model_id).tolerance.items():
        wanted = reference[names.get(name, name)]
        wanted = wanted[..., 1] if model_id == "gender_v1" else wanted
        difference = np.abs(wanted.reshape(shipped[name].shape) - shipped[name]).max()
        assert difference < tolerance, name


def test_blendshapes_within_the_tolerance_of_the_card() -> None:
    meshes = run(weights_path("face_landmarks_478"), crops(256))["landmarks"][:, 0]
    points = meshes[:, :146, :2]
    wanted = run(SHARED / "models" / "blendshapes_52.onnx", points)["StatefulPartitionedCall:0"]
    found = run(weights_path("blendshapes_52"), points)["blendshapes"][:, 0]
    assert np.abs(wanted - found).max() < model_card("blendshapes_52").tolerance["blendshapes"]
