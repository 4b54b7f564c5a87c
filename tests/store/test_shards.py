import os
import tarfile

import pytest

from facewright.store.shards import ShardWriter

MEMBERS = {f"{i:03d}.{kind}": os.urandom(i * 37) for i in range(40) for kind in ("png", "json")}


def write(path, flush_every: int) -> dict[str, tuple[int, int]]:
    with path.open("wb") as file:
        writer = ShardWriter(file)
        places = {}
        for number, (name, data) in enumerate(MEMBERS.items(), start=1):
            places[name] = writer.add(name, data)
            if number % flush_every == 0:
                writer.flush()
        writer.close()
    return places


def test_members_lie_where_the_writer_said(tmp_path):
    places = write(tmp_path / "a.tar", 10)
    whole = (tmp_path / "a.tar").read_bytes()
    for name, (offset, length) in places.items():
        assert whole[offset : offset + length] == MEMBERS[name]
    with tarfile.open(tmp_path / "a.tar") as tar:
        assert {m.name: m.size for m in tar} == {name: len(d) for name, d in MEMBERS.items()}


def test_flushing_changes_no_byte(tmp_path):
    write(tmp_path / "often.tar", 1)
    write(tmp_path / "never.tar", 1000)
    assert (tmp_path / "often.tar").read_bytes() == (tmp_path / "never.tar").read_bytes()


@pytest.mark.skipif(not hasattr(os, "writev"), reason="this system has no writev")
def test_a_system_that_takes_less_than_it_is_given_is_given_the_rest(tmp_path, monkeypatch):
    write(tmp_path / "whole.tar", 10)
    real = os.writev
    monkeypatch.setattr(os, "writev", lambda file, parts: real(file, [parts[0][:100]]))
    write(tmp_path / "bits.tar", 10)
    assert (tmp_path / "bits.tar").read_bytes() == (tmp_path / "whole.tar").read_bytes()
