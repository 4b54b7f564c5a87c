import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from facewright.engine.crew import Crew
from facewright.errors import StorageError
from helpers.deadly_tasks import tenfold

pytestmark = pytest.mark.usefixtures("forked_early")


def crew(workers=2):
    return Crew(tenfold, lambda number, why: f"{number}: {why}", workers)


def expected(number):
    return (
        f"{number}: the process that worked on it alone died 2 times"
        if number >= 100
        else (10 * number)
    )


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(0, 9) | st.integers(100, 109), max_size=9), st.sampled_from([1, 2, 4]))
def test_results_come_in_order_whatever_becomes_of_workers(numbers, workers):
    assert list(crew(workers).work(numbers)) == [expected(n) for n in numbers]


def test_what_nobody_foresaw_is_handed_back():
    assert list(crew().work([1, -1, 2])) == [10, "-1: ValueError: nobody thought of this", 20]


def test_what_is_wrong_with_all_ends_the_work():
    with pytest.raises(StorageError, match="full"):
        list(crew().work([1, -2, 2]))


def test_tasks_are_taken_as_they_are_needed():
    taken = []

    def numbers():
        for number in range(100):
            taken.append(number)
            yield number

    work = crew(1).work(numbers())
    assert next(work) == 0
    assert len(taken) < 10
    work.close()
