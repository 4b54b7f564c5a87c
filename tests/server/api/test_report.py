"""The analysis over HTTP: shares, intervals, distances, what a target allows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from facewright.stats.distances import total_variation
from helpers.serving import columns, serving, write_served

SEXES = ["female"] * 30 + ["male"] * 10 + [None] * 20


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    folder = tmp_path_factory.mktemp("report")
    own: dict[str, Any] = columns(60) | {"kept": [True] * 60, "sex": SEXES}
    other = columns(20) | {"kept": [True] * 20, "sex": ["male"] * 20}
    one = write_served(folder / "one", 60, own=own)
    with serving(one, write_served(folder / "two", 20, own=other)) as made:
        yield made


def told(client: TestClient, **query: str) -> Any:
    answer = client.get("/api/report", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_shares_beside_a_target(known: TestClient) -> None:
    found = told(known, dataset="one", by="sex", target="equal")
    assert (found["total"], found["known"], found["by"]) == (60, 40, ["sex"])
    sex = found["marginals"]["sex"]
    assert (sex["faces"], sex["unknown"]) == ({"female": 30, "male": 10}, 20)
    assert (sex["found"], sex["wanted"]) == (
        {"female": 0.75, "male": 0.25},
        {"female": 0.5, "male": 0.5},
    )
    assert sex["low"]["male"] < 0.25 < sex["high"]["male"]
    assert found["distances"]["total_variation"] == total_variation([0.75, 0.25], [0.5, 0.5])
    assert found["largest"] == 20
    assert found["cells"] == [
        {"levels": {"sex": "female"}, "faces": 30, "share": 0.75, "wanted": 0.5},
        {"levels": {"sex": "male"}, "faces": 10, "share": 0.25, "wanted": 0.5},
    ]


def test_a_sentence_names_its_attributes(known: TestClient) -> None:
    found = told(known, dataset="one", target="sex: 3/4 female, rest male; glasses: rest")
    assert found["by"] == ["sex", "glasses"]
    assert found["marginals"]["sex"]["wanted"] == {"female": 0.75, "male": 0.25}
    jointly = told(known, by="sex", target="sex x smile: 60 % female/yes, 40 % male/no")
    assert jointly["marginals"]["sex"]["wanted"] == {"female": 0.6, "male": 0.4}


def test_other_faces_are_a_target(known: TestClient) -> None:
    found = told(known, dataset="one", by="sex", target="dataset:two")
    assert found["marginals"]["sex"]["wanted"] == {"female": 0.0, "male": 1.0}
    assert found["distances"]["kullback_leibler"] is None  # infinite
    assert found["largest"] == 10
    whole = told(known, by="sex", target="all")
    assert whole["distances"]["total_variation"] == 0.0


def test_without_a_target_there_are_shares_only(known: TestClient) -> None:
    found = told(known, by="sex,glasses", sex="female")
    assert (found["distances"], found["largest"]) == (None, None)
    assert sum(cell["faces"] for cell in found["cells"]) == found["known"]
    none = told(known, by="sex", age="200..300", target="equal")
    assert (none["total"], none["cells"][0]["faces"], none["largest"]) == (0, 0, 0)


@pytest.mark.parametrize(
    "query",
    [
        {"by": "nix"},
        {"by": "theta"},
        {"target": "50 % martians"},
        {"target": "60 % female"},
        {"target": "dataset:nix"},
        {"target": "/etc/passwd"},
        {"by": "sex", "target": "equal over glasses"},
        {"by": "author"},
    ],
)
def test_what_cannot_be_compared(known: TestClient, query: dict[str, str]) -> None:
    answer = known.get("/api/report", params=query)
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
