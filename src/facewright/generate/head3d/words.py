"""The words of an order: which attributes a person can be given, and their values."""

from __future__ import annotations

SEXES = ("female", "male")

ETHNICITIES: dict[str, dict[str, float]] = {
    "white": {"caucasian": 1.0},
    "black": {"african": 1.0},
    "asian": {"asian": 1.0},
    "latino": {"caucasian": 0.55, "asian": 0.25, "african": 0.20},
    "indian": {"caucasian": 0.65, "asian": 0.15, "african": 0.20},
    "middle_eastern": {"caucasian": 0.85, "african": 0.10, "asian": 0.05},
}
"""Mixes of the three ancestries that the shape model knows: an approximation, by look alone."""

TONES: dict[str, tuple[int, ...]] = {
    "white": (1, 2, 2, 3, 3, 4),
    "black": (6, 7, 7, 8, 8, 9, 10),
    "asian": (2, 3, 3, 4, 4, 5),
    "latino": (3, 4, 4, 5, 5, 6),
    "indian": (4, 5, 5, 6, 6, 7),
    "middle_eastern": (3, 4, 4, 5, 5),
}
"""Monk tones that are drawn where an order names none."""

AGE_GROUPS: dict[str, tuple[float, float]] = {
    "child": (5, 13),
    "teenager": (13, 19),
    "young-adult": (19, 35),
    "adult": (35, 60),
    "elderly": (60, 85),
}
"""Years from, to."""

AGES = (4.0, 90.0)
"""Years that can be ordered: younger heads are outside of the shape model's range."""

HAIR_STYLES = (
    "bald", "buzz", "crop", "sidepart", "slick", "curly", "afro", "bob", "long", "wavy", "tied",
    "braids",
)  # fmt: skip
HAIR_LENGTHS: dict[str, tuple[str, ...]] = {
    "none": ("bald",),
    "short": ("buzz", "crop", "sidepart", "slick", "curly"),
    "medium": ("bob", "afro", "tied"),
    "long": ("long", "wavy", "braids"),
}
HAIR_COLOURS = (
    "black", "dark-brown", "brown", "light-brown", "auburn", "red", "dark-blond", "blond", "grey",
    "white",
)  # fmt: skip
BEARDS = ("none", "stubble", "short", "full")
MOUSTACHES = ("none", "thin", "full")
EYE_COLOURS = ("dark-brown", "brown", "hazel", "green", "blue", "grey")
GLASSES = ("none", "round", "square", "sun")
EARRINGS = ("none", "stud", "hoop", "drop")
HATS = ("none", "fedora", "fedora-cocked")
CLOTHES: dict[str, tuple[str, ...]] = {
    "male": (
        "male_casualsuit01", "male_casualsuit02", "male_casualsuit03", "male_casualsuit04",
        "male_casualsuit05", "male_casualsuit06", "male_elegantsuit01", "male_worksuit01",
    ),
    "female": (
        "female_casualsuit01", "female_casualsuit02", "female_elegantsuit01",
        "female_sportsuit01", "female_top_01",
    ),
}  # fmt: skip
EXPRESSIONS = (
    "neutral", "soft", "smile", "laugh", "sadness", "anger", "surprise", "fear", "disgust",
    "contempt",
)  # fmt: skip
