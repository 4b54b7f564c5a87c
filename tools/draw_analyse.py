"""Draw the picture of docs/analyse.md: head, intersections and poses of a report.

    facewright import ffhq-features RECORDS FFHQ      # the 70,000 published records
    python tools/draw_analyse.py FFHQ

Needs Playwright and a Chromium (FACEWRIGHT_CHROMIUM names one). The report is as `facewright
analyse` writes it, but for the parts that are left out for room. Use records only, or pictures
that may go into the repository: the smallest intersections, which show faces, are left out.
"""

from __future__ import annotations

import argparse
import io
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from PIL import Image
from playwright.sync_api import sync_playwright

PLACE: Final = Path(__file__).resolve().parent.parent / "docs" / "images" / "analyse.png"
WIDTH: Final = 1240
SHOWN: Final = ("essentials", "crossing", "density")
COLOURS: Final = 96


def drawn(report: Path) -> Image.Image:
    """The report as a browser shows it, with nothing but the parts that are shown."""
    browser = os.environ.get("FACEWRIGHT_CHROMIUM") or shutil.which("chromium")
    kept = ", ".join(f"[aria-labelledby={part}]" for part in SHOWN)
    with sync_playwright() as playwright:
        window = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        page = window.new_page(viewport={"width": WIDTH, "height": 900})
        page.goto(report.as_uri())
        page.add_style_tag(content=f"section:not({kept}), footer {{ display: none }}")
        data = page.screenshot(full_page=True)
        window.close()
    return Image.open(io.BytesIO(data)).convert("RGB")


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("dataset", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "facewright", "analyse", str(given.dataset), "-o", folder]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        picture = drawn(Path(folder) / "report.html")
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(PLACE, optimize=True)
    print(f"{PLACE.name}: {picture.width} x {picture.height}, {PLACE.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
