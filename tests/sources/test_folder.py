"""A folder lists every picture once, in a fixed order, and loses nothing in silence."""

from __future__ import annotations

import os
import pickle

import pytest

from facewright.errors import PhotoError, SourceError
from facewright.limits import Limits
from facewright.record import PHOTO_REASONS
from facewright.sources.base import Source, SourceReason
from facewright.sources.opening import open_source


def write(folder, *names):
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name.encode("utf-8", "surrogateescape"))


def listed(source):
    return {entry.key: entry.problem for entry in source.entries()}


def reason(source, entry, limits=None):
    with pytest.raises(PhotoError) as caught:
        source.read(entry, limits or Limits())
    return caught.value.reason


def test_every_reason_is_one_of_the_tables():
    assert set(SourceReason) <= set(PHOTO_REASONS)


def test_pictures_are_listed_in_the_order_of_their_bytes(tmp_path):
    write(tmp_path, "b.jpg", "a/z.PNG", "a.jpg", "B.jpg", "é.jpg", "a/b/c.webp", "10.jpg", "9.jpg")
    write(tmp_path, "notes.txt", ".hidden.jpg", ".git/x.jpg", "._a.jpg", "noextension", ".jpg")
    source = open_source(tmp_path)
    keys = [entry.key for entry in source.entries()]
    assert keys == sorted(keys, key=lambda key: key.encode())
    assert keys == [
        "10.jpg", "9.jpg", "B.jpg", "a.jpg", "a/b/c.webp", "a/z.PNG", "b.jpg", "é.jpg",
    ]  # fmt: skip
    assert source.ignored == 6


def test_reading_gives_the_bytes_even_in_another_process(tmp_path):
    write(tmp_path, "a/b.jpg", "new\nline.jpg", "-rf.jpg")
    source = pickle.loads(pickle.dumps(open_source(tmp_path)))
    assert isinstance(source, Source)
    for entry in source.entries():
        assert source.read(entry, Limits()) == entry.key.encode()


def test_names_that_are_no_utf8_have_readable_keys(tmp_path):
    try:
        write(tmp_path, "x\udcff.jpg", "x\\xff.jpg")
    except (OSError, UnicodeError):
        pytest.skip("this file system takes no such names")
    source = open_source(tmp_path)
    entries = list(source.entries())
    assert [entry.key for entry in entries] == ["x\\xff.jpg", "x\\xff.jpg#2"]
    assert {source.read(entry, Limits()) for entry in entries} == {b"x\xff.jpg", rb"x\xff.jpg"}


def test_links_to_files_are_followed_and_others_named(tmp_path):
    outside = tmp_path / "outside"
    photos = tmp_path / "photos"
    write(outside, "real.jpg")
    write(photos, "sub/a.jpg")
    links = {
        "good.jpg": outside / "real.jpg",
        "gone.jpg": "nowhere",
        "loop.jpg": "loop.jpg",
        "up": photos,
        "text": "nowhere",
    }
    for name, target in links.items():
        try:
            (photos / name).symlink_to(target)
        except OSError:
            pytest.skip("links cannot be made here")
    source = open_source(photos)
    assert listed(source) == {
        "good.jpg": None,
        "gone.jpg": "missing",
        "loop.jpg": "link_loop",
        "sub/a.jpg": None,
        "up": "not_a_file",
    }
    entries = {entry.key: entry for entry in source.entries()}
    assert source.read(entries["good.jpg"], Limits()) == b"real.jpg"
    assert reason(source, entries["loop.jpg"]) == "link_loop"


def test_directories_and_pipes_are_no_files(tmp_path):
    write(tmp_path, "dir.jpg/inner.jpg")
    expected = {"dir.jpg": "not_a_file", "dir.jpg/inner.jpg": None}
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.jpg")
        expected["pipe.jpg"] = "not_a_file"
    assert listed(open_source(tmp_path)) == expected


def test_what_changed_since_listing_is_named(tmp_path):
    write(tmp_path, "gone.jpg", "now_a_pipe.jpg", "grown.jpg")
    source = open_source(tmp_path)
    gone, grown, pipe = source.entries()
    (tmp_path / "gone.jpg").unlink()
    (tmp_path / "now_a_pipe.jpg").unlink()
    (tmp_path / "now_a_pipe.jpg").mkdir()
    assert reason(source, gone) == "missing"
    assert reason(source, pipe) == "not_a_file"
    assert reason(source, grown, Limits(max_bytes=3)) == "too_large_file"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root reads all")
def test_permissions(tmp_path):
    write(tmp_path, "secret.jpg", "closed/a.jpg")
    (tmp_path / "secret.jpg").chmod(0)
    (tmp_path / "closed").chmod(0)
    source = open_source(tmp_path)
    entries = {entry.key: entry for entry in source.entries()}
    (tmp_path / "closed").chmod(0o700)
    assert entries["closed"].problem == "unreadable"
    assert reason(source, entries["secret.jpg"]) == "unreadable"


def test_a_folder_that_went_away(tmp_path):
    source = open_source(tmp_path)
    tmp_path.rmdir()
    with pytest.raises(SourceError, match="cannot list"):
        list(source.entries())
