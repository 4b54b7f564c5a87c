"""Model cards: what each vendored weight file is, where it is from and where it fails.

Cards are data, in `weights/cards.toml`; figures that scripts measure are in the optional
`weights/measured.json`, as ``{model id: [{"figure", "value", "on", "n", "script"}, ...]}``.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from facewright.errors import ModelError


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Tensor(_Frozen):
    """One input or output of a model.

    A string in `shape` is a free dimension: N for the batch, H and W for a picture's sides in
    pixels. `tolerance` of an output is the largest absolute difference from the source network on
    photographs that float16 storage and a rewritten graph may cause; a test holds it.
    """

    name: str
    dtype: Literal["uint8", "float32"]
    shape: tuple[int | str, ...]
    meaning: str
    labels: tuple[str, ...] = ()
    tolerance: float | None = None


class Origin(_Frozen):
    """The registry package and the file inside it that a weight file is rebuilt from."""

    registry: Literal["pypi", "npm", "facewright"]
    package: str
    version: str
    file: str
    upstream: str


class Measured(_Frozen):
    """One measured figure, the set it was measured on and the script that measures it."""

    figure: str
    value: float
    on: str
    n: int | None = None
    script: str


class ModelCard(_Frozen):
    """What a user must know about one weight file before trusting what it says.

    Licences are SPDX expressions: `licence_code` for the package that carries the weights,
    `licence_weights` for the weights themselves, which is the one that binds a user of Facewright.
    """

    id: str
    file: str
    task: str
    version: str
    licence_code: str
    licence_weights: str
    copyright: str
    origin: Origin
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    inputs: tuple[Tensor, ...] = ()
    outputs: tuple[Tensor, ...] = ()
    trained_on: str
    known_failures: tuple[str, ...]
    measured: tuple[Measured, ...] = ()

    @property
    def tolerance(self) -> dict[str, float]:
        """Largest absolute difference from the source network, by output name."""
        return {out.name: out.tolerance for out in self.outputs if out.tolerance is not None}


@cache
def model_cards() -> tuple[ModelCard, ...]:
    """The card of every vendored weight file, in the order a face meets them.

    Raises:
        ModelError: the cards are missing from the installation.
    """
    cards = tomllib.loads(_text("cards.toml"))["card"]
    figures = measured_figures()
    return tuple(_card(card, figures.get(card["id"], ())) for card in cards)


@cache
def measured_figures() -> dict[str, tuple[Measured, ...]]:
    """Measured figures by the id of a model or of an annotator; empty when none were measured."""
    try:
        text = _text("measured.json")
    except ModelError:
        return {}
    return {
        key: tuple(Measured.model_validate(figure) for figure in figures)
        for key, figures in json.loads(text).items()
    }


def model_card(model_id: str) -> ModelCard:
    """The card of one model.

    Raises:
        ModelError: there is no model of that id.
    """
    for card in model_cards():
        if card.id == model_id:
            return card
    known = ", ".join(card.id for card in model_cards())
    raise ModelError(f"no model is called {model_id!r}; there are: {known}")


def weights_path(model_id: str) -> Path:
    """Where the weight file of a model lies.

    Raises:
        ModelError: there is no such model, or its file is missing from the installation.
    """
    path = _folder() / model_card(model_id).file
    if not path.is_file():
        raise ModelError(f"{path}: the weights are missing; install facewright again")
    return path


def verify(model_id: str) -> None:
    """Check that a weight file is the one its card describes.

    Raises:
        ModelError: it is missing or its sha256 is another.
    """
    path = weights_path(model_id)
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != model_card(model_id).sha256:
        raise ModelError(f"{path}: sha256 {found} is not the card's; install facewright again")


def _card(data: dict[str, Any], measured: tuple[Measured, ...]) -> ModelCard:
    return ModelCard.model_validate({**data, "measured": measured})


def _folder() -> Path:
    """The folder of weights; wheels are installed unpacked, so it is a real one."""
    return Path(str(files("facewright"))) / "weights"


def _text(name: str) -> str:
    try:
        return (_folder() / name).read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise ModelError(f"{error.filename}: missing; install facewright again") from error
