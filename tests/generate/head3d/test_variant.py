"""Which of Mitsuba's variants is taken, and that a trial tells the truth."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from facewright.generate.base import Advising, generator
from facewright.generate.head3d.scene import trial, variant


@pytest.fixture(autouse=True)
def nothing_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (variant.CHOICE, "DRJIT_LIBLLVM_PATH"):
        monkeypatch.setenv(name, "")


def machine(
    monkeypatch: pytest.MonkeyPatch, *, driver: bool = False, gpu: bool = False, llvm: bool = False
) -> None:
    monkeypatch.setenv("DRJIT_LIBLLVM_PATH", "")
    monkeypatch.setattr(trial, "has_driver", lambda: driver)
    monkeypatch.setattr(trial, "renders", lambda _: gpu)
    found = Path("/usr/lib/libLLVM.so.19.1") if llvm else None
    monkeypatch.setattr(variant, "newest_llvm", lambda _: found)
    monkeypatch.setattr(sys, "platform", "linux")


@pytest.mark.parametrize(
    ("has", "wanted"),
    [
        ({"driver", "gpu", "llvm"}, "cuda_ad_rgb"),
        ({"driver", "llvm"}, "llvm_ad_rgb"),
        ({"gpu", "llvm"}, "llvm_ad_rgb"),
        ({"driver"}, "scalar_rgb"),
    ],
)
def test_the_fastest_that_works_is_taken(
    monkeypatch: pytest.MonkeyPatch, has: set[str], wanted: str
) -> None:
    machine(monkeypatch, **dict.fromkeys(has, True))
    assert variant.variant() == wanted


def test_what_is_named_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    machine(monkeypatch, driver=True, gpu=True, llvm=True)
    monkeypatch.setenv(variant.CHOICE, "scalar_rgb")
    assert variant.variant() == "scalar_rgb"


def test_advice_is_given_where_rendering_is_slow(monkeypatch: pytest.MonkeyPatch) -> None:
    maker = generator("head3d", "draft", {})
    assert isinstance(maker, Advising)
    machine(monkeypatch, llvm=True)
    assert maker.advice() is None
    machine(monkeypatch)
    assert "LLVM" in str(maker.advice())


def test_a_trial_renders() -> None:
    pytest.importorskip("mitsuba")
    trial.renders.cache_clear()
    assert trial.renders("scalar_rgb")
    assert not trial.renders("no_such_variant")
