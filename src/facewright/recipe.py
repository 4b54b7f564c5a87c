"""Recipe: one TOML file that says how a dataset is made.

Every table and key has a default, so an empty file is a recipe. The resolved recipe is written
into the dataset's manifest, and `facewright build --recipe` takes it back.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from facewright.errors import RecipeError
from facewright.limits import Limits
from facewright.settings_file import first_fault, read_toml


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class DetectorSettings(_Table):
    """How photographs are searched for faces.

    retry_sizes: a small one for faces that fill the picture, and a large one, only for photos
    that are larger than `size`, for small faces.
    """

    size: Annotated[
        int, Field(ge=64, le=4096, description="longer side, in pixels, that is searched")
    ] = 640
    retry_sizes: Annotated[
        tuple[int, ...], Field(description="sizes tried in turn where no face was found")
    ] = (256, 1280)
    min_score: Annotated[float, Field(gt=0, le=1)] = 0.7
    overlap: Annotated[float, Field(gt=0, le=1, description="of two boxes of one face")] = 0.3
    max_faces: Annotated[int, Field(gt=0, description="faces of one photo, largest first")] = 500


FILE = "file"
"""A rule's parameter of this name is a path; in a recipe's file it is relative to that file."""


class RuleSettings(_Table):
    """Which faces are kept. A dropped face stays in the tables with the rules' names.

    The keys below are the gates: what they drop is not cropped. Any further rule is a table of
    its own, `[rules.NAME]`, which `facewright.rules` checks; see docs/rules.md.
    """

    model_config = ConfigDict(frozen=True, extra="allow")

    mesh_presence: Annotated[
        float, Field(ge=0, le=1, description="of the record; below it a detection is no face")
    ] = 0.5
    min_face_size: Annotated[float, Field(ge=0, description="pixels, side of the mesh square")] = 32
    max_outside: Annotated[
        float, Field(ge=0, le=1, description="share of a crop that may lie outside of the photo")
    ] = 1.0

    @model_validator(mode="after")
    def _only_tables(self) -> Self:
        """A key that is not known is a slip of the pen, a table may be somebody's rule."""
        keys = ", ".join(type(self).model_fields)
        for name, value in self.tables.items():
            if not isinstance(value, dict):
                raise ValueError(  # noqa: TRY004 - pydantic wants this one
                    f"{name}: no such key; known: {keys}, and tables [rules.NAME]"
                    " (`facewright rules --list` shows them)"
                )
        return self

    @property
    def tables(self) -> dict[str, dict[str, Any]]:
        """Parameters of further rules, by name."""
        return dict(self.model_extra or {})

    def with_files(self, placed: Callable[[str], str]) -> Self:
        """The same with every path of a file put elsewhere."""
        tables = {name: _with_files(table, placed) for name, table in self.tables.items()}
        return self.model_validate({**self.model_dump(), **tables})


def _with_files(table: dict[str, Any], placed: Callable[[str], str]) -> dict[str, Any]:
    """A table, and the tables inside of it."""
    found: dict[str, Any] = {}
    for key, value in table.items():
        if isinstance(value, dict):
            found[key] = _with_files(value, placed)
        else:
            found[key] = placed(value) if key == FILE and isinstance(value, str) else value
    return found


class Recipe(_Table):
    """How a dataset is made.

    crops: alignments with sizes, as "ffhq-fast:1024"; the first is the dataset's main one.
    format: how crops are encoded: "png", "jpeg:95", "webp:90", "webp-lossless".
    annotators: names; () uses all that are installed. heads: files that `facewright heads fit`
        wrote, run as well; in a recipe's file their paths are relative to that file.
    realign: align pictures again that are aligned crops already; else they are kept as they are.
    chunk: photos a unit of work; None chooses by the number of photos. The content of the
        dataset does not depend on the number of workers.
    """

    crops: tuple[str, ...] = ("ffhq-fast:1024",)
    format: str = "png"
    annotators: tuple[str, ...] = ()
    heads: tuple[str, ...] = ()
    realign: bool = False
    chunk: Annotated[int, Field(gt=0, le=4096)] | None = None
    photos: Limits = Limits()
    detector: DetectorSettings = DetectorSettings()
    rules: RuleSettings = RuleSettings()

    @classmethod
    def load(cls, path: str | Path) -> Recipe:
        """Read a TOML file.

        Raises:
            RecipeError: it cannot be read, is not TOML, or says what a recipe does not know.
        """
        data = read_toml(Path(path), "the recipe", RecipeError)
        recipe = cls.from_dict(data, where=str(path))
        folder = Path(path).parent
        heads = tuple(str(folder / head) for head in recipe.heads)
        rules = recipe.rules.with_files(lambda file: str(folder / file))
        return recipe.model_copy(update={"heads": heads, "rules": rules})

    @classmethod
    def from_dict(cls, data: dict[str, Any], where: str = "recipe") -> Recipe:
        """Validate plain data.

        Raises:
            RecipeError: names the first key that is wrong and why.
        """
        try:
            return cls.model_validate(data)
        except ValidationError as error:
            raise RecipeError(f"{where}: {first_fault(error, whole='recipe')}") from error
