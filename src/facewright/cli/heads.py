"""facewright heads: annotators of one's own, fitted on embeddings from labels."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import cyclopts
from cyclopts import Parameter

from facewright.cli.commands import add_command, examples_text

FIT_EXAMPLES = (
    "facewright heads fit labels.csv -o tattoo.npz",
    "facewright heads fit labels.csv --label tattoo --dataset my-faces",
    "facewright build photos/ out --recipe recipe.toml   # heads = ['tattoo.npz']",
)

app = cyclopts.App(
    help_format="markdown",
    name="heads",
    help="Fit annotators of your own from labels.",
    help_epilogue=examples_text(FIT_EXAMPLES),
)


def fit(
    labels: Path,
    /,
    *,
    label: str | None = None,
    name: str | None = None,
    dataset: Path | None = None,
    output: Annotated[Path | None, Parameter(name=["--output", "-o"])] = None,
    device: str = "cpu",
    json: Annotated[bool, Parameter(name="--json", negative="")] = False,
) -> None:
    """Fit and calibrate a linear head on embeddings, and say how well it does.

    The figures are of grouped cross-validation: no person is both learned from and tested on.
    The file that is written is an annotator: name its path in a recipe's `heads`.

    Args:
        labels: CSV with a column `path` (pictures, relative to the CSV) or `face_id` (faces of
            --dataset), a label column, and perhaps `person` (who must not be split).
        label: the label column, where there are several.
        name: of the head and of the column it fills; the label column's by default.
        dataset: dataset that the face ids belong to; no picture is decoded then.
        output: file to write; NAME.npz by default.
        device: cpu, cuda, auto, or another that onnxruntime offers here.
        json: print the report as one line of JSON.
    """
    from facewright.annotators.learn.linear import save_heads
    from facewright.cli.fit_report import print_fit
    from facewright.engine.labels import fit as run
    from facewright.store.jsonrecord import dumps

    report = run(
        labels, label=label, name=name, dataset=dataset, device=device, on_progress=_progress
    )
    head = report.fitted.head
    path = output or Path(f"{head.name}.npz")
    save_heads(path, [head])
    for place, why in report.skipped:
        print(f"left out: {place}: {why}", file=sys.stderr)
    if json:
        print(dumps({"name": head.name, "file": str(path), **head.report}))
    else:
        print_fit(head)
        print(f'\n{path}: name it in a recipe: heads = ["{path}"]')


def _progress(done: int, total: int) -> None:
    if done == total or (sys.stderr.isatty() and done % 5 == 0):
        print(f"\r{done}/{total} pictures", end="\n" if done == total else "", file=sys.stderr)


add_command(app, fit, FIT_EXAMPLES)
