"""Faces that come while somebody looks: put behind, or offered; the place is kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.slow

Growing = tuple[str, Callable[[], None]]


def at_the_top(page: Page) -> tuple[str, float]:
    """The first face that is wholly seen, and where it stands."""
    found: list[Any] = page.evaluate(
        """() => {
          const top = document.getElementById('scroller').getBoundingClientRect().top;
          const seen = [...document.querySelectorAll('a.face[data-face]')]
            .filter(e => e.getBoundingClientRect().top >= top)
            .sort((a, b) => a.parentElement.dataset.index - b.parentElement.dataset.index)[0];
          return [seen.dataset.face, seen.getBoundingClientRect().top];
        }"""
    )
    return found[0], found[1]


def scrolled(page: Page, address: str) -> tuple[str, float]:
    page.set_viewport_size({"width": 900, "height": 600})
    with page.expect_response("**/ready"):  # what later answers are compared with
        page.goto(address)
    expect(page.locator("#total")).to_have_text("100 faces")
    page.locator("#scroller").evaluate("e => e.scrollTo(0, 700)")
    expect(page.locator("#scroller")).to_have_js_property("scrollTop", 700)
    return at_the_top(page)


def test_faces_are_put_behind_and_nothing_moves(page: Page, growing: Growing) -> None:
    site, grow = growing
    before = scrolled(page, site)
    for total in (150, 200):
        grow()
        expect(page.locator("#total")).to_have_text(f"{total} faces", timeout=15_000)
        assert at_the_top(page) == before
    expect(page.locator("#grown")).to_be_hidden()
    expect(page.locator("#announce")).to_have_text("50 new faces, 200 faces now")
    page.locator("#scroller").evaluate("e => e.scrollTo(0, 99999)")
    expect(page.locator("a.face[data-face=f199]")).to_be_visible()
    sexes = page.get_by_role("region", name="Apparent sex", exact=True).locator(".count")
    assert sum(int(text) for text in sexes.all_text_contents()) == 200


def test_faces_that_would_come_between_are_offered(page: Page, growing: Growing) -> None:
    site, grow = growing
    first, _ = scrolled(page, f"{site}/?sort=-quality&size=96")
    grow()
    button = page.get_by_role("button", name="50 new faces")
    expect(button).to_be_visible(timeout=15_000)
    assert at_the_top(page)[0] == first
    expect(page.locator("#total")).to_have_text("100 faces")
    button.press("Enter")
    expect(page.locator("#total")).to_have_text("150 faces")
    expect(button).to_be_hidden()
    expect(page.locator(f"a.face[data-face={first}]")).to_be_focused()
    expect(page.locator(f"a.face[data-face={first}]")).to_be_in_viewport()
