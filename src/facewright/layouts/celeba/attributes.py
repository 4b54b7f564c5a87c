"""CelebA's 40 attributes as they follow from a Record, and back.

CelebA knows yes (1) and no (-1). A Record knows levels, shares and null; each rule below says from
which field and from what value on an attribute is 1. What cannot be told, because the field is
null or no field speaks of it, is written as -1 and marked in `list_unknown_celeba.txt`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

ATTRIBUTES: Final = tuple(
    """
    5_o_Clock_Shadow Arched_Eyebrows Attractive Bags_Under_Eyes Bald Bangs Big_Lips Big_Nose
    Black_Hair Blond_Hair Blurry Brown_Hair Bushy_Eyebrows Chubby Double_Chin Eyeglasses Goatee
    Gray_Hair Heavy_Makeup High_Cheekbones Male Mouth_Slightly_Open Mustache Narrow_Eyes No_Beard
    Oval_Face Pale_Skin Pointy_Nose Receding_Hairline Rosy_Cheeks Sideburns Smiling Straight_Hair
    Wavy_Hair Wearing_Earrings Wearing_Hat Wearing_Lipstick Wearing_Necklace Wearing_Necktie Young
    """.split()  # noqa: SIM905 (a list of 40 quoted names reads worse)
)
"""In the order of list_attr_celeba.txt."""

Rule = Callable[[Mapping[str, Any]], bool | None]

STUBBLE: Final = (0.1, 0.3)
HAIRY: Final = 0.4
BEARD: Final = 0.2
BALD: Final = 0.5
SMILING: Final = 0.5
YOUNG: Final = 40
JAW_OPEN: Final = 0.1


def attributes_of(record: Mapping[str, Any]) -> dict[str, bool | None]:
    """All 40 attributes of a Record; None for those that it does not tell."""
    return {name: _RULES[name](record) if name in _RULES else None for name in ATTRIBUTES}


def columns_of(attributes: Mapping[str, bool]) -> dict[str, Any]:
    """Columns of the Record that an attribute states exactly; a level or share is none of them.

    Args:
        attributes: those that are known.
    """
    columns: dict[str, Any] = {}
    if "Male" in attributes:
        columns["sex"] = "male" if attributes["Male"] else "female"
    if "Bangs" in attributes:
        columns["hair.bangs"] = attributes["Bangs"]
    if "Wearing_Lipstick" in attributes:
        columns["makeup.lip"] = attributes["Wearing_Lipstick"]
    if attributes.get("Eyeglasses") is False:
        columns["glasses"] = "NoGlasses"
    return columns


def _leaf(record: Mapping[str, Any], path: str) -> Any:
    value: Any = record
    for part in path.split("."):
        value = None if value is None else value.get(part)
    return value


def _at_least(path: str, level: float) -> Rule:
    def rule(record: Mapping[str, Any]) -> bool | None:
        value = _leaf(record, path)
        return None if value is None else bool(round(value, 6) >= level)

    return rule


def _is(path: str, wanted: Any) -> Rule:
    def rule(record: Mapping[str, Any]) -> bool | None:
        value = _leaf(record, path)
        return None if value is None else bool(value == wanted)

    return rule


def _not(inner: Rule) -> Rule:
    def rule(record: Mapping[str, Any]) -> bool | None:
        value = inner(record)
        return None if value is None else not value

    return rule


def _both(first: Rule, second: Rule) -> Rule:
    """Yes where both are; no where one is not, whatever the other."""

    def rule(record: Mapping[str, Any]) -> bool | None:
        """Of one record."""
        values = (first(record), second(record))
        if False in values:
            return False
        return None if None in values else True

    return rule


def _hair(color: str) -> Rule:
    """The likeliest of the hair's colours is this one; nobody's where the head is bald."""

    def rule(record: Mapping[str, Any]) -> bool | None:
        """Of one record."""
        colors = _leaf(record, "hair.color")
        if colors:
            return bool(max(colors, key=lambda each: each["confidence"])["color"] == color)
        return False if _BALD(record) else None

    return rule


def _stubble(record: Mapping[str, Any]) -> bool | None:
    """The densest facial hair is short."""
    levels = [_leaf(record, f"facial_hair.{name}") for name in ("moustache", "beard", "sideburns")]
    if any(level is None for level in levels):
        return None
    return bool(STUBBLE[0] <= round(max(levels), 6) <= STUBBLE[1])


def _hat(record: Mapping[str, Any]) -> bool | None:
    worn = record.get("accessories")
    return None if worn is None else any(each["type"] == "headwear" for each in worn)


_BALD: Final = _at_least("hair.bald", BALD)
_RULES: Final[dict[str, Rule]] = {
    "5_o_Clock_Shadow": _stubble,
    "Bald": _BALD,
    "Bangs": _is("hair.bangs", wanted=True),
    "Black_Hair": _hair("black"),
    "Blond_Hair": _hair("blond"),
    "Blurry": _is("blur.level", "high"),
    "Brown_Hair": _hair("brown"),
    "Eyeglasses": _not(_is("glasses", "NoGlasses")),
    "Gray_Hair": _hair("gray"),
    "Heavy_Makeup": _both(_is("makeup.eye", wanted=True), _is("makeup.lip", wanted=True)),
    "Male": _is("sex", "male"),
    "Mouth_Slightly_Open": _at_least("blendshapes.jawOpen", JAW_OPEN),
    "Mustache": _at_least("facial_hair.moustache", HAIRY),
    "No_Beard": _not(_at_least("facial_hair.beard", BEARD)),
    "Sideburns": _at_least("facial_hair.sideburns", HAIRY),
    "Smiling": _at_least("smile", SMILING),
    "Wearing_Hat": _hat,
    "Wearing_Lipstick": _is("makeup.lip", wanted=True),
    "Young": _not(_at_least("age", YOUNG)),
}
