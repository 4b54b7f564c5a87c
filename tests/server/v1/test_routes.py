"""The published v1 API: shape, words, pages, orders."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from starlette.testclient import TestClient

from helpers.serving import columns, write_served
from helpers.whole_server import whole_server

V1 = "/api/v1/faces"
ROWS = 130


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    folder = tmp_path_factory.mktemp("v1")
    ethnicity = ["white", "black", "east_asian", "south_asian", None]
    age = np.arange(ROWS) % 90 + 0.0
    own = columns(ROWS) | {
        "kept": [True] * ROWS,
        "age": np.where(np.arange(ROWS) >= 125, np.nan, age),
        "apparent_ethnicity": [ethnicity[n % 5] for n in range(ROWS)],
        "eye_color": [("brown", "hazel", "blue", None)[n % 4] for n in range(ROWS)],
    }
    root = write_served(folder / "faces", ROWS, own=own)
    with whole_server(root, workdir=folder / "work") as made:
        yield made


def test_the_published_shape(client: TestClient) -> None:
    answer = client.get(f"{V1}?gender=female").json()
    assert set(answer) == {"faces", "total"}
    assert len(answer["faces"]) == 10
    for face in answer["faces"]:
        assert set(face) == {"id", "meta", "urls"}
        assert list(face["meta"]) == [
            "gender", "age", "ethnicity", "eye_color", "hair_color", "hair_length", "emotion",
        ]  # fmt: skip
        assert all(isinstance(value, list) and len(value) == 1 for value in face["meta"].values())
        assert face["meta"]["gender"] == ["female"]
        assert [list(each) for each in face["urls"]] == [["32"], ["64"], ["128"], ["256"], ["512"]]
    url = answer["faces"][0]["urls"][4]["512"]
    assert url.startswith("http://127.0.0.1/")
    assert client.get(url).headers["content-type"] == "image/jpeg"


def test_a_client_of_the_commercial_api(client: TestClient) -> None:
    """The calls that public clients make."""
    asked = {"api_key": "anything", "page": 1, "per_page": 100, "order_by": "random", "version": 3}
    seen: set[str] = set()
    for page in (1, 2, 3):
        params = {**asked, "page": page, "seed": 5}
        seen |= {face["id"] for face in client.get(V1, params=params).json()["faces"]}
    assert len(seen) == ROWS
    headers = {"Authorization": "API-Key anything"}
    face = client.get(V1, params={"gender": "male"}, headers=headers).json()["faces"][0]
    assert face["meta"]["gender"][0] == "male"


@pytest.mark.parametrize(
    ("query", "total"),
    [
        ("ethnicity=latino", 0),
        ("ethnicity=asian", 52),
        ("ethnicity=asian&ethnicity=white", 78),
        ("ethnicity=asian&ethnicity=latino", 52),
        ("age=infant", 3 + 3),
        ("age=child", 15 + 15),
        ("age=elderly", 30),
        ("eye_color=brown", 66),
        ("eye_color=grey", 0),
        ("hair_color=red", 0),
        ("head_pose=front&order_by=oldest", None),
        ("", ROWS),
    ],
)
def test_words(client: TestClient, query: str, total: int | None) -> None:
    answer = client.get(f"{V1}?{query}").json()
    assert total is None or answer["total"] == total


def test_ages_fall_into_one_group_each(client: TestClient) -> None:
    ages = ("infant", "child", "young-adult", "adult", "elderly")
    assert sum(client.get(f"{V1}?age={age}").json()["total"] for age in ages) == 125
    last = client.get(f"{V1}?order_by=latest&per_page=1").json()["faces"][0]
    assert last["id"] == "f129"
    assert last["meta"]["age"] == [None]


def test_pages_and_orders(client: TestClient) -> None:
    def ids(query: str) -> list[str]:
        return [face["id"] for face in client.get(f"{V1}?{query}").json()["faces"]]

    oldest = ids("order_by=oldest&per_page=100") + ids("order_by=oldest&per_page=100&page=2")
    latest = ids("order_by=latest&per_page=100") + ids("per_page=100&page=2")
    assert oldest == latest[::-1] == [f"f{n:03d}" for n in range(ROWS)]
    assert len(ids("per_page=5000")) == 100  # as published: the most
    assert ids("page=14") == []
    assert ids("order_by=random&seed=1") == ids("order_by=random&seed=1")
    assert len({tuple(ids("order_by=random")) for _ in range(4)}) > 1


@pytest.mark.parametrize(
    "query",
    [
        "gender=other", "age=old", "page=0", "page=-1", "page=x", "per_page=0", "order_by=best",
        "nix=1", "page=99999999999999999999", "seed=x", "dataset=none", "synthetic=perhaps",
        "gender=", "gender=male&gender=nix",
    ],
)  # fmt: skip
def test_what_v1_does_not_know_is_400(client: TestClient, query: str) -> None:
    answer = client.get(f"{V1}?{query}")
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"


def test_photographs_are_those_that_nobody_calls_synthetic(tmp_path: Path) -> None:
    told = [True, True, False, None, None]
    own = {**columns(5), "kept": [True] * 5}
    root = write_served(tmp_path / "some", 5, own=own, of_photos={"synthetic": told})
    with whole_server(root, workdir=tmp_path / "work") as client:
        totals = {
            asked: client.get(f"/api/v1/faces?{asked}").json()["total"]
            for asked in ("synthetic=yes", "synthetic=no", "")
        }
    assert totals == {"synthetic=yes": 2, "synthetic=no": 3, "": 5}
