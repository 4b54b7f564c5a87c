"""Bodies of requests: no larger than their route wants, and no slower than patience allows."""

from __future__ import annotations

from typing import Final

import anyio
from starlette.types import Message, Receive

from facewright.server.http.problems import ProblemError

KIB: Final = 1024
MIB: Final = 1024 * KIB


class TooLargeError(ProblemError):
    """More was sent than the route takes."""

    def __init__(self, most: int) -> None:
        super().__init__(413, f"the request is larger than {_size(most)}", "too-large")


class TooSlowError(ProblemError):
    """The rest of the request did not come."""

    def __init__(self) -> None:
        super().__init__(408, "the request came too slowly; send it again", "too-slow")


def limited(receive: Receive, most: int, seconds: float) -> Receive:
    """Receive a body of at most `most` bytes, all of it within `seconds` of its first read.

    Raises, when received from:
        TooLargeError, TooSlowError: it is not.
    """
    taken = 0
    ended = False
    deadline: float | None = None

    async def receive_limited() -> Message:
        """The next piece of the body, while it is neither too large nor too late."""
        nonlocal taken, ended, deadline
        if ended:
            return await receive()  # waits for the client to go away
        if deadline is None:
            deadline = anyio.current_time() + seconds
        try:
            with anyio.fail_after(max(deadline - anyio.current_time(), 0)):
                message = await receive()
        except TimeoutError:
            raise TooSlowError from None
        ended = message["type"] != "http.request" or not message.get("more_body", False)
        taken += len(message.get("body", b""))
        if taken > most:
            raise TooLargeError(most)
        return message

    return receive_limited


def _size(most: int) -> str:
    return f"{most // MIB} MB" if most >= MIB else f"{most // KIB} kB"
