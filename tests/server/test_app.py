"""The app: what its routes answer, and how it says what is wrong."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import pytest
from starlette.testclient import TestClient

from facewright.errors import UsageError
from facewright.server.api import answers
from facewright.server.app import create_app
from facewright.server.settings import ServeSettings
from facewright.store.dataset import Dataset
from helpers.serving import columns, serving, write_served

MODELS = {
    "/api/datasets": list[answers.DatasetAnswer],
    "/api/attributes": list[answers.AttributeAnswer],
    "/api/faces": answers.FacesAnswer,
    "/api/faces.json?sex=female&sort=-age": answers.FacesAnswer,
    "/api/facets?sex=female": answers.FacetsAnswer,
    "/api/histogram2d?bins=5": answers.HistogramAnswer,
    "/api/report?by=sex,glasses&target=equal": answers.ReportAnswer,
    "/health": answers.HealthAnswer,
    "/ready": answers.ReadyAnswer,
}


@pytest.mark.parametrize("address", MODELS)
def test_answers_have_the_shapes_that_openapi_tells(client: TestClient, address: str) -> None:
    from pydantic import TypeAdapter

    client.get("/api/datasets")  # loaded
    answer = client.get(address)
    assert answer.status_code == 200
    TypeAdapter(MODELS[address]).validate_python(answer.json())


def test_one_face(client: TestClient, served: Path) -> None:
    face = client.get("/api/faces?limit=1").json()["faces"][0]
    told = client.get(f"/api/faces/{face['id']}").json()
    answers.FaceAnswer.model_validate(told)
    record = Dataset.open(served).record(face["id"])
    for long in ("embedding", "crops"):
        record.pop(long)
    assert told["record"] == record
    assert told["photo"]["photo_id"] == record["photo_id"]
    assert told["crops"] == [{"alignment": "square", "size": 64, "quad": None}]


def test_dropped_faces_are_not_shown(client: TestClient, served: Path) -> None:
    assert client.get("/api/faces").json()["total"] == len(Dataset.open(served))


def test_pages_cover_every_face_once_over_http(client: TestClient) -> None:
    for order in ("", "&sort=-age", "&sort=random&seed=7", "&sort=glasses"):
        seen: list[str] = []
        cursor = ""
        while True:
            page = client.get(f"/api/faces?sex!=male&limit=17{order}{cursor}").json()
            seen += [face["id"] for face in page["faces"]]
            if page["next"] is None:
                break
            cursor = f"&cursor={page['next']}"
        assert len(seen) == len(set(seen)) == page["total"]
        jumped = client.get(f"/api/faces?sex!=male&limit=17&offset=20{order}").json()
        assert [face["id"] for face in jumped["faces"]] == seen[20:37]


def test_sorting_puts_unknown_values_last(client: TestClient) -> None:
    for sort, falling in (("age", False), ("-age", True)):
        page = client.get(f"/api/faces?sort={sort}&limit=1000").json()
        ages = [face["summary"]["age"] for face in page["faces"]]
        known = [age for age in ages if age is not None]
        assert known == sorted(known, reverse=falling)
        assert ages[: len(known)] == known


def test_a_cursor_of_another_filter_is_a_problem(client: TestClient) -> None:
    cursor = client.get("/api/faces?limit=5").json()["next"]
    answer = client.get(f"/api/faces?limit=5&sex=male&cursor={cursor}")
    assert answer.status_code == 422
    assert "begin again" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/nix", 404),
        ("/api/faces/nix", 404),
        ("/api/faces/nix/image", 404),
        ("/api/faces/nix/similar", 404),
        ("/api/faces/..%2f..%2fetc%2fpasswd/image", 404),
        ("/api/faces/%00", 404),
        ("/api/faces/%ff%fe", 404),
        ("/api/faces?sex=x", 422),
        ("/api/faces?nix=x", 422),
        ("/api/faces?limit=0", 422),
        ("/api/faces?limit=x", 422),
        ("/api/faces?offset=-1", 422),
        ("/api/faces?sort=nix", 422),
        ("/api/faces?seed=-1", 422),
        ("/api/faces?cursor=x", 422),
        ("/api/faces?select=nix", 422),
        ("/api/faces?where=read_csv('x')", 422),
        ("/api/facets?attributes=nix", 422),
        ("/api/histogram2d?x=sex", 422),
        ("/api/histogram2d?bins=100000", 422),
    ],
)
def test_every_error_is_a_problem(client: TestClient, address: str, status: int) -> None:
    answer = client.get(address)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json()
    assert told["status"] == status
    assert told["title"]
    assert told["detail"]


def test_json_is_not_sent_again_to_whoever_has_it(client: TestClient) -> None:
    first = client.get("/api/faces?limit=3")
    tag = first.headers["etag"]
    again = client.get("/api/faces?limit=3", headers={"If-None-Match": f'"x", {tag}'})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert client.get("/api/faces?limit=4", headers={"If-None-Match": tag}).status_code == 200
    assert client.head("/api/faces?limit=3").headers["etag"] == tag


def test_openapi_names_the_attributes_of_filters(client: TestClient) -> None:
    client.get("/api/datasets")  # loaded
    told = client.get("/openapi.json").json()
    shared = told["components"]["parameters"]
    assert shared["filter.sex"]["schema"]["items"]["enum"] == ["female", "male", "~"]
    for path in ("/api/faces", "/api/facets", "/api/report", "/api/histogram2d"):
        listed = told["paths"][path]["get"]["parameters"]
        assert {"$ref": "#/components/parameters/filter.age"} in listed
    assert "not.sex" in client.get("/docs").text


def test_head_is_get_without_a_body(client: TestClient) -> None:
    face = client.get("/api/faces?limit=1").json()["faces"][0]
    for address in ("/api/faces", face["thumb"], "/api/faces/nix"):
        plain, head = client.get(address), client.head(address)
        assert (head.status_code, head.content) == (plain.status_code, b"")
        assert head.headers["content-type"] == plain.headers["content-type"]


def test_other_methods_are_a_problem(client: TestClient) -> None:
    answer = client.delete("/api/faces")
    assert (answer.status_code, answer.json()["status"]) == (405, 405)


def test_an_error_of_the_server_is_a_problem_without_details(served: Path) -> None:
    def broken(app, _) -> None:
        @app.get("/broken")
        def fail() -> None:
            raise ValueError("secret")

    with serving(served, parts=(broken,)) as client:
        answer = client.get("/broken")
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert "secret" not in answer.text


def test_json_is_packed_and_pictures_are_not(client: TestClient) -> None:
    packed = client.get("/api/faces", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["content-encoding"] == "gzip"
    face = packed.json()["faces"][0]["id"]
    plain = client.get(f"/api/faces/{face}/image", headers={"Accept-Encoding": "gzip"})
    assert "content-encoding" not in plain.headers


def test_openapi_is_complete(client: TestClient) -> None:
    told = client.get("/openapi.json").json()
    for path, methods in told["paths"].items():
        for method, route in methods.items():
            assert route.get("summary"), (path, method)
            assert route.get("description") or path == "/health", (path, method)
            assert "200" in route["responses"] or "202" in route["responses"], (path, method)
    assert "Problem" in told["components"]["schemas"]


def test_a_page_of_documentation_needs_no_other_host(client: TestClient) -> None:
    page = client.get("/docs")
    assert page.status_code == 200
    assert "http" not in page.text.replace("http-equiv", "")


def test_an_empty_dataset(tmp_path: Path) -> None:
    root = write_served(tmp_path / "none", 0, parts=0)
    with serving(root) as client:
        assert client.get("/api/faces").json()["total"] == 0
        assert client.get("/api/facets").json()["total"] == 0
        assert client.get("/api/histogram2d").status_code == 200
        assert client.get("/api/faces?where=age>3").json()["faces"] == []
        assert client.get("/api/faces?sort=random").json()["next"] is None


def test_hostile_ids_are_served_as_any(tmp_path: Path) -> None:
    ids = ["../../etc/passwd", "a b&c=d#e?f", "ä漢字\u202e", "x/image", "'; DROP TABLE faces", "?"]
    own = {**columns(6), "face_id": ids, "kept": [True] * 6}
    with serving(write_served(tmp_path / "hostile", 6, own=own)) as client:
        found = client.get("/api/faces").json()["faces"]
        assert [face["id"] for face in found] == ids
        for face in found:
            assert client.get(face["thumb"]).status_code == 200
            if face["id"] != "x/image":
                path = f"/api/faces/{quote(face['id'], safe='')}"
                assert client.get(path).json()["id"] == face["id"]


def test_the_same_id_in_two_datasets(tmp_path: Path) -> None:
    one = write_served(tmp_path / "one", 3, parts=1, own={"kept": [True] * 3})
    two = write_served(tmp_path / "two", 3, parts=1, own={"kept": [True] * 3})
    with serving(one, two) as client:
        ids = [face["id"] for face in client.get("/api/faces").json()["faces"]]
        assert ids == ["f000", "f001", "f002", "f000@two", "f001@two", "f002@two"]
        assert client.get("/api/faces/f001@two").json()["dataset"] == "two"
        assert client.get("/api/facets?attributes=dataset").json()["facets"]["dataset"][
            "counts"
        ] == {"one": 3, "two": 3}


def test_it_says_when_it_cannot_serve(tmp_path: Path) -> None:
    with serving(tmp_path / "missing", load_seconds=5.0) as client:
        assert client.get("/health").status_code == 200
        answer = client.get("/api/faces")
        assert (answer.status_code, answer.json()["type"]) == (503, "/problems/loading")
        assert client.get("/ready").status_code == 503
    with pytest.raises(UsageError):
        create_app([], ServeSettings(cache=tmp_path))
    with pytest.raises(UsageError):
        create_app([tmp_path, tmp_path], ServeSettings(cache=tmp_path))
