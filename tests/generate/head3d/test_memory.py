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
