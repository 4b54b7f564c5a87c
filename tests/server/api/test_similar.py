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
