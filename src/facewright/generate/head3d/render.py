"""Pictures of a person, with their truth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from facewright.camera.axes import head_of_azure
from facewright.errors import UsageError
from facewright.generate.head3d import pack
from facewright.generate.head3d.body import Body, body_of
from facewright.generate.head3d.colour import hex_to_linear
from facewright.generate.head3d.cycles import renderer as cycles
from facewright.generate.head3d.cycles.choice import Renderer, renderer_of
from facewright.generate.head3d.denoise import denoise
from facewright.generate.head3d.expression import GAZE_LIMITS, expression_units, with_gaze
from facewright.generate.head3d.figure import Figure, pose
from facewright.generate.head3d.finish import backdrop, develop, diffuse_skin, set_before
from facewright.generate.head3d.lights import Light, LitWorld, draw_light, light_world
from facewright.generate.head3d.parts import Camera, Radiance, Scene
from facewright.generate.head3d.person import Person
from facewright.generate.head3d.truth import Truth, truth_of

Quality = Literal["draft", "standard", "hq"]
FOV = 20.0
_FRAME = 0.285
"""Metres that the picture shows of a mean adult's plane."""


@dataclass(frozen=True)
class Effort:
    """What a quality costs: paths a pixel (of Mitsuba), share of strands."""

    samples: int
    strands: float


EFFORTS: dict[str, Effort] = {
    "draft": Effort(8, 0.35),
    "standard": Effort(24, 1.0),
    "hq": Effort(256, 1.0),
}

LIMITS = {"yaw": 90.0, "pitch": 45.0, "roll": 45.0}


@dataclass(frozen=True)
class View:
    """One picture of somebody.

    Attributes:
        yaw, pitch, roll: degrees, signs as `record.HeadPose`.
        expression: a name, or ARKit units; strength: of a named one.
        gaze: degrees (towards the picture's right, up) relative to the head.
        light: one of `Light`, a name of its world, or None to draw one.
        background: None for the light's own world, a name of another, or six hex digits.
    """

    yaw: float = 0.0
    pitch: float = 0.0
    roll: float = 0.0
    expression: str | Mapping[str, float] = "neutral"
    strength: float = 1.0
    gaze: tuple[float, float] = (0.0, 0.0)
    light: Light | str | None = None
    background: str | None = None

    def __post_init__(self) -> None:
        """Refuse poses that no head takes.

        Raises:
            UsageError: an angle out of its range.
        """
        for name, most in LIMITS.items():
            value = getattr(self, name)
            if not -most <= value <= most:
                raise UsageError(f"view: {name} {value:g} is not within {most:g} degrees")
        if any(abs(angle) > most for angle, most in zip(self.gaze, GAZE_LIMITS, strict=True)):
            raise UsageError(f"view: gaze {self.gaze} is not within {GAZE_LIMITS} degrees")


@dataclass(frozen=True)
class Rendered:
    """A picture and what is known of it.

    Attributes:
        pixels: (S, S, 3) uint8 RGB.
        truth: exact, in this picture's pixels.
    """

    pixels: NDArray[np.uint8]
    truth: Truth


def render(
    person: Person,
    view: View,
    size: int,
    quality: Quality,
    seed: int,
    renderer: str | None = None,
) -> Rendered:
    """Take a picture.

    Args:
        person: whose; its body is kept, so that views of one person in a row share it.
        view: how.
        size: side in pixels.
        quality: "draft", "standard" or "hq".
        seed: of light (where the view names none), noise and grain; the same gives the same
            pixels on one machine and renderer.
        renderer: "mitsuba", "cycles" (of hq), or None for the quality's own.

    Raises:
        UsageError: unknown words, or the renderer is missing.
    """
    if quality not in EFFORTS:
        raise UsageError(f"quality {quality!r}: known are {', '.join(EFFORTS)}")
    traced_by = renderer_of(quality, renderer)
    effort = EFFORTS[quality]
    rng = np.random.default_rng((seed, 0x11617))
    light = _light(view, rng)
    body = body_of(person, effort.strands)
    units = expression_units(view.expression, view.strength)
    figure, lit = pose(body, units, head_rotation(view), view.gaze), light_world(light)
    camera = _camera(body, figure)
    scene = Scene(figure.parts, figure.strands, camera, lit.lighting)
    image = _trace(scene, size, effort, seed & 0x7FFFFFFF, traced_by)
    pixels = _picture(image, view, light, lit, body, rng)
    named = view.expression if isinstance(view.expression, str) else "units"
    angles = (view.pitch, view.roll, view.yaw)
    truth = truth_of(
        person, angles, (named, with_gaze(units, view.gaze), view.gaze), figure, camera, size
    )
    return Rendered(pixels, truth)


def _trace(scene: Scene, size: int, effort: Effort, seed: int, renderer: Renderer) -> Radiance:
    if renderer == "cycles":
        return cycles.render_scene(scene, size, seed)
    from facewright.generate.head3d.scene.mitsuba import render_scene

    return render_scene(scene, size, effort.samples, seed)


def head_rotation(view: View) -> NDArray[np.float64]:
    """Rotation (3, 3) that brings the resting head into a view's pose.

    The mean head at rest is not frontal in the sense of MediaPipe's canonical face, by which this
    project measures pitch: the pack holds by how much.
    """
    wanted = head_of_azure(np.array([view.pitch, view.roll, view.yaw]))
    rest = pack.array("landmark_rest_pitch").item() if pack.has("landmark_rest_pitch") else 0.0
    out: NDArray[np.float64] = wanted @ head_of_azure(np.array([rest, 0.0, 0.0])).T
    return out


def _light(view: View, rng: np.random.Generator) -> Light:
    if isinstance(view.light, Light):
        return view.light
    drawn = draw_light(rng)
    return drawn if view.light is None else replace(drawn, world=view.light)


def _camera(body: Body, figure: Figure) -> Camera:
    away = _FRAME * body.size / 2 / np.tan(np.radians(FOV / 2))
    x, y, z = (float(value) for value in figure.middle)
    return Camera((x, y, z + float(away)), FOV)


def _picture(
    image: Radiance,
    view: View,
    light: Light,
    lit: LitWorld,
    body: Body,
    rng: np.random.Generator,
) -> NDArray[np.uint8]:
    size, person = len(image.colour), body.person
    # photographers open up for deep skin
    stops = light.exposure + float(np.interp(person.skin_tone, (5, 10), (0.0, 1.15)))
    whole = denoise(set_before(image, _behind(view, lit, size), lit.meter, stops))
    clear = float(np.interp(person.age, (25, 75), (1.0, 0.5)))
    return develop(diffuse_skin(whole, 1000 * _FRAME * body.size / size, clear), rng)


def _behind(view: View, lit: LitWorld, size: int) -> Any:
    if view.background is None:
        return backdrop(lit.lighting.world, size, FOV * 1.7)
    if view.background in pack.LIGHTS:
        return backdrop(pack.light(view.background), size, FOV * 1.7)
    digits = view.background.lstrip("#")
    if len(digits) != 6:
        raise UsageError(
            f"background {view.background!r}: six hex digits or one of {', '.join(pack.LIGHTS)}"
        )
    return np.broadcast_to(hex_to_linear(digits), (size, size, 3)).astype(np.float32)
