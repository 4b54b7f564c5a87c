"""The rules that a recipe names, with their parameters checked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from facewright import plugins
from facewright.errors import RecipeError, UsageError
from facewright.recipe import RuleSettings
from facewright.record import ORDER_REASONS
from facewright.rules.basic import GATES, RULE_REASONS
from facewright.rules.columns import FaceColumns, Read
from facewright.rules.rule import Rule, RuleTable, Verdict
from facewright.settings_file import first_fault

GROUP: Final = "rules"
_GATE_NAMES: Final = frozenset(gate.name for gate in GATES)
_IDLE: Final = {"mesh_presence": 0.0, "min_face_size": 0.0, "max_outside": 1.0}
"""Limits at which a gate drops nothing."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A rule with its parameters.

    Attributes:
        name: of the reason: the rule's, and for one of several its own after a dot: "sql.minors".
        rule: which.
        settings: its parameters.
    """

    name: str
    rule: Rule[Any]
    settings: RuleTable

    @property
    def reads(self) -> tuple[Read, ...]:
        """The columns it reads."""
        return self.rule.reads_of(self.settings)

    @property
    def meaning(self) -> str:
        """Of the reason, for people; that of one of several says which."""
        own = self.name.partition(".")[2]
        return f"{self.rule.meaning}: {own}" if own else self.rule.meaning

    @property
    def parameters(self) -> dict[str, Any]:
        """All parameters as plain data, defaults included."""
        return self.settings.model_dump(mode="json")

    def judge(self, faces: FaceColumns) -> Verdict:
        """What it says of all faces.

        Raises:
            UsageError: it cannot be asked so; names the table of the recipe.
        """
        try:
            return self.rule.judge(faces, self.settings)
        except UsageError as error:
            raise RecipeError(f"rules.{self.name}: {error}") from error


@cache
def known_rules() -> dict[str, Rule[Any]]:
    """All rules that are installed, by name: the gates first."""
    others = {name: plugins.load(GROUP, name) for name in plugins.names(GROUP)}
    return {**{gate.name: gate for gate in GATES}, **others}


def is_rule(reason: str) -> bool:
    """Whether a reason is that of a rule, which can be judged again; else it stays for ever."""
    return reason.partition(".")[0] in {*_GATE_NAMES, *plugins.names(GROUP)}


def meaning_of(reason: str) -> str:
    """What a reason means, for people; empty where nobody says."""
    if reason in RULE_REASONS:
        return RULE_REASONS[reason]
    if reason in ORDER_REASONS:
        return ORDER_REASONS[reason]
    name, _, own = reason.partition(".")
    rule = known_rules().get(name)
    if rule is None:
        return ""
    return f"{rule.meaning}: {own}" if own else rule.meaning


def chosen_rules(settings: RuleSettings, folder: Path = Path()) -> tuple[Chosen, ...]:
    """The rules that may drop a face, in the order in which they are counted: gates first.

    Args:
        settings: of the recipe.
        folder: that relative paths of files start from.

    Raises:
        RecipeError: a rule or a parameter is not known, or has a wrong value; names the key.
    """
    limits = ((gate, getattr(settings, gate.name)) for gate in GATES)
    gates = tuple(
        Chosen(gate.name, gate, gate.table(limit=limit))
        for gate, limit in limits
        if limit != _IDLE[gate.name]
    )
    placed = settings.with_files(lambda file: str(folder / file))
    tables = (each for name, table in placed.tables.items() for each in _chosen(name, table))
    return gates + tuple(tables)


def resolved(settings: RuleSettings) -> RuleSettings:
    """The same with every parameter written out, so that a manifest says all.

    Raises:
        RecipeError: as `chosen_rules`.
    """
    tables: dict[str, dict[str, Any]] = {}
    for each in chosen_rules(settings):
        if each.name in _GATE_NAMES:
            continue
        table, own = tables.setdefault(each.rule.name, {}), each.name.partition(".")[2]
        (table.setdefault(own, {}) if own else table).update(each.parameters)
    gates = {name: getattr(settings, name) for name in RuleSettings.model_fields}
    return RuleSettings.model_validate({**gates, **tables})


def _chosen(name: str, table: Mapping[str, Any]) -> Iterator[Chosen]:
    """The rule of a table, and of the tables inside of it where there may be several."""
    rule = known_rules().get(name)
    if rule is None:
        raise RecipeError(f"rules.{name}: there is no such rule; {_near(name, known_rules())}")
    inner = {
        key: value
        for key, value in table.items()
        if rule.named and isinstance(value, Mapping) and key not in rule.table.model_fields
    }
    own = {key: value for key, value in table.items() if key not in inner}
    if own or not inner:
        yield Chosen(name, rule, _settings(name, rule, own))
    for key, value in inner.items():
        yield Chosen(f"{name}.{key}", rule, _settings(f"{name}.{key}", rule, value))


def _settings(name: str, rule: Rule[Any], table: Mapping[str, Any]) -> RuleTable:
    """Parameters from a table of a recipe, and the columns that they ask for.

    Raises:
        RecipeError: names the key, and those that there are.
    """
    unknown = next((key for key in table if key not in rule.table.model_fields), None)
    if unknown is not None:
        raise RecipeError(
            f"rules.{name}.{unknown}: no such parameter; {_near(unknown, rule.table.model_fields)}"
        )
    try:
        settings: RuleTable = rule.table.model_validate(dict(table))
        rule.reads_of(settings)
    except ValidationError as error:
        raise RecipeError(first_fault(error, "rules", name)) from error
    except UsageError as error:
        raise RecipeError(f"rules.{name}: {error}") from error
    return settings


def _near(name: str, known: Mapping[str, Any]) -> str:
    near = get_close_matches(name, known, n=3, cutoff=0.6)
    hint = f"near: {', '.join(near)}; " if near else ""
    return f"{hint}known: {', '.join(known) or 'none'}"
