"""head3d as a generator: orders in, rendered people with their truth out."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final, cast

import numpy as np

from facewright.errors import UsageError
from facewright.generate.base import GeneratorCard, Made
from facewright.generate.head3d import words
from facewright.generate.head3d.cycles.choice import Renderer, named, renderer_of
from facewright.generate.head3d.person import Person, sample_person
from facewright.generate.head3d.render import EFFORTS, Quality, View, render
from facewright.generate.head3d.scene import variant
from facewright.generate.head3d.truth import Truth
from facewright.generate.head3d.wishes import ATTRIBUTES, cannot, person_wishes, view_of
from facewright.generate.wanted import Wanted
from facewright.record import BLENDSHAPE_NAMES, Landmarks68

VERSION: Final = "3"
_LICENCE: Final = "CC0-1.0"
_GLASSES: Final = {
    "none": "NoGlasses",
    "round": "ReadingGlasses",
    "square": "ReadingGlasses",
    "sun": "Sunglasses",
}
_TITLES: Final = {"mitsuba": "Mitsuba", "cycles": "Blender's Cycles"}
_EMOTIONS: Final = {"soft": "happiness", "smile": "happiness", "laugh": "happiness"}


@dataclass(frozen=True, slots=True)
class Head3D:
    """The parametric head, rendered.

    Attributes:
        quality: what a picture may cost.
        renderer: who traces it.
    """

    quality: Quality
    renderer: Renderer = "mitsuba"

    @property
    def card(self) -> GeneratorCard:
        """What it is.

        Ages are read too young on rendered skin (`tools/measure_head3d.py`): they reject nothing.
        """
        return GeneratorCard(
            "head3d",
            VERSION,
            f"a parametric 3-D head, rendered by {_TITLES[self.renderer]}",
            _LICENCE,
            _pack_sha256(),
            {"quality": self.quality, "renderer": named(self.renderer)},
            ATTRIBUTES,
            trained=False,
            judged=frozenset({"sex", "pose"}),
        )

    def refuse(self, wanted: Wanted) -> str | None:
        """Why it cannot make this picture."""
        return cannot(wanted.attributes)

    def advice(self) -> str | None:
        """What would make rendering faster here."""
        return None if self.renderer == "cycles" else variant.advice()

    def make(self, wanted: Wanted) -> Made:
        """Render one picture.

        Raises:
            UsageError: the renderer is not installed.
        """
        person = sample_person(person_wishes(wanted.attributes), wanted.person_seed)
        view = view_of(wanted)
        made = render(person, view, wanted.size, self.quality, wanted.seed, self.renderer)
        return Made(made.pixels, truth_leaves(person, view, made.truth))


def truth_leaves(person: Person, view: View, truth: Truth) -> dict[str, Any]:
    """What is known of a picture, by the leaves of `facewright.truth.Truth`."""
    african, asian, caucasian = person.ancestry
    lengths = {style: length for length, all_ in words.HAIR_LENGTHS.items() for style in all_}
    emotion = view.expression if isinstance(view.expression, str) else None
    units = dict(truth.units)
    return {
        "sex": person.sex,
        "age": person.age,
        "ethnicity.white": caucasian,
        "ethnicity.black": african,
        "ethnicity.east_asian": asian,
        "skin_tone": person.skin_tone,
        "hair_style": person.hair_style,
        "hair_length": lengths[person.hair_style],
        "hair_color": person.hair_colour,
        "bald": person.hair_style == "bald",
        "beard": person.beard,
        "moustache": person.moustache != "none",
        "eye_color": person.eye_colour,
        "glasses": _GLASSES[person.glasses],
        "headwear": person.hat != "none",
        "eye_makeup": person.makeup >= 0.5,
        "lip_makeup": person.makeup >= 0.5,
        "emotion": _EMOTIONS.get(str(emotion), emotion),
        "strength": view.strength,
        "light": view.light if isinstance(view.light, str) else None,
        "background": view.background,
        "head_pose.pitch": truth.pitch,
        "head_pose.roll": truth.roll,
        "head_pose.yaw": truth.yaw,
        "gaze.yaw": truth.gaze[0],
        "gaze.pitch": truth.gaze[1],
        "camera": np.asarray(truth.camera, np.float64),
        "mesh": np.asarray(truth.mesh, np.float64),
        **_landmarks(truth.landmarks68),
        **{f"blendshapes.{name}": units.get(name, 0.0) for name in BLENDSHAPE_NAMES[1:]},
    }


def _landmarks(points: Any) -> dict[str, Any]:
    """The 68 points by their groups."""
    out: dict[str, Any] = {}
    start = 0
    for group, info in Landmarks68.model_fields.items():
        extra = cast("dict[str, Any]", info.json_schema_extra)
        count = int(extra["shape"][0])
        out[f"landmarks.{group}"] = np.asarray(points[start : start + count], np.float64)
        start += count
    return out


@cache
def _pack_sha256() -> str:
    pack = files("facewright.generate.head3d") / "head.npz"
    return hashlib.sha256(pack.read_bytes()).hexdigest()


def head3d(quality: str, options: Mapping[str, Any]) -> Head3D:
    """Make the generator.

    Args:
        quality: "draft", "standard" or "hq".
        options: `renderer`, see `cycles.choice`.

    Raises:
        UsageError: another quality, another option, or hq without Blender's bpy.
    """
    others = sorted(set(options) - {"renderer"})
    if others:
        raise UsageError(f"options: head3d has renderer, not {', '.join(others)}")
    if quality not in EFFORTS:
        raise UsageError(f"head3d has no quality '{quality}'; it has {', '.join(EFFORTS)}")
    return Head3D(cast("Quality", quality), renderer_of(quality, options.get("renderer")))
