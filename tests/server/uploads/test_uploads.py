"""Look-alikes: what pictures may be sent, what they find, and that nothing is left of them."""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from struct import pack

import numpy as np
import pytest
from PIL import Image
from starlette.testclient import TestClient

from facewright.server.uploads.looker import Looker
from facewright.server.uploads.settings import UploadSettings
from helpers.serving import columns, write_served
from helpers.whole_server import whole_server

SIMILAR = "/api/similar"
LINUX = sys.platform.startswith("linux")


@pytest.fixture(scope="module")
def astronaut(samples: Path) -> Image.Image:
    return Image.open(samples / "astronaut.png").convert("RGB").crop((100, 0, 400, 300))


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Photographs, of half of which nobody says that they are, with two synthetic among them."""
    folder = tmp_path_factory.mktemp("alike")
    told = [True, True, *[False] * 8, *[None] * 10]
    own = {**columns(20), "kept": [True] * 20}
    photos = write_served(folder / "photos", 20, own=own, of_photos={"synthetic": told})
    return photos, write_served(folder / "made", 20, generator="head3d")


@pytest.fixture(scope="module")
def client(served: tuple[Path, Path]) -> Iterator[TestClient]:
    settings = UploadSettings(max_bytes=2_000_000, max_pixels=4_000_000, seconds=60.0)
    work = served[0].parent / "work"
    with whole_server(*served, workdir=work, uploads=settings) as made:
        yield made


def encoded(picture: Image.Image, kind: str = "PNG") -> bytes:
    out = BytesIO()
    picture.save(out, kind)
    return out.getvalue()


def form(data: bytes, name: str = "me.png") -> dict[str, tuple[str, bytes, str]]:
    return {"picture": (name, data, "image/png")}


def bomb(side: int) -> bytes:
    """A PNG whose header claims side x side pixels."""
    head = pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", head), (b"IDAT", zlib.compress(bytes(1000))), (b"IEND", b"")]
    body = b"".join(
        pack(">I", len(data)) + kind + data + pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + body


def test_synthetic_faces_only_unless_told(client: TestClient, astronaut: Image.Image) -> None:
    data = encoded(astronaut)
    answer = client.post(SIMILAR, files=form(data))
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "no-store"
    faces = answer.json()["faces"]
    assert len(faces) > 10
    assert {face["summary"]["synthetic"] for face in faces} == {"yes"}
    cosines = [face["similarity"] for face in faces]
    assert cosines == sorted(cosines, reverse=True)
    everything = client.post(f"{SIMILAR}?synthetic=any&limit=200", files=form(data)).json()
    assert {face["dataset"] for face in everything["faces"]} == {"made", "photos"}
    raw = client.post(SIMILAR, content=data, headers={"Content-Type": "image/png"})
    assert raw.json() == answer.json()


def test_a_picture_that_is_served_finds_itself(
    tmp_path: Path, samples: Path, astronaut: Image.Image
) -> None:
    from facewright import build

    (tmp_path / "photos").mkdir()
    astronaut.save(tmp_path / "photos" / "astronaut.png")
    build(tmp_path / "photos", tmp_path / "faces", workers=1)
    assert samples.is_dir()
    with whole_server(tmp_path / "faces", workdir=tmp_path / "work") as client:
        smaller = encoded(astronaut.resize((200, 200)), "JPEG")
        found = client.post(f"{SIMILAR}?synthetic=any", files=form(smaller)).json()["faces"]
        assert found[0]["similarity"] > 0.9
        assert client.post(SIMILAR, files=form(smaller)).json()["faces"] == []


def test_nothing_is_left_behind(
    client: TestClient, astronaut: Image.Image, served: tuple[Path, Path],
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    noise = np.random.default_rng(0).integers(0, 80, (700, 700, 3), np.uint8)
    large = Image.fromarray(noise)  # beyond the size from which on form parsers use the disk
    large.paste(astronaut, (100, 100))
    data = encoded(large)
    assert len(data) > 1024 * 1024
    # The first picture starts the process that looks at them; its socket is not left by a picture.
    assert client.post(SIMILAR, files=form(encoded(astronaut))).status_code == 200
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    opened: list[object] = []
    monkeypatch.setattr(tempfile, "TemporaryFile", lambda *a, **k: opened.append((a, k)))
    before = sorted(served[0].parent.rglob("*"))
    assert client.post(SIMILAR, files=form(data)).status_code == 200
    assert client.post(SIMILAR, files=form(bomb(40_000))).status_code == 413
    assert opened == []
    assert list(tmp_path.rglob("*")) == []
    assert sorted(served[0].parent.rglob("*")) == before


def test_no_face_and_several_faces(client: TestClient, astronaut: Image.Image) -> None:
    grey = Image.new("RGB", (300, 300), (128, 128, 128))
    answer = client.post(SIMILAR, files=form(encoded(grey)))
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/no-face-found")
    pair = Image.new("RGB", (620, 300))
    pair.paste(astronaut, (0, 0))
    pair.paste(astronaut, (310, 0))
    data = encoded(pair)
    answer = client.post(SIMILAR, files=form(data))
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/several-faces")
    assert [each["face"] for each in answer.json()["errors"]] == [1, 2]
    assert client.post(f"{SIMILAR}?face=2", files=form(data)).status_code == 200
    assert client.post(f"{SIMILAR}?face=3", files=form(data)).status_code == 422


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"hello", 415),
        (b"", 422),
        (b"\xff\xd8\xff\xe0" + bytes(200), 422),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", 415),
        (bomb(2_001), 413),
        (bomb(60_000), 413),
        (bomb(500), 422),
        (bytes(2_000_001), 413),
    ],
)
def test_hostile_files(client: TestClient, data: bytes, status: int) -> None:
    answer = client.post(SIMILAR, files=form(data))
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    raw = client.post(SIMILAR, content=data, headers={"Content-Type": "image/png"})
    assert raw.status_code == status


@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [
        ("multipart/form-data", b"x", 422),
        ("multipart/form-data; boundary=a", b"--b\r\n", 422),
        (
            "multipart/form-data; boundary=a",
            b'--a\r\nContent-Disposition: x"\r\n\r\nx\r\n--a--',
            422,
        ),
        ("multipart/form-data; boundary=" + "a" * 5000, b"--a", 422),
        ("application/json", b"{}", 415),
        ("text/plain", b"x", 415),
    ],
)
def test_forms_that_are_none(client: TestClient, kind: str, body: bytes, status: int) -> None:
    assert client.post(SIMILAR, content=body, headers={"Content-Type": kind}).status_code == status


def test_a_process_that_dies_is_replaced(client: TestClient, astronaut: Image.Image) -> None:
    data = encoded(astronaut)
    assert client.post(SIMILAR, files=form(data)).status_code == 200
    looker = client.app.state.services.part(Looker)  # type: ignore[attr-defined]
    os.kill(looker.pid, signal.SIGKILL)
    statuses = [client.post(SIMILAR, files=form(data)).status_code for _ in range(2)]
    assert statuses[-1] == 200
    assert statuses[0] in (200, 422)


def test_time_is_limited(served: tuple[Path, Path], tmp_path: Path, astronaut: Image.Image) -> None:
    settings = UploadSettings(seconds=0.001)
    with whole_server(served[1], workdir=tmp_path, uploads=settings) as client:
        answer = client.post(SIMILAR, files=form(encoded(astronaut)))
        assert answer.status_code == 422
        assert "too long" in answer.json()["detail"]
        assert client.get("/health").status_code == 200


@pytest.mark.skipif(not LINUX, reason="limits are read through /proc")
def test_the_process_can_write_no_file(client: TestClient, astronaut: Image.Image) -> None:
    client.post(SIMILAR, files=form(encoded(astronaut)))
    looker = client.app.state.services.part(Looker)  # type: ignore[attr-defined]
    limits = Path(f"/proc/{looker.pid}/limits").read_text(encoding="ascii")
    held = {line[:26].strip(): line[26:].split()[0] for line in limits.splitlines()[1:]}
    assert held["Max file size"] == "0"
    assert held["Max core file size"] == "0"
    assert held["Max address space"] != "unlimited"


def test_photographs_are_those_that_nobody_calls_synthetic(
    client: TestClient, astronaut: Image.Image
) -> None:
    data = encoded(astronaut)
    found: dict[str, set[tuple[str, str]]] = {}
    for wanted in ("yes", "no", "any"):
        answer = client.post(f"{SIMILAR}?synthetic={wanted}&limit=200", files=form(data))
        found[wanted] = {(face["dataset"], face["id"]) for face in answer.json()["faces"]}
    everybody = client.get("/api/faces?limit=100").json()["faces"]
    made = {
        (face["dataset"], face["id"])
        for face in everybody
        if face["dataset"] == "made" or face["id"] in ("f000", "f001")
    }
    assert found["yes"] == made
    assert found["any"] == {(face["dataset"], face["id"]) for face in everybody}
    assert found["no"] == found["any"] - made
    assert len(found["no"]) == 18
