import cv2
import numpy as np
import pytest
from PIL import Image
from scipy.ndimage import gaussian_filter

from facewright.align.fast import REALIGN2400_FAST
from facewright.align.ffhq import FFHQ
from facewright.align.geometry import Square
from facewright.align.padding_coarse import pad_photo_coarsely
from facewright.align.realign import REALIGN1500, REALIGN2400, mapped_landmarks
from facewright.errors import PhotoError, UsageError
from facewright.rules.basic import RULE_REASONS


def by_the_book(picture, padding, side):
    """The published steps, all channels at once, blurred with SciPy."""
    left, top, right, bottom = padding
    image = np.pad(picture.astype(np.float32), ((top, bottom), (left, right), (0, 0)), "reflect")
    height, width = image.shape[:2]
    y, x, _ = np.ogrid[:height, :width, :1]
    depth = np.maximum(
        1 - np.minimum(np.float32(x) / left, np.float32(width - 1 - x) / right),
        1 - np.minimum(np.float32(y) / top, np.float32(height - 1 - y) / bottom),
    )
    small = cv2.resize(image, (0, 0), fx=0.1, fy=0.1, interpolation=cv2.INTER_AREA)
    blur = side * 0.02 * 0.1
    small = gaussian_filter(small, [blur, blur, 0])
    blurred = cv2.resize(small, (width, height), interpolation=cv2.INTER_LANCZOS4)
    image += (blurred - image) * np.clip(depth * 3 + 1, 0, 1)
    small = cv2.resize(image, (0, 0), fx=0.1, fy=0.1, interpolation=cv2.INTER_AREA)
    image += (np.median(small, axis=(0, 1)) - image) * np.clip(depth, 0, 1)
    return np.clip(np.rint(image), 0, 255).astype(np.uint8)


@pytest.mark.parametrize("padding", [(60, 60, 60, 60), (63, 151, 75, 61)])
@pytest.mark.parametrize("side", [200.0, 731.3])
def test_padding_equals_the_published_steps(natural, padding, side):
    picture = natural[:233, :267]
    padded = pad_photo_coarsely(picture, padding, side)
    assert np.array_equal(padded, by_the_book(picture, padding, side))


@pytest.mark.parametrize("shape", [(1, 1), (1, 9), (9, 1), (3, 2), (40, 60)])
def test_flat_and_tiny_pictures_stay_flat(shape):
    picture = np.full((*shape, 3), 77, np.uint8)
    assert (pad_photo_coarsely(picture, (1, 1, 1, 1), 4.0) == 77).all()
    assert (pad_photo_coarsely(picture, (20, 20, 20, 20), 40.0) == 77).all()


def test_inside_the_photo_it_is_ffhq_with_a_larger_square(natural, face68):
    landmarks = (face68 - face68.mean(axis=0)) * 0.9 + (350, 320)
    crop = REALIGN1500.crop(natural, landmarks, 1500)
    square = FFHQ.square(landmarks)
    larger = Square(square.centre, square.x * 1.8, square.y * 1.8)
    assert np.array_equal(crop.pixels, FFHQ.crop_square(natural, larger, 1500).pixels)
    assert not crop.padded
    assert crop.outside == 0


@pytest.mark.slow
def test_padded_crop_equals_the_published_steps(natural, face68):
    """All steps in a row on a face at the edge that is large enough not to be refused."""
    photo = np.asarray(Image.fromarray(natural).resize((1440, 1280)))
    landmarks = (face68 - face68.mean(axis=0)) * 2.2 + (250, 480)
    square = FFHQ.square(landmarks)
    x, y = square.x * 1.8, square.y * 1.8
    quad = np.stack([square.centre + d for d in (-x - y, -x + y, x + y, x - y)])
    side = np.hypot(*x) * 2
    border = int(np.rint(side * 0.1))
    low = np.floor(quad.min(axis=0)).astype(int) - border
    high = np.ceil(quad.max(axis=0)).astype(int) + border
    left, top = np.maximum(low, 0)
    right, bottom = np.minimum(high, (1440, 1280))
    need = max(0, *(-low), *(high - (1440, 1280)))
    assert need > border - 4
    pads = np.maximum([left - low[0], top - low[1], high[0] - right, high[1] - bottom], 0)
    pads = np.maximum(pads, int(np.rint(side * 0.3)))
    padded = by_the_book(photo[top:bottom, left:right], pads, side)
    quad = quad - (left, top) + pads[:2]
    expected = Image.fromarray(padded).transform(
        (4096, 4096),
        Image.Transform.QUAD,
        tuple((quad + 0.5).flatten()),
        Image.Resampling.BILINEAR,
    )
    expected = np.asarray(expected.resize((2400, 2400), Image.Resampling.LANCZOS))
    crop = REALIGN2400.crop(photo, landmarks, 2400)
    assert crop.padded
    # The corners are rounded in another order here, by parts of 10^13.
    assert np.mean(crop.pixels != expected) < 1e-6


def test_photos_with_few_pixels_around_the_face_are_refused(natural, face68):
    for alignment in (REALIGN2400, REALIGN2400_FAST):
        with pytest.raises(PhotoError, match="asks for 512") as caught:
            alignment.crop(natural, face68, 2400)
        assert caught.value.reason == "crop_too_small"
        assert caught.value.reason in RULE_REASONS
    assert REALIGN1500.crop(natural, face68, 1500).pixels.shape == (1500, 1500, 3)
    with pytest.raises(PhotoError, match="511 x 400"):
        REALIGN2400.check_picture(natural[:400, :511])
    REALIGN2400.check_picture(natural[:400, :512])
    REALIGN2400.check_picture(natural[:512, :400])


def test_landmarks_lie_half_a_photo_pixel_off_the_picture(face68):
    """On the published picture they are half a photo pixel to the upper left, and kept so."""
    mapped = mapped_landmarks(face68)
    top_left, bottom_left, _, top_right = REALIGN2400.quad(face68)
    axes = np.stack([top_right - top_left, bottom_left - top_left])
    true = (face68 - top_left) @ np.linalg.inv(axes) * 2400
    off = np.linalg.solve(axes.T, np.array([-0.5, -0.5])) * 2400
    assert np.allclose(mapped - true, off, atol=1e-9)
    assert np.abs(off).max() == pytest.approx(0.5 * 2400 / np.hypot(*axes[0]), rel=0.1)


def test_landmarks_follow_the_shrinking_of_large_photos(face68):
    """The half pixel is one of the shrunken photo, so it grows with the factor."""
    mapped = mapped_landmarks(face68 * 40)  # side 12500: shrunk twice
    assert REALIGN2400.square(face68 * 40).side / 2400 * 0.5 > 2
    assert np.allclose(mapped + 0.096 * 2, mapped_landmarks(face68 * 4000), atol=0.3)


@pytest.mark.parametrize("alignment", [REALIGN1500, REALIGN2400], ids=lambda a: a.name)
def test_other_sizes_are_refused(alignment):
    with pytest.raises(UsageError, match=f"{alignment.name}:{alignment.default_size}"):
        alignment.check_size(1024)
