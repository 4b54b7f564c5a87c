"""Similar faces over HTTP."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from starlette.testclient import TestClient

from facewright.store.dataset import Dataset
from helpers.serving import columns, embeddings, serving, write_served


def test_the_nearest_are_those_of_a_full_comparison(client: TestClient, served: Path) -> None:
    dataset = Dataset.open(served)
    vectors = dataset.embeddings.astype(np.float64)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    ids = dataset.face_ids
    for row in (0, 50, 120):
        cosines = vectors @ vectors[row]
        cosines[row] = -2
        order = np.argsort(-cosines)[:10]
        answer = client.get(f"/api/faces/{ids[row]}/similar?limit=10").json()
        assert answer["exact"]
        assert [face["id"] for face in answer["faces"]] == [ids[n] for n in order]
        found = [face["similarity"] for face in answer["faces"]]
        assert np.abs(np.array(found) - cosines[order]).max() < 2e-3


def test_the_filter_holds_for_similar_faces(client: TestClient) -> None:
    face = client.get("/api/faces?limit=1").json()["faces"][0]["id"]
    found = client.get(f"/api/faces/{face}/similar?sex=female&limit=200").json()["faces"]
    assert found
    assert {each["summary"]["sex"] for each in found} == {"female"}
    assert client.get(f"/api/faces/{face}/similar?synthetic=yes").json()["faces"] == []


def test_faces_without_an_embedding_are_neither_asked_nor_answered(tmp_path: Path) -> None:
    vectors = [list(row) for row in embeddings(6).tolist()]
    own = {**columns(6), "kept": [True] * 6, "embedding": [*vectors[:4], None, [0.0] * 1024]}
    with serving(write_served(tmp_path / "some", 6, own=own)) as client:
        found = client.get("/api/faces/f000/similar").json()["faces"]
        assert {face["id"] for face in found} == {"f001", "f002", "f003"}
        answer = client.get("/api/faces/f004/similar")
        assert (answer.status_code, answer.json()["type"]) == (404, "/problems/no-embedding")


def test_datasets_are_searched_together(tmp_path: Path) -> None:
    one = write_served(tmp_path / "one", 5, parts=1, own={"kept": [True] * 5})
    two = write_served(tmp_path / "two", 5, parts=1, own={"kept": [True] * 5})
    with serving(one, two) as client:
        first = client.get("/api/faces/f003/similar?limit=1").json()["faces"][0]
    assert (first["id"], first["similarity"]) == ("f003@two", 1.0)


def test_faces_are_lined_up_by_likeness(client: TestClient) -> None:
    face = client.get("/api/faces?limit=1&offset=7").json()["faces"][0]["id"]
    near = client.get(f"/api/faces/{face}/similar?limit=200").json()["faces"]
    line = client.get(f"/api/faces?sort=like:{face}&limit=500").json()
    ids = [each["id"] for each in line["faces"]]
    assert ids == [face, *(each["id"] for each in near)]
    assert line["total"] == client.get("/api/faces").json()["total"]
    paged, query = [], f"sort=like:{face}&sex=female&limit=20"
    cursor = ""
    while cursor is not None:
        page = client.get(f"/api/faces?{query}{cursor and f'&cursor={cursor}'}").json()
        paged += [each["id"] for each in page["faces"]]
        cursor = page["next"]
    females = {each["id"] for each in line["faces"] if each["summary"]["sex"] == "female"}
    assert paged == [each for each in ids if each in females]
    assert client.get("/api/faces?sort=like:nobody").status_code == 404


def test_faces_without_an_embedding_come_last_by_likeness(tmp_path: Path) -> None:
    vectors = [list(row) for row in embeddings(6).tolist()]
    own = {**columns(6), "kept": [True] * 6, "embedding": [*vectors[:4], None, [0.0] * 1024]}
    with serving(write_served(tmp_path / "some", 6, own=own)) as client:
        found = client.get("/api/faces?sort=like:f002").json()["faces"]
        ids = [face["id"] for face in found]
        assert (ids[0], ids[4:]) == ("f002", ["f004", "f005"])
        assert client.get("/api/faces?sort=like:f004").status_code == 404


def test_what_was_found_is_an_address(client: TestClient) -> None:
    one, two = (face["id"] for face in client.get("/api/faces?limit=2").json()["faces"])
    told = client.get(f"/api/similar?found=0.91:{two}&found=-0.2:{one}&found=1:gone").json()
    assert [(face["id"], face["similarity"]) for face in told["faces"]] == [
        (two, 0.91),
        (one, -0.2),
    ]
    assert told["gone"] == 1
    for wrong in (two, "x:y", "7:f001", "0.5:"):
        assert client.get("/api/similar", params={"found": wrong}).status_code == 422
    assert client.get("/api/similar").status_code == 422
