"""Keep-alive clients that ask a server for pictures as fast as it answers.

Part of `benchmarks/serve.py`.
"""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Sequence
from urllib.parse import urlsplit


def requests_a_second(
    base: str, paths: Sequence[str], seconds: float, clients: int
) -> tuple[float, float]:
    """Answers a second over all clients, and the 95th percentile of one in milliseconds.

    Args:
        base: address of the server.
        paths: asked for one after the other.
        seconds: how long.
        clients: keep-alive connections.

    Raises:
        RuntimeError: an answer is not 200.
    """
    return asyncio.run(_all(base, paths, seconds, clients))


async def _all(
    base: str, paths: Sequence[str], seconds: float, clients: int
) -> tuple[float, float]:
    place = urlsplit(base)
    assert place.hostname
    assert place.port
    turn = itertools.cycle(paths)
    until = time.perf_counter() + seconds
    took: list[float] = []
    work = [_client(place.hostname, place.port, turn, until, took) for _ in range(clients)]
    start = time.perf_counter()
    await asyncio.gather(*work)
    took.sort()
    rate = len(took) / (time.perf_counter() - start)
    return rate, 1000 * took[int(0.95 * len(took))]


async def _client(
    host: str, port: int, paths: itertools.cycle[str], until: float, took: list[float]
) -> None:
    reader, writer = await asyncio.open_connection(host, port)
    while time.perf_counter() < until:
        begun = time.perf_counter()
        writer.write(f"GET {next(paths)} HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode())
        head = await reader.readuntil(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(head.splitlines()[0].decode())
        length = head.lower().partition(b"content-length:")[2].splitlines()[0]
        await reader.readexactly(int(length))
        took.append(time.perf_counter() - begun)
    writer.close()
