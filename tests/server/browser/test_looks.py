"""Sizes of screens, colours, and what axe finds."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest

pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[3]
VIEWS = (
    "/",
    "/?sex=female&age=20..50",
    "/?facets=photo.format,detection_score,photo.title&photo.format=JPEG",
    "/alike?found=0.91:m001&found=0.4:f002",
    "/face/m003",
    "/analysis?target=equal over sex",
    "/order?order.hair_color=red&order.target=equal over sex",
    "/basket",
)
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
PHONE = {"width": 360, "height": 740}
WIDE = {"width": 1920, "height": 1080}


def settle(page: Page, address: str) -> None:
    page.goto(address)
    page.wait_for_load_state("networkidle")


@pytest.mark.parametrize("view", VIEWS)
def test_nothing_is_wider_than_the_screen(page: Page, site: str, view: str) -> None:
    page.set_viewport_size(PHONE)
    settle(page, site + view)
    assert too_wide(page) == []
    page.set_viewport_size(WIDE)
    assert too_wide(page) == []


def too_wide(page: Page) -> list[str]:
    """What reaches beyond the screen's right edge, once the page is laid out."""
    found: list[str] = page.evaluate(
        """async () => {
          await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
          return [...document.querySelectorAll('body *')]
            .filter(e => !e.closest(
              '.scrolls, .chips, svg, .unseen, .panel:not([data-open]), pre, table.record'))
            .filter(e => e.getBoundingClientRect().right > innerWidth + 1 && e.checkVisibility())
            .map(e => e.tagName + '.' + e.className).slice(0, 5);
        }"""
    )
    return found


def test_filters_are_a_sheet_on_a_phone(page: Page, site: str) -> None:
    page.set_viewport_size(PHONE)
    page.goto(site)
    box = page.get_by_role("checkbox", name="female")
    expect(box).to_be_hidden()
    page.get_by_role("button", name="Filters").click()
    box.check()
    expect(page.locator("#filter-count")).to_have_text("1")
    page.keyboard.press("Escape")
    expect(box).to_be_hidden()
    expect(page.get_by_role("button", name="Filters")).to_be_focused()


def test_links_keep_their_names_where_icons_stand_for_them(page: Page, site: str) -> None:
    for width in (360, 700, 1000, 1280):
        page.set_viewport_size({"width": width, "height": 740})
        page.goto(site)
        for name in ("Faces", "Analysis", "Order", "Basket"):
            expect(page.get_by_role("link", name=name, exact=True)).to_be_visible()


def test_an_open_face_begins_with_its_picture(page: Page, site: str) -> None:
    page.set_viewport_size(PHONE)
    page.goto(f"{site}/face/m003")
    expect(page.locator(".stage-picture.there")).to_be_in_viewport()


def test_colours_follow_the_system_until_told(page: Page, site: str) -> None:
    back = "getComputedStyle(document.body).backgroundColor"
    page.emulate_media(color_scheme="light")
    page.goto(site)
    light = page.evaluate(back)
    page.emulate_media(color_scheme="dark")
    dark = page.evaluate(back)
    assert light != dark
    page.get_by_role("button", name="Colours: as the system").click()
    assert page.evaluate(back) == light
    page.reload()
    assert page.evaluate(back) == light


@pytest.fixture(scope="session")
def axe() -> str:
    """The program that finds what keeps people from using a page."""
    path = Path(os.environ.get("FACEWRIGHT_AXE", ROOT / "node_modules/axe-core/axe.min.js"))
    if not path.is_file():
        pytest.skip("axe-core is not here; FACEWRIGHT_AXE names its axe.min.js")
    return path.read_text(encoding="utf-8")


def violations(page: Page, axe: str) -> list[str]:
    """What axe calls serious or worse, in light colours and in dark ones."""
    page.evaluate(axe)
    told = []
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        assert page.evaluate(f"matchMedia('(prefers-color-scheme: {scheme})').matches")
        found = page.evaluate("axe.run(document)")["violations"]
        told += [
            f"{scheme} {each['id']}: {node['target']} {node['failureSummary']}"
            for each in found
            if each["impact"] in ("serious", "critical")
            for node in each["nodes"]
        ]
    return told


@pytest.mark.parametrize("view", VIEWS)
def test_axe_finds_nothing_serious(axe: str, page: Page, site: str, view: str) -> None:
    settle(page, site + view)
    assert violations(page, axe) == []


def test_axe_finds_nothing_serious_where_a_column_is_picked(
    axe: str, page: Page, site: str
) -> None:
    settle(page, site)
    page.get_by_role("button", name="Add a facet").click()
    page.keyboard.type("photo")
    page.locator(".facet-options li").first.wait_for()
    assert violations(page, axe) == []
