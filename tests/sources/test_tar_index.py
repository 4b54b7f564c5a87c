"""The fast listing of plain tars says what `tarfile` says, or nothing."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facewright.sources.tar_index import plain_members

Facts = list[tuple[str, int, int, int, bytes]]


def write_tar(path: Path, members: list[tuple[tarfile.TarInfo, bytes]], kind: int) -> Path:
    with tarfile.open(path, "w", format=kind) as archive:
        for info, data in members:
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return path


def facts(members: list[tarfile.TarInfo]) -> Facts:
    return [(m.name, m.offset, m.offset_data, m.size, m.type) for m in members]


def by_tarfile(path: Path) -> Facts:
    with tarfile.open(path) as archive:
        return facts(archive.getmembers())


def info(name: str, kind: bytes = tarfile.REGTYPE) -> tarfile.TarInfo:
    made = tarfile.TarInfo(name)
    made.type = kind
    return made


@given(
    contents=st.lists(st.binary(max_size=1500), max_size=6),
    kind=st.sampled_from([tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT]),
)
def test_files_and_folders_are_listed_as_tarfile_lists_them(
    tmp_path_factory: pytest.TempPathFactory, contents: list[bytes], kind: int
) -> None:
    members = [(info(f"d/é{n}.json"), data) for n, data in enumerate(contents)]
    folder = (info("d", tarfile.DIRTYPE), b"")
    place = tmp_path_factory.mktemp("tar") / "t.tar"
    path = write_tar(place, [folder, *members], kind)
    found = plain_members(path)
    if kind == tarfile.PAX_FORMAT and members:
        assert found is None  # names that are not ASCII have a header of their own there
    else:
        assert found is not None
        assert facts(found) == by_tarfile(path)


@pytest.mark.parametrize(
    "member",
    [
        info("link", tarfile.SYMTYPE),
        info("pipe", tarfile.FIFOTYPE),
        info("x" * 150),
        info("d/" * 60 + "x"),
        info("big", tarfile.GNUTYPE_SPARSE),
    ],
    ids=["link", "pipe", "long name", "long path", "sparse"],
)
def test_anything_else_is_left_to_tarfile(tmp_path: Path, member: tarfile.TarInfo) -> None:
    path = write_tar(tmp_path / "t.tar", [(info("a"), b"a"), (member, b"")], tarfile.GNU_FORMAT)
    assert plain_members(path) is None


@pytest.mark.parametrize("spoilt", ["cut in data", "cut in header", "checksum", "size", "magic"])
def test_so_is_what_is_broken(tmp_path: Path, spoilt: str) -> None:
    path = write_tar(tmp_path / "t.tar", [(info(n), b"1" * 700) for n in "ab"], tarfile.GNU_FORMAT)
    data = bytearray(path.read_bytes())
    second = 512 + 1024
    if spoilt.startswith("cut"):
        del data[second + (900 if spoilt == "cut in data" else 200) :]
    else:
        at = {"checksum": 0, "size": 124, "magic": 257}[spoilt]
        data[second + at] = ord("z")
    path.write_bytes(data)
    assert plain_members(path) is None


def test_only_zeros_are_an_empty_tar(tmp_path: Path) -> None:
    path = write_tar(tmp_path / "t.tar", [], tarfile.GNU_FORMAT)
    assert plain_members(path) == []
    path.write_bytes(b"")
    assert plain_members(path) is None
