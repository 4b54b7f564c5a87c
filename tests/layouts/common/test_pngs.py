import io

import numpy as np
import pytest
from PIL import Image

from facewright.errors import PhotoError
from facewright.layouts.common.pngs import Png, square_png, upright_png
from helpers.layout_trees import png


def encoded(mode: str, size: tuple[int, int], fmt: str, **options) -> bytes:
    pixels = np.random.default_rng(3).integers(0, 255, (size[1], size[0], 3), np.uint8)
    file = io.BytesIO()
    Image.fromarray(pixels).convert(mode).save(file, fmt, **options)
    return file.getvalue()


def test_a_square_rgb_png_stays_as_it_is():
    data = encoded("RGB", (40, 40), "PNG")
    assert square_png(data).data is data
    assert square_png(data, 40).data is data


@pytest.mark.parametrize("mode", ["L", "RGBA", "P"])
def test_other_modes_are_converted_or_skipped(mode):
    data = encoded(mode, (40, 40), "PNG")
    made = Image.open(io.BytesIO(square_png(data).data))
    assert (made.mode, made.format, made.size) == ("RGB", "PNG", (40, 40))
    with pytest.raises(PhotoError, match="not RGB"):
        square_png(data, mixed="skip")


@pytest.mark.parametrize("resample", ["lanczos", "box"])
def test_sizes_change_by_pillows_filters(resample):
    data = encoded("RGB", (64, 64), "PNG")
    filters = {"lanczos": Image.Resampling.LANCZOS, "box": Image.Resampling.BOX}
    expected = Image.open(io.BytesIO(data)).resize((16, 16), filters[resample])
    assert np.array_equal(square_png(data, 16, resample).pixels, np.asarray(expected))


def test_formats_become_png_without_another_loss():
    data = encoded("RGB", (64, 64), "JPEG")
    made = square_png(data)
    assert made.data.startswith(b"\x89PNG")
    assert np.array_equal(Png(made.data).pixels, Png(data).pixels)
    assert np.array_equal(made.pixels, Png(data).pixels)
    assert made.at(64) is made
    assert np.array_equal(made.at(16).pixels, square_png(data, 16).pixels)


def test_oblong_and_broken_pictures_are_refused():
    with pytest.raises(PhotoError, match="40x20 pixels, not square"):
        square_png(png(40, height=20))
    with pytest.raises(PhotoError):
        square_png(b"no picture")
    broken = bytearray(encoded("RGB", (64, 64), "JPEG"))
    with pytest.raises(PhotoError):
        square_png(bytes(broken[:200]))


def test_photos_are_turned_upright():
    exif = Image.Exif()
    exif[0x0112] = 6
    turned = encoded("RGB", (60, 40), "JPEG", exif=exif)
    assert Image.open(io.BytesIO(upright_png(turned, 6).data)).size == (40, 60)
    data = png(40, height=20)
    assert upright_png(data, None).data is data
