"""The main attributes of a face in a few short words, unsure ones marked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

SURE = 0.7
"""Confidence below which a value carries a question mark."""
PRESENT = 0.5
"""Level from which facial hair or baldness is named."""
TURNED = 10.0
"""Degrees from which pitch and roll are named; yaw always is."""

_GLASSES = {"ReadingGlasses": "glasses", "Sunglasses": "sunglasses", "SwimmingGoggles": "goggles"}
_WORN = ("headwear", "mask")  # glasses have their own field
Row = Mapping[str, Any]


def main_traits(face: Row) -> list[str]:
    """Main attributes, most telling first: "f 34±5", "happiness .93", "glasses", "yaw -12".

    A trait that ends in "?" has a confidence below `SURE`; sex and age are always there, "?"
    where unknown; other traits that are unknown or absent are left out.

    Args:
        face: a row of the faces table: sex, age, age_std, emotion, glasses, accessories,
            facial_hair, hair, head_pose, quality, confidence. Yaw is positive towards the
            picture's right. Missing fields count as unknown.
    """
    return [who(face), *_expression(face), *_worn(face), *_pose(face), *_quality(face)]


def who(face: Row) -> str:
    """Sex and age: "f 34±5"; "sex ? age ?" where unknown."""
    sex, age, spread = face.get("sex"), face.get("age"), face.get("age_std")
    letter = "sex ?" if sex is None else _marked(str(sex)[0], _sureness(face, "sex"))
    if age is None:
        return f"{letter} age ?"
    return f"{letter} {age:.0f}" + (f"±{spread:.0f}" if spread is not None else "")


def strongest(shares: Mapping[str, float | None] | None) -> tuple[str, float] | None:
    """Likeliest class of a distribution with its share; None where all are unknown."""
    known = {name: share for name, share in (shares or {}).items() if share is not None}
    if not known:
        return None
    name = max(known, key=lambda key: known[key])
    return name, known[name]


def short(share: float) -> str:
    """A share without its leading zero: ".93", "1"."""
    return "1" if share >= 0.995 else f"{share:.2f}".lstrip("0")


def _expression(face: Row) -> Iterator[str]:
    found = strongest(face.get("emotion"))
    if found is not None:
        name, share = found
        yield _marked(f"{name} {short(share)}", share)


def _worn(face: Row) -> Iterator[str]:
    if (kind := face.get("glasses")) in _GLASSES:
        yield _marked(_GLASSES[kind], _sureness(face, "glasses"))
    for thing in face.get("accessories") or ():
        if thing["type"] in _WORN:
            yield _marked(thing["type"], thing["confidence"])
    hair = face.get("facial_hair") or {}
    for name in ("beard", "moustache"):
        if (hair.get(name) or 0) >= PRESENT:
            yield _marked(name, _sureness(face, name))
    if ((face.get("hair") or {}).get("bald") or 0) >= PRESENT:
        yield _marked("bald", _sureness(face, "bald"))


def _pose(face: Row) -> Iterator[str]:
    pose = face.get("head_pose") or {}
    for name, least in (("yaw", 0.0), ("pitch", TURNED), ("roll", TURNED)):
        angle = pose.get(name)
        if angle is not None and abs(angle) >= least:
            yield _marked(f"{name} {round(angle)}", _sureness(face, "mesh"))


def _quality(face: Row) -> Iterator[str]:
    overall = (face.get("quality") or {}).get("overall")
    if overall is not None:
        yield f"q {short(overall)}"


def _sureness(face: Row, name: str) -> float | None:
    value: float | None = (face.get("confidence") or {}).get(name)
    return value


def _marked(text: str, confidence: float | None) -> str:
    return f"{text}?" if confidence is not None and confidence < SURE else text
