"""Draw the pictures of docs/serve.md: the page as a browser shows it, over a server that runs.

    python tools/draw_serve.py my-heads          # datasets that are shown
    python tools/draw_serve.py                   # orders twenty-four synthetic faces first

Needs Playwright and a Chromium (FACEWRIGHT_CHROMIUM names one). Show synthetic faces only: the
pictures go into the repository.
"""

from __future__ import annotations

import argparse
import io
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import uvicorn
from PIL import Image
from playwright.sync_api import Page, ViewportSize, sync_playwright

from facewright.server.assembling import ServeOptions, assemble
from facewright.server.settings import ServeSettings

PLACE: Final = Path(__file__).resolve().parent.parent / "docs" / "images"
DESK: Final[ViewportSize] = {"width": 1280, "height": 800}
PHONE: Final[ViewportSize] = {"width": 360, "height": 740}
AGES: Final = "50 %25 adults, 25 %25 children, 25 %25 elderly"
ORDER: Final = f"/order?order.count=120&order.target=equal over sex x ethnicity; {AGES}"
ANALYSIS: Final = f"/analysis?target=equal over sex; {AGES}"
PEOPLE: Final = ("--persons", "8", "--views", "3", "--size", "512", "--seed", "4")
SHARED: Final = ("--target", "equal over sex x ethnicity")
QUALITY: Final = 82
SETTLED: Final = 600
"""Milliseconds after which nothing fades any more."""


@contextmanager
def served(roots: list[Path], folder: Path) -> Iterator[str]:
    """A whole server over datasets, at a free port; its address."""
    options = ServeOptions(workdir=folder / "work", serving=ServeSettings(cache=folder / "cache"))
    app = assemble(roots, options)
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join(10)


def show(page: Page, address: str) -> None:
    """Go to an address and wait until all of it is there."""
    page.goto(address)
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(SETTLED)


def shot(page: Page) -> Image.Image:
    """What the browser shows now."""
    return Image.open(io.BytesIO(page.screenshot())).convert("RGB")


def save(picture: Image.Image, name: str) -> None:
    """Write a picture of the documentation; its size is said."""
    path = PLACE / f"serve-{name}.webp"
    picture.save(path, quality=QUALITY, method=6)
    print(f"{path.name}: {picture.width} x {picture.height}, {path.stat().st_size:,} bytes")


def beside(pictures: list[Image.Image], gap: int = 16) -> Image.Image:
    """Pictures of one height in a row on white."""
    width = sum(each.width for each in pictures) + gap * (len(pictures) - 1)
    row = Image.new("RGB", (width, pictures[0].height), "white")
    left = 0
    for each in pictures:
        row.paste(each, (left, 0))
        left += each.width + gap
    return row


def draw(page: Page, site: str) -> None:
    """Take all pictures."""
    show(page, site)
    save(shot(page), "grid")
    page.locator("a.face[data-face]").nth(2).click()
    page.wait_for_load_state("networkidle")
    page.get_by_role("button", name="68 points").click()
    page.wait_for_timeout(SETTLED)
    save(shot(page), "face")
    show(page, site + ORDER)
    save(shot(page), "order")
    show(page, site + ANALYSIS)
    save(shot(page), "analysis")
    page.set_viewport_size(PHONE)
    page.emulate_media(color_scheme="dark")
    phones = []
    for view in ("/", ORDER, ANALYSIS):
        show(page, site + view)
        phones.append(shot(page))
    save(beside(phones), "phone")


def ordered(folder: Path) -> Path:
    """Twenty-four synthetic faces, made now."""
    root = folder / "heads"
    command = [sys.executable, "-m", "facewright", "generate", str(root), *PEOPLE, *SHARED]
    subprocess.run(command, check=True)
    return root


def browser_options() -> dict[str, Any]:
    """Which browser is started, and how: it asks nobody for anything."""
    flags = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
    path = os.environ.get("FACEWRIGHT_CHROMIUM") or shutil.which("chromium")
    return {"executable_path": path, "args": flags}


def main() -> None:
    """Serve, look, and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("datasets", nargs="*", type=Path)
    roots = parser.parse_args().datasets
    with tempfile.TemporaryDirectory() as name, sync_playwright() as driver:
        folder = Path(name)
        with served(roots or [ordered(folder)], folder) as site:
            browser = driver.chromium.launch(**browser_options())
            context = browser.new_context(viewport=DESK, reduced_motion="reduce")
            draw(context.new_page(), site)
            browser.close()


if __name__ == "__main__":
    main()
