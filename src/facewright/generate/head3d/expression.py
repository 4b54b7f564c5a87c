"""Expressions as the 52 ARKit units: named ones with a strength, and where the eyes look."""

from __future__ import annotations

from collections.abc import Mapping

from facewright.errors import UsageError
from facewright.generate.head3d import pack
from facewright.generate.head3d.words import EXPRESSIONS


def _both(**units: float) -> dict[str, float]:
    """Units of one side's name, for both sides."""
    return {f"{name}{side}": value for name, value in units.items() for side in ("Left", "Right")}


_RELAXED = {"browInnerUp": 0.06} | _both(mouthSmile=0.12, eyeBlink=0.10)

_UNITS: dict[str, dict[str, float]] = {
    "neutral": _RELAXED,
    "soft": {"browInnerUp": 0.1} | _both(mouthSmile=0.34, cheekSquint=0.15, eyeBlink=0.08),
    "smile": {"jawOpen": 0.05, "browInnerUp": 0.1}
    | _both(
        mouthSmile=0.66,
        mouthDimple=0.15,
        cheekSquint=0.4,
        eyeSquint=0.14,
        mouthUpperUp=0.26,
        mouthLowerDown=0.10,
    ),
    "laugh": {"jawOpen": 0.2, "browInnerUp": 0.15}
    | _both(
        mouthSmile=0.8, cheekSquint=0.55, eyeSquint=0.3, mouthUpperUp=0.32, mouthLowerDown=0.22
    ),
    "sadness": {"browInnerUp": 0.7, "mouthShrugLower": 0.35}
    | _both(mouthFrown=0.6, eyeSquint=0.12, browDown=0.1),
    "anger": _both(browDown=0.85, eyeSquint=0.35, mouthPress=0.45, noseSneer=0.35, mouthFrown=0.2),
    "surprise": {"browInnerUp": 0.8, "jawOpen": 0.36}
    | _both(browOuterUp=0.8, eyeWide=0.6, mouthUpperUp=0.22, mouthLowerDown=0.08),
    "fear": {"browInnerUp": 0.85, "jawOpen": 0.18}
    | _both(eyeWide=0.75, mouthStretch=0.55, browOuterUp=0.3),
    "disgust": _both(
        noseSneer=0.85, mouthUpperUp=0.4, browDown=0.4, eyeSquint=0.35, mouthFrown=0.25
    ),
    "contempt": {"mouthSmileLeft": 0.45, "mouthDimpleLeft": 0.5, "mouthPressLeft": 0.25}
    | _both(browDown=0.1, eyeSquint=0.12),
}

GAZE_LIMITS = (35.0, 25.0)
"""Largest gaze to a side and up or down, in degrees relative to the head."""
_LID_RANGE = (13.0, 13.0)
"""Degrees of gaze at which the lids have followed as far as the look units move them."""


def expression_units(
    expression: str | Mapping[str, float], strength: float = 1.0
) -> dict[str, float]:
    """Unit weights of a named expression or of given units.

    Args:
        expression: a name of `words.EXPRESSIONS`, or ARKit units with values 0 to 1.
        strength: scales a named expression; 1 is clear but not posed.

    Raises:
        UsageError: unknown name or unit, value out of range.
    """
    if isinstance(expression, str):
        if expression not in _UNITS:
            raise UsageError(f"expression {expression!r}: known are {', '.join(EXPRESSIONS)}")
        named = _UNITS[expression]
        return {name: min(value * strength, 1.0) for name, value in named.items()}
    known = pack.targets("unit").names
    for name, value in expression.items():
        if name not in known:
            raise UsageError(f"expression unit {name!r}: known are {', '.join(known)}")
        if not 0 <= value <= 1:
            raise UsageError(f"expression unit {name}: {value} is not between 0 and 1")
    return dict(expression)


def with_gaze(units: Mapping[str, float], gaze: tuple[float, float]) -> dict[str, float]:
    """Units with those of the lids that follow a gaze; the balls are turned by `eyes.look`.

    Args:
        units: of the expression.
        gaze: degrees towards the picture's right and up, relative to the head.
    """
    across, rise = (angle / most for angle, most in zip(gaze, _LID_RANGE, strict=True))
    left, right, up, down = max(across, 0), max(-across, 0), max(rise, 0), max(-rise, 0)
    follow = {
        "eyeLookUpLeft": up,
        "eyeLookUpRight": up,
        "eyeLookDownLeft": down,
        "eyeLookDownRight": down,
        "eyeLookOutLeft": left,
        "eyeLookInRight": left,
        "eyeLookInLeft": right,
        "eyeLookOutRight": right,
    }
    out = dict(units)
    for name, value in follow.items():
        if value > 0:
            out[name] = min(max(out.get(name, 0.0), value), 1.0)
    return out
