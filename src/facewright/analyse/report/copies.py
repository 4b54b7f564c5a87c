"""Pictures that are there twice, as far as the tables tell; no picture is decoded for it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from facewright.analyse.report.model import DuplicateReport
from facewright.analyse.report.study import Study
from facewright.duplicates.find import find_duplicates
from facewright.duplicates.settings import COPIES, Kind
from facewright.store.dataset import Dataset

MOST: Final = 200_000
"""Faces up to which near hashes are compared here: their embeddings are held in memory."""
_EXAMPLES: Final = 5
_COLUMNS: Final = {
    "photo.sha256": "photos of the same bytes",
    "photo.pixel_hash": "photos of the same pixels",
    "crop_hash": "crops of the same hash",
}
"""Columns that are equal for copies."""
_KINDS: Final[dict[Kind, str]] = {
    "bytes": "faces of the same file",
    "pixels": "faces of the same pixels",
    "near": "faces whose pictures look the same",
}


def copies(study: Study) -> tuple[DuplicateReport, ...]:
    """Groups of copies: near ones where crops have hashes, else those of equal columns."""
    table = study.table
    if not len(table):
        return ()
    if table.dataset is not None and len(table) <= MOST and _is_hashed(study):
        return tuple(_near(table.dataset))
    known = [column for column in _COLUMNS if table.leaves.get(column) == "text"]
    return tuple(_groups(study, column) for column in known)


def _is_hashed(study: Study) -> bool:
    """Whether crops have hashes, and no face is there twice, as a selection may have it."""
    if "crop_hash" not in study.table.leaves:
        return False
    sql = "SELECT count(crop_hash) AS hashed, count(DISTINCT face_id) AS faces FROM faces"
    row = study.table.query(sql).to_pylist()[0]
    return bool(row["hashed"]) and row["faces"] == len(study.table)


def _near(dataset: Dataset) -> Iterator[DuplicateReport]:
    found = find_duplicates(dataset)
    for kind in COPIES:
        of_kind = [cluster.members for cluster in found.copies if cluster.kind == kind]
        yield DuplicateReport(
            kind=_KINDS[kind],
            groups=len(of_kind),
            faces=sum(map(len, of_kind)),
            examples=tuple(
                tuple(one.face_id for one in members[:_EXAMPLES]) for members in of_kind[:_EXAMPLES]
            ),
        )


def _groups(study: Study, column: str) -> DuplicateReport:
    # Faces of one photo share its bytes and are no copies: photos are counted, by their first face.
    of_photo = column.startswith("photo.")
    joined = " JOIN photos AS photo USING (photo_id)" if of_photo else ""
    unit = "photo_id" if of_photo else "face_id"
    found = study.table.query(
        f"WITH each AS (SELECT {unit} AS unit, any_value({column}) AS hash,"  # noqa: S608 - own names
        f" min(face_id) AS face FROM faces{joined} GROUP BY 1)"
        f" SELECT count(*) AS number, min(face, {_EXAMPLES}) AS examples FROM each"
        " WHERE hash IS NOT NULL GROUP BY hash HAVING count(*) > 1 ORDER BY number DESC, examples"
    ).to_pylist()
    return DuplicateReport(
        kind=_COLUMNS[column],
        groups=len(found),
        faces=sum(row["number"] for row in found),
        examples=tuple(tuple(row["examples"]) for row in found[:_EXAMPLES]),
    )


def is_searched(study: Study) -> bool:
    """Whether any column tells copies."""
    return any(column in study.table.leaves for column in _COLUMNS)
