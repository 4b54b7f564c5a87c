"""dataset.json: what a dataset is, how it was made, by which models, under which licences."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from facewright.errors import DatasetError
from facewright.recipe import Recipe
from facewright.settings_file import first_fault
from facewright.store.atomic import write_atomic
from facewright.store.pending import current

NAME = "dataset.json"
NOTICE = (
    "Attributes are apparent and estimated from single pictures by models with measured errors;"
    " none is a fact about a person. Do not use them to identify or to judge anyone."
)


class ModelUse(BaseModel):
    """A model's weights that an annotator ran."""

    model_config = ConfigDict(frozen=True)

    id: str
    version: str
    sha256: str


class AnnotatorUse(BaseModel):
    """Which annotator, of which version and weights, gave which columns."""

    model_config = ConfigDict(frozen=True)

    id: str
    version: str
    sha256: str | None = None
    models: tuple[ModelUse, ...] = ()
    columns: tuple[str, ...]


class GeneratorUse(BaseModel):
    """What made the pictures of a synthetic dataset, and to which order."""

    model_config = ConfigDict(frozen=True)

    id: str
    version: str
    sha256: str | None = None
    licence: str
    settings: dict[str, Any]
    order: dict[str, Any]


class Counts(BaseModel):
    """Totals of a dataset."""

    model_config = ConfigDict(frozen=True)

    photos: int = 0
    photos_used: int = 0
    photos_already_aligned: int = 0
    photos_excluded: dict[str, int] = Field(default_factory=dict)
    faces: int = 0
    faces_kept: int = 0
    faces_dropped: dict[str, int] = Field(default_factory=dict)
    licences: dict[str, int] = Field(default_factory=dict)


class Manifest(BaseModel):
    """The content of dataset.json."""

    model_config = ConfigDict(frozen=True)

    format: Annotated[int, Field(description="version of the folder's format")] = 1
    facewright: str
    state: Literal["building", "complete"]
    created: str
    source: Annotated[str, Field(description="what the photos were taken from, for people")]
    source_path: Annotated[
        str, Field(description="where it is, relative to the dataset; nothing of one's own paths")
    ]
    passed_over: Annotated[
        int, Field(description="files of the source that are not pictures by name")
    ] = 0
    fingerprint: Annotated[str, Field(description="changes when the source does")]
    recipe: Recipe
    layout: Annotated[
        str | None, Field(description="the layout it was imported from; null when it was built")
    ] = None
    generator: Annotated[
        GeneratorUse | None, Field(description="of synthetic pictures; null for photographs")
    ] = None
    chunks: int
    counts: Counts = Counts()
    annotators: tuple[AnnotatorUse, ...] = ()
    notice: str = NOTICE

    def save(self, root: Path) -> None:
        """Write it into the dataset's folder.

        Raises:
            StorageError: it cannot be written.
        """
        write_atomic(root / NAME, self.model_dump_json(indent=2).encode() + b"\n")

    @classmethod
    def load(cls, root: Path) -> Manifest:
        """Read it from the dataset's folder.

        Raises:
            DatasetError: there is none, or it is broken.
        """
        path = current(root, NAME)
        try:
            return cls.model_validate_json(path.read_bytes())
        except OSError as error:
            raise DatasetError(
                f"{root} is not a dataset: it has no readable {NAME}; make one with"
                " `facewright build PHOTOS OUT`"
            ) from error
        except ValidationError as error:
            raise DatasetError(f"{path} is broken: {first_fault(error)}") from error
