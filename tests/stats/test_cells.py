import numpy as np
import pytest

from facewright.errors import UsageError
from facewright.stats.cells import Cells
from helpers.coding import coded

SEX = coded("sex", ("female", "male"), ["female", "male", "male", None, "female"])
AGE = coded("age", ("child", "adult", "old"), ["adult", "adult", "child", "old", None])


def test_cells_count_combinations_and_set_unknown_ones_apart() -> None:
    cells = Cells.of([SEX, AGE])
    assert cells.counts.tolist() == [[0, 1, 0], [1, 1, 0]]
    assert (cells.total, cells.unknown, cells.names) == (3, 2, ("sex", "age"))
    assert cells.keys()[1] == ("female", "adult")
    assert cells.labels()[1] == ("Female", "Adult")
    assert cells.shares.sum() == pytest.approx(1)


def test_keys_rows_and_numbers_agree() -> None:
    cells = Cells.of([SEX, AGE])
    assert cells.numbers.tolist() == [1, 4, 3, -1, -1]
    for number in range(len(cells.keys())):
        assert len(cells.rows(number)) == cells.counts.ravel()[number]


def test_one_row() -> None:
    cells = Cells.of([coded("sex", ("female", "male"), ["male"])])
    assert cells.counts.tolist() == [0, 1]
    assert cells.shares.tolist() == [0, 1]


@pytest.mark.parametrize("values", [[], [None, None]])
def test_nothing_known(values) -> None:
    cells = Cells.of([coded("sex", ("female", "male"), values)])
    assert cells.counts.tolist() == [0, 0]
    assert cells.shares.tolist() == [0, 0]
    assert (cells.total, cells.unknown) == (0, len(values))


def test_an_attribute_without_any_level() -> None:
    cells = Cells.of([SEX, coded("hat", (), [None] * 5)])
    assert cells.counts.shape == (2, 0)
    assert (cells.keys(), cells.total, cells.unknown) == ([], 0, 5)


def test_no_attribute_is_an_error() -> None:
    with pytest.raises(UsageError, match="one attribute"):
        Cells.of([])


def test_too_many_cells_are_an_error_that_says_which() -> None:
    wide = coded("author", tuple(map(str, range(2000))), ["1"])
    with pytest.raises(UsageError, match="author 2000, author 2000"):
        Cells.of([wide, wide])


def test_codes_of_many_faces_do_not_overflow() -> None:
    many = tuple(map(str, range(1000)))
    last = coded("a", many, ["999"])
    assert np.flatnonzero(Cells.of([last, last]).counts).tolist() == [999_999]
