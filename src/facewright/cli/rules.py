"""facewright rules: judge a dataset again by its tables, and show what each rule does."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from facewright.errors import RecipeError, UsageError

if TYPE_CHECKING:
    from facewright.engine.ruling import Ruling
    from facewright.recipe import RuleSettings

Flag = Parameter(negative="")

RULES_EXAMPLES = (
    "facewright rules --list",
    "facewright rules my-faces --set blur.max=0.5 --set pose.yaw=[-45,45]",
    "facewright rules my-faces --recipe strict.toml --sheet dropped.jpg",
    'facewright rules my-faces --set "sql.drop_where=age < 18 or sex is null" --apply',
    "facewright rules ffhq-features.json --set occlusion.parts='[\"mouth\"]' -o kept.json",
)


def rules(
    dataset: Path | None = None,
    /,
    *,
    recipe: Path | None = None,
    set: Annotated[list[str] | None, Parameter(name="--set", negative="")] = None,
    apply: Annotated[bool, Flag] = False,
    sheet: Path | None = None,
    limit: int = 64,
    output: Annotated[Path | None, Parameter(name=["--output", "-o"])] = None,
    list: Annotated[bool, Parameter(name="--list", negative="")] = False,
    json: Annotated[bool, Parameter(name="--json", negative="")] = False,
) -> None:
    """Show what each rule drops, alone and in company; no picture is decoded.

    Without --apply nothing is changed. A rule that cannot judge a face keeps it.

    Args:
        dataset: folder of a dataset; or a published layout, CSV, Parquet or JSONL to try rules on.
        recipe: TOML file whose [rules] replace those of the dataset's own recipe.
        set: RULE.PARAMETER=VALUE, repeatable; RULE=on takes its defaults, RULE=off takes it out.
        apply: write into the tables who is kept and why not, and the rules into the manifest.
        sheet: contact sheet of dropped faces: one picture (.jpg), or a folder with one a rule.
        limit: faces a rule in a folder of sheets.
        output: write the faces that are kept as a Selection instead of applying anything.
        list: show all rules that are installed, with parameters, units and defaults.
        json: print one line of JSON.
    """
    if list:
        _print_known(as_json=json)
        return
    if dataset is None:
        raise UsageError("name a dataset, or --list")
    if apply and output is not None:
        raise UsageError("--apply changes the dataset, -o writes a Selection: take one of them")
    settings = _settings(dataset, recipe, set or [])
    _judge(dataset, settings, sheet, limit, output, apply=apply, as_json=json)


def _judge(
    dataset: Path,
    settings: RuleSettings,
    sheet: Path | None,
    limit: int,
    output: Path | None,
    *,
    apply: bool,
    as_json: bool,
) -> None:
    from facewright.engine import ruling as engine
    from facewright.engine.judging import judge

    ruling = engine.apply(dataset, settings) if apply else judge(dataset, settings)
    if output is not None:
        ruling.selection.save(output)
    if as_json:
        _print_json(ruling, applied=apply)
    else:
        from facewright.cli.rule_tables import print_ruling

        print_ruling(ruling, applied=apply)
        if output is not None:
            print(f"{output}: {int(ruling.judgement.kept.sum())} faces")
    if sheet is not None:
        from facewright.analyse.rule_sheet import write_rule_sheets

        for made in write_rule_sheets(ruling, sheet, limit):
            if not as_json:
                print(f"{made.path}: {made.reason}: {made.shown} of {made.dropped} faces")


def _print_json(ruling: Ruling, *, applied: bool) -> None:
    from dataclasses import asdict

    from facewright.rules.chosen import meaning_of
    from facewright.store.jsonrecord import dumps

    parameters = {rule.name: rule.parameters for rule in ruling.rules}
    judgement = ruling.judgement
    data = {
        "faces": len(judgement),
        "kept": int(judgement.kept.sum()),
        "kept_before": int(judgement.standing.kept.sum()),
        "newly_dropped": judgement.newly_dropped,
        "newly_kept": judgement.newly_kept,
        "changed": int(judgement.changed.sum()),
        "applied": applied,
        "rules": [
            {
                **asdict(count),
                "meaning": meaning_of(count.name),
                "parameters": parameters.get(count.name),
            }
            for count in judgement.counts
        ],
    }
    print(dumps(data))


def _print_known(*, as_json: bool) -> None:
    from facewright.cli.rule_tables import print_known_rules, rule_rows
    from facewright.store.jsonrecord import dumps

    if as_json:
        print(dumps({"rules": rule_rows()}))
    else:
        print_known_rules()


def _settings(dataset: Path, recipe: Path | None, changes: list[str]) -> RuleSettings:
    """The dataset's own rules, or those of a recipe, with what was changed on the command line."""
    from facewright.engine.ruling import rules_of
    from facewright.recipe import Recipe

    base = Recipe.load(recipe).rules if recipe is not None else rules_of(dataset)
    data = base.model_dump()
    for change in changes:
        _change(data, change)
    return Recipe.from_dict({"rules": data}, where="--set").rules


def _change(data: dict[str, Any], change: str) -> None:
    """Set one key: "blur.max=0.5", "blur=on", "blur=off"."""
    key, equals, text = change.partition("=")
    names = [name.strip() for name in key.split(".")]
    if not equals or not all(names):
        raise UsageError(f"--set {change}: write RULE.PARAMETER=VALUE, as blur.max=0.5")
    *tables, last = names
    for name in tables:
        data = data.setdefault(name, {})
        if not isinstance(data, dict):
            raise RecipeError(f"--set {change}: rules.{name} is a number: write {name}=VALUE")
    if text == "off" and not (tables and isinstance(data.get(last), str)):
        if last not in data:
            raise RecipeError(f"--set {change}: rules.{key} is not set")
        del data[last]
    else:
        data[last] = {} if text == "on" else _value(text)


def _value(text: str) -> Any:
    """A value as TOML spells it; anything else is a text."""
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text
