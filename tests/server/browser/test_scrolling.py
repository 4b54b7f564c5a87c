"""The grid over a million faces: places are fixed, few elements exist, only what is seen comes."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlparse

import pytest

pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

pytestmark = pytest.mark.slow

MILLION = 1_000_000


@pytest.fixture
def offsets(page: Page) -> list[int]:
    """Answers for a million faces; the offsets that were asked for."""
    seen: list[int] = []

    def answer(route: Route) -> None:
        query = parse_qs(urlparse(route.request.url).query)
        offset, limit = int(query["offset"][0]), int(query["limit"][0])
        seen.append(offset)
        numbers = range(offset, min(offset + limit, MILLION))
        faces = [
            {"id": f"n{n}", "thumb": None, "summary": {"sex": "female", "age": n % 90}}
            for n in numbers
        ]
        route.fulfill(body=json.dumps({"total": MILLION, "faces": faces, "next": None}))

    page.route("**/api/faces?*", answer)
    return seen


def scroll_to(page: Page, share: float) -> None:
    page.evaluate(
        "share => { const s = document.querySelector('#scroller');"
        " s.scrollTop = share * (s.scrollHeight - s.clientHeight); }",
        share,
    )


def seen(page: Page) -> list[int]:
    """Numbers of the faces on the screen, in the order of their places."""
    return page.evaluate(
        """() => {
          const box = document.querySelector('#scroller').getBoundingClientRect();
          return [...document.querySelectorAll('.cell a[data-face]')]
            .map(a => [a.getBoundingClientRect(), Number(a.dataset.face.slice(1))])
            .filter(([r]) => r.bottom > box.top && r.top < box.bottom)
            .sort(([a], [b]) => a.top - b.top || a.left - b.left).map(([, n]) => n);
        }"""
    )


def arrive(page: Page, share: float) -> None:
    """Wait until faces near a share of all are shown, and the grid is at rest."""
    deadline = time.monotonic() + 15
    while not (shown := seen(page)) or abs(shown[0] - share * MILLION) > 5000:
        assert time.monotonic() < deadline, "the faces did not come"
        page.wait_for_timeout(50)
    page.wait_for_timeout(300)


def test_the_middle_is_reached_at_once(page: Page, site: str, offsets: list[int]) -> None:
    page.goto(site)
    expect(page.locator("#total")).to_have_text("1,000,000 faces")
    scroll_to(page, 0.5)
    arrive(page, 0.5)
    numbers = seen(page)
    assert abs(numbers[0] - MILLION / 2) < 200
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    assert len(offsets) < 6, "only what is seen is fetched"
    assert page.locator(".cell").count() < 200


@pytest.mark.usefixtures("offsets")
def test_the_end_is_the_last_face(page: Page, site: str) -> None:
    page.goto(site)
    expect(page.locator("a[data-face=n0]")).to_be_visible()
    page.locator("a[data-face=n0]").focus()
    page.keyboard.press("Control+End")
    expect(page.locator("a[data-face=n999999]")).to_be_focused()
    assert seen(page)[-1] == MILLION - 1
    page.keyboard.press("Control+Home")
    expect(page.locator("a[data-face=n0]")).to_be_focused()
    scroll_to(page, 1)
    expect(page.locator("a[data-face=n999999]")).to_be_visible()


@pytest.mark.usefixtures("offsets")
@pytest.mark.parametrize("size", [64, 320])
def test_small_moves_are_exact_where_scrolling_is_scaled(page: Page, site: str, size: int) -> None:
    page.goto(f"{site}/?size={size}")
    expect(page.locator("a[data-face=n0]")).to_be_visible()
    scroll_to(page, 0.3)
    arrive(page, 0.3)
    marked = seen(page)[len(seen(page)) // 2]
    before = page.locator(f"a[data-face=n{marked}]").bounding_box()
    page.mouse.move(800, 400)
    page.mouse.wheel(0, 37)
    page.wait_for_timeout(400)
    after = page.locator(f"a[data-face=n{marked}]").bounding_box()
    assert before is not None
    assert after is not None
    assert before["y"] - after["y"] == pytest.approx(37, abs=1)


@pytest.mark.usefixtures("offsets")
def test_another_size_keeps_the_place(page: Page, site: str) -> None:
    page.goto(site)
    expect(page.locator("a[data-face=n0]")).to_be_visible()
    scroll_to(page, 0.7)
    arrive(page, 0.7)
    first = seen(page)[0]
    page.get_by_label("Size of pictures").focus()
    for _ in range(10):
        page.keyboard.press("ArrowRight")
    page.wait_for_timeout(400)
    assert abs(seen(page)[0] - first) < 20


@pytest.mark.usefixtures("offsets")
def test_a_reload_keeps_the_place(page: Page, site: str) -> None:
    page.goto(site)
    expect(page.locator("a[data-face=n0]")).to_be_visible()
    scroll_to(page, 0.4)
    arrive(page, 0.4)
    first = seen(page)[0]
    page.reload()
    arrive(page, 0.4)
    assert abs(seen(page)[0] - first) < 20


@pytest.mark.usefixtures("offsets")
def test_rows_do_not_move_when_faces_come(page: Page, site: str) -> None:
    page.goto(site)
    expect(page.locator("a[data-face=n0]")).to_be_visible()
    shifts = page.evaluate(
        """() => new Promise(done => {
          let sum = 0;
          const grid = document.querySelector('.grid');
          const inGrid = e => e.sources.some(({node}) => node && grid.contains(node));
          new PerformanceObserver(list => list.getEntries().filter(inGrid)
            .forEach(e => { sum += e.value; }))
            .observe({type: 'layout-shift'});
          let steps = 0;
          const step = () => {
            document.querySelector('#scroller').scrollTop += 400;
            if (++steps < 30) requestAnimationFrame(step);
            else setTimeout(() => done(sum), 600);
          };
          step();
        })"""
    )
    assert shifts < 0.01
