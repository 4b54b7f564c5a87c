"""Order: faces that are wanted and not there, in a file that a generator takes.

    # what my-faces lacks for 6000 faces of: equal over sex x age_group

    [[order]]
    count = 120
    sex = "female"
    age_group = "elderly"

Every line but `count` is an attribute and the key of its level. `facewright generate` takes the
file as it is. JSON holds the same: {"why": ..., "order": [{"count": 120, "sex": "female", ...}]}.
"""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Annotated, Any, Final, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from facewright.errors import UsageError
from facewright.settings_file import first_fault
from facewright.store.atomic import write_atomic

_COUNT: Final = "count"
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")
_BARE: Final = re.compile(r"[A-Za-z0-9_-]+")


class OrderLine(BaseModel):
    """So many faces of these levels."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    count: Annotated[int, Field(ge=1, strict=True, description="faces wanted")]
    attributes: Annotated[
        dict[str, str], Field(min_length=1, description="attribute to the key of its level")
    ]

    @model_validator(mode="before")
    @classmethod
    def _gather(cls, data: Any) -> Any:
        """A flat table is a count and attributes."""
        if not isinstance(data, dict) or isinstance(data.get("attributes"), dict):
            return data
        rest = {key: value for key, value in data.items() if key != _COUNT}
        return {"attributes": rest} | ({_COUNT: data[_COUNT]} if _COUNT in data else {})

    def flat(self) -> dict[str, int | str]:
        """As it is written."""
        return {_COUNT: self.count, **self.attributes}


class Order(BaseModel):
    """Faces to generate.

    Attributes:
        why: what they are for, one line; a comment at the head of a TOML file.
        order: so many of each kind.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    why: str = ""
    order: tuple[OrderLine, ...] = ()

    @property
    def total(self) -> int:
        """Faces in all."""
        return sum(line.count for line in self.order)

    def save(self, path: Path) -> None:
        """Write it: JSON where the name ends in .json, else TOML.

        Raises:
            UsageError: an attribute is called "count", which a line says of itself.
            StorageError: it cannot be written.
        """
        if any(_COUNT in line.attributes for line in self.order):
            raise UsageError(f"{path}: an order cannot speak of an attribute called '{_COUNT}'")
        text = self._as_json() if path.suffix.lower() == ".json" else self._as_toml()
        write_atomic(path, text.encode())

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """Read what `save` writes.

        Raises:
            UsageError: it cannot be read or is no order; file and key are named.
        """
        place = Path(path)
        try:
            text = place.read_text(encoding="utf-8-sig")
            if place.suffix.lower() == ".json":
                return cls.model_validate_json(text)
            head = text.split("\n", 1)[0]
            why = head.removeprefix("# ") if head.startswith("# ") else ""
            return cls.model_validate({"why": why} | tomllib.loads(text))
        except OSError as error:
            raise UsageError(f"cannot read the order {place}: {error.strerror}") from error
        except ValidationError as error:
            raise UsageError(f"{place}: {first_fault(error, whole='order')}") from error
        except ValueError as error:
            raise UsageError(f"{place} is no order: {error}") from error

    def _as_json(self) -> str:
        data = {"why": self.why, "order": [line.flat() for line in self.order]}
        return json.dumps(data, indent=1, ensure_ascii=False) + "\n"

    def _as_toml(self) -> str:
        said = " ".join(_CONTROL.sub(" ", self.why).split())
        head = f"# {said}\n" if said else ""
        if not self.order:
            return head + "order = []\n"
        return head + "\n".join("[[order]]\n" + _lines(line) for line in self.order)


def _lines(line: OrderLine) -> str:
    return "".join(
        f"{key if _BARE.fullmatch(key) else _text(key)} = {_text(value)}\n"
        for key, value in line.flat().items()
    )


def _text(value: int | str) -> str:
    """A TOML basic string is a JSON string in which DEL is escaped, too."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
