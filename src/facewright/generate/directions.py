"""Direction: along what styles of a network an attribute changes, and moving along several.

Shen et al. 2020 (InterFaceGAN, arXiv:1907.10786): the normal of the hyperplane that separates
styles by an attribute. Several wishes are met together by the smallest step that meets all.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import ArrayLike, NDArray

from facewright.errors import UsageError
from facewright.store.atomic import atomic_file

FORMAT = "facewright-direction/1"
SURE = math.log(9)
"""Log-odds up to which a class is steered: nine in ten are taken for it."""

Floats = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Direction:
    """Along what an attribute changes.

    Attributes:
        attribute: as `facewright.attributes` names it: "sex", "age".
        level: the class at the positive end; None for a number.
        against: the class at the negative end; None for a number, or where it is "any other".
        vector: (w_dim,) of length 1.
        slope: what a step of 1 along the vector changes: log-odds of the level, or the number.
        intercept: the same where the projection on the vector is 0.
        spread: standard deviation of sampled styles along the vector.
        layers: from which layer up to which (without it) styles are moved; None for all.
        auc: held out: chance that a style of the level lies farther along than another one; of a
            number, of the upper quarter against the lower.
        samples: faces that it was fitted on.
        network: sha256 of the network that it belongs to.
    """

    attribute: str
    level: str | None
    against: str | None
    vector: Floats
    slope: float
    intercept: float
    spread: float
    layers: tuple[int, int] | None
    auc: float
    samples: int
    network: str

    def moved(self, ws: ArrayLike, strength: float) -> Floats:
        """Styles moved by so many standard deviations.

        Args:
            ws: (N, num_ws, w_dim).
            strength: positive towards `level` or larger numbers.
        """
        out = np.array(ws, np.float32)
        out[:, self.places] += np.float32(strength * self.spread) * self.vector
        return out

    @property
    def places(self) -> slice:
        """Layers that are moved."""
        return slice(None) if self.layers is None else slice(*self.layers)

    def score(self, ws: ArrayLike) -> NDArray[np.float64]:
        """What styles are taken for: log-odds of the level, or the number.

        Args:
            ws: (N, num_ws, w_dim).

        Returns:
            (N,).
        """
        styles = np.asarray(ws, np.float64)[:, self.places].mean(axis=1)
        found: NDArray[np.float64] = styles @ self.vector * self.slope + self.intercept
        return found

    def missing(self, ws: ArrayLike, value: object) -> NDArray[np.float64]:
        """How far along the vector styles still have to go for a value.

        Args:
            ws: (N, num_ws, w_dim).
            value: a class or a number.

        Returns:
            (N,) signed lengths; 0 where a class is sure enough already.

        Raises:
            UsageError: a value that the direction does not lead to.
        """
        why = self.refuse(value)
        if why is not None:
            raise UsageError(why)
        score = self.score(ws)
        if self.level is None:
            wanted = np.full_like(score, float(str(value)))
        elif value == self.level:
            wanted = np.maximum(score, SURE)
        else:
            wanted = np.minimum(score, -SURE)
        return (wanted - score) / self.slope

    def refuse(self, value: object) -> str | None:
        """Why it does not lead to a value; None where it does."""
        if self.level is None:
            numeric = isinstance(value, int | float) and not isinstance(value, bool)
            return None if numeric else f"{self.attribute} is a number, not {value!r}"
        if value in {self.level, self.against}:
            return None
        ends = " or ".join(end for end in (self.level, self.against) if end)
        return f"the direction of {self.attribute} leads to {ends}, not to {value!r}"

    def save(self, path: str | Path) -> None:
        """Write an .npz without pickles, whole or not at all.

        Raises:
            StorageError: it cannot be written.
        """
        meta = {name: getattr(self, name) for name in _PLAIN}
        with atomic_file(Path(path)) as file:
            text = json.dumps({"format": FORMAT, **meta}, sort_keys=True)
            np.savez(file, meta=np.array(text), vector=self.vector)

    @classmethod
    def load(cls, path: str | Path) -> Direction:
        """Read what `save` wrote.

        Raises:
            UsageError: no such file, damaged, or something else.
        """
        try:
            with np.load(path, allow_pickle=False) as data:
                meta: dict[str, Any] = json.loads(str(data["meta"]))
                return _checked(meta, np.array(data["vector"], np.float32))
        except OSError as error:
            raise UsageError(f"cannot read {path}: {error.strerror or error}") from error
        except (ValueError, KeyError, TypeError, EOFError, BadZipFile) as error:
            raise UsageError(
                f"{path} is no direction that facewright fitted ({error}); fit it again"
            ) from None


_PLAIN = (
    "attribute",
    "level",
    "against",
    "slope",
    "intercept",
    "spread",
    "layers",
    "auc",
    "samples",
    "network",
)
_TEXTS, _ENDS = ("attribute", "network"), ("level", "against")
_NUMBERS = ("slope", "intercept", "spread", "auc")


def _checked(meta: dict[str, Any], vector: Floats) -> Direction:
    layers = meta["layers"]
    sound = (
        meta.pop("format") == FORMAT
        and set(meta) == set(_PLAIN)
        and vector.ndim == 1
        and abs(float(np.linalg.norm(vector)) - 1) < 1e-3
        and all(isinstance(meta[name], str) for name in _TEXTS)
        and all(meta[name] is None or isinstance(meta[name], str) for name in _ENDS)
        and all(isinstance(meta[name], float) for name in _NUMBERS)
        and all(math.isfinite(meta[name]) for name in _NUMBERS)
        and meta["slope"] != 0
    )
    if not sound:
        raise ValueError("it is of another format")
    if layers is not None:
        first, last = layers
        layers = (int(first), int(last))
    return Direction(**{**meta, "layers": layers}, vector=vector)


def steered(ws: ArrayLike, wishes: Mapping[str, object], directions: Sequence[Direction]) -> Floats:
    """Styles moved so that an order's attributes are met, all at once.

    Directions are seldom at right angles: the step is the shortest one whose projections on all
    of them are those that are missing, so that one wish does not undo another.

    Args:
        ws: (N, num_ws, w_dim).
        wishes: attribute to class or number.
        directions: of the same network; those whose attribute nobody wishes for hold still what
            they stand for. Several of one attribute: the one that leads to the value is taken.

    Raises:
        UsageError: a wish without a direction that leads there, or a direction of another
            length.
    """
    out = np.array(ws, np.float32)
    chosen = [leading(directions, name, value) for name, value in wishes.items()]
    if not chosen:
        return out
    still = [d for d in directions if d.attribute not in wishes]
    everyone = [*chosen, *still]
    if any(d.vector.shape != out.shape[-1:] for d in everyone):
        raise UsageError("a direction belongs to another network: fit it on this one")
    lengths = np.zeros((len(out), len(everyone)))
    for column, (direction, value) in enumerate(zip(chosen, wishes.values(), strict=True)):
        lengths[:, column] = direction.missing(out, value)
    vectors = np.array([d.vector for d in everyone], np.float64)
    steps = lengths @ np.linalg.pinv(vectors @ vectors.T, rcond=1e-6)
    for column, direction in enumerate(everyone):
        out[:, direction.places] += (steps[:, column, None, None] * direction.vector).astype(
            np.float32
        )
    return out


def leading(directions: Sequence[Direction], attribute: str, value: object) -> Direction:
    """The direction that leads to a value of an attribute.

    Raises:
        UsageError: there is none; says what there is.
    """
    own = [d for d in directions if d.attribute == attribute]
    for direction in own:
        if direction.refuse(value) is None:
            return direction
    if own:
        raise UsageError(str(own[0].refuse(value)))
    known = ", ".join(sorted({d.attribute for d in directions})) or "none"
    raise UsageError(f"there is no direction for {attribute}; there are: {known}")
