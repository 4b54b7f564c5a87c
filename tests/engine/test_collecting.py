"""Python's search for cycles is put off, and goes on as it was."""

from __future__ import annotations

import gc

import pytest

from facewright.engine.collecting import collecting_later


def test_it_is_off_inside_and_as_before_afterwards() -> None:
    assert gc.isenabled()
    with collecting_later():
        assert not gc.isenabled()
        with collecting_later():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()


def fail() -> None:
    with collecting_later():
        raise ZeroDivisionError


def test_also_after_an_error() -> None:
    with pytest.raises(ZeroDivisionError):
        fail()
    assert gc.isenabled()
