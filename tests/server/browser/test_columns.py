"""Facets of any column: picked by name, kept in the address, taken away again."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
from playwright.sync_api import expect

from helpers.browsing import asked, total

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = pytest.mark.slow


def facet(page: Page, title: str) -> Locator:
    return page.get_by_role("region", name=title, exact=True)


def option(page: Page, name: str) -> Locator:
    return page.get_by_role("option").filter(has=page.get_by_text(name, exact=True))


def test_a_column_is_added_by_keys_and_back_undoes_each_step(page: Page, site: str) -> None:
    page.goto(site)
    expect(page.get_by_role("button", name="Add a facet")).to_be_enabled()
    page.get_by_role("button", name="Add a facet").press("Enter")
    expect(page.get_by_role("combobox", name="Search the columns")).to_be_focused()
    page.keyboard.type("photo format")
    expect(option(page, "photo.format")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    left = facet(page, "Photo format")
    expect(left).to_be_visible()
    expect(page.locator(".added-facet:focus, .added-facet :focus")).to_have_count(1)
    assert asked(page) == {"facets": ["photo.format"]}
    left.get_by_role("checkbox", name="JPEG").check()
    expect(page.locator("#total")).to_have_text(total(page, site, "photo.format=JPEG"))
    left.get_by_role("checkbox", name="unknown").check()
    expect(page.locator("#total")).to_have_text(
        total(page, site, "photo.format=JPEG&photo.format=~")
    )
    page.go_back()
    page.go_back()
    expect(left.get_by_role("checkbox", name="JPEG")).not_to_be_checked()
    page.go_back()
    expect(left).to_be_hidden()
    page.go_forward()
    expect(left).to_be_visible()


def test_a_shared_address_brings_its_facets(page: Page, site: str) -> None:
    page.goto(f"{site}/?photo.format=JPEG&facets=head_pose.roll")
    expect(facet(page, "Photo format").get_by_role("checkbox", name="JPEG")).to_be_checked()
    expect(facet(page, "Head pose roll")).to_be_visible()
    expect(page.get_by_role("button", name="Remove Photo format: JPEG")).to_be_visible()
    page.get_by_role("button", name="Remove the facet Photo format").click()
    expect(page.locator("#total")).to_have_text(total(page, site))
    expect(facet(page, "Photo format")).to_be_hidden()
    assert asked(page) == {"facets": ["head_pose.roll"]}
    page.get_by_role("link", name="Analysis", exact=True).click()
    expect(page).to_have_url(re.compile("/analysis.*facets=head_pose.roll"))


def test_a_range_of_a_column_is_dragged(page: Page, site: str) -> None:
    page.goto(f"{site}/?facets=detection_score")
    low = page.get_by_label("Detection score, from")
    low.focus()
    for _ in range(20):
        page.keyboard.press("ArrowRight")
    expect(page).to_have_url(re.compile(r"detection_score=0\.\d+\.\."))
    query = f"detection_score={asked(page)['detection_score'][0]}"
    expect(page.locator("#total")).to_have_text(total(page, site, query))


def test_what_cannot_be_counted_says_why(page: Page, site: str) -> None:
    page.goto(site)
    page.get_by_role("button", name="Add a facet").click()
    page.keyboard.type("embedding")
    refused = option(page, "embedding")
    expect(refused).to_have_attribute("aria-disabled", "true")
    expect(refused).to_contain_text("has no values to count")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="Add a facet")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Add a facet")).to_be_focused()
    page.goto(f"{site}/?facets=embedding")
    expect(page.get_by_label("Added facets")).to_contain_text("has no values to count")


def test_a_column_that_has_a_facet_leads_there(page: Page, site: str) -> None:
    page.goto(site)
    page.get_by_role("button", name="Add a facet").click()
    page.keyboard.type("quality overall")
    expect(option(page, "quality.overall")).to_contain_text("is here as")
    page.keyboard.press("Enter")
    expect(page.locator("section.facet:focus")).to_be_in_viewport()
    assert asked(page) == {}


def test_rare_values_are_found_by_their_letters(page: Page, site: str) -> None:
    page.goto(f"{site}/?facets=photo.title")
    titles = facet(page, "Photo title")
    expect(titles).to_contain_text("of rarer values")
    titles.get_by_label("Find a value of Photo title").fill("title 12")
    found = titles.locator(".value-finder")
    found.get_by_role("checkbox", name="Title 129").check()
    expect(page.locator("#total")).to_have_text(total(page, site, "photo.title=Title%20129"))
    assert asked(page)["photo.title"] == ["Title 129"]
