"""Parameters of rules in few words, for tables and sheets."""

from __future__ import annotations

from facewright.rules.chosen import Chosen


def words(rule: Chosen) -> list[str]:
    """Parameters of a rule: "max 0.75"; those that say nothing are left out."""
    said = {key: value for key, value in rule.parameters.items() if _says(value)}
    return [f"{key} {plain(value)}" for key, value in said.items()]


def _says(value: object) -> bool:
    return value is not None and value is not False and value not in ("", [])


def plain(value: object) -> str:
    """A value for people: "0.75", "-45 to 45", "eye, mouth", "yes"."""
    if isinstance(value, list):
        numbers = all(isinstance(each, int | float) for each in value)
        return (" to " if numbers and len(value) == 2 else ", ").join(map(plain, value))
    if value is True:
        return "yes"
    return f"{value:g}" if isinstance(value, int | float) else str(value)
