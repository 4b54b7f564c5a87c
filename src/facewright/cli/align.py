"""facewright align: the aligned crop of one face, without a dataset."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from facewright.errors import PhotoError, SourceError, UsageError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from facewright.align.base import CropSpec


ALIGN_EXAMPLES = (
    "facewright align portrait.jpg",
    "facewright align portrait.png --landmarks points.json --as ffhq:1024 -o face.png",
    "facewright align portrait.jpg --as eg3d",
)

_FORMATS = {".png": "png", ".jpg": "jpeg", ".jpeg": "jpeg", ".webp": "webp-lossless"}


def align(
    photo: Path,
    /,
    *,
    landmarks: Path | None = None,
    as_: Annotated[str, Parameter(name="--as")] = "ffhq",
    output: Annotated[Path | None, Parameter(name=["--output", "-o"])] = None,
    again: Annotated[bool, Parameter(negative="")] = False,
    device: str = "cpu",
) -> None:
    """Cut one face out of a photo as a published dataset does.

    A photo that is such a crop already is reported, and left alone without --again. The names of
    the alignments, and what each equals: docs/alignments.md.

    Args:
        photo: picture file.
        landmarks: JSON with 68 [x, y] in pixels of the upright photo: a list, or an object with
            face_landmarks or landmarks. Without it the largest face is found by Facewright.
        as_: alignment, and after a colon the size in pixels where there is a choice.
        output: .png, .jpg or .webp file to write; PHOTO-NAME-SIZE.png here by default.
        again: align the photo even if it is an aligned crop already.
        device: cpu, cuda, auto, or another that onnxruntime offers here.
    """
    from facewright.align.already import is_already_aligned
    from facewright.align.base import CropSpec, alignment
    from facewright.store.atomic import write_atomic
    from facewright.vision.encode import encoder

    spec = CropSpec.parse(as_)
    path = output or Path(f"{photo.stem}-{spec.slug}.png")
    encode = encoder(picture_format(path))
    found = alignment(spec.alignment)
    try:
        pixels = read_pixels(photo)
        points = _points(landmarks) if landmarks else largest_face(photo, pixels, device)
        height, width = pixels.shape[:2]
        if not again and is_already_aligned(found.quad(points), width, height):
            print(f"{photo}: already aligned as {spec.alignment}; nothing written (--again does)")
            return
        crop = found.crop(pixels, points, spec.size)
    except PhotoError as error:
        raise SourceError(f"{photo}: {error}; try other --landmarks or another photo") from error
    write_atomic(path, encode(crop.pixels))
    print(f"{path}: {_described(spec, crop.outside, padded=crop.padded)}")


def picture_format(path: Path) -> str:
    """The format of crops that a file's name asks for.

    Raises:
        UsageError: it asks for none.
    """
    try:
        return _FORMATS[path.suffix.lower()]
    except KeyError:
        raise UsageError(f"{path}: the output's name ends in {', '.join(_FORMATS)}") from None


def _described(spec: CropSpec, outside: float, *, padded: bool) -> str:
    if not outside:
        return f"{spec}, wholly inside the photo{' (its margin is padded)' if padded else ''}"
    filled = "filled by padding" if padded else "left black"
    return f"{spec}, {outside:.1%} outside the photo, {filled}"


def read_pixels(photo: Path) -> NDArray[np.uint8]:
    """A photo's pixels (H, W, 3), RGB, upright.

    Raises:
        PhotoError: it cannot be read or decoded.
    """
    from facewright.limits import Limits
    from facewright.sources.files import read_regular_file
    from facewright.vision.decode import decode_photo

    limits = Limits()
    return decode_photo(read_regular_file(photo, limits), limits).pixels


def _points(path: Path) -> NDArray[np.float64]:
    from facewright.align.landmark_file import landmarks_from_json

    try:
        text = path.read_bytes()
    except OSError as error:
        raise SourceError(f"{path}: cannot read the landmarks: {error.strerror}") from error
    return landmarks_from_json(text, str(path))


def largest_face(photo: Path, pixels: NDArray[np.uint8], device: str) -> NDArray[np.float64]:
    """The 68 points (x, y) of a photo's largest face; says so where there are several.

    Raises:
        SourceError: no face was found.
    """
    from facewright.engine.process import one_thread
    from facewright.vision.faces import find_faces
    from facewright.vision.runtime import Runtime

    with one_thread():
        faces = find_faces([pixels], Runtime(device))
    if not len(faces):
        raise SourceError(f"{photo}: no face was found; give its points with --landmarks")
    if len(faces) > 1:
        print(f"{photo}: {len(faces)} faces; the largest is taken")
    largest: NDArray[np.float64] = faces.landmarks68[0]
    return largest
