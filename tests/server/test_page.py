"""The page's files: their addresses, how long they are kept, what may run in them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from facewright.server.page import CONTENT_SECURITY_POLICY, put_page, site
from helpers.serving import serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from starlette.testclient import TestClient


@pytest.fixture(scope="module")
def paged(served: Path) -> Iterator[TestClient]:
    with serving(served, parts=(put_page,)) as client:
        yield client


@pytest.mark.parametrize("path", ["/", "/?sex=female", "/face/f001", "/analysis", "/basket"])
def test_every_view_is_the_page(paged: TestClient, path: str) -> None:
    answer = paged.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["content-security-policy"] == CONTENT_SECURITY_POLICY
    assert "{static}" not in answer.text


def test_all_that_the_page_names_is_there_for_ever(paged: TestClient) -> None:
    named = re.findall(r'(?:src|href)="(/static/[^"]+)"', paged.get("/").text)
    assert len(named) > 30
    for path in set(named):
        answer = paged.get(path)
        assert answer.status_code == 200, path
        assert "immutable" in answer.headers["cache-control"]
        assert answer.headers["x-content-type-options"] == "nosniff"


def test_every_import_of_a_module_is_there() -> None:
    assets = site().assets
    for path, asset in assets.items():
        for name in re.findall(r'from "\./([^"]+)"|import\("\./([^"]+)"\)', asset.data.decode()):
            assert f"js/{name[0] or name[1]}" in assets, f"{path} imports {name}"


def test_nothing_comes_from_elsewhere() -> None:
    found = site()
    for path, asset in {**found.assets, **found.pages}.items():
        text = asset.data.decode().replace("http://www.w3.org/2000/svg", "")
        assert not re.search(r"https?://[a-z]", text), path
        assert not re.search(r"<[^>]+\s(style|on\w+)=", text), path


def test_a_file_of_another_version_is_asked_for_again(paged: TestClient) -> None:
    answer = paged.get("/static/older/js/main.js")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-cache"


def test_what_is_not_there_is_not_found(paged: TestClient) -> None:
    for path in ("js/none.js", "../page.py", "%2e%2e/page.py", "index.html", ""):
        assert paged.get(f"/static/{site().digest}/{path}").status_code == 404


def test_an_unchanged_page_is_not_sent_again(paged: TestClient) -> None:
    etag = paged.get("/").headers["etag"]
    answer = paged.get("/", headers={"If-None-Match": f'W/"x", {etag}'})
    assert answer.status_code == 304
    assert answer.content == b""
    assert paged.head("/").headers["etag"] == etag


def test_views_have_json(paged: TestClient) -> None:
    assert paged.get("/faces.json?sex=female&size=96").json()["total"] > 0
    assert paged.get("/face/f001.json").json()["id"] == "f001"
    assert "sex" in paged.get("/analysis.json").json()["facets"]
