"""Everything of the grid and of a face, with keys alone; and readers of the screen are told."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.slow


def enter_grid(page: Page, site: str) -> None:
    """By the first link of the page, then one more step."""
    page.goto(site)
    expect(page.locator("a.face[data-face]").first).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the faces")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator("a.face").first).to_be_focused()


def test_arrows_move_and_enter_opens(page: Page, site: str) -> None:
    enter_grid(page, site)
    columns = int(page.locator(".grid").get_attribute("aria-colcount") or 0)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    focused = page.locator(".cell:has(a:focus)")
    expect(focused).to_have_attribute("data-index", str(columns + 1))
    expect(page.locator("a.face[tabindex='0']")).to_have_count(1)
    face = focused.locator("a").get_attribute("data-face")
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name=f"Face {face}")
    expect(dialog).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(dialog).not_to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#face")).to_be_hidden()
    expect(page.locator(".cell:has(a:focus)")).to_have_attribute("data-index", str(columns + 2))
    assert page.url == f"{site}/"


def test_space_picks_and_shift_picks_a_row(page: Page, site: str) -> None:
    enter_grid(page, site)
    page.keyboard.press(" ")
    expect(page.locator(".cell").first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    expect(page.locator(".basket-words")).to_have_text("3 faces picked")
    page.keyboard.press(" ")
    expect(page.locator(".basket-words")).to_have_text("2 faces picked")


def test_f_flags_with_a_reason(page: Page, site: str) -> None:
    enter_grid(page, site)
    face = page.locator("a.face").first.get_attribute("data-face")
    page.keyboard.press("f")
    dialog = page.get_by_role("dialog", name="Flag this face")
    expect(dialog.get_by_label("Artefact")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.type("a hand")
    page.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    told = page.request.get(f"{site}/api/faces/{face}").json()["flags"]
    assert [(flag["reason"], flag["note"]) for flag in told] == [("not_a_face", "a hand")]
    expect(page.locator(".cell.flagged")).to_have_count(1)
    expect(page.locator("a.face").first).to_have_attribute("aria-label", re.compile("^flagged, "))
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".cell.flagged")).to_have_count(0)


def test_other_views_are_skipped_to(page: Page, site: str) -> None:
    page.goto(f"{site}/analysis")
    expect(page.locator(".joint")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip the filters")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator("#other-view :focus")).to_have_count(1)


def test_help_lists_the_keys(page: Page, site: str) -> None:
    page.goto(site)
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keys and help")
    expect(dialog).to_contain_text("put a row of faces into the basket")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


def test_keys_act_on_the_face_that_has_the_focus(page: Page, site: str) -> None:
    """Readers of the screen move the focus without any key of the page."""
    page.goto(site)
    expect(page.locator("a.face[data-face]").nth(2)).to_be_visible()
    page.locator("a.face").nth(2).focus()
    page.keyboard.press(" ")
    expect(page.locator(".cell").nth(2)).to_have_attribute("aria-selected", "true")
    expect(page.locator("a.face[tabindex='0']")).to_have_count(1)


def test_the_grid_says_what_it_is(page: Page, site: str) -> None:
    page.goto(site)
    expect(page.locator("a.face[data-face]").first).to_be_visible()
    grid = page.get_by_role("grid", name="Faces")
    rows, columns = grid.get_attribute("aria-rowcount"), grid.get_attribute("aria-colcount")
    shown = int(page.locator("#total strong").inner_text().replace(",", ""))
    assert int(rows or 0) == -(-shown // int(columns or 1))
    expect(grid.get_by_role("row").first).to_have_attribute("aria-rowindex", "1")
    label = grid.get_by_role("gridcell").first.get_by_role("link").get_attribute("aria-label")
    assert label is not None
    assert label.endswith(f"Face 1 of {shown}")
    expect(page.locator("#announce")).to_have_text(f"{shown} faces found")
