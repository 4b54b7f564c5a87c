"""The thumbnails' cache: made once, shared, and never in the way."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from facewright.server.pictures.thumbnails import Thumbnails


def _fail() -> bytes:
    raise AssertionError("it was made again")


def test_what_was_made_is_found_by_the_next_server(tmp_path: Path) -> None:
    first = Thumbnails(tmp_path, 1000)
    assert first.get("a", lambda: b"picture") == b"picture"
    assert first.get("a", _fail) == b"picture"
    first.close()
    second = Thumbnails(tmp_path, 0)  # nothing stays in memory
    assert second.get("a", _fail) == b"picture"
    second.close()


def test_memory_is_bounded() -> None:
    thumbnails = Thumbnails(None, 100)
    for number in range(20):
        thumbnails.hold(str(number), lambda: bytes(30))
    assert [n for n in range(20) if thumbnails.held(str(n))] == [17, 18, 19]


@pytest.mark.parametrize("kind", ["a file", "no database"])
def test_a_cache_that_cannot_be_opened_is_done_without(tmp_path: Path, kind: str) -> None:
    folder = tmp_path / "cache"
    if kind == "a file":
        folder.write_bytes(b"")
    else:
        folder.mkdir()
        (folder / "thumbnails-1.sqlite").write_bytes(b"no database at all" * 100)
    thumbnails = Thumbnails(folder, 0)
    assert thumbnails.get("a", lambda: b"picture") == b"picture"
    thumbnails.close()


def test_many_threads_share_it(tmp_path: Path) -> None:
    thumbnails = Thumbnails(tmp_path, 500)
    with ThreadPoolExecutor(8) as pool:
        keys = [str(n % 100) for n in range(2000)]
        found = list(pool.map(lambda key: thumbnails.get(key, key.encode), keys))
    assert found == [key.encode() for key in keys]
    thumbnails.close()
