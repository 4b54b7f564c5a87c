"""The page of one face."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

pytestmark = pytest.mark.slow


def test_it_opens_over_the_grid_and_back_closes_it(page: Page, site: str) -> None:
    page.goto(f"{site}/?sex=female")
    link = page.locator("a.face[data-face]").nth(3)
    face = link.get_attribute("data-face")
    link.click()
    expect(page).to_have_url(f"{site}/face/{face}?sex=female")
    expect(page.locator(".place")).to_contain_text("4 of")
    page.get_by_role("button", name="The next face").click()
    expect(page.locator(".place")).to_contain_text("5 of")
    page.go_back()
    expect(page.locator("#face")).to_be_hidden()
    expect(page).to_have_url(f"{site}/?sex=female")


def test_it_opens_by_its_address_and_closes_to_the_grid(page: Page, site: str) -> None:
    page.goto(f"{site}/face/m003")
    dialog = page.get_by_role("dialog", name="Face m003")
    expect(dialog.get_by_text("Synthetic", exact=True).first).to_be_visible()
    expect(dialog).to_contain_text("none is a fact about a person")
    expect(dialog.get_by_role("row", name="Apparent age")).to_contain_text("23 years")
    page.keyboard.press("Escape")
    expect(page).to_have_url(f"{site}/")
    expect(page.locator("a.face[data-face]").first).to_be_visible()


def test_a_face_that_is_not_there_says_so(page: Page, site: str) -> None:
    page.goto(f"{site}/face/nobody")
    expect(page.get_by_role("heading", name="There is no such face")).to_be_visible()
    page.get_by_role("button", name="To the faces").click()
    expect(page.locator("#face")).to_be_hidden()


def test_similar_faces_lead_on(page: Page, site: str) -> None:
    page.goto(f"{site}/face/m003")
    similar = page.locator(".related", has=page.get_by_role("heading", name="Faces like this one"))
    expect(similar.locator("a.thumb")).not_to_have_count(0)
    href = similar.locator("a.thumb").first.get_attribute("href")
    similar.locator("a.thumb").first.click()
    expect(page).to_have_url(f"{site}{href}")
    page.go_back()
    expect(page.get_by_role("dialog", name="Face m003")).to_be_visible()


def test_similar_faces_can_be_synthetic_only(page: Page, site: str) -> None:
    page.goto(f"{site}/face/m003")
    similar = page.locator(".related", has=page.get_by_role("heading", name="Faces like this one"))
    similar.get_by_role("button", name="Photographs").click()
    expect(page).to_have_url(f"{site}/face/m003?alike=no")
    expect(similar.locator("a.thumb").first).to_be_visible()
    expect(similar.locator("a.thumb .badge")).to_have_count(0)
    page.reload()
    expect(similar.get_by_role("button", name="Photographs")).to_have_attribute(
        "aria-pressed", "true"
    )
    similar.get_by_role("button", name="Synthetic").click()
    expect(similar.locator("a.thumb:not(:has(.badge))")).to_have_count(0)


def test_truth_stands_beside_estimates(page: Page, site: str) -> None:
    page.goto(f"{site}/face/m003")
    dialog = page.get_by_role("dialog", name="Face m003")
    expect(dialog).to_contain_text("Apparently male, about 23")
    expect(dialog).to_contain_text("Made as male, 33")
    expect(dialog.get_by_role("row", name="Apparent age").locator("td.truth")).to_have_text(
        "33 years"
    )
    person = dialog.locator(".related", has=page.get_by_role("heading", name="Other views"))
    expect(person.get_by_role("link")).to_have_count(2)
    expect(dialog.locator(".provenance")).to_contain_text("marked")


def test_a_value_leads_to_all_faces_that_have_it(page: Page, site: str) -> None:
    page.goto(f"{site}/face/m003")
    page.get_by_role("row", name="Apparent sex").get_by_role("link", name="male").click()
    expect(page).to_have_url(f"{site}/?sex=male")
    expect(page.locator("#face")).to_be_hidden()


def test_messages_outlive_what_they_lie_in(page: Page, site: str) -> None:
    page.goto(f"{site}/face/m007?dataset=made")
    expect(page.locator(".place")).to_contain_text(" of ")
    for _ in range(2):
        page.keyboard.press("f")
        page.get_by_role("button", name="Flag this face", exact=True).last.click()
        expect(page.locator(".message").last).to_contain_text("Flagged")
        page.get_by_role("button", name="Take back").click()
        expect(page.locator(".message").last).to_have_text("Flag taken back.")
        page.keyboard.press("ArrowRight")
        expect(page.locator(".flagged-note")).to_have_count(0)


def test_attribution_and_record_are_copied(page: Page, site: str) -> None:
    page.goto(f"{site}/face/m003")
    page.get_by_role("button", name="Copy as JSON").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert '"id": "m003"' in page.evaluate("navigator.clipboard.readText()")
    page.get_by_role("button", name="Copy attribution").click()
    expect(page.locator(".provenance").get_by_role("button", name="Copied")).to_be_visible()
    text = page.locator(".attribution").inner_text()
    assert page.evaluate("navigator.clipboard.readText()") == text


def test_a_picture_is_taken_along(page: Page, site: str) -> None:
    page.goto(f"{site}/face/m003")
    page.get_by_label("Format").select_option("jpeg")
    with page.expect_download() as found:
        page.get_by_role("link", name="Picture").click()
    assert found.value.suggested_filename == "m003-square-64.jpg"
    path = found.value.path()
    assert path.read_bytes()[:3] == b"\xff\xd8\xff"


def test_a_label_is_corrected_by_hand(page: Page, site: str) -> None:
    page.goto(f"{site}/face/m005")
    page.get_by_role("button", name="Correct apparent sex").click()
    dialog = page.get_by_role("dialog", name="Correct apparent sex")
    dialog.get_by_label("Apparent sex").select_option("female")
    dialog.get_by_label("Your name").fill("Ada")
    dialog.get_by_role("button", name="Set label").click()
    expect(page.get_by_role("row", name="Apparent sex")).to_contain_text("corrected by Ada")


def test_what_is_not_known_says_why(page: Page, site: str) -> None:
    page.goto(f"{site}/face/m003")
    expect(page.get_by_role("row", name="Eye colour")).to_contain_text("not known")


POSED = {"yaw": 30.0, "pitch": 0.0, "roll": 0.0}


@pytest.fixture
def placed(page: Page, site: str) -> Page:
    """A crop whose quad is the photo moved by 10 and halved; points are given in the photo."""

    def answer(route: Route) -> None:
        told = page.request.get(f"{site}/api/faces/m003").json()
        told["crops"] = [
            {
                "alignment": "square",
                "size": 64,
                "quad": [9.5, 9.5, 9.5, 137.5, 137.5, 137.5, 137.5, 9.5],
            }
        ]
        told["record"] |= {
            "rectangle": {"left": 30, "top": 30, "width": 40, "height": 60},
            "mesh": [[10 + n % 20, 20 + n // 20, 0] for n in range(478)],
            "head_pose": POSED,
        }
        route.fulfill(json=told)

    page.route(f"{site}/api/faces/m003", answer)
    return page


def test_overlays_lie_where_the_record_says(placed: Page, site: str) -> None:
    page = placed
    page.goto(f"{site}/face/m003")
    page.get_by_role("button", name="Box").click()
    box = page.locator(".layer.box polygon").get_attribute("points")
    assert box == "10,10 30,10 30,40 10,40"
    page.get_by_role("button", name="478 points").click()
    expect(page.locator(".layer.mesh circle")).to_have_count(478)
    page.get_by_role("button", name="Axes").click()
    ahead = page.locator(".layer.axes .ahead")
    assert float(ahead.get_attribute("x2") or 0) > float(ahead.get_attribute("x1") or 0)
    assert float(ahead.get_attribute("y2") or 0) == pytest.approx(
        float(ahead.get_attribute("y1") or 0)
    )
    page.get_by_role("button", name="Box").click()
    expect(page.locator(".layer.box")).to_have_count(0)


def test_what_lies_over_the_picture_is_an_address(placed: Page, site: str) -> None:
    page = placed
    page.goto(f"{site}/face/m003?show=box")
    expect(page.get_by_role("button", name="Box")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Axes").click()
    expect(page).to_have_url(f"{site}/face/m003?show=box,axes")
    page.locator(".related a.thumb").first.click()
    page.go_back()
    expect(page.locator(".layer")).to_have_count(2)
