"""Wanted: one picture of one person, all of it decided before anything is made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from facewright.errors import UsageError
from facewright.generate.vocabulary import Value

BEARD_FROM = 16
"""Age, in years, below which nobody is given a beard, a moustache or a bald head."""
MAKEUP_FROM = 12
"""Age, in years, below which nobody is given makeup."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One picture to make.

    Attributes:
        key: of the picture in its order: "000012".
        identity: of the person; pictures of one person share it.
        seed: from which all chance of this picture follows; that of the person follows from
            `person_seed`.
        person_seed: the same in all pictures of one person.
        size: side in pixels.
        attributes: by the names of `vocabulary.VOCABULARY`; what is not named is the
            generator's to choose.
    """

    key: str
    identity: str
    seed: int
    person_seed: int
    size: int
    attributes: Mapping[str, Value] = field(hash=False)


def impossible(attributes: Mapping[str, Value]) -> str | None:
    """Why nobody can be like this, or None where somebody can."""
    age = attributes.get("age")
    if not isinstance(age, int | float):
        return None
    hairy = [n for n in ("beard", "moustache", "bald") if attributes.get(n, "no") != "no"]
    if hairy and age < BEARD_FROM:
        return f"{hairy[0]} = {attributes[hairy[0]]} at an age of {age:g} (from {BEARD_FROM} on)"
    made_up = [n for n in ("eye_makeup", "lip_makeup") if attributes.get(n, "no") != "no"]
    if made_up and age < MAKEUP_FROM:
        return f"{made_up[0]} at an age of {age:g} (from {MAKEUP_FROM} on)"
    return None


def check_possible(attributes: Mapping[str, Value], where: str) -> None:
    """Refuse what nobody can be like.

    Raises:
        UsageError: says what does not go together.
    """
    why = impossible(attributes)
    if why is not None:
        raise UsageError(f"{where}: nobody has {why}; order it for other ages or leave it out")
