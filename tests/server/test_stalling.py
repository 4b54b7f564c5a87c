"""Slow requests hold up nobody else."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from helpers.serving import serving


def test_a_slow_query_does_not_stall_others(served: Path) -> None:
    slow = "SELECT sum(sin(a.range * b.range)) FROM range(10000000) a, range(10000000) b"
    with serving(served, sql_seconds=2.0) as client, ThreadPoolExecutor(1) as pool:
        client.get("/api/faces")
        asked = pool.submit(client.post, "/api/query", json={"sql": slow})
        took = []
        while not asked.done():
            begun = time.perf_counter()
            assert client.get("/api/facets?sex=female").status_code == 200
            took.append(time.perf_counter() - begun)
        assert asked.result().status_code in (408, 422)
    assert len(took) > 3
    assert sorted(took)[len(took) // 2] < 0.5
