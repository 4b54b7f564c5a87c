"""What became of photos and faces, and whom the used photos are owed to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from facewright.record import PHOTO_REASONS
from facewright.rules.chosen import meaning_of
from facewright.store.dataset import Dataset

EXAMPLES = 4
MOST_CREDITS = 500
_LINKS = 8


@dataclass(frozen=True, slots=True)
class Outcome:
    """Photos excluded, or faces dropped, for one reason; examples: some file names or ids."""

    reason: str
    meaning: str
    number: int
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Credit:
    """Used photos of one author under one licence; None where it is not stated.

    sources: file name and address (or None) of the first of them.
    """

    author: str | None
    licence: str | None
    licence_url: str | None
    number: int
    sources: tuple[tuple[str, str | None], ...]


def excluded_photos(dataset: Dataset) -> list[Outcome]:
    """Excluded photos by reason, most frequent first."""
    answer = dataset.query(
        f"SELECT reason, count(*) AS number, min(key, {EXAMPLES}) AS examples"  # noqa: S608 - own names
        " FROM photos WHERE status = 'excluded' GROUP BY reason ORDER BY number DESC, reason"
    )
    return [
        _outcome(row, lambda reason: PHOTO_REASONS.get(reason, "")) for row in answer.to_pylist()
    ]


def dropped_faces(dataset: Dataset) -> list[Outcome]:
    """Dropped faces by rule, most frequent first; a face that fails several counts for each."""
    answer = dataset.query(
        "WITH failed AS (SELECT unnest(reasons) AS reason, face_id FROM faces WHERE NOT kept)"  # noqa: S608 - own names
        f" SELECT reason, count(*) AS number, min(face_id, {EXAMPLES}) AS examples"
        " FROM failed GROUP BY reason ORDER BY number DESC, reason"
    )
    return [_outcome(row, meaning_of) for row in answer.to_pylist()]


def credits_of(dataset: Dataset) -> list[Credit]:
    """Authors and licences of the used photos, most photos first: at most `MOST_CREDITS` + 1."""
    answer = dataset.query(
        "SELECT author, licence, licence_url, count(*) AS number,"  # noqa: S608 - own names
        f" min({{'key': key, 'url': source_url}}, {_LINKS}) AS sources"
        " FROM photos WHERE status = 'used' GROUP BY author, licence, licence_url"
        f" ORDER BY number DESC, author, licence, licence_url LIMIT {MOST_CREDITS + 1}"
    )
    return [
        Credit(
            row["author"],
            row["licence"],
            row["licence_url"],
            row["number"],
            tuple((source["key"], source["url"]) for source in row["sources"]),
        )
        for row in answer.to_pylist()
    ]


def _outcome(row: dict[str, Any], meaning: Callable[[str], str]) -> Outcome:
    reason = row["reason"] or "unstated"
    return Outcome(reason, meaning(reason), row["number"], tuple(row["examples"]))
