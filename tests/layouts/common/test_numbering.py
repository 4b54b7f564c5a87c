from hypothesis import given
from hypothesis import strategies as st

from facewright.layouts.common.numbering import file_stem, unique_numbers
from facewright.sources.base import escapes


@given(st.text(), st.text())
def test_stems_are_safe_and_never_equal_for_two(one, other):
    for text in (one, other):
        stem = file_stem(text)
        assert stem
        assert not set(stem) & set('/\\:*?"<>|\0\n')
        assert not stem.startswith(".")
        assert not escapes(stem)
    assert (file_stem(one) == file_stem(other)) == (one == other)


def test_usual_ids_stay_as_they_are():
    for text in ("00000", "100004356@N06_21795165006_01", "guess-attic-girl_01", "Ümläut 1"):
        assert file_stem(text) == text


@given(st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 5))))
def test_numbers_are_unique_and_first_ones_keep_theirs(wanted):
    numbers = unique_numbers(wanted)
    pairs = [(photo, number) for (photo, _), number in zip(wanted, numbers, strict=True)]
    assert len(set(pairs)) == len(wanted)
    for i, pair in enumerate(wanted):
        assert (pairs[i] == pair) == (pair not in wanted[:i])
