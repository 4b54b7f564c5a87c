"""Which names and pages a request may come by.

A page of somebody else's, open in the same browser, can send requests here. It can do so under a
name of its own that suddenly points to this machine (DNS rebinding), and it can send what changes
something in the user's name (CSRF). Host tells the first, Origin and Sec-Fetch-Site the second;
pages can set none of them.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

_LOOPBACK: Final = frozenset(("localhost", "ip6-localhost"))
_OWN: Final = frozenset(("same-origin", "none"))


@dataclass(frozen=True, slots=True)
class Names:
    """What this server is called, and whose pages may ask it.

    Attributes:
        hosts: names besides localhost and plain addresses, which no DNS can turn.
        origins: pages of others that may read and ask, as "https://page.example".
    """

    hosts: frozenset[str] = frozenset()
    origins: frozenset[str] = frozenset()

    def knows(self, host: str) -> bool:
        """Whether a Host header names this server."""
        name = host_name(host)
        return name is not None and (
            name in _LOOPBACK or name.endswith(".localhost") or name in self.hosts or _is_ip(name)
        )

    def is_foreign(self, headers: Mapping[str, str], *, changing: bool) -> bool:
        """Whether a page of somebody else's asks, whose origin is not named.

        Args:
            headers: of the request, names in lower case.
            changing: whether the request may change something; else a link may lead here.
        """
        origin = headers.get("origin")
        if origin is not None:
            return not (origin in self.origins or _is_own(origin, headers.get("host", "")))
        site = headers.get("sec-fetch-site")
        if site is None or site in _OWN:
            return False
        followed = headers.get("sec-fetch-mode") == "navigate" and (
            headers.get("sec-fetch-dest") == "document"
        )
        return changing or not (followed or self.origins)


def host_name(host: str) -> str | None:
    """The name of a Host header, in lower case, without port; None where it is none."""
    try:
        parts = urlsplit(f"//{host}")
        name, _ = parts.hostname, parts.port
    except ValueError:
        return None
    if not name or parts.username is not None or parts.path or parts.query or parts.fragment:
        return None
    return name.removesuffix(".")


def is_loopback(host: str) -> bool:
    """Whether an address to listen at is reached from this machine only."""
    if host in _LOOPBACK:
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _is_own(origin: str, host: str) -> bool:
    """The same host and port; the scheme is a proxy's business."""
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and parts.netloc.lower() == host.lower() != ""


def _is_ip(name: str) -> bool:
    try:
        ipaddress.ip_address(name.partition("%")[0])
    except ValueError:
        return False
    return True
