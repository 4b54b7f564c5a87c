"""The guard before a whole server: tokens, scopes, origins, hosts, sizes, rates, headers."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from facewright.errors import UsageError
from facewright.server.assembling import ServeOptions, assemble
from facewright.server.auth.guard import CHANGING_NOTHING
from facewright.server.auth.signing import Signer
from facewright.server.http.listening import listen, run
from facewright.server.http.patience import SECONDS
from helpers.serving import write_served
from helpers.whole_server import tokens, whole_server

FACES = "/api/faces"
EVERYWHERE = "0.0.0.0"  # noqa: S104
HALF_A_HEAD = b"GET /api/faces HTTP/1.1\r\nHost: local"
HALF_A_BODY = (
    b"POST /api/faces/f000/flags HTTP/1.1\r\nHost: localhost\r\n"
    b"Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{"
)
FLAG = ("/api/faces/f000/flags", {"reason": "blurred"})


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_served(tmp_path_factory.mktemp("guarded") / "faces", 30)


@pytest.fixture
def home(root: Path, tmp_path: Path) -> Iterator[TestClient]:
    """A server for this machine alone."""
    with whole_server(root, workdir=tmp_path) as client:
        yield client


@pytest.fixture
def keys(tmp_path: Path) -> list[str]:
    return tokens(tmp_path / "tokens.json", "read", "write")


@pytest.fixture
def away(root: Path, tmp_path: Path, keys: list[str]) -> Iterator[TestClient]:
    """A server that others can reach."""
    assert keys
    file = tmp_path / "tokens.json"
    with whole_server(root, workdir=tmp_path, host=EVERYWHERE, token_file=file) as client:
        yield client


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


# -- tokens ----------------------------------------------------------------------------------


def test_others_are_served_with_a_token_only(root: Path, tmp_path: Path) -> None:
    options = ServeOptions(host=EVERYWHERE, token_file=tmp_path / "none.json", workdir=tmp_path)
    with pytest.raises(UsageError, match="facewright token new"):
        assemble([root], options)


def test_without_a_token_nothing_but_the_page_is_shown(away: TestClient) -> None:
    for address in (
        FACES, "/api/faces/f000", "/api/faces/f000/image", "/api/v1/faces", "/api/jobs",
        "/api/attributes", "/openapi.json", "/api/selections", "/api", "/api/flags?dataset=faces",
    ):  # fmt: skip
        answer = away.get(address)
        assert answer.status_code == 401, address
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.headers["www-authenticate"].startswith("Bearer")
    for address in ("/", "/health", "/face/f000"):
        assert away.get(address).status_code == 200


def test_all_ways_of_showing_a_token(away: TestClient, keys: list[str]) -> None:
    key = keys[0]
    for headers in (
        bearer(key),
        {"Authorization": f"API-Key {key}"},
        {"authorization": f"bearer {key}"},
    ):
        assert away.get(FACES, headers=headers).status_code == 200
    assert away.get(f"{FACES}?api_key={key}&sex=female").status_code == 200
    assert away.get(f"/api/v1/faces?api_key={key}&gender=female").status_code == 200


@pytest.mark.parametrize("wrong", ["x", "", "fw_" + "A" * 43, "é", "a\tb", "Bearer"])
def test_wrong_tokens(away: TestClient, keys: list[str], wrong: str) -> None:
    shown = {"Authorization": b"Bearer " + wrong.encode()}
    assert away.get(FACES, headers=shown).status_code == 401
    assert away.get(FACES, params={"api_key": wrong}).status_code == 401
    assert away.get(FACES, headers={"Authorization": f"Basic {keys[0]}"}).status_code == 401


def test_a_token_to_read_changes_nothing(away: TestClient, keys: list[str]) -> None:
    read, write = keys
    address, body = FLAG
    assert away.post(address, json=body, headers=bearer(read)).status_code == 403
    assert away.request("DELETE", address, headers=bearer(read)).status_code == 403
    kept = away.post(address, json=body, headers=bearer(write))
    assert kept.status_code == 201
    assert kept.json()["who"] == "write 1"


def test_a_browser_gets_a_cookie_for_a_token(away: TestClient, keys: list[str]) -> None:
    assert away.post("/api/session", json={"token": "nix"}).status_code == 401
    answer = away.post("/api/session", json={"token": keys[1]})
    assert answer.status_code == 204
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert keys[1] not in answer.headers["set-cookie"]
    assert away.get(f"{FACES}/f000/image?size=64").status_code == 200
    assert away.get("/api/session").json() == {
        "signed_in": True,
        "name": "write 1",
        "scope": "write",
    }
    address, body = FLAG
    assert away.post(address, json=body).status_code == 403  # no browser vouches for the page
    assert away.post(address, json=body, headers={"X-Facewright": "1"}).status_code == 201
    own = {"Origin": "http://127.0.0.1", "Sec-Fetch-Site": "same-origin"}
    assert away.post(address, json=body, headers=own).status_code == 201
    assert away.delete("/api/session", headers=own).status_code == 204
    assert away.get(FACES).status_code == 401


def test_signed_addresses_open_one_picture_for_a_day(away: TestClient, keys: list[str]) -> None:
    page = away.get("/api/v1/faces?per_page=1", headers=bearer(keys[0])).json()
    url = page["faces"][0]["urls"][1]["64"]
    assert away.get(url).status_code == 200
    other = url.replace("size=64", "size=512")
    assert away.get(other).status_code == 401
    assert away.get(url.replace("/f", "/e", 1)).status_code == 401
    assert away.get(url[:-1]).status_code == 401
    assert away.post(url).status_code == 401
    now = [0.0]
    signer = Signer(clock=lambda: now[0])
    path, _, query = signer.signed("/a%20b", "size=1").partition("?")
    assert signer.holds("/a b", query)
    now[0] = 24 * 3600.0
    assert not signer.holds("/a b", query)
    assert path == "/a%20b"


# -- pages of others ---------------------------------------------------------------------------


def test_a_name_that_points_here_suddenly_is_not_served(home: TestClient) -> None:
    for host in ("evil.example", "127.0.0.1.evil.example", "localhost:8000@evil.example", ""):
        assert home.get(FACES, headers={"Host": host}).status_code == 421, host
    assert home.get(FACES, headers={"Host": "localhost:1234"}).status_code == 200


def test_pages_of_others_change_nothing(home: TestClient) -> None:
    address, body = FLAG
    for foreign in (
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
    ):
        answer = home.post(address, json=body, headers=foreign)
        assert answer.status_code == 403
        assert home.post("/api/jobs", content="x", headers=foreign).status_code == 403
        assert "access-control-allow-origin" not in answer.headers
    assert home.get("/api/faces/f000").json()["flags"] == []
    assert home.get(FACES, headers={"Origin": "https://evil.example"}).status_code == 403


def test_pages_that_are_named_may_ask(root: Path, tmp_path: Path) -> None:
    friend = {"Origin": "https://friend.example"}
    with whole_server(root, workdir=tmp_path, origins=["https://friend.example"]) as client:
        answer = client.get(FACES, headers=friend)
        assert answer.headers["access-control-allow-origin"] == "https://friend.example"
        assert "access-control-allow-credentials" not in answer.headers
        asked = client.options(FACES, headers={**friend, "Access-Control-Request-Method": "POST"})
        assert asked.status_code == 204
        assert "POST" in asked.headers["access-control-allow-methods"]
        assert client.get(FACES, headers={"Origin": "https://other.example"}).status_code == 403


# -- all answers -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address", ["/", FACES, "/nix", "/api/faces/f000/image", "/api/v1/faces?age=9"]
)
def test_every_answer_says_how_it_may_be_used(home: TestClient, address: str) -> None:
    headers = home.get(address).headers
    policy = headers["content-security-policy"]
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert "access-control-allow-origin" not in headers


def test_an_error_of_the_server_passes_the_guard_too(root: Path, tmp_path: Path) -> None:
    app = assemble([root], ServeOptions(workdir=tmp_path))

    @app.get("/api/broken")
    def fail() -> None:
        raise ValueError("secret")

    with TestClient(app, "http://127.0.0.1", raise_server_exceptions=False) as client:
        answer = client.get("/api/broken")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_text_of_a_request_never_becomes_a_header(home: TestClient) -> None:
    evil = "a\r\nSet-Cookie: x=1\r\n"
    job = {"kind": "export", "layout": "imagefolder", "name": evil}
    assert home.post("/api/jobs", json=job).status_code == 422
    kept = {"name": 'x"; filename="/etc/passwd', "filter": ""}
    made = home.post("/api/selections", json=kept).json()
    file = home.get(f"/api/selections/{made['id']}/file")
    assert (
        file.headers["content-disposition"] == f'attachment; filename="selection-{made["id"]}.json"'
    )
    assert "set-cookie" not in home.get("/api/faces/a%0d%0aSet-Cookie:%20x=1").headers


@pytest.mark.parametrize(
    "name",
    ["../../etc/passwd", "..%2f..%2fetc%2fpasswd", "%00", "/etc/passwd", "....//", "a" * 5000],
)
def test_names_of_a_request_never_become_paths(home: TestClient, name: str) -> None:
    for address in (
        f"/api/faces/{name}/image", f"/api/faces/{name}/photo", f"/api/faces/{name}",
        f"/api/jobs/{name}", f"/api/jobs/{name}/result", f"/api/selections/{name}/file",
        f"/api/flags?dataset={name}", f"/api/labels?dataset={name}", f"/static/{name}",
    ):  # fmt: skip
        assert home.get(address).status_code in (404, 422), address


def test_a_read_only_server_changes_nothing(root: Path, tmp_path: Path) -> None:
    with whole_server(root, workdir=tmp_path, read_only=True) as client:
        address, body = FLAG
        assert client.post(address, json=body).status_code == 403
        assert client.get(FACES).status_code == 200
        paths = client.get("/openapi.json").json()["paths"]
        changing = {path for path, each in paths.items() if set(each) & {"post", "put", "delete"}}
        assert changing <= CHANGING_NOTHING


# -- sizes, rates, patience --------------------------------------------------------------------


def test_large_bodies_are_refused_before_and_while_they_come(home: TestClient) -> None:
    address, _ = FLAG
    told = home.post(address, content=b"x" * (2 * 1024 * 1024))
    assert told.status_code == 413
    pieces = (b"x" * 65536 for _ in range(40))
    untold = home.post(address, content=pieces, headers={"Content-Type": "application/json"})
    assert untold.status_code == 413
    assert untold.json()["type"] == "/problems/too-large"


def test_a_rate_for_each_key(root: Path, tmp_path: Path, keys: list[str]) -> None:
    file = tmp_path / "tokens.json"
    with whole_server(root, workdir=tmp_path, token_file=file, rate=0.2) as client:
        found = [client.get("/api/session", headers=bearer(keys[0])) for _ in range(3)]
        assert [each.status_code for each in found] == [200, 200, 429]
        assert int(found[-1].headers["retry-after"]) in range(1, 6)
        assert client.get("/api/session", headers=bearer(keys[1])).status_code == 200


def test_slow_clients_do_not_hold_up_others(root: Path, tmp_path: Path) -> None:
    app = assemble([root], ServeOptions(workdir=tmp_path))
    bound = listen("127.0.0.1", 0)
    port = bound.getsockname()[1]
    ready = threading.Event()
    threading.Thread(target=run, args=(app, bound, ready.set), daemon=True).start()
    assert ready.wait(30)
    slow = []
    for n in range(60):
        one = socket.create_connection(("127.0.0.1", port))
        one.sendall(HALF_A_BODY if n % 2 else HALF_A_HEAD)
        slow.append(one)
    try:
        with closing(HTTPConnection("127.0.0.1", port, timeout=30)) as client:
            for _ in range(2):
                began = time.monotonic()
                client.request("GET", FACES)
                answer = client.getresponse()
                assert (answer.status, len(answer.read()) > 100) == (200, True)
        # Held up, it would wait for as long as the server has patience with the others.
        assert time.monotonic() - began < SECONDS / 2
    finally:
        for one in slow:
            one.close()
