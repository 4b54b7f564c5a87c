"""A fitted head's cross-validation on the terminal."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from facewright.annotators.learn.linear import Head


def print_fit(head: Head) -> None:
    """Figures a class, calibration, and how errors fall by apparent sex and ethnicity."""
    report = head.report
    console = Console()
    console.print(
        Text(
            f"{head.name}: {report['n']} faces, {report['folds']} folds over {report['groups']}"
            " people (or clusters of look-alikes, where the list names nobody)"
        )
    )
    table = Table(header_style="bold", box=None, padding=(0, 2, 0, 0))
    for name in ("class", "faces", "AUC", "found (recall)"):
        table.add_column(name)
    for label in head.classes:
        recall = _text(report["recall"][label])
        table.add_row(label, str(report["counts"][label]), _text(report["auc"][label]), recall)
    console.print(table)
    console.print(
        f"accuracy {_text(report['accuracy'])}, Brier {_text(report['brier'])},"
        f" calibration error {_text(report['ece'])}"
    )
    for group, values in report["by"].items():
        for value, figures in values.items():
            console.print(
                f"  {group} {value}: {figures['n']} faces, accuracy {_text(figures['accuracy'])}"
            )


def _text(value: Any) -> str:
    return "-" if value is None else f"{value:.3f}"
