"""Signed addresses: pictures that an answer links to can be fetched without a token for a day.

Clients of the published API hand picture addresses on to browsers and download tools, which send
no key. An address is signed with a key that this process made up: HMAC-SHA256 over path, query
and end of validity.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections.abc import Callable
from typing import Final
from urllib.parse import unquote

_HOUR: Final = 3600
_SECONDS: Final = 24 * _HOUR
_UNTIL: Final = "until="
_MARK: Final = "&sig="


class Signer:
    """Signs addresses.

    Args:
        needed: whether addresses are signed at all; else they are given as they are.
        base: what addresses begin with, as "https://faces.example"; "" for what was asked.
        clock: seconds since the epoch.
    """

    def __init__(
        self, *, needed: bool = True, base: str = "", clock: Callable[[], float] = time.time
    ) -> None:
        self.base = base
        self._needed = needed
        self._key = secrets.token_bytes(32)
        self._clock = clock

    def signed(self, path: str, query: str) -> str:
        """Path (as addresses spell it) and query, with end and signature behind.

        It stays the same within an hour, so that caches hold what is there.
        """
        if not self._needed:
            return f"{path}?{query}"
        until = int(self._clock() // _HOUR) * _HOUR + _SECONDS
        joined = f"{query}&{_UNTIL}{until}"
        return f"{path}?{joined}{_MARK}{self._mark(unquote(path), joined)}"

    def holds(self, path: str, query: str) -> bool:
        """Whether an address (its path decoded) was signed here, and is not too old."""
        joined, _, mark = query.rpartition(_MARK)
        until = joined.rpartition(_UNTIL)[2]
        if not hmac.compare_digest(self._mark(path, joined).encode(), mark.encode()):
            return False
        return until.isdecimal() and self._clock() < int(until)

    def _mark(self, path: str, query: str) -> str:
        data = f"{path}?{query}".encode("utf-8", "surrogatepass")
        return hmac.new(self._key, data, hashlib.sha256).hexdigest()[:40]
