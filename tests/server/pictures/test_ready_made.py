"""Ready answers: the same as those that were made, for as long as the data are the same."""

from __future__ import annotations

from pathlib import Path

from starlette.testclient import TestClient

from facewright.server.pictures.ready_made import ReadyAnswers
from facewright.server.services import Services
from helpers.serving import serving, write_served


def _ready(client: TestClient, thumb: str) -> bool:
    services: Services = client.app.state.services
    path, _, query = thumb.partition("?")
    return services.ready_answers.find((path, query.encode())) is not None


def test_the_second_answer_is_the_first(tmp_path: Path) -> None:
    with serving(write_served(tmp_path / "faces", 4, parts=1)) as client:
        thumb = client.get("/api/faces?limit=1").json()["faces"][0]["thumb"]
        assert not _ready(client, thumb)
        first = client.get(thumb)
        assert _ready(client, thumb)
        second = client.get(thumb)
        assert second.content == first.content
        assert dict(second.headers) == dict(first.headers)
        tag = {"If-None-Match": first.headers["etag"]}
        assert client.get(thumb, headers=tag).status_code == 304
        assert client.get(thumb, headers={"Range": "bytes=0-3"}).content == first.content[:4]
        services: Services = client.app.state.services
        services.library.label([], "other")
        assert client.get(thumb).content == first.content


def test_addresses_without_a_version_are_asked_each_time(tmp_path: Path) -> None:
    with serving(write_served(tmp_path / "faces", 4, parts=1)) as client:
        face = client.get("/api/faces?limit=1").json()["faces"][0]["id"]
        for address in (f"/api/faces/{face}/image?size=32", f"/api/faces/{face}/image?v=0"):
            client.get(address)
            assert not _ready(client, address)


def test_the_oldest_are_forgotten() -> None:
    answers = ReadyAnswers(10_000)
    for number in range(20):
        answers.keep((str(number), b""), "1", {"X": "y"}, bytes(1000))
    held = [number for number in range(20) if answers.find((str(number), b""))]
    assert held == [16, 17, 18, 19]
