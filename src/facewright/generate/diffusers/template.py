"""The prompt of a picture: a template with places that an order's attributes fill."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from facewright.errors import UsageError
from facewright.generate.diffusers.wording import (
    PERSON,
    PICTURE,
    RIDES,
    Attributes,
    absent,
    person,
    picture,
    word,
)

PROMPT: Final = "portrait photo of {person}, {picture}, head and shoulders, one person, sharp focus"
NEGATIVE: Final = "painting, drawing, 3d render, deformed face, blurry, several people, text"
_PLACE: Final = re.compile(r"\{([^{}]*)\}")
_KNOWN: Final = ("person", "picture", *PERSON, *PICTURE)


@dataclass(frozen=True, slots=True)
class Template:
    """A prompt with places in braces.

    Attributes:
        text: {person} and {picture} stand for all that was ordered of either; the name of an
            attribute stands for it alone. A place of which nothing was ordered goes, with the
            comma before it.
    """

    text: str

    def __post_init__(self) -> None:
        """Refuse places that nothing fills.

        Raises:
            UsageError: names them, and those that there are.
        """
        unknown = [name for name in _PLACE.findall(self.text) if name not in _KNOWN]
        if unknown or not self.text.strip():
            raise UsageError(
                f"options: nothing fills the places of the prompt {self.text!r};"
                f" there are {', '.join(f'{{{name}}}' for name in _KNOWN)}"
            )

    @property
    def says(self) -> frozenset[str]:
        """Attributes that it has a place for, and those that come with them."""
        places = set(_PLACE.findall(self.text))
        own = {name for name in (*PERSON, *PICTURE) if name in places}
        own |= set(PERSON) if "person" in places else set()
        own |= set(PICTURE) if "picture" in places else set()
        return frozenset(own | {twin for name, twin in RIDES.items() if name in own})

    def filled(self, attributes: Attributes) -> str:
        """The prompt of a picture."""
        whole = {"person": person, "picture": picture}

        def place(match: re.Match[str]) -> str:
            name = match[1]
            return whole[name](attributes) if name in whole else word(name, attributes)

        parts = (" ".join(part.split()) for part in _PLACE.sub(place, self.text).split(","))
        return ", ".join(part for part in parts if part)


def negative(text: str, attributes: Attributes) -> str:
    """What a picture must not show: the same for all, and what its order rules out."""
    return ", ".join(part for part in (text.strip(), absent(attributes)) if part)
