"""Analysis of the current filter: against a target, in a sentence too; balancing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.slow

JOB = 90_000
"""Milliseconds that a job may take on a busy machine."""


def test_balancing_makes_a_selection(page: Page, site: str) -> None:
    page.goto(f"{site}/analysis?by=sex&dataset=made")
    page.get_by_role("button", name="Balance this").click()
    dialog = page.get_by_role("dialog", name="Balance these faces")
    dialog.get_by_label("Faces (may stay empty)").fill("10")
    dialog.get_by_role("button", name="Balance").click()
    page.get_by_role("link", name="Show the selection").click(timeout=JOB)
    expect(page.locator("#total")).to_have_text("10 faces")


def test_what_lacks_is_ordered(page: Page, site: str) -> None:
    page.goto(f"{site}/analysis?by=sex&dataset=made")
    page.get_by_role("button", name="Balance this").click()
    dialog = page.get_by_role("dialog", name="Balance these faces")
    dialog.get_by_label("Faces (may stay empty)").fill("30")
    dialog.get_by_role("button", name="Balance").click()
    page.get_by_role("button", name="Order the 6 that lack").first.click(timeout=JOB)
    expect(page).to_have_url(re.compile("/order"))
    job = page.locator(".job", has_text="What lacks of").first
    job.get_by_role("button", name="Cancel").click()
    expect(job).to_contain_text("cancelled")


def test_analysis_follows_the_filter(page: Page, site: str) -> None:
    page.goto(f"{site}/analysis?sex=female")
    chart = page.get_by_role("table", name=re.compile("Apparent sex"))
    expect(chart.first).to_be_visible()
    heading = page.locator(".view-head .hint")
    before = heading.inner_text()
    page.locator("#clear-all").click()
    expect(heading).not_to_have_text(before)
    page.get_by_label("Target").select_option("dataset:made")
    expect(page).to_have_url(re.compile("target=dataset"))
    cell = page.locator(".cross a").first
    expect(cell).to_have_attribute("href", re.compile(r"^/\?age_group="))
    href = cell.get_attribute("href")
    cell.click()
    expect(page).to_have_url(f"{site}{href}")


def test_a_sentence_is_a_target(page: Page, site: str) -> None:
    page.goto(f"{site}/analysis?dataset=made")
    page.get_by_label("Target").select_option("A sentence of shares")
    field = page.get_by_label("Shares, clauses")
    field.fill("75 % female, rest male")
    expect(page.locator(".joint")).to_contain_text(re.compile(r"25\s%"))
    expect(page).to_have_url(re.compile("target=75"))
    expect(field).to_be_focused()
    field.fill("75 % of nobody")
    expect(page.get_by_role("alert")).to_contain_text("nobody")
    page.go_back()
    expect(page.get_by_label("Target")).to_have_value("")


def test_conditions_stand_above_it(page: Page, site: str) -> None:
    page.goto(f"{site}/analysis?sex=female&age=20..60")
    expect(page.locator(".view-head .chip")).to_have_count(2)
    page.locator(".view-head").get_by_role("button", name="Remove age").click()
    expect(page).to_have_url(f"{site}/analysis?sex=female")
    expect(page.locator(".view-head .chip")).to_have_count(1)


def test_added_columns_have_their_charts_and_can_be_compared(page: Page, site: str) -> None:
    page.goto(f"{site}/analysis?facets=photo.format,photo.title&dataset=people")
    chart = page.locator(".chart", has_text="Photo format")
    expect(chart).to_contain_text("JPEG")
    expect(page.locator(".chart", has_text="Photo title")).to_have_count(0)  # has too many values
    page.get_by_label("Attribute 1", exact=True).select_option("Photo format")
    expect(page).to_have_url(re.compile("by=photo.format"))
    expect(chart).to_contain_text("from the target")
    page.reload()
    expect(chart).to_contain_text("from the target")
