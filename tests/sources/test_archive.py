"""A tar or zip lists what the folder it was made from lists, and never writes or escapes."""

from __future__ import annotations

import gc
import io
import os
import pickle
import subprocess
import sys
import tarfile
import warnings
import zipfile
from pathlib import Path

import pytest

from facewright.errors import PhotoError, SourceError
from facewright.limits import Limits
from facewright.sources.folder import FolderSource
from facewright.sources.opening import open_source

FILES = {
    "b.jpg": b"bee" * 100,
    "a/z.png": b"zed",
    "a/b/c.webp": b"",
    "é.jpg": b"accent",
    "notes.txt": b"no picture",
    ".hidden.jpg": b"hidden",
}


@pytest.fixture
def folder(tmp_path):
    for name, data in FILES.items():
        path = tmp_path / "photos" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return tmp_path / "photos"


def make_tar(path, members, mode="w"):
    with tarfile.open(path, mode) as archive:
        for name, content in members:
            info = tarfile.TarInfo(name)
            if isinstance(content, bytes):
                info.size = len(content)
                archive.addfile(info, io.BytesIO(content))
            else:
                info.type, info.linkname = content
                archive.addfile(info)
    return path


def make_zip(path, members, method=zipfile.ZIP_STORED):
    with warnings.catch_warnings(action="ignore"), zipfile.ZipFile(path, "w", method) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return path


def contents(source):
    return [(entry.key, source.read(entry, Limits())) for entry in source.entries()]


def reasons(source):
    found = {}
    for entry in source.entries():
        try:
            source.read(entry, Limits())
        except PhotoError as error:
            found[entry.key] = error.reason
        else:
            found[entry.key] = None
    return found


@pytest.mark.parametrize(
    "kind", ["tar", "tar.gz", "tar.bz2", "tar.xz", "stored", "deflated", "bzip2"]
)
def test_it_is_as_the_folder(folder, tmp_path, kind):
    members = list(FILES.items())
    methods = {"stored": 0, "deflated": zipfile.ZIP_DEFLATED, "bzip2": zipfile.ZIP_BZIP2}
    if kind in methods:
        path = make_zip(tmp_path / "x.zip", members, methods[kind])
    else:
        path = make_tar(tmp_path / f"x.{kind}", members, f"w:{kind[4:]}")
    source = open_source(path)
    assert contents(source) == contents(FolderSource(folder))
    assert source.ignored == 2
    assert contents(pickle.loads(pickle.dumps(source))) == contents(source)


def test_nothing_is_written_beside_the_archive(tmp_path):
    path = make_tar(
        tmp_path / "x.tar", [("../evil.jpg", b"x"), ("/abs.jpg", b"x"), ("a.jpg", b"x")]
    )
    source = open_source(path)
    assert reasons(source) == {"../evil.jpg": "escapes", "/abs.jpg": "escapes", "a.jpg": None}
    assert list(tmp_path.iterdir()) == [path]
    path = make_zip(tmp_path / "x.zip", [("../evil.jpg", b"x"), ("c:/x.jpg", b""), ("a.jpg", b"x")])
    assert reasons(open_source(path)) == {
        "../evil.jpg": "escapes", "a.jpg": None, "c:/x.jpg": "escapes",
    }  # fmt: skip


def test_links_inside_a_tar(tmp_path):
    members = [
        ("d/real.jpg", b"real"),
        ("d/soft.jpg", (tarfile.SYMTYPE, "real.jpg")),
        ("hard.jpg", (tarfile.LNKTYPE, "d/real.jpg")),
        ("out.jpg", (tarfile.SYMTYPE, "../../etc/passwd")),
        ("gone.jpg", (tarfile.SYMTYPE, "nowhere.jpg")),
        ("loop.jpg", (tarfile.SYMTYPE, "loop.jpg")),
        ("dir.jpg", (tarfile.DIRTYPE, "")),
        ("pipe.jpg", (tarfile.FIFOTYPE, "")),
    ]
    source = open_source(make_tar(tmp_path / "x.tar", members))
    assert reasons(source) == {
        "d/real.jpg": None,
        "d/soft.jpg": None,
        "dir.jpg": "not_a_file",
        "gone.jpg": "missing",
        "hard.jpg": None,
        "loop.jpg": "link_loop",
        "out.jpg": "escapes",
        "pipe.jpg": "not_a_file",
    }
    entries = {entry.key: entry for entry in source.entries()}
    assert source.read(entries["d/soft.jpg"], Limits()) == b"real"
    assert source.read(entries["hard.jpg"], Limits()) == b"real"


@pytest.mark.parametrize("make", [make_tar, make_zip])
def test_a_name_twice_is_two_photos(tmp_path, make):
    path = make(tmp_path / "x.bin", [("a.jpg", b"1"), ("a.jpg", b"2")])
    assert contents(open_source(path)) == [("a.jpg", b"1"), ("a.jpg#2", b"2")]


@pytest.mark.parametrize("make", [make_tar, make_zip])
def test_members_over_the_limit_are_not_unpacked(tmp_path, make):
    source = open_source(make(tmp_path / "x.bin", [("a.jpg", bytes(5000))]))
    (entry,) = source.entries()
    with pytest.raises(PhotoError, match="too_large_file"):
        source.read(entry, Limits(max_bytes=4999))


def test_a_zip_that_lies_about_its_sizes(tmp_path):
    path = make_zip(tmp_path / "x.zip", [("a.jpg", bytes(1_000_000))], zipfile.ZIP_DEFLATED)
    data = path.read_bytes().replace((1_000_000).to_bytes(4, "little"), (99).to_bytes(4, "little"))
    path.write_bytes(data)
    source = open_source(path)
    (entry,) = source.entries()
    assert entry.size == 99
    with pytest.raises(PhotoError, match="too_large_file"):
        source.read(entry, Limits(max_bytes=1000))


def test_a_zip_with_flipped_and_locked_members(tmp_path):
    path = make_zip(tmp_path / "x.zip", [("a.jpg", b"hello hello"), ("b.jpg", b"locked")])
    data = bytearray(path.read_bytes())
    data[data.index(b"hello")] ^= 1
    last = data.rindex(b"PK\1\2")
    data[last + 8] |= 1  # the flag for encryption
    path.write_bytes(data)
    assert reasons(open_source(path)) == {"a.jpg": "corrupt", "b.jpg": "encrypted"}


@pytest.mark.parametrize("cut", [700, 1024, 1500, 2048 + 100])
def test_a_tar_that_is_cut_off_says_so(tmp_path, cut):
    path = make_tar(tmp_path / "x.tar", [(f"{i}.jpg", bytes([i]) * 300) for i in range(5)])
    path.write_bytes(path.read_bytes()[:cut])
    found = reasons(open_source(path))
    whole = [key for key, reason in found.items() if reason is None]
    assert (
        whole == [f"{i}.jpg" for i in range(min(5, (cut - 212) // 1024))]
        or len(whole) == cut // 1024
    )
    assert len(found) > len(whole) or cut % 1024 == 0


def test_a_tar_with_rubbish_in_the_middle_says_so(tmp_path):
    path = make_tar(tmp_path / "x.tar", [(f"{i}.jpg", bytes(512)) for i in range(5)])
    data = bytearray(path.read_bytes())
    data[2 * 1024 : 2 * 1024 + 512] = b"\x77" * 512
    path.write_bytes(data)
    assert reasons(open_source(path)) == {"0.jpg": None, "1.jpg": None, "~rest": "unreadable"}


def test_a_compressed_tar_leaves_no_file_behind(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    (tmp_path / "tmp").mkdir()
    source = open_source(make_tar(tmp_path / "x.tar.gz", [("a.jpg", b"x")], "w:gz"))
    assert contents(source) == [("a.jpg", b"x")]
    assert len(list((tmp_path / "tmp").iterdir())) == 1
    del source
    gc.collect()
    assert not list((tmp_path / "tmp").iterdir())


def test_what_a_killed_process_unpacked_is_removed_and_what_a_living_one_did_is_not(
    tmp_path, monkeypatch
):
    path = make_tar(tmp_path / "x.tar.gz", [("a.jpg", b"x")], "w:gz")
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    script = (
        "import pathlib, sys, time; from facewright.sources.opening import open_source;"
        "source = open_source(pathlib.Path(sys.argv[1])); print('open', flush=True); time.sleep(60)"
    )
    command, where = [sys.executable, "-c", script, str(path)], {"TMPDIR": str(tmp_path / "tmp")}
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=os.environ | where) as other:
        assert other.stdout.readline() == b"open\n"
        (theirs,) = (tmp_path / "tmp").iterdir()
        source = open_source(path)
        assert theirs.exists()
        other.kill()
    again = open_source(path)
    assert not theirs.exists()
    assert contents(source) == contents(again) == [("a.jpg", b"x")]


def test_a_compressed_bomb_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("facewright.sources.spill._FREE", 100_000)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    (tmp_path / "tmp").mkdir()
    path = make_tar(tmp_path / "x.tar.gz", [("a.jpg", bytes(3_000_000))], "w:gz")
    with pytest.raises(SourceError, match="bomb"):
        open_source(path)
    assert not list((tmp_path / "tmp").iterdir())


def test_what_is_no_archive(tmp_path):
    path = tmp_path / "x.tar"
    path.write_bytes(b"nothing like it" * 100)
    with pytest.raises(SourceError, match="cannot read the tar"):
        list(open_source(path).entries())
    path = Path(tmp_path / "y.zip")
    path.write_bytes(b"PK\3\4" + bytes(50))
    with pytest.raises(SourceError, match="cannot read the zip"):
        list(open_source(path).entries())
