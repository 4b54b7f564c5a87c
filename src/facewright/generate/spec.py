"""Spec: what `facewright generate` is asked for, from a TOML file, flags, or a balance's order.

count = 200
size = 256
seed = 1
target = "equal over sex x ethnicity; 50 % adults, 25 % children, 25 % elderly"

[attributes]
emotion = { happiness = 0.6, neutral = 0.4 }
yaw = "-30..30"

[[order]]                    # as `facewright balance --order` writes them: so many like this
count = 40
sex = "female"
age_group = "elderly"
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from facewright.balance.target_file import FILES
from facewright.errors import UsageError
from facewright.settings_file import first_fault, read_toml

SIZES: Final = (64, 2048)
MOST: Final = 10_000_000


class Spec(BaseModel):
    """An order of synthetic faces.

    count: pictures; with views and expressions it follows from `persons`.
    attributes: by name, each as `facewright.generate.distribution` reads it.
    target: how the attributes that it names are shared out jointly, as a sentence or a file.
    order: further pictures, so many of each kind.
    persons: different people; None for one a picture.
    views: a number (poses over yaw and pitch), or tables of pose, yaw, pitch, roll, gaze.
    expressions: a number, or emotions by name.
    quality: the generator's level: "draft", "standard" or "hq".
    against: folder of a dataset to none of whose faces a picture may be too near.
    attempts: how often a picture that the annotators do not confirm is made again.
    options: what only the generator understands.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    count: Annotated[int, Field(gt=0, le=MOST)] | None = None
    size: Annotated[int, Field(ge=SIZES[0], le=SIZES[1], description="side in pixels")] = 256
    seed: Annotated[int, Field(ge=0, lt=2**63)] = 0
    generator: str = "head3d"
    quality: Literal["draft", "standard", "hq"] = "standard"
    target: str | None = None
    attributes: dict[str, Any] = Field(default_factory=dict)
    order: tuple[dict[str, Any], ...] = ()
    persons: Annotated[int, Field(gt=0, le=MOST)] | None = None
    views: Annotated[int, Field(gt=0, le=100)] | tuple[dict[str, Any], ...] | None = None
    expressions: Annotated[int, Field(gt=0, le=8)] | tuple[str, ...] | None = None
    attempts: Annotated[int, Field(ge=1, le=20)] = 4
    against: str | None = None
    options: dict[str, Any] = Field(default_factory=dict)

    @classmethod
    def load(cls, path: Path) -> Spec:
        """Read a TOML file.

        Raises:
            UsageError: it cannot be read, is not TOML, or says what an order does not know.
        """
        spec = cls.from_dict(read_toml(path, "the order"), str(path))
        if spec.target and Path(spec.target).suffix.lower() in FILES:
            spec = spec.model_copy(update={"target": str(path.parent / spec.target)})
        if spec.against and (path.parent / spec.against).is_dir():
            spec = spec.model_copy(update={"against": str(path.parent / spec.against)})
        return spec

    @classmethod
    def from_dict(cls, data: dict[str, Any], where: str = "order") -> Spec:
        """Validate plain data.

        Raises:
            UsageError: names the first key that is wrong and why.
        """
        try:
            return cls.model_validate(data)
        except ValidationError as error:
            known = f"; known keys: {', '.join(cls.model_fields)}"
            more = known if error.errors()[0]["type"] == "extra_forbidden" else ""
            raise UsageError(f"{where}: {first_fault(error, whole='order')}{more}") from error
