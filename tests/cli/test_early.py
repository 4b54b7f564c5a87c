"""Which command lines start what workers come from, before they are understood."""

from __future__ import annotations

import pytest

from facewright.cli import will_work


@pytest.mark.parametrize(
    "words",
    [
        ["build", "photos", "out"],
        ["generate", "out", "--count", "3"],
        ["import", "auto", "src", "out"],
    ],
)
def test_work_starts_early(words: list[str]) -> None:
    assert will_work(words)


@pytest.mark.parametrize(
    "words",
    [[], ["--help"], ["build"], ["build", "--help"], ["import", "src", "-h"], ["show", "build"]],
)
def test_nothing_starts_for_help_or_without_work(words: list[str]) -> None:
    assert not will_work(words)
