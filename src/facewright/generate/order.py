"""From a Spec to the pictures wanted: every choice that can be made ahead is made here.

Shares are met exactly, to within one picture, not on average; what chance decides follows from
the seed alone. The attributes of a person are drawn once for all pictures of that person.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from pathlib import Path
from typing import Any, Final

import numpy as np

from facewright.attributes.face_table import FaceTable
from facewright.balance.quotas import controlled
from facewright.balance.sentence import parse_target
from facewright.balance.target import Target
from facewright.balance.target_file import FILES, load_target
from facewright.errors import UsageError
from facewright.generate.distribution import Distribution, Fixed, read_distribution
from facewright.generate.spec import MOST, Spec
from facewright.generate.vocabulary import (
    AGE_GROUPS,
    EXCLUSIVE,
    POSES,
    VOCABULARY,
    Value,
    check_level,
    kind_of,
)
from facewright.generate.wanted import Wanted, check_possible, impossible
from facewright.record import Record
from facewright.schema import arrow_schema
from facewright.stats.cells import Cells

Chosen = dict[str, Value]

_YAWS: Final = (-35.0, 0.0, 35.0)
_PITCHES: Final = (15.0, 0.0, -15.0)
_WIDEST: Final = 45.0
_OF_MEN: Final = ("beard", "moustache", "bald")
"""Shares of these are shares of the men, so that chance gives no woman a beard."""
_EXPRESSIONS: Final = (
    "neutral",
    "happiness",
    "surprise",
    "sadness",
    "anger",
    "fear",
    "disgust",
    "contempt",
)


def plan_order(spec: Spec, where: str = "order") -> list[Wanted]:
    """Decide every picture of an order.

    Args:
        spec: what is asked for.
        where: file or command, for errors.

    Raises:
        UsageError: an attribute, level or number is unknown, shares do not add up, or what is
            asked for does not go together.
    """
    views, faces = _views(spec, where), _expressions(spec, where)
    wishes = _wishes(spec, where)
    of_person = {n: d for n, d in wishes.items() if kind_of(n, where).of_person}
    of_picture = {n: d for n, d in wishes.items() if n not in of_person}
    people = _people(spec, where, len(views) * len(faces), of_person)
    pictures = [
        (number, {**person, **view, **face})
        for number, person in enumerate(people)
        for view, face in product(views, faces)
    ]
    if len(pictures) > MOST:
        raise UsageError(f"{where}: {len(pictures)} pictures are more than {MOST}")
    rng = np.random.default_rng([spec.seed, 1])
    drawn = {name: wish.draw(len(pictures), rng) for name, wish in of_picture.items()}
    for n, (_, chosen) in enumerate(pictures):
        for name, values in drawn.items():
            chosen.setdefault(name, values[n])
    return [_wanted(spec, n, person, chosen, where) for n, (person, chosen) in enumerate(pictures)]


# -- people ------------------------------------------------------------------------------------


def _people(
    spec: Spec, where: str, pictures_each: int, wishes: Mapping[str, Distribution]
) -> list[Chosen]:
    """Attributes of every person: those of the target jointly, then those wished for."""
    rng = np.random.default_rng([spec.seed, 0])
    ordered = _ordered(spec, where)
    rest = _number_of_people(spec, where, pictures_each, len(ordered))
    shared: list[Chosen] = _of_target(spec, where, rest, rng) or [{} for _ in range(rest)]
    people = shared + ordered
    for name, wish in wishes.items():
        free = [person for person in people if not _has(person, name)]
        if name in _OF_MEN and len(wish.pieces) > 1:
            women = [person for person in free if person.get("sex") == "female"]
            free = [person for person in free if person.get("sex") != "female"]
            for person in women:
                person[name] = "no"
        for person, value in zip(free, wish.draw(len(free), rng), strict=True):
            person[name] = value
    for person in people:
        _settle(person, rng)
        _fit(person, wishes, rng, where)
    return people


def _number_of_people(spec: Spec, where: str, pictures_each: int, ordered: int) -> int:
    if spec.persons is not None:
        if spec.count is not None and spec.count != spec.persons * pictures_each:
            raise UsageError(
                f"{where}: {spec.persons} persons in {pictures_each} pictures each are"
                f" {spec.persons * pictures_each} pictures, not count = {spec.count}; leave one out"
            )
        return spec.persons
    if spec.count is None:
        if ordered:
            return 0
        if pictures_each > 1:
            return 1
        raise UsageError(f"{where}: say how many: count = 100, or persons = 10")
    if spec.count % pictures_each:
        raise UsageError(
            f"{where}: count = {spec.count} is no multiple of the {pictures_each} pictures of each"
            " person; say persons = N instead"
        )
    return spec.count // pictures_each


def _of_target(spec: Spec, where: str, count: int, rng: np.random.Generator) -> list[Chosen]:
    """A person for each place in the target's cells, in random order."""
    if spec.target is None:
        return []
    target = read_target(spec.target)
    for name in target.attributes:
        kind_of(name, f"{where}: target")
    table = FaceTable("the order", arrow_schema(Record).empty_table())
    cells = Cells.of(table.coded([table.attribute(name) for name in target.attributes]))
    shares = np.asarray(target.expected(cells), np.float64)
    names = target.attributes
    groups = {tuple(names.index(name) for name in part.attributes) for part in target.parts}
    groups |= {(axis,) for axis in range(len(names))}
    number = controlled(shares.reshape(cells.counts.shape), count, sorted(groups)).reshape(-1)
    out: list[Chosen] = []
    for key, many in zip(cells.keys(), number.tolist(), strict=True):
        if many:
            cell = dict(zip(target.attributes, key, strict=True))
            fixed = {
                n: read_distribution(n, level, f"{where}: target") for n, level in cell.items()
            }
            drawn = {n: wish.draw(many, rng) for n, wish in fixed.items()}
            out += [{n: drawn[n][i] for n in drawn} for i in range(many)]
    return [out[n] for n in rng.permutation(len(out))]


def read_target(written: str) -> Target:
    """A target from a file's path, by how that ends, or from a sentence.

    Raises:
        UsageError: it cannot be read.
    """
    is_file = Path(written).suffix.lower() in FILES
    return load_target(written) if is_file else parse_target(written)


def _ordered(spec: Spec, where: str) -> list[Chosen]:
    """A person for each picture of the `order` tables."""
    out: list[Chosen] = []
    for number, line in enumerate(spec.order, start=1):
        here = f"{where}: order {number}"
        count = line.get("count")
        if isinstance(count, bool) or not isinstance(count, int) or not 0 < count <= MOST:
            raise UsageError(f"{here}: count must be a whole number above 0, not {count!r}")
        rng = np.random.default_rng([spec.seed, 2, number])
        wishes = {n: read_distribution(n, v, here) for n, v in line.items() if n != "count"}
        _refuse_twice(wishes, here)
        drawn = {name: wish.draw(count, rng) for name, wish in wishes.items()}
        out += [{name: drawn[name][i] for name in drawn} for i in range(count)]
    return out


def _settle(person: Chosen, rng: np.random.Generator) -> None:
    """Turn what has levels and numbers into numbers: an age group into an age."""
    for name, number, ranges in (("age_group", "age", AGE_GROUPS), ("pose", "yaw", POSES)):
        if name in person and number not in person:
            low, high = ranges[str(person[name])]
            found = rng.uniform(low, high)
            person[number] = float(np.floor(found)) if number == "age" else round(found, 1)
    if "smile" in person and "emotion" not in person:
        person["emotion"] = "happiness" if person["smile"] == "yes" else "neutral"


def _fit(
    person: Chosen, wishes: Mapping[str, Distribution], rng: np.random.Generator, where: str
) -> None:
    """Give a person whom chance made impossible other values of what may vary.

    Raises:
        UsageError: nothing of it may vary.
    """
    for name in ("beard", "moustache", "bald", "eye_makeup", "lip_makeup"):
        if impossible(person) is None:
            return
        wish = wishes.get(name)
        if wish is not None and any(
            isinstance(piece, Fixed) and piece.value == "no" for piece in wish.pieces
        ):
            person[name] = "no"
    age = wishes.get("age")
    for _ in range(200):
        if impossible(person) is None or age is None:
            break
        person["age"] = age.draw(1, rng)[0]
    check_possible(person, where)


# -- pictures ------------------------------------------------------------------------------------


def _wishes(spec: Spec, where: str) -> dict[str, Distribution]:
    here = f"{where}: attributes"
    wishes = {name: read_distribution(name, v, here) for name, v in spec.attributes.items()}
    _refuse_twice(wishes, here)
    return wishes


def _refuse_twice(wishes: Mapping[str, Any], where: str) -> None:
    for one, other in EXCLUSIVE:
        if one in wishes and other in wishes:
            raise UsageError(f"{where}: {one} and {other} say the same thing; give one of them")


def _has(person: Chosen, name: str) -> bool:
    """Whether a person has this attribute already, under either of its names."""
    other = {a: b for pair in EXCLUSIVE for a, b in (pair, pair[::-1])}.get(name)
    return name in person or other in person


def _views(spec: Spec, where: str) -> list[Chosen]:
    """Poses that each person is shown in; one empty one where nothing is said."""
    if spec.views is None:
        return [{}]
    if isinstance(spec.views, int):
        if spec.views == len(_YAWS) * len(_PITCHES):
            return [{"yaw": yaw, "pitch": pitch} for pitch in _PITCHES for yaw in _YAWS]
        yaws = np.linspace(-_WIDEST, _WIDEST, spec.views) if spec.views > 1 else [0.0]
        return [{"yaw": round(float(yaw), 1), "pitch": 0.0} for yaw in yaws]
    out = []
    for number, line in enumerate(spec.views, start=1):
        here = f"{where}: view {number}"
        rng = np.random.default_rng([spec.seed, 3, number])
        for name in line:
            if kind_of(name, here).of_person:
                raise UsageError(f"{here}: {name} belongs to a person, not to a picture")
        out.append({n: read_distribution(n, v, here).draw(1, rng)[0] for n, v in line.items()})
    return out or [{}]


def _expressions(spec: Spec, where: str) -> list[Chosen]:
    if spec.expressions is None:
        return [{}]
    if isinstance(spec.expressions, int):
        return [{"emotion": name} for name in _EXPRESSIONS[: spec.expressions]]
    for name in spec.expressions:
        check_level("emotion", name, f"{where}: expressions")
    return [{"emotion": name} for name in spec.expressions] or [{}]


def _wanted(spec: Spec, number: int, person: int, chosen: Chosen, where: str) -> Wanted:
    rng = np.random.default_rng([spec.seed, 4, number])
    _settle(chosen, rng)
    check_possible(chosen, where)
    seeds = np.random.SeedSequence([spec.seed, 5, person]).generate_state(1, np.uint64)
    own = np.random.SeedSequence([spec.seed, 6, number]).generate_state(1, np.uint64)
    ordered = {name: chosen[name] for name in VOCABULARY if name in chosen}
    return Wanted(
        f"{number:06d}", f"person-{person:06d}", int(own[0]), int(seeds[0]), spec.size, ordered
    )
