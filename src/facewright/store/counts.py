"""Totals over the committed parts of a dataset, by one pass of DuckDB over Parquet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import duckdb

from facewright.record import ALREADY, ORIGINAL
from facewright.store.database import connect
from facewright.store.manifest import Counts
from facewright.store.tables import parts


def count(root: Path) -> Counts:
    """Count photos by outcome and faces by rule."""
    photos, faces = parts(root, "photos"), parts(root, "faces")
    if not photos:
        return Counts()
    with connect() as db:
        db.read_parquet([str(p) for p in photos]).create_view("photos")
        db.read_parquet([str(p) for p in faces]).create_view("faces")
        # One query a table: to open all parts of a wide table takes longer than to count.
        of_photos = db.execute(
            "SELECT status, reason, coalesce(licence, 'unstated'), count(*) AS n,"  # noqa: S608 - a constant
            f" count(*) FILTER (array_to_string(notes, ';') LIKE '%{ALREADY}%')"
            " FROM photos GROUP BY 1, 2, 3"
        ).fetchall()
        of_faces = db.execute(
            "SELECT kept, reasons[1], count(*) FROM faces GROUP BY 1, 2"
        ).fetchall()
    used = [row for row in of_photos if row[0] == "used"]
    excluded = [row for row in of_photos if row[0] == "excluded"]
    return Counts(
        photos=sum(n for *_, n, _ in of_photos),
        photos_used=sum(n for *_, n, _ in used),
        photos_excluded=_totals((reason, n) for _, reason, _, n, _ in excluded),
        photos_already_aligned=sum(already for *_, already in of_photos),
        faces=sum(n for *_, n in of_faces),
        faces_kept=sum(n for kept, _, n in of_faces if kept),
        faces_dropped=_totals((reason, n) for kept, reason, n in of_faces if not kept),
        licences=_totals((licence, n) for _, _, licence, n, _ in used),
    )


def crops_of(root: Path) -> tuple[str, ...]:
    """Alignments and sizes of the crops ("ffhq:1024"), the most frequent first.

    Imported pictures that follow no known alignment are of any size: they count as one.
    """
    faces = parts(root, "faces")
    if not faces:
        return ()
    with connect() as db:
        db.read_parquet([str(p) for p in faces]).create_view("faces")
        named = _by(
            db,
            f"SELECT if(c.alignment = '{ORIGINAL}', c.alignment,"  # noqa: S608 - a constant
            " c.alignment || ':' || c.size),"
            " count(*) FROM (SELECT unnest(crops) AS c FROM faces) GROUP BY 1",
        )
    return tuple(named)


def _totals(rows: Iterable[tuple[object, int]]) -> dict[str, int]:
    """Sums by name, the largest first."""
    totals: Counter[str] = Counter()
    for name, number in rows:
        totals[str(name)] += number
    return dict(sorted(totals.items(), key=lambda item: (-item[1], item[0])))


def _by(db: duckdb.DuckDBPyConnection, sql: str) -> dict[str, int]:
    rows: list[tuple[Any, ...]] = db.execute(f"{sql} ORDER BY 2 DESC, 1").fetchall()
    return {str(name): int(number) for name, number in rows}
