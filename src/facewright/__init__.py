"""Make face-image datasets: cropped, described, balanced, checked and served, offline.

    from facewright import build, Dataset, Recipe, annotate

    build("photos/", "my-faces")
    faces = Dataset.open("my-faces").where("age < 30 and sex = 'female'")
    picture = faces.image(faces.face_ids[0]).numpy()

Attributes are apparent and estimated from single pictures; none is a fact about a person.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from facewright.attributes.face_table import FaceTable
    from facewright.balance.sentence import parse_target
    from facewright.balance.target import Target
    from facewright.balance.target_file import load_target
    from facewright.engine.build import BuildReport, build
    from facewright.engine.running import BuildProgress
    from facewright.engine.single import annotate
    from facewright.engine.tabling import open_table
    from facewright.errors import FacewrightError
    from facewright.recipe import Recipe
    from facewright.record import Photo, Record
    from facewright.store.dataset import Dataset
    from facewright.store.image import EncodedImage
    from facewright.store.selection import Selection

_HOMES = {
    "BuildProgress": "facewright.engine.running",
    "BuildReport": "facewright.engine.build",
    "Dataset": "facewright.store.dataset",
    "EncodedImage": "facewright.store.image",
    "FaceTable": "facewright.attributes.face_table",
    "FacewrightError": "facewright.errors",
    "Photo": "facewright.record",
    "Recipe": "facewright.recipe",
    "Record": "facewright.record",
    "Selection": "facewright.store.selection",
    "Target": "facewright.balance.target",
    "annotate": "facewright.engine.single",
    "build": "facewright.engine.build",
    "load_target": "facewright.balance.target_file",
    "open_table": "facewright.engine.tabling",
    "parse_target": "facewright.balance.sentence",
}

__all__ = [
    "BuildProgress",
    "BuildReport",
    "Dataset",
    "EncodedImage",
    "FaceTable",
    "FacewrightError",
    "Photo",
    "Recipe",
    "Record",
    "Selection",
    "Target",
    "annotate",
    "build",
    "load_target",
    "open_table",
    "parse_target",
]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used, so that `import facewright` costs nothing."""
    if name not in _HOMES:
        raise AttributeError(f"module 'facewright' has no attribute '{name}'")
    value = globals()[name] = getattr(import_module(_HOMES[name]), name)
    return value


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
