"""Orders of synthetic faces: what can be wanted, and what an order comes to before it is made."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Mapping, Sequence
from statistics import fmean
from typing import Any, Final

from facewright.attributes.attribute import words
from facewright.attributes.known import ATTRIBUTES
from facewright.generate.base import Generator, check_order, generator
from facewright.generate.order import plan_order, read_target
from facewright.generate.spec import Spec
from facewright.generate.vocabulary import EXCLUSIVE, VOCABULARY, Choice, Kind, Mix, Number
from facewright.generate.wanted import Wanted
from facewright.server.asking.filters import FilterError
from facewright.server.jobs.settings import GeneratorChoice, JobSettings
from facewright.server.jobs.shapes import MOST_MADE, SIDES, OrderAsked

_KNOWN: Final = {each.name: each for each in ATTRIBUTES}
_DIGITS: Final = 4


def spec_of(asked: OrderAsked, settings: JobSettings) -> Spec:
    """The order as `facewright generate` takes it; what a generator is told is the server's alone.

    Raises:
        UsageError: no such generator, or the order cannot be read.
    """
    choice = _choice(asked, settings)
    told = asked.model_dump(exclude={"kind", "name", "generator"}, exclude_none=True)
    seed = told.pop("seed", None)
    return Spec.from_dict(
        {
            **told,
            "order": tuple(told["order"]),
            "seed": secrets.randbelow(2**53) if seed is None else seed,
            "quality": asked.quality or choice.quality,
            "generator": choice.generator,
            "options": choice.options,
        }
    )


def planned(asked: OrderAsked, settings: JobSettings) -> tuple[Spec, list[Wanted]]:
    """The order, and every picture that it comes to.

    Raises:
        UsageError: it cannot be read, is too large, does not go together, or is none that the
            generator can make.
    """
    spec = spec_of(asked, settings)
    if _most_pictures(asked) > MOST_MADE:  # before each of them is thought of
        raise FilterError("count", f"more than {MOST_MADE} pictures")
    pictures = plan_order(spec)
    check_order(generator(spec.generator, spec.quality, spec.options), pictures, "order")
    return spec, pictures


def plan_told(spec: Spec, pictures: Sequence[Wanted]) -> dict[str, Any]:
    """What an order comes to, of the attributes that it names."""
    lines = (name for line in spec.order for name in line if name in VOCABULARY)
    of_target = read_target(spec.target).attributes if spec.target is not None else ()
    views = ("yaw", "pitch") if spec.views is not None else ()
    faces = ("emotion",) if spec.expressions is not None else ()
    names = dict.fromkeys((*of_target, *spec.attributes, *lines, *views, *faces))
    values = {
        name: [each.attributes[name] for each in pictures if name in each.attributes]
        for name in names
    }
    numeric = {name for name in names if isinstance(VOCABULARY[name], Number)}
    return {
        "pictures": len(pictures),
        "people": len({each.identity for each in pictures}),
        "shares": {n: _shares(v) for n, v in values.items() if n not in numeric},
        "numbers": {n: _span(v) for n, v in values.items() if n in numeric and v},
    }


def vocabulary() -> dict[str, Any]:
    """Everything that an order may name, for forms."""
    return {
        "attributes": [_attribute(name, kind) for name, kind in VOCABULARY.items()],
        "exclusive": [list(pair) for pair in EXCLUSIVE],
        "sizes": list(SIDES),
        "most": MOST_MADE,
    }


def generator_told(name: str, choice: GeneratorChoice) -> dict[str, Any]:
    """A generator that visitors may order from.

    Raises:
        UsageError: it is not installed, or its options are wrong.
    """
    maker: Generator = generator(choice.generator, choice.quality, choice.options)
    return {
        "name": name,
        "title": name,
        "summary": choice.summary or maker.card.summary,
        "quality": choice.quality,
        "qualities": ["draft", "standard", "hq"],
        "refuses": [each for each in VOCABULARY if each not in maker.card.attributes],
        "same_person": maker.card.same_person,
    }


def _choice(asked: OrderAsked, settings: JobSettings) -> GeneratorChoice:
    known = settings.generators
    name = asked.generator or next(iter(known), "")
    if name not in known:
        there = ", ".join(known) or "none"
        raise FilterError("generator", f"no generator {name[:80]!r} is set up; there are: {there}")
    return known[name]


def _most_pictures(asked: OrderAsked) -> int:
    """Pictures that an order may come to."""
    each = (asked.views or 1) * (asked.expressions or 1)
    lines = sum(n for n in (line.get("count") for line in asked.order) if isinstance(n, int))
    return max(asked.count or 0, (asked.persons or 1) * each) + lines * each


def _shares(values: Sequence[Any]) -> dict[str, float]:
    counted = Counter(map(str, values))
    return {key: round(count / len(values), _DIGITS) for key, count in sorted(counted.items())}


def _span(values: Sequence[Any]) -> dict[str, float]:
    numbers = [float(value) for value in values]
    return {"low": min(numbers), "high": max(numbers), "mean": round(fmean(numbers), _DIGITS)}


def _attribute(name: str, kind: Kind) -> dict[str, Any]:
    known = _KNOWN.get(name)
    told: dict[str, Any] = {
        "name": name,
        "title": known.title if known else words(name).capitalize(),
        "kind": {Choice: "choice", Number: "number", Mix: "mix"}[type(kind)],
        "of_person": kind.of_person,
    }
    if isinstance(kind, Number):
        return {
            **told, "low": kind.low, "high": kind.high, "unit": kind.unit, "whole": kind.whole
        }  # fmt: skip
    labels: Mapping[str, str] = (known.levels if known else None) or {}
    keys = kind.levels if isinstance(kind, Choice) else kind.parts
    return {**told, "levels": [{"key": key, "label": labels.get(key, words(key))} for key in keys]}
