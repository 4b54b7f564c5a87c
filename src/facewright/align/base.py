"""The vocabulary of alignment: what a crop is, what makes one, and how one is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Protocol, cast, runtime_checkable

from facewright import plugins
from facewright.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from facewright.align.geometry import Square
    from facewright.align.random_shift import Placement

GROUP = "alignments"
MIN_SIZE = 16
MAX_SIZE = 4096


@dataclass(frozen=True, slots=True)
class AlignedCrop:
    """An aligned picture of one face.

    Attributes:
        pixels: uint8 (S, S, 3), RGB.
        quad: float64 (4, 2), the crop's corners TL, BL, BR, TR in photo pixels (x, y), where a
            pixel's centre has integer coordinates.
        outside: share of the crop's area, 0 to 1, that the photograph does not cover.
        padded: whether pixels were invented beyond the photograph's edge (mirrored and blurred).
    """

    pixels: NDArray[np.uint8]
    quad: NDArray[np.float64]
    outside: float
    padded: bool


@runtime_checkable
class Alignment(Protocol):
    """A named way to cut a square picture of a face out of a photograph.

    Implementations are frozen values without state: one serves all threads.
    """

    @property
    def name(self) -> str:
        """What recipes call it."""

    @property
    def default_size(self) -> int:
        """Side of the crop in pixels when none is asked for."""

    @property
    def summary(self) -> str:
        """One line for people."""

    def check_size(self, size: int) -> None:
        """Raise UsageError if crops of this side, in pixels, cannot be made."""

    def quad(self, landmarks68: NDArray[np.float64]) -> NDArray[np.float64]:
        """Corners of the crop, float64 (4, 2): TL, BL, BR, TR in photo pixels.

        Args:
            landmarks68: float64 (68, 2), iBUG order, photo pixels (x, y). Points 36..41 are the
                subject's right eye, on the image's left.

        Raises:
            PhotoError: "degenerate_landmarks", no square follows from the points.
        """

    def crop(
        self, photo: NDArray[np.uint8], landmarks68: NDArray[np.float64], size: int
    ) -> AlignedCrop:
        """Cut the face out.

        Args:
            photo: uint8 (H, W, 3), RGB, upright.
            landmarks68: as for `quad`.
            size: side of the crop in pixels.

        Raises:
            PhotoError: "degenerate_landmarks"; "face_outside_photo", the square misses the
                photograph; "crop_too_small", the recipe asks for more pixels around the face.
            UsageError: this alignment has no crops of that size.
        """


@runtime_checkable
class SequenceAlignment(Protocol):
    """A named way to cut squares that depend on all photographs of an ordered list.

    The published unaligned sets shift their squares by one random stream that runs through the
    list, and how much of it an entry uses up depends on the size of its photograph. So a crop
    is made in two steps: `squares` for the list, which takes no pixels, then `crop_square`.
    """

    @property
    def name(self) -> str:
        """What people call it."""

    @property
    def default_size(self) -> int:
        """Side of the crop in pixels when none is asked for."""

    @property
    def summary(self) -> str:
        """One line for people."""

    def check_size(self, size: int) -> None:
        """Raise UsageError if crops of this side, in pixels, cannot be made."""

    def placement(
        self, landmarks68: NDArray[np.float64], width: int, height: int, name: str = ""
    ) -> Placement:
        """One entry of the list: its square before the shift, and the size of its photograph.

        Args:
            landmarks68: as for `Alignment.quad`.
            width: of the photograph, pixels.
            height: of the photograph, pixels.
            name: of the entry, for error messages.

        Raises:
            PhotoError: "degenerate_landmarks".
        """

    def squares(
        self, placements: Sequence[Placement], wanted: Collection[int] | None = None
    ) -> Iterator[tuple[int, Square | None]]:
        """Shifted squares; see `facewright.align.random_shift.replay`."""

    def crop_square(self, photo: NDArray[np.uint8], square: Square, size: int) -> AlignedCrop:
        """Cut a shifted square out of its photograph; raises as `Alignment.crop` does."""


def alignment_names() -> tuple[str, ...]:
    """Names of the alignments that are installed, sorted; those of whole lists among them."""
    return plugins.names(GROUP)


@cache
def alignment(name: str) -> Alignment:
    """The alignment registered under this name.

    Raises:
        UsageError: there is none (the message lists those that exist), or it is one for whole
            lists, which single photographs have no crop of.
    """
    found = plugins.load(GROUP, name)
    if isinstance(found, SequenceAlignment):
        raise UsageError(
            f"'{name}' shifts its squares by one random stream that runs through a whole ordered"
            f" list, so a photo by itself has no such crop; make it from the published list with"
            f" 'facewright reproduce'"
        )
    return cast("Alignment", found)


def sequence_alignment(name: str) -> SequenceAlignment:
    """The alignment for whole lists that is registered under this name.

    Raises:
        UsageError: there is none, or it needs no list.
    """
    found = plugins.load(GROUP, name)
    if not isinstance(found, SequenceAlignment):
        raise UsageError(f"'{name}' cuts each photo by itself; no list is needed for it")
    return found


def check_only_size(name: str, size: int, only: int) -> None:
    """Raise UsageError unless size is the one size that this alignment has."""
    if size != only:
        raise UsageError(
            f"{name} makes crops of {only} pixels only, not {size}; use '{name}:{only}'"
        )


def check_size_range(name: str, size: int) -> None:
    """Raise UsageError unless `MIN_SIZE` <= size <= `MAX_SIZE`."""
    if not MIN_SIZE <= size <= MAX_SIZE:
        raise UsageError(
            f"{name} makes crops of {MIN_SIZE} to {MAX_SIZE} pixels, not {size}; try '{name}:1024'"
        )


@dataclass(frozen=True, slots=True, order=True)
class CropSpec:
    """An alignment and a size, written "ffhq:1024".

    Attributes:
        alignment: registered name.
        size: side in pixels.
    """

    alignment: str
    size: int

    @classmethod
    def parse(cls, text: str) -> CropSpec:
        """Read "name:size", or "name" for the alignment's default size.

        Raises:
            UsageError: unknown name, or a size that is no number or that the alignment lacks.
        """
        name, colon, size_text = text.strip().partition(":")
        found = alignment(name)
        if not colon:
            return cls(name, found.default_size)
        if not (size_text.isascii() and size_text.isdigit()):
            raise UsageError(
                f"'{text}' is no crop: after the colon comes the side in pixels, "
                f"as in '{name}:{found.default_size}'"
            )
        found.check_size(int(size_text))
        return cls(name, int(size_text))

    @property
    def slug(self) -> str:
        """The same as a folder name, e.g. "ffhq-1024"."""
        return f"{self.alignment}-{self.size}"

    def __str__(self) -> str:
        return f"{self.alignment}:{self.size}"
