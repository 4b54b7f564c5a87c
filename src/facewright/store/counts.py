"""Totals over the committed parts of a dataset, by one pass of DuckDB over Parquet."""

from __future__ import annotations

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
        return Counts(
            photos=_one(db, "SELECT count(*) FROM photos"),
            photos_used=_one(db, "SELECT count(*) FROM photos WHERE status = 'used'"),
            photos_excluded=_by(
                db, "SELECT reason, count(*) FROM photos WHERE status = 'excluded' GROUP BY 1"
            ),
            photos_already_aligned=_one(
                db,
                "SELECT count(*) FROM photos WHERE"  # noqa: S608 - a constant
                f" array_to_string(notes, ';') LIKE '%{ALREADY}%'",
            ),
            faces=_one(db, "SELECT count(*) FROM faces"),
            faces_kept=_one(db, "SELECT count(*) FROM faces WHERE kept"),
            faces_dropped=_by(
                db, "SELECT reasons[1], count(*) FROM faces WHERE NOT kept GROUP BY 1"
            ),
            licences=_by(
                db,
                "SELECT coalesce(licence, 'unstated'), count(*) FROM photos"
                " WHERE status = 'used' GROUP BY 1",
            ),
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


def _one(db: duckdb.DuckDBPyConnection, sql: str) -> int:
    row = db.execute(sql).fetchone()
    return int(row[0]) if row else 0


def _by(db: duckdb.DuckDBPyConnection, sql: str) -> dict[str, int]:
    rows: list[tuple[Any, ...]] = db.execute(f"{sql} ORDER BY 2 DESC, 1").fetchall()
    return {str(name): int(number) for name, number in rows}
