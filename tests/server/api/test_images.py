"""Pictures over HTTP: sizes, formats, marks, conditional and range requests."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from starlette.testclient import TestClient

from facewright.provenance.marks import RENDERED, TRAINED, source_type
from facewright.store.dataset import Dataset
from helpers.serving import SIDE, serving, write_served


def _first(client: TestClient) -> str:
    return client.get("/api/faces?limit=1").json()["faces"][0]["id"]


def test_without_a_size_the_bytes_are_those_of_the_shard(client: TestClient, served: Path) -> None:
    face = _first(client)
    answer = client.get(f"/api/faces/{face}/image")
    assert answer.content == bytes(Dataset.open(served).image(face))
    assert answer.headers["content-type"] == "image/png"


@pytest.mark.parametrize("fmt", ["webp", "png", "jpeg"])
@pytest.mark.parametrize("size", [32, 48, 1024])
def test_sizes_and_formats(client: TestClient, fmt: str, size: int) -> None:
    answer = client.get(f"/api/faces/{_first(client)}/image?size={size}&format={fmt}")
    assert answer.headers["content-type"] == f"image/{fmt}"
    with Image.open(io.BytesIO(answer.content)) as image:
        assert image.format == fmt.upper()
        assert image.size == (min(size, SIDE),) * 2  # never enlarged


def test_png_in_its_own_size_keeps_its_pixels(client: TestClient, served: Path) -> None:
    face = _first(client)
    answer = client.get(f"/api/faces/{face}/image?format=png")
    with Image.open(io.BytesIO(answer.content)) as image:
        assert np.array_equal(np.asarray(image), Dataset.open(served).image(face).numpy())


@pytest.mark.parametrize("query", ["size=31", "size=1025", "format=gif", "size=x", "size=-1"])
def test_other_sizes_and_formats_are_refused(client: TestClient, query: str) -> None:
    answer = client.get(f"/api/faces/{_first(client)}/image?{query}")
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"


def test_crops_are_named_by_alignment(client: TestClient) -> None:
    face = _first(client)
    assert client.get(f"/api/faces/{face}/image?crop=square:{SIDE}").status_code == 200
    assert client.get(f"/api/faces/{face}/image?crop=../../etc").status_code == 404


def test_a_thumbnail_is_kept_for_ever_under_its_version(client: TestClient) -> None:
    thumb = client.get("/api/faces?limit=1").json()["faces"][0]["thumb"]
    answer = client.get(thumb)
    assert "immutable" in answer.headers["cache-control"]
    assert "no-cache" in client.get(thumb.replace("v=", "v=0")).headers["cache-control"]
    again = client.get(thumb, headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    weak = client.get(thumb, headers={"If-None-Match": f'"x", W/{answer.headers["etag"]}'})
    assert weak.status_code == 304
    assert client.get(thumb, headers={"If-None-Match": '"other"'}).status_code == 200


@given(st.integers(0, 3000), st.integers(0, 3000))
@settings(max_examples=30, deadline=None)
def test_ranges_are_parts_of_the_whole(client: TestClient, start: int, length: int) -> None:
    address = f"/api/faces/{_first(client)}/image"
    whole = client.get(address).content
    answer = client.get(address, headers={"Range": f"bytes={start}-{start + length}"})
    if start >= len(whole):
        assert answer.status_code == 416
        assert answer.headers["content-range"] == f"bytes */{len(whole)}"
    else:
        assert answer.status_code == 206
        assert answer.content == whole[start : start + length + 1]


@pytest.mark.parametrize(
    ("header", "status"),
    [
        *(("bytes=-5", 206), ("bytes=5-", 206), ("bytes=-0", 416), ("bytes=9-2", 200)),
        *(("bytes=0-1,3-4", 200), ("bytes=-", 200), ("bytes=" + "9" * 50 + "-", 416), ("x", 200)),
    ],
)
def test_odd_ranges(client: TestClient, header: str, status: int) -> None:
    address = f"/api/faces/{_first(client)}/image"
    assert client.get(address, headers={"Range": header}).status_code == status


def test_if_range_of_another_picture_gives_the_whole(client: TestClient) -> None:
    address = f"/api/faces/{_first(client)}/image"
    other = client.get(address, headers={"Range": "bytes=0-1", "If-Range": '"other"'})
    assert other.status_code == 200


@pytest.mark.parametrize("query", ["size=32", "size=32&format=png", "size=32&format=jpeg", ""])
def test_synthetic_pictures_keep_their_mark(tmp_path: Path, query: str) -> None:
    root = write_served(tmp_path / "made", 4, parts=1, generator="head3d")
    with serving(root) as client:
        answer = client.get(f"/api/faces/{_first(client)}/image?{query}")
    assert source_type(answer.content) == RENDERED


def test_unmarked_pictures_of_synthetic_photos_are_marked(tmp_path: Path) -> None:
    root = write_served(tmp_path / "bought", 4, parts=1, of_photos={"synthetic": [True] * 4})
    with serving(root) as client:
        answer = client.get(f"/api/faces/{_first(client)}/image?size=32")
    assert source_type(answer.content) == TRAINED


def test_thumbnails_are_made_once(tmp_path: Path) -> None:
    root = write_served(tmp_path / "kept", 4, parts=1)
    with serving(root) as client:
        thumb = client.get("/api/faces?limit=1").json()["faces"][0]["thumb"]
        first = client.get(thumb).content
    for shard in root.rglob("*.tar"):
        data = bytearray(shard.read_bytes())
        data[600:] = bytes(len(data) - 600)  # whoever reads it again is found out
        shard.write_bytes(data)
    with serving(root) as client:
        assert client.get(thumb).content == first


def test_a_broken_crop_is_a_problem_and_no_error(tmp_path: Path) -> None:
    root = write_served(tmp_path / "broken", 4, parts=1)
    for shard in root.rglob("*.tar"):
        shard.write_bytes(bytes(shard.stat().st_size))
    with serving(root) as client:
        face = _first(client)
        assert client.get(f"/api/faces/{face}/image?size=64").status_code == 422
        for shard in root.rglob("*.tar"):
            shard.unlink()
    with serving(root) as client:
        assert client.get(f"/api/faces/{face}/image?size=64").status_code == 503
        assert client.get(f"/api/faces/{face}/image").status_code == 503


def test_photos_that_are_gone_are_not_found(client: TestClient) -> None:
    assert client.get(f"/api/faces/{_first(client)}/photo").status_code == 404
    assert client.get(f"/api/faces/{_first(client)}").json()["has_photo"] is False
