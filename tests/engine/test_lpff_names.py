from hypothesis import given
from hypothesis import strategies as st

from facewright.engine.lpff_names import raw_names
from facewright.layouts.common.numbering import file_stem
from facewright.layouts.lpff.files import join_id, split_id
from facewright.sources.base import Entry, printable


def names(*keys):
    return raw_names(Entry(key, key) for key in keys)


def test_names_are_those_of_files():
    assert names("a/x.jpg", "b/x.JPG", "X.png", "y.v2.webp") == ["x", "x-2", "X-3", "y.v2"]
    assert names("rows.parquet:7", ".hidden.jpg") == ["rows.parquet%3A7", "%2Ehidden"]
    entry = Entry("a.jpg", "a.jpg", id="100004356@N06_21795165006")
    assert raw_names([entry]) == ["100004356@N06_21795165006"]


def test_a_long_name_is_cut_and_stays_its_own():
    first, second = names("ü" * 120 + "a.jpg", "ü" * 120 + "b.jpg")
    assert first != second
    assert max(len(name.encode()) for name in (first, second)) <= 180


@given(st.lists(st.text(min_size=1, max_size=200).map(printable), max_size=6))
def test_no_two_are_equal_and_ids_tell_them(keys):
    found = names(*keys)
    assert len({name.casefold() for name in found}) == len(keys)
    for name in found:
        assert file_stem(name).replace("%25", "%") == name
        assert split_id(join_id(name, 7)) == (name, 7)
