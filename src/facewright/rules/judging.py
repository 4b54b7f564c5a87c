"""Judge faces by several rules at once: who is dropped, by what, and what each rule does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from facewright.rules.basic import GATES, NO_CROP
from facewright.rules.chosen import Chosen, is_rule
from facewright.rules.columns import FaceColumns
from facewright.rules.rule import Mask

Lists = list[tuple[str, ...]]
_GATES = frozenset(gate.name for gate in GATES)


@dataclass(frozen=True, eq=False)
class Standing:
    """What the tables say of N faces before they are judged.

    Attributes:
        kept: (N,).
        combos: the different lists of reasons.
        combo: (N,) index into them.
        cropped: (N,) whether the face has a crop.
        crops: whether the dataset has crops at all.
    """

    kept: Mask
    combos: Lists
    combo: NDArray[np.int32]
    cropped: Mask
    crops: bool

    def having(self, reason: str) -> Mask:
        """(N,) whether a reason is among those of a face."""
        return np.array([reason in combo for combo in self.combos], bool)[self.combo]


@dataclass(frozen=True, slots=True)
class RuleCount:
    """What one reason does to a dataset.

    Attributes:
        name: of the reason.
        alone: faces it drops, asked alone.
        only: faces that it drops and nothing else does, in company of all the others.
        unknown: faces that it could not judge, and so left as they were.
        dropped: faces that it or one before it drops.
        kept: faces that are left after it.
    """

    name: str
    alone: int
    only: int
    unknown: int
    dropped: int
    kept: int


@dataclass(frozen=True, eq=False)
class Judgement:
    """What rules say of N faces.

    Attributes:
        standing: before.
        names: of the reasons, in order: those that stay whatever the rules say, the rules, and
            last `NO_CROP`.
        drops: (len(names), N).
        unknown: (len(names), N).
    """

    standing: Standing
    names: tuple[str, ...]
    drops: Mask
    unknown: Mask
    _times: NDArray[np.int32] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_times", self.drops.sum(axis=0, dtype=np.int32))

    def __len__(self) -> int:
        return len(self.standing.kept)

    @property
    def kept(self) -> Mask:
        """(N,) whether nothing drops the face."""
        alive: Mask = self._times == 0
        return alive

    @property
    def counts(self) -> list[RuleCount]:
        """What each reason does, in order; gone through from the first to the last."""
        found, gone = [], np.zeros(len(self), bool)
        for name, drops, unknown in zip(self.names, self.drops, self.unknown, strict=True):
            gone |= drops
            dropped = int(gone.sum())
            only = int((drops & (self._times == 1)).sum())
            figures = int(drops.sum()), only, int(unknown.sum())
            found.append(RuleCount(name, *figures, dropped, len(self) - dropped))
        return found

    @property
    def newly_dropped(self) -> int:
        """Faces that were kept and are not any more."""
        return int((self.standing.kept & ~self.kept).sum())

    @property
    def newly_kept(self) -> int:
        """Faces that were dropped and come back."""
        return int((~self.standing.kept & self.kept).sum())

    @cached_property
    def changed(self) -> Mask:
        """(N,) whether the face is kept or dropped otherwise, or for other reasons."""
        at = {combo: n for n, combo in enumerate(self.standing.combos)}
        new = np.array([at.get(combo, -1) for combo in self.reasons[0]], np.int32)
        other: Mask = new[self.reasons[1]] != self.standing.combo
        changed: Mask = other | (self.standing.kept != self.kept)
        return changed

    @cached_property
    def reasons(self) -> tuple[Lists, NDArray[np.int32]]:
        """The different lists of reasons, and (N,) index into them."""
        packed = np.packbits(self.drops, axis=0).T
        keys = np.ascontiguousarray(packed).view(f"V{max(packed.shape[1], 1)}").ravel()
        if not self.names:
            return [()], np.zeros(len(self), np.int32)
        _, first, combo = np.unique(keys, return_index=True, return_inverse=True)
        lists = [
            tuple(name for name, drops in zip(self.names, self.drops[:, at], strict=True) if drops)
            for at in first.tolist()
        ]
        return lists, combo.astype(np.int32)

    def by_first_reason(self) -> dict[str, int]:
        """Dropped faces by the first of their reasons, most frequent first, as manifests count."""
        lists, combo = self.reasons
        numbers = np.bincount(combo, minlength=len(lists)).tolist()
        found = Counter[str]()
        for names, number in zip(lists, numbers, strict=True):
            if names:
                found[names[0]] += number
        return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))

    def column(self, rows: slice = slice(None)) -> pa.Array:
        """The new column `reasons` of some faces."""
        lists, combo = self.reasons
        different = pa.array(lists, pa.list_(pa.string()))
        return different.take(pa.array(combo[rows]))


def judged(rules: Sequence[Chosen], faces: FaceColumns, standing: Standing) -> Judgement:
    """Judge faces.

    Reasons that no rule gives (the geometry, a broken file) stay. What a rule said before stays
    where it cannot judge any more. A face that was never cropped does not come back.

    Args:
        rules: in the order in which they are counted; the faces kept do not depend on it.
        faces: what they read.
        standing: what the tables say.

    Raises:
        UsageError: a rule cannot be asked so.
    """
    fixed = _fixed_reasons(standing)
    drops = [standing.having(reason) for reason in fixed]
    unknown = [np.zeros(len(faces), bool) for _ in fixed]
    for rule in rules:
        verdict = rule.judge(faces)
        drops.append(verdict.drop | (verdict.unknown & standing.having(rule.name)))
        unknown.append(verdict.unknown)
    names = [*fixed, *(rule.name for rule in rules)]
    lost = _never_cropped(standing) & ~np.any([np.zeros(len(faces), bool), *drops], axis=0)
    if lost.any():
        names.append(NO_CROP)
        drops.append(lost)
        unknown.append(np.zeros(len(faces), bool))
    shape = (len(names), len(faces))
    return Judgement(
        standing,
        tuple(names),
        np.array(drops, bool).reshape(shape),
        np.array(unknown, bool).reshape(shape),
    )


def _fixed_reasons(standing: Standing) -> list[str]:
    found = dict.fromkeys(reason for combo in standing.combos for reason in combo)
    return [reason for reason in found if not is_rule(reason) and reason != NO_CROP]


def _never_cropped(standing: Standing) -> Mask:
    """Faces that a gate kept from being cropped, in a dataset that has crops."""
    if not standing.crops:
        return np.zeros(len(standing.kept), bool)
    gated = np.array([bool({*combo} & {*_GATES, NO_CROP}) for combo in standing.combos], bool)
    return gated[standing.combo] & ~standing.cropped
