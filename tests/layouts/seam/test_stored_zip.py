import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facewright.errors import LayoutError
from facewright.layouts.seam.stored_zip import StoredZip

NAMES = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="/\\:"), min_size=1
)


def written(path, files):
    with path.open("wb") as file:
        archive = StoredZip(file)
        for name, data in files.items():
            archive.add(name, data)
        archive.close()
    return path


@given(st.dictionaries(NAMES, st.binary(max_size=300), max_size=8))
def test_what_goes_in_comes_out(tmp_path_factory, files):
    path = written(tmp_path_factory.mktemp("zip") / "a.zip", files)
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        assert {info.filename: archive.read(info) for info in archive.infolist()} == files
        assert archive.namelist() == list(files)
        assert all(info.compress_type == zipfile.ZIP_STORED for info in archive.infolist())


def test_more_members_than_the_old_form_counts(tmp_path):
    path = written(tmp_path / "a.zip", {f"{n:06d}": b"%d" % n for n in range(70_000)})
    with zipfile.ZipFile(path) as archive:
        assert len(archive.namelist()) == 70_000
        assert archive.read("069999") == b"69999"


def test_members_beyond_four_gigabytes_are_found(tmp_path):
    path = tmp_path / "a.zip"
    with path.open("wb") as file:
        archive = StoredZip(file)
        archive.add("near", b"1")
        archive._flush()
        file.seek(5 << 30)  # a hole takes no room
        archive._written = 5 << 30
        archive.add("far", b"2")
        archive.close()
    with zipfile.ZipFile(path) as found:
        assert (found.read("near"), found.read("far")) == (b"1", b"2")


def test_a_name_that_no_zip_can_hold_is_refused():
    with pytest.raises(LayoutError, match="too long"):
        StoredZip(io.BytesIO()).add("a" * 70_000, b"")


def test_pieces_and_members_larger_than_the_buffer(tmp_path):
    path, large = tmp_path / "a.zip", bytes(range(256)) * 40_000
    with path.open("wb") as file:
        archive = StoredZip(file)
        archive.add("small", b"a", memoryview(b"bc"), b"")
        archive.add("large", b"start", memoryview(large), b"end")
        archive.add("empty")
        archive.close()
    with zipfile.ZipFile(path) as found:
        assert found.testzip() is None
        assert found.read("small") == b"abc"
        assert found.read("large") == b"start" + large + b"end"
        assert found.read("empty") == b""
