import hashlib
import json
import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from facewright.errors import PhotoError

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = json.loads(Path(__file__).with_name("golden.json").read_text())


def digest(pixels):
    return hashlib.sha256(np.ascontiguousarray(pixels).tobytes()).hexdigest()


@pytest.fixture(scope="session")
def astronaut():
    path = ROOT / "samples" / "photos" / "astronaut.png"
    if not path.exists():
        pytest.skip("samples/photos/astronaut.png is not here")
    pixels = np.array(Image.open(path).convert("RGB"))
    assert digest(pixels) == GOLDEN["astro"]["input_sha256"]
    return pixels


@pytest.fixture(scope="session")
def face68():
    """A face of 172 pixels between (135, 17) and (308, 198), upright."""
    return np.array(GOLDEN["astro"]["landmarks"], dtype=np.float64)


@pytest.fixture(scope="session")
def golden():
    return {name: case for name, case in GOLDEN.items() if name != "how_to_read"}


@pytest.fixture(scope="session")
def natural():
    """1/f noise in three channels, 640 x 720: spectrum and contrast of a photograph."""
    rng = np.random.default_rng(7)
    height, width = 640, 720
    frequency = np.hypot(np.fft.fftfreq(height)[:, None], np.fft.rfftfreq(width)[None, :])
    frequency[0, 0] = 1
    planes = []
    for _ in range(3):
        noise = np.fft.rfft2(rng.standard_normal((height, width)))
        plane = np.fft.irfft2(noise / frequency**1.4, s=(height, width))
        planes.append(128 + 50 * (plane - plane.mean()) / plane.std())
    return np.clip(np.rint(np.stack(planes, axis=2)), 0, 255).astype(np.uint8)


@pytest.fixture(scope="session")
def portraits():
    shared = Path(os.environ.get("FACEWRIGHT_SHARED", ROOT.parent / "shared"))
    paths = sorted((shared / "data" / "portraits").glob("*.jpg"))
    if not paths:
        pytest.skip("shared portraits are not here (FACEWRIGHT_SHARED)")
    return paths[::34]


@pytest.fixture(scope="session")
def psnr():
    def measure(a, b):
        error = np.mean((a.astype(np.float64) - b.astype(np.float64)) ** 2)
        return 10 * np.log10(255**2 / max(error, 1e-9))

    return measure


@pytest.fixture(scope="session")
def attempt():
    """The crop and None, or None and the reason why there is none."""

    def try_it(alignment, photo, landmarks, size):
        try:
            return alignment.crop(photo, landmarks, size), None
        except PhotoError as error:
            return None, error.reason

    return try_it


@pytest.fixture(scope="session")
def sha256():
    return digest
