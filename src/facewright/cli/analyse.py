"""facewright analyse: what is in a dataset, held against a target or another dataset."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

ANALYSE_EXAMPLES = (
    "facewright analyse my-faces",
    "facewright analyse my-faces -o report --by sex,age_group,skin_tone",
    'facewright analyse my-faces --target "50 % adults, 25 % children, 25 % elderly"',
    "facewright analyse my-faces --audit checked.csv",
    "facewright analyse my-faces ffhq-features-json.tar.xz -o mine-against-ffhq",
    "facewright analyse people.csv --by gender,region --json",
)


def analyse(
    *datasets: Path,
    output: Annotated[Path, Parameter(name=["--output", "-o"])] = Path("report"),
    by: str | None = None,
    target: str | None = None,
    audit: Path | None = None,
    where: str | None = None,
    select: Path | None = None,
    kde: Path | None = None,
    json: Annotated[bool, Parameter(name="--json", negative="")] = False,
) -> None:
    """Report what faces a dataset holds: page, numbers and tables; several are compared.

    Writes report.html, which needs no network, report.json with the same numbers, and tables as
    CSV files; prints the essentials.

    Args:
        datasets: folders of datasets, published layouts, or tables (CSV, Parquet, JSONL). The
            others are held against the first.
        output: folder to write.
        by: attributes of the intersections, between commas; sex, age_group and ethnicity, as
            far as they are known, where nothing is said.
        target: wanted shares: a file (target.toml, census.csv), a sentence, uniform:COLUMNS or
            like:DATASET; uniform where nothing is said.
        audit: CSV of faces of the first dataset that you checked (face_id and a column of true
            values an attribute): shares are corrected by what it finds.
        where: SQL condition that chooses faces.
        select: a selection's file: faces of the first dataset, in its order, with its repeats.
        kde: a pickled density over theta and phi, such as LPFF's kde.pkl, to hold poses against
            instead of FFHQ's.
        json: print report.json instead of the essentials.
    """
    from facewright.analyse.report.files import PAGE, as_json, write_report
    from facewright.analyse.report.measure import measure
    from facewright.analyse.report.study import Settings
    from facewright.engine.tabling import open_table
    from facewright.errors import UsageError

    if not datasets:
        raise UsageError("name a dataset: facewright analyse my-faces")
    tables = [
        open_table(path, where=where, select=select if number == 0 else None)
        for number, path in enumerate(datasets)
    ]
    settings = Settings(_names(by), target, audit, kde, _part(where, select), select)
    measured = measure(tables, settings)
    write_report(measured, output)
    if json:
        print(as_json(measured.report), end="")
        return
    from rich.console import Console

    from facewright.analyse.report.terminal import print_report

    print_report(measured.report, Console())
    print(output / PAGE)


def _names(by: str | None) -> tuple[str, ...]:
    if by is None:
        return ()
    return tuple(dict.fromkeys(name.strip() for name in by.split(",") if name.strip()))


def _part(where: str | None, select: Path | None) -> str:
    parts = [f"selection {select.name}" if select else "", f"faces where {where}" if where else ""]
    return ", ".join(part for part in parts if part)
