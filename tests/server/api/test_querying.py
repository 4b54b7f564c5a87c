"""Queries: a SELECT over the tables, and no way out of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from facewright.store.dataset import Dataset
from helpers.serving import serving


def _asked(client: TestClient, sql: str) -> tuple[int, dict]:
    answer = client.post("/api/query", json={"sql": sql})
    return answer.status_code, answer.json()


def test_a_query_is_answered(client: TestClient, served: Path) -> None:
    status, told = _asked(client, "SELECT sex, count(*) AS n FROM faces GROUP BY sex ORDER BY sex")
    assert status == 200
    assert told["columns"] == ["sex", "n"]
    rows = Dataset.open(served).query("SELECT sex, count(*) FROM faces GROUP BY sex ORDER BY sex")
    assert told["rows"] == [list(row.values()) for row in rows.to_pylist()]
    status, told = _asked(client, "FROM faces JOIN photos USING (photo_id) LIMIT 1")
    assert (status, len(told["rows"])) == (200, 1)


def test_long_answers_are_cut(served: Path) -> None:
    with serving(served, sql_rows=5) as client:
        told = _asked(client, "SELECT face_id FROM faces")[1]
        assert (len(told["rows"]), told["more"]) == (5, True)


@pytest.mark.parametrize(
    "sql",
    [
        "FROM read_text('/etc/passwd')",
        "FROM '/etc/passwd'",
        "FROM glob('/*')",
        "COPY faces TO '/tmp/never.csv'",
        "ATTACH '/tmp/never.db'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET threads = 8",
        "PRAGMA database_list",
        "CREATE TABLE x AS FROM faces",
        "DROP VIEW faces",
        "SELECT 1; SELECT 2",
        "SELECT getenv('HOME')",
        "EXPORT DATABASE '/tmp/never'",
        "SELECT repeat('a', 4000000000)",
        "",
        "nonsense",
    ],
)
def test_attacks_are_refused(client: TestClient, sql: str) -> None:
    status, told = _asked(client, sql)
    assert (status, told["status"]) == (422, 422)
    assert not list(Path("/tmp").glob("never*"))  # noqa: S108 - where attacks would write


def test_half_a_character_is_refused(client: TestClient) -> None:
    answer = client.post(
        "/api/query",
        content=rb"""{"sql": "SELECT '\ud800'"}""",
        headers={"Content-Type": "application/json"},
    )
    assert answer.status_code == 422


def test_a_slow_query_ends(served: Path) -> None:
    with serving(served, sql_seconds=0.5) as client:
        status, _ = _asked(
            client, "SELECT sum(sin(a.range * b.range)) FROM range(10000000) a, range(10000000) b"
        )
        assert status in (408, 422)
