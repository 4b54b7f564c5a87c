"""Fit a direction: sample styles, look at the pictures with the annotators, separate them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from facewright.annotators.learn.calibration import auc
from facewright.annotators.learn.fitting import scikit_learn
from facewright.annotators.pipeline import Pipeline
from facewright.attributes.face_table import FaceTable
from facewright.errors import UsageError
from facewright.generate.directions import Direction
from facewright.record import Record
from facewright.schema import to_table
from facewright.vision.faces import find_faces
from facewright.vision.runtime import Runtime

Floats = NDArray[np.float32]

FEWEST = 100
"""Faces on each side, below which no direction is fitted."""
_AT_ONCE = 8
_FOLDS = 5
_STRENGTH = 0.02  # scikit-learn's C, on styles of unit variance: hundreds of them, few samples


class Styled(Protocol):
    """What is needed of a network: `Network` has it, and `Eg3d`, seen from the front."""

    @property
    def sha256(self) -> str:
        """Of its published file."""

    def latents(self, seeds: Sequence[int]) -> Floats:
        """(N, z_dim)."""

    def map(self, z: Any) -> Floats:
        """(N, num_ws, w_dim)."""

    def synthesize(self, ws: Any) -> NDArray[np.uint8]:
        """(N, S, S, 3)."""


@dataclass(frozen=True, eq=False)
class Sample:
    """Styles with what the annotators saw.

    network: its sha256. styles: (N, w_dim), the same in all layers. table: a row each.
    faceless: how many pictures had no face, and are not among them.
    """

    network: str
    styles: Floats
    table: FaceTable
    faceless: int


def sample_styles(
    network: Styled,
    count: int,
    *,
    seed: int = 0,
    runtime: Runtime | None = None,
    progress: Callable[[int], None] = lambda _: None,
) -> Sample:
    """Make pictures of random styles and annotate the largest face of each.

    Args:
        network: whose styles.
        count: pictures; some two thousand give a direction that holds.
        seed: of the first picture; the next follow.
        runtime: where the annotators run; None for the CPU.
        progress: called with the number of pictures made so far.

    Raises:
        UsageError: no picture has a face.
    """
    runtime = runtime or Runtime()
    found = _Found(Pipeline())
    for start in range(0, count, _AT_ONCE):
        seeds = range(seed + start, seed + min(start + _AT_ONCE, count))
        found.look(network, seeds, runtime)
        progress(min(start + _AT_ONCE, count))
    if not found.count:
        raise UsageError(f"none of {count} pictures has a face: is it a generator of faces?")
    faces = FaceTable("the samples", pa.concat_tables(found.tables))
    return Sample(network.sha256, np.concatenate(found.styles), faces, count - found.count)


@dataclass
class _Found:
    """What has been seen so far. count: of pictures with a face."""

    pipeline: Pipeline
    styles: list[Floats] = field(default_factory=list)
    tables: list[pa.Table] = field(default_factory=list)
    count: int = 0

    def look(self, network: Styled, seeds: Sequence[int], runtime: Runtime) -> None:
        """Draw the pictures of some seeds and keep what is read in each largest face."""
        ws = network.map(network.latents(seeds))
        faces = find_faces(list(network.synthesize(ws)), runtime)
        # Faces of a photo are sorted by size: the first of each is the largest.
        photo, largest = np.unique(faces.photo, return_index=True)
        if not len(photo):
            return
        seen = self.pipeline.annotate(faces.take(largest.tolist()), runtime)
        ids = [f"sample-{self.count + n}" for n in range(len(photo))]
        self.tables.append(to_table(Record, {**seen, "face_id": ids}, len(photo)))
        self.styles.append(ws[photo, 0])
        self.count += len(photo)


def fit_direction(
    sample: Sample,
    attribute: str,
    level: str | None = None,
    *,
    layers: tuple[int, int] | None = None,
    apart_from: Sequence[Direction] = (),
) -> Direction:
    """Separate styles by an attribute.

    Args:
        sample: at least some hundred faces on each side.
        attribute: any that `facewright.attributes` knows.
        level: the class to lead to; None for a number, or for the first of two classes.
        layers: from which layer up to which styles are to be moved; None for all.
        apart_from: directions that are left as they are: the new one is at right angles to them.

    Raises:
        UsageError: no such attribute or level, or too few faces of one side.
    """
    values = _values(sample.table, attribute, level)
    styles, known = sample.styles[values.known], values.numbers[values.known]
    sides = _sides(known, number=values.level is None)
    few = min(int((sides == side).sum()) for side in (0, 1))
    if few < FEWEST:
        raise UsageError(
            f"{attribute}{f' = {values.level}' if values.level else ''}: {few} faces on the"
            f" rarer side, at least {FEWEST} are needed; sample more pictures"
        )
    vector = _normal(styles, sides, apart_from)
    slope, intercept = _line(styles @ vector, known, number=values.level is None)
    return Direction(
        attribute,
        values.level,
        values.against,
        vector.astype(np.float32),
        slope,
        intercept,
        float((styles @ vector).std()),
        layers,
        _held_out(styles, sides, apart_from),
        len(styles),
        sample.network,
    )


@dataclass(frozen=True, eq=False)
class _Values:
    """An attribute's value a face: 1 and 0 for classes. known: rows where there is one."""

    level: str | None
    against: str | None
    numbers: NDArray[np.float64]

    @property
    def known(self) -> NDArray[np.bool_]:
        return np.isfinite(self.numbers)


def _values(table: FaceTable, name: str, level: str | None) -> _Values:
    attribute = table.attribute(name)
    if attribute.measure is not None:
        if level is not None:
            raise UsageError(f"{name} is a number: its direction has no level '{level}'")
        return _Values(None, None, table.numbers(attribute.measure))
    (coded,) = table.coded([attribute])
    level = coded.levels[0] if level is None and len(coded.levels) == 2 else level
    if level not in coded.levels:
        raise UsageError(f"{name}: name the level to lead to, of {', '.join(coded.levels)}")
    others = [each for each in coded.levels if each != level]
    found = np.where(coded.codes == coded.levels.index(level), 1.0, 0.0)
    found[coded.codes < 0] = np.nan
    return _Values(level, others[0] if len(others) == 1 else None, found)


def _sides(values: NDArray[np.float64], *, number: bool) -> NDArray[np.int64]:
    """1 and 0 for the two sides of the boundary; -1 for numbers between the outer quarters."""
    if not number:
        return values.astype(np.int64)
    low, high = np.quantile(values, (0.25, 0.75)) if len(values) else (0.0, 0.0)
    return np.where(values >= high, 1, np.where(values <= low, 0, -1))


def _normal(
    styles: Floats, sides: NDArray[np.int64], apart_from: Sequence[Direction]
) -> NDArray[np.float64]:
    """Unit normal (w_dim,) of the boundary, at right angles to other directions."""
    used = sides >= 0
    rows = styles[used].astype(np.float64)
    regression = scikit_learn().linear_model.LogisticRegression(
        C=_STRENGTH, class_weight="balanced", max_iter=1000
    )
    regression.fit((rows - rows.mean(axis=0)) / max(rows.std(), 1e-9), sides[used])
    normal: NDArray[np.float64] = regression.coef_[0]
    if apart_from:
        basis, _ = np.linalg.qr(np.array([d.vector for d in apart_from], np.float64).T)
        normal = normal - basis @ (basis.T @ normal)
    length = np.linalg.norm(normal)
    if length < 1e-9:
        raise UsageError("nothing is left of the direction beside those that it is to leave alone")
    return normal / length


def _held_out(styles: Floats, sides: NDArray[np.int64], apart_from: Sequence[Direction]) -> float:
    """AUC of styles on the normals that were fitted without them."""
    used = np.flatnonzero(sides >= 0)
    folds = np.random.default_rng(0).permutation(len(used)) % _FOLDS
    score = np.zeros(len(used))
    for fold in range(_FOLDS):
        train, test = used[folds != fold], used[folds == fold]
        score[folds == fold] = styles[test] @ _normal(styles[train], sides[train], apart_from)
    return auc(sides[used] == 1, score)


def _line(
    places: NDArray[np.float64], values: NDArray[np.float64], *, number: bool
) -> tuple[float, float]:
    """What a place along the direction stands for: slope and intercept of value or log-odds."""
    if number:
        centred = places - places.mean()
        slope = float(centred @ values / max(float(centred @ centred), 1e-12))
        return slope or 1e-9, float(values.mean() - slope * places.mean())
    regression = scikit_learn().linear_model.LogisticRegression(class_weight="balanced")
    scale = max(float(places.std()), 1e-9)
    regression.fit((places / scale)[:, None], values.astype(int))
    return float(regression.coef_[0, 0] / scale), float(regression.intercept_[0])
