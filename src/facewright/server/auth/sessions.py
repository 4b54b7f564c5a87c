"""Sessions: a browser that showed a token once gets a cookie instead.

Pictures are fetched without headers of the page's. Sessions are kept in memory only, and end with
their token.
"""

from __future__ import annotations

import hashlib
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

COOKIE: Final = "facewright"
SECONDS: Final = 12 * 3600
_MOST: Final = 1000


class Sessions:
    """Which token each session was begun with.

    Args:
        clock: seconds, never falling.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._held: OrderedDict[str, tuple[str, float]] = OrderedDict()

    def begin(self, token_id: str) -> str:
        """A new session: what the cookie says."""
        text = secrets.token_urlsafe(32)
        self._held[_key(text)] = (token_id, self._clock() + SECONDS)
        if len(self._held) > _MOST:
            self._held.popitem(last=False)
        return text

    def token_id(self, text: str) -> str | None:
        """Id of the token that a session was begun with; None where there is no such session."""
        found = self._held.get(_key(text))
        return found[0] if found is not None and self._clock() < found[1] else None

    def end(self, text: str) -> None:
        """Forget a session."""
        self._held.pop(_key(text), None)


def _key(text: str) -> str:
    """Looked up by hash: how long that takes tells nothing of the text."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
