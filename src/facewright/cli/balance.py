"""facewright balance: choose faces so that they are distributed as wanted."""

from __future__ import annotations

import json as json_
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

if TYPE_CHECKING:
    from facewright.attributes.face_table import FaceTable
    from facewright.balance.outcome import Outcome
    from facewright.balance.strategy import Strategy

Flag = Parameter(negative="")

BALANCE_EXAMPLES = (
    'facewright balance my-faces --target "50 % adults, 25 % children, 25 % elderly" -o some.json',
    "facewright balance my-faces --target uniform:sex,age_group --size 6000 --order order.toml",
    "facewright balance my-faces --target target.toml --strategy rake --weights weights.parquet",
    "facewright balance my-faces --target like:ffhq --strategy resample -O cap=4 -o chosen.json",
    "facewright balance my-faces --strategy uniform:sex,smile -o chosen.json.gz",
    "facewright balance my-faces --strategy lpff-density -o rare.json",
    "facewright balance faces.csv --strategy lpff-density:yaw,pitch,smile -O rarest=0.1",
    "facewright balance my-faces --strategy eg3d-yaw -o repeated.json",
    "facewright balance --strategies",
    "facewright export my-faces --layout stylegan -o faces.zip --select chosen.json",
)


def balance(
    dataset: Path | None = None,
    /,
    *,
    target: str | None = None,
    strategy: str = "subset",
    size: int | None = None,
    option: Annotated[tuple[str, ...], Parameter(name=["--option", "-O"], negative="")] = (),
    seed: int = 0,
    where: str | None = None,
    output: Annotated[Path | None, Parameter(name=["--output", "-o"])] = None,
    order: Path | None = None,
    weights: Path | None = None,
    json: Annotated[bool, Parameter(name="--json", negative="")] = False,
    strict: Annotated[bool, Flag] = False,
    strategies: Annotated[bool, Flag] = False,
) -> int:
    """Choose faces so that they are distributed as wanted, and say how near that comes.

    Args:
        dataset: folder of a dataset, a published layout, or a table (.csv, .parquet, .jsonl).
        target: what is wanted: a file (target.toml, census.csv), a sentence ("equal over sex x
            ethnicity; 50 % adults, 25 % children, 25 % elderly"), uniform:sex,age_group,
            like:OTHER or like:OTHER:sex,smile.
        strategy: how to get there; --strategies lists them with their options.
        size: faces wanted, with repeats; without it as many as the target allows.
        option: an option of the strategy, as -O cap=4; may be given several times.
        seed: of every random choice; the same seed chooses the same faces.
        where: SQL condition: choose among these faces only.
        output: write the faces as a selection (.json, .csv, .txt, also with .gz), which
            `facewright export --select` takes.
        order: write what is lacking as an order (.toml, .json) for a generator.
        weights: write a weight a face (.parquet, .csv), 0 for those left out.
        json: print JSON instead of tables.
        strict: exit with 1, and write no selection, where faces are lacking or a marginal is
            missed.
        strategies: list the strategies and their options instead.
    """
    from facewright.errors import UsageError

    if strategies:
        _print_strategies(as_json=json)
        return 0
    if dataset is None:
        raise UsageError("name a dataset or table; --strategies lists the ways to balance one")
    from facewright.balance.outcome import balance as run
    from facewright.balance.spec import target_of
    from facewright.balance.strategy import Job
    from facewright.engine.tabling import open_table

    chosen = _strategy(strategy, option)
    table = _opened(dataset, where)
    wanted = target_of(target, table, open_table) if target is not None else None
    outcome = run(Job(table, wanted, size, seed), chosen)
    refused = strict and not outcome.is_met
    written = _write(outcome, None if refused else output, order, weights)
    if json:
        print(json_.dumps({**outcome.plain(), "files": written}, indent=1, ensure_ascii=False))
    else:
        _print_outcome(outcome, written)
    if refused:
        print("facewright: the target is not met; no selection is written", file=sys.stderr)
    return int(refused)


def _opened(dataset: Path, where: str | None) -> FaceTable:
    from facewright.engine.tabling import open_table
    from facewright.errors import UsageError

    table = open_table(dataset, where=where)
    if not len(table):
        why = f": none is {where}" if where else ""
        raise UsageError(f"{dataset} has no face to choose from{why}")
    return table


def _strategy(spec: str, options: Sequence[str]) -> Strategy:
    from facewright.balance.strategy import strategy
    from facewright.errors import UsageError

    values = {}
    for text in options:
        key, equals, value = text.partition("=")
        if not equals:
            raise UsageError(f"--option {text}: write NAME=VALUE, as in -O cap=4")
        values[key.strip()] = value.strip()
    return strategy(spec, values)


def _write(
    outcome: Outcome, output: Path | None, order: Path | None, weights: Path | None
) -> dict[str, str]:
    """Write what was asked for; kind of file to its path."""
    from facewright.balance.weights import save_weights

    selection = outcome.selection  # said before anything is written: no face is left
    written = {}
    if output is not None:
        selection.save(output)
        written["selection"] = str(output)
    if order is not None:
        outcome.order.save(order)
        written["order"] = str(order)
    if weights is not None:
        save_weights(outcome, weights)
        written["weights"] = str(weights)
    return written


def _print_outcome(outcome: Outcome, written: dict[str, str]) -> None:
    from facewright.cli.balance_tables import print_cells, print_distances, print_summary

    print_cells(outcome)
    print_distances(outcome)
    print_summary(outcome)
    for kind, path in written.items():
        more = f" of {outcome.order.total} faces" if kind == "order" else ""
        print(f"{kind}{more}: {path}")


def _print_strategies(*, as_json: bool) -> None:
    from facewright.balance.strategy import catalogue

    if as_json:
        print(json_.dumps(catalogue(), indent=1, ensure_ascii=False))
        return
    for entry in catalogue():
        print(f"{entry['name']}: {entry['what']}")
        for option in entry["options"]:
            print(f"    -O {option['name']}={_shown(option['default'])}  {option['what']}")
        print()


def _shown(default: Any) -> str:
    if default is None:
        return "..."
    return str(default).lower() if isinstance(default, bool) else str(default)
