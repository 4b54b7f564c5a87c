"""The order form: every state an address, its plan told as it is written, results."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
from playwright.sync_api import expect

from helpers.browsing import asked

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.slow

JOB = 90_000
"""Milliseconds that a job may take on a busy machine."""


def test_an_order_appears_in_the_grid(page: Page, site: str) -> None:
    page.goto(f"{site}/order")
    page.get_by_role("spinbutton", name="Pictures").fill("2")
    page.get_by_role("group", name="Sex").get_by_role("button", name="female", exact=True).click()
    expect(page.locator(".order-words")).to_have_text("2 synthetic faces: female")
    page.get_by_role("button", name="Order", exact=True).click()
    expect(page.get_by_role("progressbar").first).to_be_visible()
    page.get_by_role("link", name="Show the faces").first.click(timeout=JOB)
    expect(page).to_have_url(re.compile(r"\?dataset=order-"))
    expect(page.locator("#total")).to_have_text("2 faces")
    expect(page.locator(".cell .badge:visible")).to_have_text(["Synthetic"] * 2)


def test_a_job_is_cancelled(page: Page, site: str) -> None:
    page.goto(f"{site}/order")
    page.get_by_role("spinbutton", name="Pictures").fill("9999")
    expect(page).to_have_url(re.compile("order.count=9999"))
    page.get_by_role("button", name="Order", exact=True).click()
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator(".job").first).to_contain_text("cancelled")
    expect(page.get_by_role("button", name="Try again").first).to_be_focused()


def test_what_is_pressed_is_an_address_and_back_undoes_it(page: Page, site: str) -> None:
    page.goto(f"{site}/order")
    page.locator(".wish-group summary", has_text="Hair").click()
    colours = page.get_by_role("group", name="Hair colour")
    colours.get_by_role("button", name="brown").click()
    colours.get_by_role("button", name="black").click()
    expect(colours.get_by_role("button", name="black")).to_be_focused()
    assert asked(page) == {"order.hair_color": ["brown", "black"]}
    expect(page.locator(".order-words")).to_have_text(
        "24 synthetic faces: hair colour brown or black"
    )
    page.go_back()
    expect(colours.get_by_role("button", name="black")).to_have_attribute("aria-pressed", "false")
    page.reload()
    expect(page.locator(".order-words")).to_have_text("24 synthetic faces: hair colour brown")


def test_a_sentence_shares_out_and_the_plan_tells(page: Page, site: str) -> None:
    page.goto(f"{site}/order")
    page.get_by_role("button", name="equal over sex x ethnicity").click()
    field = page.get_by_label("Shared out as")
    expect(field).to_have_value("equal over sex x ethnicity")
    field.fill("equal over sex; 50 % adults, 25 % children, 25 % elderly")
    plan = page.locator(".plan")
    expect(plan).to_contain_text("24 pictures of 24 people")
    expect(plan.locator("li", has_text="female")).to_contain_text("50")
    expect(page).to_have_url(re.compile("order.target=equal"))
    field.fill("equal over nose")
    expect(page.get_by_role("alert")).to_contain_text("nose")
    expect(page.get_by_role("button", name="Order", exact=True)).to_be_disabled()
    page.get_by_role("button", name="Begin anew").click()
    expect(field).to_have_value("")
    expect(page.get_by_role("button", name="Order", exact=True)).to_be_enabled()


def test_several_pictures_of_each_person(page: Page, site: str) -> None:
    page.goto(f"{site}/order")
    page.get_by_role("button", name="Several of each person").click()
    page.get_by_label("Views of each").fill("3")
    page.get_by_label("Expressions of each").fill("2")
    expect(page.locator(".order-words")).to_have_text("24 synthetic faces of 4 people")
    expect(page.locator(".plan")).to_contain_text("24 pictures of 4 people")


def test_two_names_of_one_thing_are_not_both_asked(page: Page, site: str) -> None:
    page.goto(f"{site}/order?order.age_group=adult")
    page.get_by_role("spinbutton", name="Age, from").fill("20")
    page.keyboard.press("Tab")
    expect(page).to_have_url(f"{site}/order?order.age=20..")
    expect(page.locator(".order-words")).to_have_text("24 synthetic faces: age 20 years or more")
