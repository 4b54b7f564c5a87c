"""A server that demands a token: the page asks for it once."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.slow


def test_a_token_opens_the_page(page: Page, locked: tuple[str, str]) -> None:
    address, token = locked
    page.goto(f"{address}/?sex=female")
    dialog = page.get_by_role("dialog", name="Token")
    dialog.get_by_label("Token").fill("wrong")
    dialog.get_by_role("button", name="Go on").click()
    expect(dialog.get_by_role("alert")).to_have_text("This token is not known here.")
    dialog.get_by_label("Token").fill(token)
    dialog.get_by_role("button", name="Go on").click()
    expect(page.locator("a.face[data-face] img.there").first).to_be_visible()
    assert page.url == f"{address}/?sex=female"


def test_who_may_read_only_is_not_offered_more(page: Page, locked: tuple[str, str]) -> None:
    address, token = locked
    page.goto(address)
    page.get_by_role("dialog").get_by_label("Token").fill(token)
    page.get_by_role("button", name="Go on").click()
    expect(page.locator("a.face[data-face]").first).to_be_visible()
    expect(page.get_by_role("button", name="Find faces like a picture")).to_be_visible()
    expect(page.get_by_role("link", name="Order")).to_be_hidden()
    page.locator("a.face[data-face]").first.click()
    expect(page.get_by_role("table", name="What is known")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("^Flag"))).to_be_hidden()
    expect(page.get_by_role("button", name=re.compile("^Correct"))).to_have_count(0)
