"""Bodies: size and time."""

from __future__ import annotations

import anyio
import pytest
from starlette.types import Message

from facewright.server.auth.bodies import TooLargeError, TooSlowError, limited


def receiver(parts: list[bytes], seconds: float = 0.0):
    async def receive() -> Message:
        await anyio.sleep(seconds)
        if not parts:
            return {"type": "http.disconnect"}
        body = parts.pop(0)
        return {"type": "http.request", "body": body, "more_body": bool(parts)}

    return receive


async def whole(receive) -> bytes:
    found = b""
    while True:
        message = await receive()
        found += message.get("body", b"")
        if not message.get("more_body", False):
            return found


def test_what_is_small_and_quick_comes_through() -> None:
    receive = limited(receiver([b"ab", b"cd"]), 4, 5.0)
    assert anyio.run(whole, receive) == b"abcd"
    assert anyio.run(receive) == {"type": "http.disconnect"}


def test_what_is_large() -> None:
    with pytest.raises(TooLargeError, match="larger than 1 kB"):
        anyio.run(whole, limited(receiver([b"x" * 1000, b"x" * 25]), 1024, 5.0))


def test_what_comes_too_slowly() -> None:
    drip = receiver([b"x"] * 100, seconds=0.02)
    with pytest.raises(TooSlowError):
        anyio.run(whole, limited(drip, 1024, 0.1))


def test_waiting_for_the_client_to_go_takes_as_long_as_it_likes() -> None:
    async def run() -> Message:
        receive = limited(receiver([b""], seconds=0.05), 10, 0.07)
        await receive()
        return await receive()

    assert anyio.run(run)["type"] == "http.disconnect"
