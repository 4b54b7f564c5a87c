"""What counts as a duplicate, and which one of several is the best."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, get_args

from facewright.errors import UsageError

Kind = Literal["bytes", "pixels", "near", "same_face"]
"""How two faces are the same, the surest first."""
Key = Literal["quality", "size", "licence"]
"""What makes a face better than its duplicate."""

KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
COPIES: Final[tuple[Kind, ...]] = ("bytes", "pixels", "near")
"""Kinds that say: the same picture. The other one says: the same person, perhaps."""
KEYS: Final[tuple[Key, ...]] = get_args(Key)
_MOST_BITS: Final = 16


@dataclass(frozen=True, slots=True)
class DuplicateSettings:
    """What is searched for.

    Attributes:
        near: bits, 0..16, that perceptual hashes of copies may differ in; None not to search.
        mirrored: whether a mirrored copy is a copy.
        confirm: cosine of embeddings below which two pictures are not copies, whatever their
            hashes say; faces without an embedding are not asked for it.
        same_face: cosine, above 0 and up to 1, from which two faces count as one person's; None
            not to search.
        best: what makes a face better, the most important first.
    """

    near: int | None = 6
    mirrored: bool = True
    confirm: float = 0.7
    same_face: float | None = None
    best: tuple[Key, ...] = KEYS

    def __post_init__(self) -> None:
        """Refuse what makes no sense.

        Raises:
            UsageError: names the setting.
        """
        if self.near is not None and not 0 <= self.near <= _MOST_BITS:
            raise UsageError(f"near is 0 to {_MOST_BITS} bits of 64, not {self.near}")
        if self.same_face is not None and not 0 < self.same_face <= 1:
            raise UsageError(
                f"same-face is a cosine above 0 and up to 1, as 0.9; not {self.same_face}"
            )
        if not -1 <= self.confirm <= 1:
            raise UsageError(f"confirm is a cosine from -1 to 1, not {self.confirm}")
        unknown = [key for key in self.best if key not in KEYS]
        if unknown or len(set(self.best)) != len(self.best):
            raise UsageError(
                f"best names some of {', '.join(KEYS)}, each once; not {', '.join(self.best)}"
            )
