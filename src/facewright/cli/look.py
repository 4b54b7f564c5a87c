"""facewright show, query, sheet, summary: look at a dataset."""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from cyclopts import Parameter

Flag = Parameter(negative="")


SHOW_EXAMPLES = (
    "facewright show my-faces",
    "facewright show my-faces astronaut_01",
    "facewright show my-faces astronaut_01 --json",
)


def show(
    dataset: Path,
    face_id: str | None = None,
    /,
    *,
    json: Annotated[bool, Parameter(name="--json", negative="")] = False,
) -> None:
    """Show what a dataset holds, or the whole record of one face.

    Args:
        dataset: folder of the dataset.
        face_id: the face; without it the dataset's counts, models and first faces.
        json: print JSON instead of a table.
    """
    from facewright.store.dataset import Dataset

    opened = Dataset.open(dataset, dropped=face_id is not None)
    if face_id is not None:
        _show_face(opened.record(face_id), as_json=json)
    elif json:
        print(opened.manifest.model_dump_json(indent=2))
    else:
        _show_dataset(opened)


def _show_face(record: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        from facewright.store.jsonrecord import dumps

        print(dumps(record))
    else:
        from facewright.cli.tables import print_record

        print_record(record)


def _show_dataset(opened: Any) -> None:
    from facewright.cli.tables import print_counts, print_table

    manifest = opened.manifest
    counts = manifest.counts
    print(f"{opened.root}: {manifest.state}, {manifest.created}, from {manifest.source}")
    print(f"crops: {', '.join(manifest.recipe.crops)} as {manifest.recipe.format}")
    total = {"photos": counts.photos, "faces kept": counts.faces_kept}
    print_counts("", {**total, **_prefixed("dropped: ", counts.faces_dropped)})
    if counts.photos_excluded:
        print_counts("photos excluded", counts.photos_excluded)
    print_counts("licences of used photos", counts.licences)
    print_table(opened.query(_SHOWN), limit=_FACES)
    print("attributes are apparent and estimated, never facts")


_SHOWN: Final = (
    "SELECT face_id, sex, age, head_pose.yaw AS yaw, smile, glasses, quality.overall AS quality"
    " FROM faces"
)
_FACES: Final = 10


def _prefixed(prefix: str, counts: dict[str, int]) -> dict[str, int]:
    return {prefix + name: number for name, number in counts.items()}


QUERY_EXAMPLES = (
    'facewright query my-faces "SELECT sex, count(*), avg(age) FROM faces GROUP BY sex"',
    'facewright query my-faces "SELECT reason, count(*) FROM photos GROUP BY reason"',
    'facewright query my-faces "FROM faces WHERE head_pose.yaw > 30" --format json',
)


def query(
    dataset: Path,
    sql: str,
    /,
    *,
    format: Literal["table", "csv", "json"] = "table",
    limit: int = 50,
) -> None:
    """Answer an SQL query (DuckDB) over the tables faces and photos.

    It is DuckDB whole: a query may read other files, and COPY ... TO writes one. No network.

    Args:
        dataset: folder of the dataset.
        sql: the query.
        format: a table, CSV, or one line of JSON a row.
        limit: rows shown in a table; CSV and JSON give all.
    """
    from facewright.store.dataset import Dataset
    from facewright.store.jsonrecord import plain_rows

    answer = Dataset.open(dataset).query(sql)
    if format == "table":
        from facewright.cli.tables import print_table

        print_table(answer, limit)
    elif format == "csv":
        writer = csv.writer(sys.stdout)
        writer.writerow(answer.column_names)
        writer.writerows(row.values() for row in plain_rows(answer))
    else:
        for row in plain_rows(answer):
            print(json.dumps(row, ensure_ascii=False, default=str))


SHEET_EXAMPLES = (
    "facewright sheet my-faces -o sheet.jpg",
    'facewright sheet my-faces -o young.jpg --where "age < 20" --limit 100',
)


def sheet(
    dataset: Path,
    /,
    *,
    output: Annotated[Path, Parameter(name=["--output", "-o"])] = Path("sheet.jpg"),
    where: str | None = None,
    limit: int = 64,
    photos: Annotated[bool, Flag] = False,
) -> None:
    """Write a contact sheet: crops with landmarks and the main attributes.

    Args:
        dataset: folder of the dataset.
        output: picture file to write (.jpg, .png or .webp).
        where: SQL condition that chooses faces.
        limit: faces shown at most.
        photos: show the source photos with boxes and landmarks instead of the crops, where the
            source is still at its place.
    """
    from facewright.analyse.sheet import write_sheet
    from facewright.store.dataset import Dataset

    opened = Dataset.open(dataset)
    chosen = opened.where(where) if where else opened
    shown = write_sheet(chosen, output, limit=limit, photos=photos)
    print(f"{output}: {shown} of {len(chosen)} faces")


SUMMARY_EXAMPLES = (
    "facewright summary my-faces",
    "facewright summary my-faces -o page.html",
)


def summary(
    dataset: Path,
    /,
    *,
    output: Annotated[Path | None, Parameter(name=["--output", "-o"])] = None,
) -> None:
    """Write a one-page HTML summary that needs no network.

    Args:
        dataset: folder of the dataset.
        output: file to write; summary.html inside of the dataset by default.
    """
    from facewright.analyse.summary import write_summary
    from facewright.store.dataset import Dataset

    path = output or dataset / "summary.html"
    write_summary(Dataset.open(dataset), path)
    print(path)
