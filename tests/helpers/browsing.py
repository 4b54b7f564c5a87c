"""What a page's address asks for, and what the server says to the same question."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlparse

if TYPE_CHECKING:
    from playwright.sync_api import Page


def asked(page: Page) -> dict[str, list[str]]:
    """Parameters of the page's address."""
    return parse_qs(urlparse(page.url).query)


def total(page: Page, site: str, query: str = "") -> str:
    """How many faces a query finds, as the page says it."""
    told: dict[str, Any] = page.request.get(f"{site}/api/faces?limit=1&{query}").json()
    return f"{told['total']:,} face{'s' if told['total'] != 1 else ''}"
