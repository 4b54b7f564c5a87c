"""Freed memory goes back after a rendering."""

from __future__ import annotations

import sys

import pytest

from facewright.generate.head3d.scene import memory

drjit = pytest.importorskip("drjit")


@pytest.mark.parametrize("platform", [sys.platform, "win32"])
def test_freed_blocks_are_given_back(monkeypatch: pytest.MonkeyPatch, platform: str) -> None:
    calls: list[str] = []
    monkeypatch.setattr(drjit, "flush_malloc_cache", lambda: calls.append("flushed"))
    monkeypatch.setattr(sys, "platform", platform)
    memory.give_back()
    assert calls == ["flushed"]


def test_kernels_are_forgotten_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    forgotten: list[bool] = []
    monkeypatch.setattr(drjit, "flush_kernel_cache", lambda: forgotten.append(True))
    for _ in range(24):
        memory.give_back()
    assert len(forgotten) == 3
