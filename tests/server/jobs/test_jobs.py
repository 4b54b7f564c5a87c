"""Jobs over HTTP: what they make, what they refuse, how they end."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from facewright.server.jobs.settings import JobSettings, load_generators
from facewright.server.jobs.shapes import OVER
from helpers.made_faces import PROGRAM, write_generators
from helpers.processes import naming
from helpers.serving import columns, write_served
from helpers.waiting import wait_for
from helpers.whole_server import whole_server

JOBS = "/api/jobs"


def own(rows: int) -> dict[str, Any]:
    sexes = ["female"] * (rows * 3 // 4)
    return columns(rows) | {"kept": [True] * rows, "sex": sexes + ["male"] * (rows - len(sexes))}


@pytest.fixture(scope="module")
def roots(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("jobs")
    return (
        write_served(folder / "one", 40, own=own(40)),
        write_served(folder / "two", 20, own=own(20)),
    )


@pytest.fixture(scope="module")
def client(roots: tuple[Path, Path], samples: Path) -> Iterator[TestClient]:
    generators = load_generators(write_generators(roots[0].parent, samples / "astronaut.png"))
    jobs = JobSettings(running=2, workers=1, generators=generators)
    with whole_server(*roots, workdir=roots[0].parent / "work", jobs=jobs) as made:
        yield made


def until(client: TestClient, job_id: str, holds: Callable[[dict[str, Any]], bool]) -> Any:
    def told() -> Any:
        job = client.get(f"{JOBS}/{job_id}").json()
        return job if holds(job) else None

    return wait_for(told, pause=0.05)


def finished(client: TestClient, asked: dict[str, Any]) -> dict[str, Any]:
    started = client.post(JOBS, json=asked)
    assert started.status_code == 202, started.text
    job: dict[str, Any] = until(client, started.json()["id"], lambda job: job["state"] in OVER)
    return job


@pytest.mark.slow
def test_an_export_of_several_datasets_is_one_zip(client: TestClient, roots: Any) -> None:
    asked = {"kind": "export", "layout": "imagefolder", "filter": "sex=male", "name": "Men, all"}
    job = finished(client, asked)
    assert (job["state"], job["progress"], job["title"]) == ("done", 1.0, "Men, all")
    assert job["result"]["faces"] == 15
    answer = client.get(f"{JOBS}/{job['id']}/result")
    assert answer.headers["content-disposition"] == 'attachment; filename="Men-all.zip"'
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    assert archive.testzip() is None
    names = archive.namelist()
    assert {name.split("/")[0] for name in names} == {"one", "two"}
    assert sum(name.endswith(".png") for name in names) == 15
    assert str(roots[0].parent) not in str(job)


@pytest.mark.slow
def test_a_balance_becomes_a_selection(client: TestClient) -> None:
    asked = {"kind": "balance", "by": ["sex"], "target": "equal", "count": None, "of": 60}
    job = finished(client, asked)
    assert job["state"] == "done", job
    selection = job["result"]["selection"]
    assert client.get(f"/api/selections/{selection}").json()["faces"] == 30
    counts = client.get(f"/api/facets?select={selection}&attributes=sex").json()["facets"]["sex"]
    assert counts["counts"] == {"female": 15, "male": 15}
    assert client.get(f"{JOBS}/{job['id']}/result").json()["face_ids"]
    like = {"kind": "balance", "by": ["sex"], "target": "dataset:two", "filter": "dataset=one"}
    assert finished(client, like)["result"]["faces"] == 40
    joint = {**asked, "target": "sex x smile: 50 % female/no, 50 % male/no"}
    assert finished(client, joint)["state"] == "done"
    each = {**asked, "target": "equal", "strategy": "uniform"}
    assert finished(client, each)["result"]["faces"] == 30
    said = {**asked, "target": "60 % female, 40 % male"}
    assert finished(client, said)["state"] == "done"


@pytest.mark.slow
def test_a_balance_goes_by_labels_of_hand(roots: Any, tmp_path: Path) -> None:
    with whole_server(roots[1], workdir=tmp_path) as client:
        for face in ("f000", "f001", "f002", "f003", "f004"):
            sent = {"attribute": "sex", "value": "male"}
            assert client.post(f"/api/faces/{face}/labels", json=sent).status_code == 201
        job = finished(client, {"kind": "balance", "by": ["sex"]})
        assert job["result"]["faces"] == 20  # by the estimates it would be ten
        assert job["result"]["order"] == []


@pytest.mark.slow
def test_an_export_goes_by_labels_of_hand(roots: Any, tmp_path: Path) -> None:
    with whole_server(roots[1], workdir=tmp_path) as client:
        for face, value in (("f000", "male"), ("f001", None)):
            sent = {"attribute": "sex", "value": value, "who": "anna"}
            assert client.post(f"/api/faces/{face}/labels", json=sent).status_code == 201
        asked = {"kind": "export", "layout": "csv", "face_ids": ["f000", "f001", "f002"]}
        job = finished(client, asked)
        assert job["state"] == "done", job
        archive = zipfile.ZipFile(io.BytesIO(client.get(f"{JOBS}/{job['id']}/result").content))
        rows = list(csv.DictReader(archive.read("two/records.csv").decode().splitlines()))
        assert [row["sex"] for row in rows] == ["male", "", "female"]
        told = list(csv.DictReader(archive.read("labels-two.csv").decode().splitlines()))
        assert [(row["face_id"], row["true"], row["who"]) for row in told] == [
            ("f000", "male", "anna"),
            ("f001", "unknown", "anna"),
        ]


def test_what_an_order_would_come_to(client: TestClient) -> None:
    target = "equal over sex; 50 % adults, 25 % children, 25 % elderly"
    asked = {"count": 16, "target": target, "attributes": {"yaw": "-30..30"}}
    told = client.post("/api/orders/plan", json=asked)
    assert told.status_code == 200, told.text
    assert (told.json()["pictures"], told.json()["people"]) == (16, 16)
    assert told.json()["shares"]["sex"] == {"female": 0.5, "male": 0.5}
    assert told.json()["shares"]["age_group"] == {"adult": 0.5, "child": 0.25, "elderly": 0.25}
    assert (
        -30 <= told.json()["numbers"]["yaw"]["low"] <= told.json()["numbers"]["yaw"]["high"] <= 30
    )
    views = {"persons": 2, "views": 9, "expressions": 2}
    told = client.post("/api/orders/plan", json=views).json()
    assert (told["pictures"], told["people"], told["numbers"]["yaw"]["low"]) == (36, 2, -35.0)
    wrong = {"count": 8, "target": "50 % adults, 25 % children"}
    answer = client.post("/api/orders/plan", json=wrong)
    assert answer.status_code == 422
    assert "75 %" in answer.json()["detail"]


def test_what_can_be_wanted(client: TestClient) -> None:
    told = client.get("/api/vocabulary").json()
    named = {each["name"]: each for each in told["attributes"]}
    assert named["glasses"]["levels"][0] == {"key": "NoGlasses", "label": "no glasses"}
    assert (named["age"]["kind"], named["age"]["unit"]) == ("number", "years")
    assert ["age", "age_group"] in told["exclusive"]
    assert client.get("/order.json").json()["vocabulary"] == told
    assert set(client.get("/basket.json").json()) == {"selections", "jobs"}


@pytest.mark.slow
def test_an_order_comes_to_the_grid_and_stays(roots: Any, samples: Path, tmp_path: Path) -> None:
    generators = load_generators(write_generators(tmp_path, samples / "astronaut.png"))
    jobs = JobSettings(workers=1, generators=generators)
    with whole_server(*roots, workdir=tmp_path, jobs=jobs) as client:
        told = client.get("/api/generators").json()["generators"]
        assert [each["name"] for each in told] == ["astronaut"]
        asked = {"kind": "generate", "count": 2, "attributes": {"sex": "female"}, "size": 192}
        job = finished(client, asked)
        assert job["state"] == "done", job
        name = job["result"]["dataset"]
        assert client.get(f"/api/faces?dataset={name}").json()["total"] == 2
        assert client.get(f"/api/faces?dataset={name}&synthetic=yes").json()["total"] == 2
        assert client.delete(f"{JOBS}/{job['id']}").status_code == 409
    with whole_server(*roots, workdir=tmp_path, jobs=jobs) as client:
        assert client.get(f"/api/faces?dataset={name}").json()["total"] == 2


@pytest.mark.slow
def test_a_report(client: TestClient) -> None:
    job = finished(client, {"kind": "report", "by": ["sex"], "filter": "dataset=one"})
    assert job["state"] == "done", job
    archive = zipfile.ZipFile(io.BytesIO(client.get(f"{JOBS}/{job['id']}/result").content))
    assert {"report.html", "report.json"} <= set(archive.namelist())


@pytest.mark.parametrize(
    "asked",
    [
        {"kind": "nix"},
        {"kind": "export", "layout": "nix"},
        {"kind": "export", "layout": "../../etc"},
        {"kind": "export", "layout": "imagefolder", "out": "/x"},
        {"kind": "export", "layout": "imagefolder", "selection": "../../x"},
        {"kind": "export", "layout": "imagefolder", "face_ids": ["none"]},
        {"kind": "export", "layout": "imagefolder", "filter": "age=200..300"},
        {"kind": "balance", "by": ["nix"]},
        {"kind": "balance", "by": ["sex"], "target": "/etc/passwd"},
        {"kind": "balance", "by": ["sex"], "target": "census:people"},
        {"kind": "balance", "by": ["sex"], "target": "like:one"},
        {"kind": "balance", "by": ["sex"], "target": "target.toml"},
        {"kind": "balance", "by": ["sex"], "strategy": "lpff-density:x"},
        {"kind": "report", "target": "uniform:sex"},
        {"kind": "generate", "count": 2, "generator": "command"},
        {"kind": "generate", "count": 2, "options": {"command": ["sh"]}},
        {"kind": "generate", "count": 100_000},
        {"kind": "generate", "persons": 10_000, "views": 100},
        {"kind": "generate", "count": 2, "attributes": {"nix": 1}},
        {"kind": "generate", "count": 2, "attributes": {"sex": "neither"}},
        {"kind": "generate", "count": 2, "target": "order.toml"},
        {"kind": "generate", "count": 2, "target": "like:one"},
        {"kind": "generate", "count": 8, "target": "50 % adults, 25 % children"},
        {"kind": "generate", "count": 8, "target": "equal over licence"},
        {"kind": "generate", "count": 2, "order": [{"count": "x"}]},
    ],
)
def test_what_no_job_is_made_of(client: TestClient, asked: dict[str, Any]) -> None:
    before = len(client.get(JOBS).json()["jobs"])
    answer = client.post(JOBS, json=asked)
    assert answer.status_code == 422, answer.text
    assert len(client.get(JOBS).json()["jobs"]) == before


def test_a_job_that_fails_says_why_without_paths(client: TestClient, roots: Any) -> None:
    asked = {"kind": "export", "layout": "imagefolder", "crop": "nix:12", "filter": "dataset=two"}
    job = finished(client, asked)
    assert job["state"] == "failed"
    assert "crop" in job["message"]
    assert str(roots[0].parent) not in job["message"]
    assert client.get(f"{JOBS}/{job['id']}/result").status_code == 409
    assert client.delete(f"{JOBS}/{job['id']}").status_code == 204
    assert client.get(f"{JOBS}/{job['id']}").status_code == 404


@pytest.mark.slow
def test_faces_of_an_order_are_served_while_it_runs(
    roots: Any, samples: Path, tmp_path: Path
) -> None:
    generators = load_generators(write_generators(tmp_path, samples / "astronaut.png", 0.4))
    jobs = JobSettings(running=1, workers=1, generators=generators)
    work = tmp_path / "work"
    with whole_server(roots[1], workdir=work, jobs=jobs) as client:
        others = client.get("/api/faces").json()["total"]
        job_id = client.post(JOBS, json={"kind": "generate", "count": 40, "size": 128}).json()["id"]
        job = until(client, job_id, lambda job: job["dataset"] is not None)
        assert (job["state"], job["result"]) == ("running", None)
        asked = f"/api/faces?dataset={job['dataset']}"
        first = client.get(asked).json()
        assert 0 < first["total"] < 40
        assert client.get(first["faces"][0]["thumb"]).status_code == 200
        assert client.get(f"/api/faces/{first['faces'][0]['id']}").json()["synthetic"] is True
        assert client.delete(f"{JOBS}/{job_id}").status_code == 204
        until(client, job_id, lambda job: job["state"] == "cancelled")
        kept = client.get(asked).json()
        ids = [face["id"] for face in kept["faces"]]
        assert ids[: first["total"]] == [face["id"] for face in first["faces"]]
    with whole_server(roots[1], workdir=work, jobs=jobs) as client:
        assert client.get(asked).json()["total"] >= kept["total"]
        assert client.get("/api/faces").json()["total"] > others
        assert client.delete(f"{JOBS}/{job_id}").status_code == 204
        assert client.get("/api/faces").json()["total"] == others
        assert client.get(asked).status_code == 422
        assert not (work / "jobs" / job_id).exists()


@pytest.mark.slow
def test_jobs_wait_their_turn_and_can_be_cancelled(
    roots: Any, samples: Path, tmp_path: Path
) -> None:
    generators = load_generators(write_generators(tmp_path, samples / "astronaut.png", 1.0))
    jobs = JobSettings(running=1, waiting=2, workers=1, generators=generators)
    asked = {"kind": "generate", "count": 200}
    begun = tmp_path / "begun.txt"
    with whole_server(roots[1], workdir=tmp_path / "work", jobs=jobs) as client:
        ids = [client.post(JOBS, json=asked).json()["id"] for _ in range(3)]
        assert client.post(JOBS, json=asked).status_code == 503
        states = [client.get(f"{JOBS}/{each}").json()["state"] for each in ids]
        assert states == ["running", "queued", "queued"]
        until(client, ids[0], lambda _: begun.exists())
        for job_id in reversed(ids):
            assert client.delete(f"{JOBS}/{job_id}").status_code == 204
            until(client, job_id, lambda job: job["state"] == "cancelled")
        # What it had started ends with it.
        wait_for(lambda: not naming(tmp_path / PROGRAM), "the generator's end", seconds=30)
        assert client.post(f"{JOBS}/{ids[0]}/again").status_code == 202
        until(client, ids[0], lambda job: job["state"] == "running")
    with whole_server(roots[1], workdir=tmp_path / "work", jobs=jobs) as client:
        assert client.get(f"{JOBS}/{ids[0]}").json()["state"] == "interrupted"
