"""An order's attributes in the words of a prompt."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from facewright.generate.vocabulary import POSES, Value

Attributes = Mapping[str, Value]

_ETHNICITIES: Final = {
    "white": "white",
    "black": "Black",
    "east_asian": "East Asian",
    "south_asian": "South Asian",
}
_TONES: Final = ("very fair", "fair", "tan", "brown", "dark brown")  # two Monk tones each
_STYLES: Final = {
    "buzz": "buzz cut",
    "crop": "short cropped hair",
    "sidepart": "short side-parted hair",
    "slick": "slicked-back hair",
    "curly": "curly hair",
    "afro": "afro hair",
    "bob": "bob haircut",
    "long": "long straight hair",
    "wavy": "long wavy hair",
    "tied": "hair tied back",
    "braids": "braided hair",
}
_EMOTIONS: Final = {
    "neutral": "neutral expression",
    "happiness": "happy smile",
    "surprise": "surprised expression",
    "sadness": "sad expression",
    "anger": "angry expression",
    "fear": "frightened expression",
    "disgust": "disgusted expression",
    "contempt": "contemptuous expression",
}
_POSES: Final = {
    "left": "head turned to the left of the picture, three-quarter view",
    "front": "facing the camera",
    "right": "head turned to the right of the picture, three-quarter view",
}
_LIGHTS: Final = {
    "studio": "studio light",
    "indoor": "indoor light",
    "outdoor": "daylight, outdoors",
    "sunset": "warm light of the sunset",
    "night": "at night",
}
_BACKGROUNDS: Final = {
    "plain": "plain background",
    "blurred": "blurred background",
    "white": "white background",
}
_GLASSES: Final = {"ReadingGlasses": "wearing eyeglasses", "Sunglasses": "wearing sunglasses"}
_ABSENT: Final = {
    "glasses": ("NoGlasses", "glasses, sunglasses"),
    "headwear": ("no", "hat, headscarf"),
    "beard": ("no", "beard, stubble"),
    "moustache": ("no", "moustache"),
    "bald": ("no", "bald head"),
    "eye_makeup": ("no", "eye makeup"),
    "lip_makeup": ("no", "lipstick"),
    "smile": ("no", "smile"),
}
"""Attributes that are met by an absence: the value, and what the negative prompt says of it."""

PERSON: Final = (
    "sex",
    "age",
    "age_group",
    "ethnicity",
    "skin_tone",
    "weight",
    "hair_style",
    "hair_length",
    "hair_color",
    "bald",
    "beard",
    "moustache",
    "eye_color",
    "glasses",
    "headwear",
    "eye_makeup",
    "lip_makeup",
)
"""What {person} says, as far as it was ordered."""
PICTURE: Final = ("emotion", "strength", "smile", "pose", "light", "background")
"""What {picture} says, as far as it was ordered."""
RIDES: Final = {"age_group": "age", "pose": "yaw", "smile": "emotion"}
"""Attributes that come with another one, which a planner drew for them."""


def person(attributes: Attributes) -> str:
    """A noun phrase: "a 34-year-old white woman with blond hair, wearing eyeglasses"."""
    adjectives = [_age(attributes), word("ethnicity", attributes), word("weight", attributes)]
    noun = " ".join(part for part in (*adjectives, _noun(attributes)) if part)
    article = "an" if noun[0].lower() in "aeiou" or noun.startswith(("8", "11-", "18-")) else "a"
    having = ", ".join(
        text
        for text in (
            word("skin_tone", attributes),
            _hair(attributes),
            *(word(name, attributes) for name in ("bald", "beard", "moustache", "eye_color")),
        )
        if text
    )
    others = ("glasses", "headwear", "eye_makeup", "lip_makeup")
    wearing = [text for text in (word(name, attributes) for name in others) if text]
    start = f"{article} {noun}" + (f" with {having}" if having else "")
    return ", ".join([start, *wearing])


def picture(attributes: Attributes) -> str:
    """What is not of the person: "happy smile, facing the camera, studio light"."""
    found = (word(name, attributes) for name in ("emotion", "pose", "light", "background"))
    return ", ".join(text for text in found if text)


def absent(attributes: Attributes) -> str:
    """What an order rules out, for the negative prompt: "glasses, sunglasses, beard"."""
    found = [text for name, (value, text) in _ABSENT.items() if attributes.get(name) == value]
    return ", ".join(found)


def word(name: str, attributes: Attributes) -> str:
    """One attribute alone; empty where it was not ordered or is met by an absence."""
    if name not in attributes:
        return ""
    return _WORDS[name](attributes)


def _noun(attributes: Attributes) -> str:
    sex, age = attributes.get("sex"), _number(attributes, "age")
    group = attributes.get("age_group")
    if (age is not None and age < 13) or (age is None and group == "child"):
        return {"female": "girl", "male": "boy"}.get(str(sex), "child")
    if age is not None and age < 18:
        return {"female": "teenage girl", "male": "teenage boy"}.get(str(sex), "teenager")
    return {"female": "woman", "male": "man"}.get(str(sex), "person")


def _age(attributes: Attributes) -> str:
    age = _number(attributes, "age")
    if age is not None:
        return f"{age:.0f}-year-old"
    return "elderly" if attributes.get("age_group") == "elderly" else ""


def _ethnicity(attributes: Attributes) -> str:
    parts = [_ETHNICITIES[part] for part in str(attributes["ethnicity"]).split("+")]
    return parts[0] if len(parts) == 1 else f"mixed {' and '.join(parts)}"


def _weight(attributes: Attributes) -> str:
    share = float(attributes["weight"])
    return "slim" if share < 1 / 3 else "heavy" if share > 2 / 3 else "average-built"


def _hair(attributes: Attributes) -> str:
    if attributes.get("bald") == "yes":
        return ""
    style, length = attributes.get("hair_style"), attributes.get("hair_length")
    cut = _STYLES[str(style)] if style else "hair"
    words = [None if style else length, attributes.get("hair_color")]
    said = [str(each) for each in words if each]
    return " ".join([*said, cut]) if said or style else ""


def _hue(colour: Value) -> str:
    return f"{colour} hair"


def _emotion(attributes: Attributes) -> str:
    said, strength = _EMOTIONS[str(attributes["emotion"])], _number(attributes, "strength")
    if strength is None or attributes["emotion"] == "neutral":
        return said
    return f"slight {said}" if strength < 1 / 3 else f"strong {said}" if strength > 2 / 3 else said


def _pose(attributes: Attributes) -> str:
    return _POSES[str(attributes["pose"])]


def _number(attributes: Attributes, name: str) -> float | None:
    return float(attributes[name]) if name in attributes else None


def _if_yes(name: str, text: str) -> Callable[[Attributes], str]:
    return lambda attributes: text if attributes[name] == "yes" else ""


_WORDS: Final[Mapping[str, Callable[[Attributes], str]]] = {
    "sex": _noun,
    "age": _age,
    "age_group": _age,
    "ethnicity": _ethnicity,
    "skin_tone": lambda a: f"{_TONES[(int(a['skin_tone']) - 1) // 2]} skin",
    "weight": _weight,
    "hair_style": _hair,
    "hair_length": _hair,
    "hair_color": lambda a: _hue(a["hair_color"]),
    "bald": _if_yes("bald", "a bald head"),
    "beard": lambda a: {"yes": "a beard", "stubble": "stubble"}.get(str(a["beard"]), ""),
    "moustache": _if_yes("moustache", "a moustache"),
    "eye_color": lambda a: f"{a['eye_color']} eyes",
    "glasses": lambda a: _GLASSES.get(str(a["glasses"]), ""),
    "headwear": _if_yes("headwear", "wearing a hat"),
    "eye_makeup": _if_yes("eye_makeup", "wearing eye makeup"),
    "lip_makeup": _if_yes("lip_makeup", "wearing lipstick"),
    "emotion": _emotion,
    "strength": _emotion,
    "smile": _emotion,
    "pose": _pose,
    "light": lambda a: _LIGHTS[str(a["light"])],
    "background": lambda a: _BACKGROUNDS[str(a["background"])],
}
assert set(_POSES) == set(POSES)
