"""facewright project: the styles of a network whose picture is nearest to a photograph."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

PROJECT_EXAMPLES = (
    "facewright project ffhq.pkl portrait.jpg -o portrait.npy",
    "facewright project ffhq.pkl portrait.jpg --space w+ --steps 1000 --picture found.png",
    "facewright project ffhq.pkl aligned.png --as none --device cuda",
)


def project(
    weights: Path,
    photo: Path,
    /,
    *,
    output: Annotated[Path | None, Parameter(name=["--output", "-o"])] = None,
    picture: Path | None = None,
    space: Literal["w", "w+"] = "w",
    steps: int = 500,
    as_: Annotated[str, Parameter(name="--as")] = "ffhq",
    seed: int = 0,
    device: str = "cpu",
) -> None:
    """Find the styles of your own StyleGAN whose picture is nearest to a photo.

    The largest face is aligned as the network's training pictures were. Pose, outline, colours
    and light are found well, identity less well: there is no perceptual network here.

    Args:
        weights: the network, .pkl or .safetensors.
        photo: picture file.
        output: .npy file of styles to write; PHOTO.npy here by default.
        picture: .png, .jpg or .webp to write: the photo's crop left, what was found right.
        space: w can be steered by directions; w+ fits closer.
        steps: of the optimiser.
        as_: alignment of the training pictures, or none for a photo that is aligned already.
        seed: of the styles from which the search starts.
        device: cpu or cuda.
    """
    from facewright.cli.align import picture_format
    from facewright.cli.progress import telling
    from facewright.errors import UsageError
    from facewright.generate.stylegan.loading import load_generator
    from facewright.store.atomic import write_atomic
    from facewright.vision.encode import encoder

    if not 1 <= steps <= 100_000:
        raise UsageError(f"--steps are 1 to 100000, not {steps}")
    encode = None if picture is None else encoder(picture_format(picture))
    network = load_generator(weights, device=device)
    crop = _crop(photo, as_, network.resolution)
    from facewright.generate.stylegan.projection import project as run
    from facewright.generate.stylegan.vectors import save_styles

    with telling() as tell:
        found = run(
            network,
            crop,
            space=space,
            steps=steps,
            seed=seed,
            progress=lambda done: tell("steps", done, steps),
        )
    path = output or Path(f"{photo.stem}.npy")
    save_styles(path, found.ws)
    print(f"{path}: {space} of {weights.name}, {found.psnr:.1f} dB after {steps} steps")
    if picture is not None and encode is not None:
        import numpy as np

        write_atomic(picture, encode(np.hstack([crop, network.synthesize(found.ws)[0]])))
        print(f"{picture}: the photo left, what was found right")


def _crop(photo: Path, named: str, side: int) -> NDArray[np.uint8]:
    """A photo's face as a square of the network's size."""
    from facewright.align.already import is_already_aligned
    from facewright.align.base import CropSpec, alignment
    from facewright.cli.align import largest_face, read_pixels
    from facewright.errors import PhotoError, SourceError

    try:
        pixels = read_pixels(photo)
        if named == "none":
            return _square(photo, pixels, side)
        spec = CropSpec.parse(f"{named}:{side}")
        found = alignment(spec.alignment)
        points = largest_face(photo, pixels, "cpu")
        height, width = pixels.shape[:2]
        if is_already_aligned(found.quad(points), width, height):
            return _square(photo, pixels, side)
        return found.crop(pixels, points, side).pixels
    except PhotoError as error:
        raise SourceError(f"{photo}: {error}; try another photo") from error


def _square(photo: Path, pixels: NDArray[np.uint8], side: int) -> NDArray[np.uint8]:
    """A square picture at another size.

    Raises:
        UsageError: it is no square.
    """
    from facewright.analyse.cells import resized
    from facewright.errors import UsageError

    height, width = pixels.shape[:2]
    if height != width:
        raise UsageError(f"{photo} is {width} x {height}, no square: leave out --as none")
    return pixels if width == side else resized(pixels, side, side)
