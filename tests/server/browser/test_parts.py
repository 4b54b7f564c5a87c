"""Basket to export, look-alikes; what a server lacks is hidden."""

from __future__ import annotations

import base64
import re
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image

pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.slow

JOB = 90_000
"""Milliseconds that a job may take on a busy machine."""


def test_basket_to_selection_to_export(page: Page, site: str) -> None:
    page.goto(site)
    for number in range(3):
        cell = page.locator(".cell").nth(number)
        cell.hover()
        cell.locator(".tick").click()
    page.get_by_role("button", name="Open basket").click()
    expect(page.locator(".tiles li")).to_have_count(3)
    page.get_by_role("button", name=re.compile("^Take .* out")).first.click()
    expect(page.locator(".tiles li")).to_have_count(2)
    page.get_by_label("Name").fill("two of them")
    page.get_by_role("button", name="Keep").click()
    row = page.locator(".rows li", has_text="two of them")
    expect(row).to_contain_text("2 faces")
    row.get_by_role("button", name="Export").click()
    page.get_by_role("dialog").get_by_label("Layout").select_option("imagefolder")
    page.get_by_role("dialog").get_by_role("button", name="Export").click()
    expect(page.get_by_role("dialog")).to_be_hidden()
    with page.expect_download(timeout=JOB) as found:
        page.get_by_role("link", name="Download", exact=True).click(timeout=JOB)
    assert found.value.suggested_filename == "Export-as-imagefolder.zip"
    assert zipfile.is_zipfile(found.value.path())
    row.get_by_role("link", name="two of them").first.click()
    expect(page.locator("#total")).to_have_text("2 faces")
    expect(page.locator(".chip")).to_have_text("Selection: two of them")


def test_look_alikes_are_synthetic_by_default(page: Page, site: str, samples: Path) -> None:
    page.goto(site)
    expect(page.locator("a.face[data-face]").first).to_be_visible()
    page.get_by_role("button", name="Find faces like a picture").click()
    expect(page.get_by_role("dialog")).to_contain_text("is not stored")
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Choose a picture").click()
    chooser.value.set_files(samples / "astronaut.png")
    dialog = page.get_by_role("dialog", name="Faces that look alike")
    expect(dialog).to_contain_text("is not stored")
    links = dialog.locator("a.thumb")
    expect(links.first).to_be_visible(timeout=JOB)
    expect(dialog.locator("a.thumb .badge")).to_have_count(links.count())
    dialog.get_by_label("Photographs of people too").check()
    expect(dialog.locator("a.thumb:not(:has(.badge))").first).to_be_visible(timeout=JOB)
    page.go_back()
    expect(dialog.get_by_label("Photographs of people too")).not_to_be_checked()
    expect(dialog.locator("a.thumb:not(:has(.badge))")).to_have_count(0)


def test_what_a_picture_found_is_an_address(page: Page, site: str, samples: Path) -> None:
    page.goto(f"{site}/?sex=female")
    expect(page.locator("a.face[data-face]").first).to_be_visible()
    page.get_by_role("button", name="Find faces like a picture").click()
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Choose a picture").click()
    chooser.value.set_files(samples / "astronaut.png")
    dialog = page.get_by_role("dialog", name="Faces that look alike")
    expect(page).to_have_url(re.compile(r"/alike\?sex=female&found="), timeout=JOB)
    links = dialog.locator("a.thumb")
    faces = [link.get_attribute("href") for link in links.all()]
    links.nth(2).click()
    expect(page).to_have_url(re.compile(f"{re.escape(faces[2] or '')}$"))
    expect(dialog).to_have_count(0)
    page.go_back()
    expect(dialog.get_by_alt_text("Your picture")).to_be_visible()
    expect(links).to_have_count(len(faces))
    assert [link.get_attribute("href") for link in links.all()] == faces
    page.reload()
    expect(dialog).to_contain_text("it was never stored")
    expect(dialog.get_by_alt_text("Your picture")).to_have_count(0)
    expect(links).to_have_count(len(faces))
    assert [link.get_attribute("href") for link in links.all()] == faces
    told = page.request.get(page.url.replace("/alike?", "/alike.json?")).json()
    assert len(told["faces"]) == len(faces)
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(page).to_have_url(f"{site}/?sex=female")
    page.go_back()
    expect(links).to_have_count(len(faces))


def test_a_grid_is_lined_up_by_likeness_to_a_face(page: Page, site: str) -> None:
    page.goto(f"{site}/face/m003?alike=yes")
    page.get_by_role("link", name="All faces by likeness to this one").click()
    expect(page).to_have_url(f"{site}/?synthetic=yes&sort=like:m003")
    answer = page.request.get(f"{site}/api/faces?synthetic=yes&sort=like:m003").json()
    expect(page.locator("#total")).to_have_text(f"{answer['total']} faces")
    expect(page.locator(".cell[data-index='0'] a.face")).to_have_attribute("data-face", "m003")
    expect(page.get_by_label("Order", exact=True)).to_have_value("like:m003")
    told = answer["faces"]
    for n in (1, 7):
        cell = page.locator(f".cell[data-index='{n}'] a.face")
        expect(cell).to_have_attribute("data-face", told[n]["id"])
    page.reload()
    expect(page.locator(".cell[data-index='0'] a.face")).to_have_attribute("data-face", "m003")
    page.get_by_label("Order", exact=True).select_option("As made")
    expect(page).to_have_url(f"{site}/?synthetic=yes")


def test_a_picture_without_a_face_says_so(page: Page, site: str, tmp_path: Path) -> None:
    Image.new("RGB", (200, 200), "grey").save(tmp_path / "grey.png")
    page.goto(site)
    expect(page.locator("a.face[data-face]").first).to_be_visible()
    page.get_by_role("button", name="Find faces like a picture").click()
    expect(page.get_by_role("dialog")).to_contain_text("is not stored")
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Choose a picture").click()
    chooser.value.set_files(tmp_path / "grey.png")
    dialog = page.get_by_role("dialog", name="Faces that look alike")
    expect(dialog.get_by_role("alert")).to_have_text(
        "no face was found in the picture", timeout=JOB
    )


def test_a_picture_is_pasted_or_dropped(page: Page, site: str, samples: Path) -> None:
    page.goto(site)
    expect(page.get_by_role("button", name="Find faces like a picture")).to_be_visible()
    data = base64.b64encode((samples / "astronaut.png").read_bytes()).decode()
    for kind, wrap in (("paste", "clipboardData"), ("drop", "dataTransfer")):
        page.evaluate(
            """([kind, wrap, data]) => {
              const bytes = Uint8Array.from(atob(data), letter => letter.charCodeAt(0));
              const held = new DataTransfer();
              held.items.add(new File([bytes], 'face.png', {type: 'image/png'}));
              const event = new Event(kind, {bubbles: true, cancelable: true});
              Object.defineProperty(event, wrap, {value: held});
              document.body.dispatchEvent(event);
            }""",
            [kind, wrap, data],
        )
        dialog = page.get_by_role("dialog", name="Faces that look alike")
        expect(dialog.locator("a.thumb").first).to_be_visible(timeout=JOB)
        page.keyboard.press("Escape")
        expect(dialog).to_have_count(0)


def test_the_filter_is_kept_as_a_whole(page: Page, site: str) -> None:
    page.goto(f"{site}/basket?dataset=made")
    expect(page.locator(".picked")).to_contain_text("All 24 faces that the filter shows")
    page.get_by_label("Name").fill("all that are made")
    page.get_by_role("button", name="Keep").click()
    expect(page.locator(".rows li", has_text="all that are made")).to_contain_text("24 faces")


def test_what_the_server_does_not_offer_is_hidden(page: Page, site: str) -> None:
    page.route(
        "**/openapi.json", lambda route: route.fulfill(json={"paths": {"/api/faces": {"get": {}}}})
    )
    page.goto(site)
    expect(page.locator("a.face[data-face]").first).to_be_visible()
    expect(page.get_by_role("link", name="Order")).to_be_hidden()
    expect(page.get_by_role("button", name="Find faces like a picture")).to_be_hidden()
    page.goto(f"{site}/face/m003")
    expect(page.get_by_role("button", name=re.compile("^Flag"))).to_be_hidden()
    expect(page.get_by_role("button", name=re.compile("^Correct"))).to_have_count(0)
