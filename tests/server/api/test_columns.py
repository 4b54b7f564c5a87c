"""Any column over HTTP: listed, counted, filtered and sorted by, its values found by letters."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from helpers.serving import columns, serving, write_served

ROWS = 300


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    own = columns(ROWS) | {
        "kept": [True] * ROWS,
        "eye_state.left": [("open", "closed", None)[n % 3] for n in range(ROWS)],
        "head_pose.roll": [float(n % 30) for n in range(ROWS)],
    }
    authors = [f"Author {n % 140:03d}" for n in range(ROWS)]
    root: Path = tmp_path_factory.mktemp("columns") / "faces"
    write_served(root, ROWS, own=own, of_photos={"author": authors})
    with serving(root) as made:
        yield made


def test_columns_are_listed_with_what_they_are_and_why_not(client: TestClient) -> None:
    listed = {each["name"]: each for each in client.get("/api/columns").json()}
    assert (
        listed["head_pose.roll"] | {"title": "Head pose roll", "unit": "degrees"}
        == (listed["head_pose.roll"])
    )
    assert listed["head_pose.yaw"]["attribute"] == "yaw"
    assert listed["embedding"]["why"]
    assert listed["gaze.yaw"]["empty"]
    assert not listed["eye_state.left"]["empty"]


def test_a_column_is_told_as_an_attribute(client: TestClient) -> None:
    told = client.get("/api/columns/eye_state.left").json()
    assert {level["key"] for level in told["levels"]} == {"open", "closed"}
    assert (told["kind"], told["known"]) == ("class", 200)
    assert client.get("/api/columns/eye_state.up").status_code == 404
    refused = client.get("/api/columns/embedding")
    assert refused.status_code == 422
    assert "no values to count" in refused.json()["detail"]


def test_counts_lift_the_columns_own_condition(client: TestClient) -> None:
    told = client.get("/api/facets?attributes=eye_state.left,sex&eye_state.left=open").json()
    assert told["total"] == 100
    left = told["facets"]["eye_state.left"]
    assert (left["counts"], left["unknown"]) == ({"open": 100, "closed": 100}, 100)
    assert sum(told["facets"]["sex"]["counts"].values()) + told["facets"]["sex"]["unknown"] == 100


def test_faces_are_filtered_and_sorted_by_columns(client: TestClient) -> None:
    asked = "/api/faces?head_pose.roll=10..20&sort=-head_pose.roll&limit=1000"
    told = client.get(asked).json()
    assert told["total"] == 100
    rolls = [client.get(f"/api/faces/{told['faces'][n]['id']}").json()["record"] for n in (0, 99)]
    assert [roll["head_pose"]["roll"] for roll in rolls] == [19.0, 10.0]
    assert told["filter"] == "head_pose.roll=10..20"
    assert client.get("/api/faces?embedding=1").status_code == 422
    assert client.get("/api/faces?sort=embedding").status_code == 422
    assert client.get("/api/report?by=eye_state.left&target=equal").json()["known"] == 200


def test_rare_values_are_found_by_letters(client: TestClient) -> None:
    told = client.get("/api/facets/author?contains=AUTHOR 13&limit=4").json()
    assert [each["key"] for each in told["values"]] == [f"Author 13{n}" for n in range(4)]
    assert told["more"] == 6
    assert sum(each["faces"] for each in told["values"]) == 8
    filtered = client.get("/api/facets/author?contains=130&head_pose.roll=0..1").json()
    assert [each["faces"] for each in filtered["values"]] == [1]
    assert client.get("/api/facets/nothing").status_code == 404


def test_the_pages_words_are_passed_over(client: TestClient) -> None:
    assert client.get("/api/faces?facets=eye_state.left&eye_state.left=~").json()["total"] == 100
