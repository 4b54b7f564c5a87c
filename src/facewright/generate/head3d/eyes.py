"""The texture of eyeballs: white, limbus, iris with fibres, pupil."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from facewright.camera.axes import head_of_azure
from facewright.generate.head3d import pack, shape
from facewright.generate.head3d.arrays import Floats
from facewright.generate.head3d.colour import bytes_to_linear

IRISES: dict[str, tuple[str, tuple[float, float, float]]] = {
    "dark-brown": ("brown_eye", (0.036, 0.017, 0.009)),
    "brown": ("brown_eye", (0.080, 0.036, 0.016)),
    "hazel": ("brownlight_eye", (0.120, 0.075, 0.026)),
    "green": ("green_eye", (0.066, 0.082, 0.042)),
    "blue": ("blue_eye", (0.055, 0.088, 0.128)),
    "grey": ("grey_eye", (0.085, 0.100, 0.108)),
}
"""By the words of `words.EYE_COLOURS`: the painted iris whose fibres are taken, linear albedo."""

CENTRES = ((0.2925, 0.7055), (0.7085, 0.295))
"""Middles of the two irises in the texture, u and v down, as shares of its side."""
RADIUS = 0.115
"""Of the iris, as a share of the side."""
_PUPIL = 0.36
_SIDE = 512


@cache
def eye_texture(colour: str) -> Floats:
    """Linear albedo (512, 512, 3) of both eyeballs."""
    name, albedo = IRISES[colour]
    import cv2

    painted = bytes_to_linear(pack.picture(f"texture_{name}")[..., :3])
    painted = cv2.resize(painted, (_SIDE, _SIDE), interpolation=cv2.INTER_AREA)
    y, x = (np.mgrid[0:_SIDE, 0:_SIDE] + 0.5) / _SIDE
    out = _white(painted)
    for centre in CENTRES:
        distance = np.hypot(x - centre[0], y - centre[1]) / RADIUS
        around = np.arctan2(y - centre[1], x - centre[0])
        iris = _iris(painted, distance, around, np.array(albedo, np.float32))
        shade = 1 - 0.25 * np.exp(-(((distance - 1.05) / 0.16) ** 2)) * (distance > 1)
        # the white darkens towards the lids and the corners
        shade *= 1 - 0.45 * np.clip((distance - 1.3) / 1.2, 0, 1) * (distance < 3)
        inside = 1 / (1 + np.exp(np.clip((distance - 1.0) * 26, -40, 40)))
        near = distance < 2.6
        mixed = out * shade[..., None] * (1 - inside[..., None]) + iris * inside[..., None]
        out = np.where(near[..., None], mixed, out)
    return np.clip(out, 0.002, 0.8).astype(np.float32)


def _white(painted: Floats) -> Floats:
    grey = painted.mean(axis=2, keepdims=True)
    veins = (grey / np.median(grey)) ** 0.3
    out: Floats = 0.34 * veins * np.array([1.0, 0.955, 0.925], np.float32)
    return out


def _iris(painted: Floats, distance: Floats, around: Floats, albedo: Floats) -> Floats:
    grey = painted.mean(axis=2)
    middle = np.median(grey[(distance < 0.95) & (distance > 0.45)])
    fibre = np.clip(grey / middle, 0.4, 2.0) ** 0.8
    fibre = fibre * (1 + 0.10 * np.sin(around * 57 + 3 * np.sin(around * 9)))
    collar = np.exp(-(((distance - 0.5) / 0.13) ** 2))[..., None]
    warm = np.array([1.25, 0.95, 0.6], np.float32)
    iris = albedo * fibre[..., None] * (1 + collar * (warm - 1) * 0.8)
    limbus = np.clip((distance - 0.78) / 0.2, 0, 1)[..., None]
    pupil = (1 / (1 + np.exp(np.clip(-(distance - _PUPIL) * 50, -40, 40))))[..., None]
    out: Floats = (iris * (1 - 0.8 * limbus) * pupil + 0.002).astype(np.float32)
    return out


@cache
def shell() -> tuple[NDArray[np.int64], Floats]:
    """The eyeballs' outer shell: its triangles (T, 3) of the proxy, and texture places a vertex.

    The shell's own coordinates are blank. Each vertex gets the texel that lies as far from the
    iris's middle as the vertex does from the eye's axis, so that one glossy surface shows the
    painted iris: cheaper than a refracting cornea and free of its noise.
    """
    proxy = pack.proxy("HighPolyEyes")
    middle = proxy.uv[proxy.triangle_uv].mean(axis=1)
    outer = (middle > 0.87).all(axis=1)
    points = proxy.fit(neutral_mean())
    uv = np.zeros((len(points), 2), np.float32)
    own = np.zeros((len(points), 2), np.float32)
    own[proxy.triangles.ravel()] = proxy.uv[proxy.triangle_uv.ravel()]
    inner = np.unique(proxy.triangles[~outer])
    for centre in CENTRES:
        distance = np.hypot(*(own[inner] - centre).T)
        iris = points[inner[int(np.argmin(distance))]]
        rim = points[inner[np.abs(distance - RADIUS) < 0.02]]
        side = np.sign(points[:, 0]) == np.sign(iris[0])
        ball = points[side].mean(axis=0)
        uv[side] = _around_axis(points[side] - ball, rim.mean(axis=0) - ball, rim - ball, centre)
    return proxy.triangles[outer], uv


def _around_axis(arm: Floats, axis: Floats, rim: Floats, centre: tuple[float, float]) -> Floats:
    """Texture places of directions from an eyeball's middle, given those of the iris's rim."""
    forward = axis / np.linalg.norm(axis)
    right = np.cross([0, 1, 0], forward)
    right /= np.linalg.norm(right)
    up = np.cross(forward, right)

    def angle(v: Floats) -> Floats:
        cos = (v @ forward) / np.linalg.norm(v, axis=1)
        out: Floats = np.arccos(np.clip(cos, -1, 1))
        return out

    share = angle(arm) / float(angle(rim).mean())
    around = np.arctan2(arm @ up, arm @ right)
    reach = np.minimum(share, 2.4)[:, None] * RADIUS
    spoke = np.stack([np.cos(around), -np.sin(around)], axis=1)
    out: Floats = (np.array(centre) + reach * spoke).astype(np.float32)
    return out


@cache
def neutral_mean() -> Floats:
    """Vertices (V, 3) of the mean adult at rest."""
    thirds = dict.fromkeys(shape.ANCESTRIES, 1 / 3)
    return shape.neutral(shape.macro_weights(thirds, 0.5, 25, 0.5), {})


def look(balls: Floats, gaze: tuple[float, float]) -> Floats:
    """Vertices of both eyeballs (144, 3), as the pack's group `eyes`, turned to a gaze.

    The data's eyes look some degrees outwards and down at rest; that is turned away as well, so
    that a gaze of 0 is parallel and straight ahead.

    Args:
        balls: of a head that is not turned.
        gaze: degrees towards the picture's right and up.
    """
    out = balls.copy()
    for left, (side, middle) in zip((False, True), _rest_axes(), strict=True):
        mine = (balls[:, 0] > 0) == left
        back = head_of_azure(np.array([middle[1], 0.0, middle[0]])).T
        turn = head_of_azure(np.array([gaze[1], 0.0, gaze[0]])) @ back
        centre = balls[mine].mean(axis=0)
        out[mine] = ((balls[mine] - centre) @ turn.T + centre).astype(np.float32)
        assert (side > 0) == left
    return out


@cache
def _rest_axes() -> tuple[tuple[float, tuple[float, float]], ...]:
    """Side (x) and gaze at rest, degrees to the picture's right and up, of right and left eye."""
    vertices = neutral_mean()
    points = pack.proxy("HighPolyEyes").fit(vertices)
    balls = vertices[pack.array("group_eyes")]
    triangles, uv = shell()
    used = np.unique(triangles)
    found = []
    for sign in (-1, 1):
        mine = used[np.sign(points[used, 0]) == sign]
        distance = np.min([np.hypot(*(uv[mine] - np.array(c)).T) for c in CENTRES], axis=0)
        rim = points[mine[np.abs(distance - RADIUS) < 0.03]].mean(axis=0)
        axis = rim - balls[np.sign(balls[:, 0]) == sign].mean(axis=0)
        across = float(np.degrees(np.arctan2(axis[0], axis[2])))
        rise = float(np.degrees(np.arctan2(axis[1], np.hypot(axis[0], axis[2]))))
        found.append((float(sign), (across, rise)))
    return tuple(found)
