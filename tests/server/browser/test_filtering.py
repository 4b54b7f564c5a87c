"""Facets, conditions and orders; the address says all of them, and back works."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
from playwright.sync_api import expect

from helpers.browsing import asked, total

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

pytestmark = pytest.mark.slow


def value(page: Page, facet: str, label: str) -> Any:
    return page.get_by_role("region", name=facet, exact=True).get_by_role("checkbox", name=label)


def test_a_value_is_taken_and_given_back(page: Page, site: str) -> None:
    page.goto(site)
    expect(page.locator("#total")).to_have_text(total(page, site))
    value(page, "Apparent sex", "female").check()
    expect(page.locator("#total")).to_have_text(total(page, site, "sex=female"))
    assert asked(page) == {"sex": ["female"]}
    value(page, "Apparent sex", "unknown").check()
    expect(page.locator("#total")).to_have_text(total(page, site, "sex=female&sex=~"))
    page.go_back()
    expect(page.locator("#total")).to_have_text(total(page, site, "sex=female"))
    expect(value(page, "Apparent sex", "female")).to_be_checked()
    page.go_back()
    expect(page.locator("#total")).to_have_text(total(page, site))
    expect(value(page, "Apparent sex", "female")).not_to_be_checked()
    page.go_forward()
    expect(page.locator("#total")).to_have_text(total(page, site, "sex=female"))


def test_a_shared_address_shows_the_same(page: Page, site: str) -> None:
    query = "sex=female&not.glasses=Sunglasses&age=20..60&yaw=-30..20&sort=-age&size=96"
    page.goto(f"{site}/?{query}")
    expect(page.locator("#total")).to_have_text(total(page, site, query))
    expect(page.locator(".chip")).to_have_count(4)
    expect(page.get_by_label("Order", exact=True)).to_have_value("-age")
    expect(page.locator(".brush")).to_be_visible()
    first = page.request.get(f"{site}/api/faces?limit=1&{query}").json()["faces"][0]["id"]
    assert page.locator("a.face").first.get_attribute("data-face") == first


def test_values_are_excluded_by_button_and_by_alt_click(page: Page, site: str) -> None:
    page.goto(site)
    page.get_by_role("button", name="Exclude female").click()
    expect(page.locator("#total")).to_have_text(total(page, site, "not.sex=female"))
    assert asked(page) == {"not.sex": ["female"]}
    facet = page.get_by_role("region", name="Apparent sex", exact=True)
    facet.locator("label", has=page.get_by_text("male", exact=True)).click(modifiers=["Alt"])
    expect(page.locator("#total")).to_have_text(total(page, site, "not.sex=female&not.sex=male"))
    page.get_by_role("button", name="Clear all").first.click()
    expect(page.locator("#total")).to_have_text(total(page, site))


def test_chips_take_conditions_away(page: Page, site: str) -> None:
    page.goto(f"{site}/?sex=female&age=20..60")
    page.get_by_role("button", name="Remove age: 20 to 60 years").click()
    expect(page.locator("#total")).to_have_text(total(page, site, "sex=female"))
    assert asked(page) == {"sex": ["female"]}


def test_a_range_moves_with_keys(page: Page, site: str) -> None:
    page.goto(site)
    low = page.get_by_label("Apparent age, from")
    low.focus()
    for _ in range(40):
        page.keyboard.press("ArrowRight")
    expect(page).to_have_url(re.compile(r"age=20\.\."))
    expect(page.locator("#total")).to_have_text(total(page, site, "age=20.."))


def test_the_pad_is_brushed(page: Page, site: str) -> None:
    page.goto(site)
    pad = page.locator(".pad")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 0.4 * box["width"], box["y"] + 0.4 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 0.6 * box["width"], box["y"] + 0.6 * box["height"], steps=5)
    page.mouse.up()
    expect(page).to_have_url(re.compile(r"yaw=-1\d\.\.1\d&pitch=-1\d\.\.1\d"))
    pad.click(position={"x": 20, "y": 20})
    expect(page).to_have_url(f"{site}/")


def test_a_condition_holds_or_says_what_is_wrong(page: Page, site: str) -> None:
    page.goto(site)
    page.keyboard.press("/")
    page.keyboard.type("agee > 30")
    page.keyboard.press("Enter")
    expect(page.locator("#where-error")).to_contain_text("agee")
    assert asked(page) == {}
    page.locator("#where").fill("age > 30")
    page.keyboard.press("Enter")
    expect(page.locator("#total")).to_have_text(total(page, site, "where=age%20%3E%2030"))
    expect(page.locator("#where-error")).to_be_hidden()
    assert asked(page) == {"where": ["age > 30"]}


def test_words_lead_to_values(page: Page, site: str) -> None:
    page.goto(f"{site}/?age=20..60")
    page.keyboard.press("/")
    page.keyboard.type("glass")
    options = page.get_by_role("listbox", name="Values").get_by_role("option")
    expect(options.first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowUp")
    expect(options.last).to_have_attribute("aria-selected", "true")
    page.locator("#where").fill("woman")
    expect(options).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator("#total")).to_have_text(total(page, site, "age=20..60&sex=female"))
    assert asked(page) == {"age": ["20..60"], "sex": ["female"]}
    expect(page.locator("#where")).to_have_value("")
    expect(options).to_have_count(0)
    page.locator("#where").fill("sunglasses")
    options.first.click()
    expect(page.locator(".chip")).to_have_count(3)


def test_words_typed_while_the_page_loads_are_answered(page: Page, site: str) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/api/attributes", hold)
    with page.expect_request("**/api/attributes"):
        page.goto(site)
    page.keyboard.press("/")
    page.locator("#where").press_sequentially("sunglasses")
    held[0].continue_()
    options = page.get_by_role("listbox", name="Values").get_by_role("option")
    expect(options).to_have_count(1)


def test_nothing_found_helps_on(page: Page, site: str) -> None:
    page.goto(f"{site}/?age=300..400")
    expect(page.get_by_role("heading", name="No face meets all of these")).to_be_visible()
    page.get_by_role("button", name="Clear all conditions").click()
    expect(page.locator("#total")).to_have_text(total(page, site))


def test_an_address_that_cannot_be_read_says_so(page: Page, site: str) -> None:
    page.goto(f"{site}/?no_such_thing=1")
    expect(page.get_by_role("heading", name="This view cannot be shown")).to_be_visible()
    page.get_by_role("button", name="Clear all conditions").click()
    expect(page.locator("#total")).to_have_text(total(page, site))


def test_every_view_has_json(page: Page, site: str) -> None:
    page.goto(f"{site}/?sex=male&sort=age")
    link = page.locator("#json-link")
    expect(link).to_have_attribute("href", "/faces.json?sex=male&sort=age")
    told = page.request.get(f"{site}{link.get_attribute('href')}").json()
    assert f"{told['total']:,} faces" == total(page, site, "sex=male")
    assert page.request.get(f"{site}/face/m001.json").json()["id"] == "m001"
    assert "facets" in page.request.get(f"{site}/analysis.json?sex=male").json()


def test_shuffling_is_an_address(page: Page, site: str) -> None:
    page.goto(site)
    expect(page.locator("a.face[data-face]").first).to_be_visible()
    with page.expect_response(re.compile("sort=random")):
        page.get_by_role("button", name="Shuffle").click()
    expect(page.locator("#scroller")).not_to_have_class(re.compile("changing"))
    expect(page).to_have_url(re.compile(r"sort=random&seed=\d+"))
    expect(page.locator("a.face[data-face]").first).to_be_visible()
    first = page.locator("a.face").first.get_attribute("data-face")
    page.reload()
    expect(page.locator(f"a.face[data-face={first}]").first).to_be_visible()
    assert page.locator("a.face").first.get_attribute("data-face") == first
