"""Flags, labels and selections over HTTP, and what rules and audits read of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from facewright.rules.lists import flags
from facewright.server.notes.place import key_of
from facewright.stats.label_error import Audit
from facewright.store.manifest import Manifest
from facewright.store.selection import Selection
from helpers.judging import dropped, table
from helpers.serving import columns, write_served
from helpers.whole_server import whole_server


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    own = columns(40) | {"kept": [True] * 40, "sex": ["female"] * 30 + [None] * 10}
    return write_served(tmp_path_factory.mktemp("noted") / "faces", 40, own=own)


@pytest.fixture
def client(root: Path, tmp_path: Path) -> Iterator[TestClient]:
    with whole_server(root, workdir=tmp_path) as made:
        yield made


def file_of(workdir: Path, root: Path) -> Path:
    return workdir / "notes" / key_of(Manifest.load(root)) / "flags.jsonl"


# -- flags -----------------------------------------------------------------------------------


def test_flags_are_what_the_rule_reads(client: TestClient, root: Path, tmp_path: Path) -> None:
    for face, reason in (("f001", "blurred"), ("f002", "not_a_face"), ("f003", "rights")):
        sent = {"reason": reason, "note": "seen", "who": "anna"}
        assert client.post(f"/api/faces/{face}/flags", json=sent).status_code == 201
    assert client.delete("/api/faces/f002/flags").status_code == 204
    assert client.delete("/api/faces/f002/flags").status_code == 404
    file = file_of(tmp_path, root)
    assert flags(file) == {"f001": "blurred", "f003": "rights"}
    shown = table({"face_id": ["f001", "f002", "f003", "f004"]})
    assert dropped(shown, flagged={"file": str(file), "reasons": ["rights"]}) == [2]
    told = client.get("/api/faces/f001").json()["flags"]
    assert [(each["reason"], each["note"], each["who"]) for each in told] == [
        ("blurred", "seen", "anna")
    ]
    assert client.get("/api/flags?dataset=faces").content == file.read_bytes()


def test_flags_are_there_again_after_a_restart(root: Path, tmp_path: Path) -> None:
    with whole_server(root, workdir=tmp_path) as client:
        client.post("/api/faces/f001/flags", json={"reason": "blurred"})
    file = file_of(tmp_path, root)
    whole = file.read_bytes()
    file.write_bytes(whole[:-9])  # as if the machine had died while it was written
    with whole_server(root, workdir=tmp_path) as client:
        assert file.read_bytes() == whole
        assert len(client.get("/api/faces/f001").json()["flags"]) == 1


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"reason": ""},
        {"reason": "a\nb"},
        {"reason": "x" * 101},
        {"reason": "a", "note": "x" * 501},
        {"reason": "a", "more": 1},
        {"reason": 5},
    ],
)
def test_flags_that_are_none(client: TestClient, sent: dict[str, object]) -> None:
    assert client.post("/api/faces/f001/flags", json=sent).status_code == 422
    assert client.post("/api/faces/none/flags", json={"reason": "a"}).status_code == 404


# -- labels ----------------------------------------------------------------------------------


def test_a_label_wins_over_the_estimate_everywhere(client: TestClient, tmp_path: Path) -> None:
    before = client.get("/api/facets?attributes=sex").json()["facets"]["sex"]
    assert (before["counts"], before["unknown"]) == ({"female": 30, "male": 0}, 10)
    for face, value in (("f000", "male"), ("f039", "male"), ("f001", None)):
        sent = {"attribute": "sex", "value": value, "who": "anna"}
        assert client.post(f"/api/faces/{face}/labels", json=sent).status_code == 201
    after = client.get("/api/facets?attributes=sex").json()["facets"]["sex"]
    assert (after["counts"], after["unknown"]) == ({"female": 28, "male": 2}, 10)
    assert [each["id"] for each in client.get("/api/faces?sex=male").json()["faces"]] == [
        "f000",
        "f039",
    ]
    assert client.get("/api/v1/faces?gender=male").json()["total"] == 2
    (told,) = client.get("/api/faces/f000").json()["corrections"]
    assert (told["attribute"], told["value"], told["who"]) == ("sex", "male", "anna")
    assert told["when"].startswith("20")
    assert client.get("/api/faces/f000").json()["record"]["sex"] == "female"  # the estimate stays
    file = tmp_path / "audit.csv"
    file.write_bytes(client.get("/api/labels?dataset=faces").content)
    audit = Audit.load(file)
    assert [(each.face_id, each.value) for each in audit.told["sex"]] == [
        ("f000", "male"),
        ("f039", "male"),
    ]


def test_a_label_can_be_changed_and_taken_back(root: Path, tmp_path: Path) -> None:
    address = "/api/faces/f000/labels"
    with whole_server(root, workdir=tmp_path) as client:
        client.post(address, json={"attribute": "age", "value": "77"})
        client.post(address, json={"attribute": "sex", "value": "male"})
        client.post(address, json={"attribute": "sex", "value": "female"})
        assert client.delete(f"{address}?attribute=sex").status_code == 204
        assert client.delete(f"{address}?attribute=sex").status_code == 404
    with whole_server(root, workdir=tmp_path) as client:
        assert "f000" in [f["id"] for f in client.get("/api/faces?age=77").json()["faces"]]
        (told,) = client.get("/api/faces/f000").json()["corrections"]
        assert (told["attribute"], told["value"]) == ("age", "77")


def test_an_age_says_the_age_group_and_the_other_way_round(root: Path, tmp_path: Path) -> None:
    with whole_server(root, workdir=tmp_path) as client:

        def say(attribute: str, value: str | None) -> tuple[float | None, str]:
            sent = {"attribute": attribute, "value": value}
            assert client.post("/api/faces/f007/labels", json=sent).status_code == 201
            (face,) = (
                face
                for face in client.get("/api/faces?limit=100").json()["faces"]
                if face["id"] == "f007"
            )
            groups = [
                group
                for group in ("child", "adult", "elderly", "~")
                if "f007" in client.get(f"/api/faces?age_group={group}&limit=100").text
            ]
            assert len(groups) == 1
            return face["summary"]["age"], groups[0]

        assert say("age", "72") == (72.0, "elderly")
        assert say("age_group", "child") == (17.9, "child")
        assert say("age", "30..40") == (30.0, "adult")
        assert say("age", None) == (None, "~")


@pytest.mark.parametrize(
    ("attribute", "value"),
    [("sex", "neither"), ("nix", "male"), ("licence", "CC0"), ("dataset", "faces"), ("age", "old")],
)
def test_labels_that_are_none(client: TestClient, attribute: str, value: str) -> None:
    sent = {"attribute": attribute, "value": value}
    assert client.post("/api/faces/f000/labels", json=sent).status_code == 422


def test_notes_belong_to_a_dataset_whatever_else_is_served(root: Path, tmp_path: Path) -> None:
    other = write_served(tmp_path / "others", 10, own=columns(10) | {"kept": [True] * 10})
    work = tmp_path / "work"
    with whole_server(root, other, workdir=work) as client:
        sent = {"attribute": "glasses", "value": "Sunglasses"}
        assert client.post("/api/faces/f005@others/labels", json=sent).status_code == 201
        client.post("/api/faces/f005@others/flags", json={"reason": "blurred"})
        assert client.get("/api/faces/f005").json()["flags"] == []
    with whole_server(other, root, workdir=work) as client:
        (told,) = client.get("/api/faces/f005").json()["corrections"]
        assert told["value"] == "Sunglasses"
        found = client.get("/api/faces?dataset=others&glasses=Sunglasses").json()["faces"]
        assert "f005" in [each["id"] for each in found]
        assert client.get("/api/faces/f005@faces").json()["corrections"] == []
    with whole_server(root, workdir=work) as client:
        assert client.get("/api/faces/f005").json()["flags"] == []


def test_notes_go_with_a_dataset_that_is_moved(tmp_path: Path) -> None:
    own = columns(10) | {"kept": [True] * 10, "sex": ["female"] * 10}
    before = write_served(tmp_path / "before", 10, own=own)
    with whole_server(before, workdir=tmp_path / "work") as client:
        client.post("/api/faces/f001/flags", json={"reason": "blurred"})
        client.post("/api/faces/f002/labels", json={"attribute": "sex", "value": "male"})
        kept = client.post("/api/selections", json={"name": "x", "filter": "sex=male"}).json()
    after = before.rename(tmp_path / "after")
    with whole_server(after, workdir=tmp_path / "work") as client:
        assert [flag["reason"] for flag in client.get("/api/faces/f001").json()["flags"]] == [
            "blurred"
        ]
        assert [face["id"] for face in client.get("/api/faces?sex=male").json()["faces"]] == [
            "f002"
        ]
        assert client.get(f"/api/faces?select={kept['id']}").json()["total"] == 1
        assert client.get("/api/flags?dataset=after").text.count("blurred") == 1
    other = write_served(tmp_path / "other", 10, own=own)
    with whole_server(other, after, workdir=tmp_path / "work") as client:
        (face,) = client.get(f"/api/faces?select={kept['id']}").json()["faces"]
        assert face["id"] == "f002@after"
        text = client.get(f"/api/selections/{kept['id']}/file?format=txt").text
        assert text.split() == ["f002@after"]
    with whole_server(other, workdir=tmp_path / "work") as client:
        assert client.get(f"/api/faces?select={kept['id']}").json()["total"] == 0
        asked = {"kind": "export", "layout": "csv", "selection": kept["id"]}
        answer = client.post("/api/jobs", json=asked)
        assert answer.status_code == 422
        assert "1 of the" in answer.json()["detail"]


def test_flagged_faces_are_filtered_and_counted(client: TestClient) -> None:
    first = client.get("/api/faces?limit=3").json()
    client.post("/api/faces/f004/flags", json={"reason": "blurred"})
    (face,) = client.get("/api/faces?flagged=yes").json()["faces"]
    assert (face["id"], face["summary"]["flagged"]) == ("f004", "yes")
    counts = client.get("/api/facets?attributes=flagged").json()["facets"]["flagged"]["counts"]
    assert counts == {"no": 39, "yes": 1}
    going_on = client.get(f"/api/faces?limit=3&cursor={first['next']}")
    assert going_on.status_code == 200  # whoever walks through pages goes on where they are
    client.delete("/api/faces/f004/flags")
    assert client.get("/api/faces?flagged=yes").json()["total"] == 0
    sent = {"attribute": "flagged", "value": "yes"}
    assert client.post("/api/faces/f004/labels", json=sent).status_code == 422


# -- selections ------------------------------------------------------------------------------


def test_selections_keep_order_and_repeats(client: TestClient, tmp_path: Path) -> None:
    ids = ["f003", "f001", "f003"]
    made = client.post("/api/selections", json={"name": "mine", "face_ids": ids}).json()
    assert made["faces"] == 3
    assert client.get("/api/selections").json()["selections"] == [made]
    assert client.get(f"/api/selections/{made['id']}").json() == made
    for kind in ("json", "csv", "txt"):
        file = tmp_path / f"mine.{kind}"
        answer = client.get(f"/api/selections/{made['id']}/file?format={kind}")
        file.write_bytes(answer.content)
        assert Selection.load(file).face_ids == tuple(ids)
    assert client.get(f"/api/faces?select={made['id']}").json()["total"] == 2


def test_selections_of_a_filter_in_its_order(client: TestClient) -> None:
    query = "sex=female&sort=-age&seed=3"
    shown = [face["id"] for face in client.get(f"/api/faces?{query}").json()["faces"]]
    made = client.post("/api/selections", json={"name": "old", "filter": query}).json()
    text = client.get(f"/api/selections/{made['id']}/file?format=txt").text
    assert text.split() == shown
    address = f"/api/selections/{made['id']}"
    changed = client.put(address, json={"name": "new", "face_ids": ["f001"]}).json()
    assert (changed["name"], changed["faces"], changed["id"]) == ("new", 1, made["id"])
    assert client.delete(address).status_code == 204
    for gone in (client.get(address), client.delete(address), client.get(f"{address}/file")):
        assert gone.status_code == 404
    assert client.get(f"/api/faces?select={made['id']}").status_code == 422


@pytest.mark.parametrize(
    "sent",
    [
        {"name": "x"},
        {"name": "x", "face_ids": ["f001"], "filter": "sex=male"},
        {"name": "x", "face_ids": []},
        {"name": "x", "face_ids": ["none"]},
        {"name": "x", "filter": "nix=1"},
        {"name": "x", "filter": "seed=-1"},
        {"name": "", "filter": ""},
        {"name": "x", "filter": "where=" + "(" * 300},
    ],
)
def test_selections_that_are_none(client: TestClient, sent: dict[str, object]) -> None:
    assert client.post("/api/selections", json=sent).status_code == 422
