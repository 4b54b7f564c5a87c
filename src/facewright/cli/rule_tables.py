"""Tables of rules on the terminal: what they do to a dataset, and which there are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic_core import PydanticUndefined
from rich.console import Console
from rich.table import Table
from rich.text import Text

from facewright.engine.ruling import Ruling
from facewright.recipe import RuleSettings
from facewright.rules.basic import GATES
from facewright.rules.chosen import known_rules
from facewright.rules.words import words

_GATES = {gate.name for gate in GATES}


def print_ruling(ruling: Ruling, *, applied: bool) -> None:
    """A line a rule: what it drops alone, in company and in its turn; then what changes."""
    judgement, console = ruling.judgement, Console()
    by_name = {rule.name: rule for rule in ruling.rules}
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column("rule", overflow="fold", ratio=3)
    for name in ("alone", "only it", "so far", "left", "not judged"):
        table.add_column(name, justify="right", no_wrap=True)
    for count in judgement.counts:
        rule = by_name.get(count.name)
        title = Text(count.name)
        said = ", ".join(words(rule)) if rule is not None else "stays"
        title.append(f"  {said}", style="dim")
        numbers = (count.alone, count.only, count.dropped, count.kept, count.unknown)
        table.add_row(title, *(f"{number:,}" if number else "–" for number in numbers))
    console.print(table)
    console.print(Text(_LEGEND, style="dim"))
    kept, before = int(judgement.kept.sum()), int(judgement.standing.kept.sum())
    console.print(f"\n{kept:,} of {len(judgement):,} faces are kept; before: {before:,}")
    verb = "were" if applied else "would be"
    console.print(
        f"{judgement.newly_dropped:,} {verb} dropped, {judgement.newly_kept:,} {verb} back"
    )
    if not applied and ruling.table.dataset is not None and judgement.changed.any():
        console.print("nothing was changed; --apply writes it into the tables")


_LEGEND = (
    "alone: dropped by the rule; only it: by no other; so far: by it or one above;"
    " not judged: no value to go by, left as it was"
)


def rule_rows() -> list[dict[str, Any]]:
    """All rules as plain data: name, meaning, whether there may be several, parameters."""
    return [
        {
            "name": name,
            "drops_when": rule.meaning,
            "named": rule.named,
            "parameters": list(_parameters(name)),
        }
        for name, rule in known_rules().items()
    ]


def _parameters(name: str) -> Iterator[dict[str, Any]]:
    rule = known_rules()[name]
    if name in _GATES:  # plain keys of [rules]
        info = RuleSettings.model_fields[name]
        yield {"key": name, "default": info.default, "description": info.description}
        return
    for key, info in rule.table.model_fields.items():
        required = info.default is PydanticUndefined
        default = None if required else rule.table.model_construct().model_dump(mode="json")[key]
        found = {"key": f"{name}.{key}", "default": default, "description": info.description}
        yield {**found, "required": True} if required else found


def print_known_rules() -> None:
    """A block a rule: what it drops, and its parameters with defaults."""
    console = Console()
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column("key", no_wrap=True)
    table.add_column("default", overflow="fold")
    table.add_column("what", overflow="fold")
    for row in rule_rows():
        several = "; several: rules.NAME.YOURS" if row["named"] else ""
        table.add_row(
            Text(row["name"], style="bold"), "", Text(f"drops: {row['drops_when']}{several}")
        )
        for each in row["parameters"]:
            default = "needed" if each.get("required") else _shown(each["default"])
            table.add_row(f"  {each['key']}", default, Text(each["description"] or "", style="dim"))
    console.print(table)
    console.print(
        Text("\nA rule is off until its table is in a recipe; docs/rules.md.", style="dim")
    )


def _shown(value: Any) -> str:
    if value is None or value in ("", []):
        return "–"
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(value).lower() if isinstance(value, bool) else str(value)
