"""Draw the figure of docs/cameras.md: where cameras stand, and what their angles are called.

    python tools/draw_cameras.py          # writes docs/images/cameras.svg

Every point is computed by `facewright.camera`, so that the figure shows what the code does.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

from facewright.camera.angles import h_v, position_of_theta_phi
from facewright.camera.axes import head_of_azure, look_at
from facewright.camera.label import RADIUS
from facewright.vision.mesh import ibug68
from facewright.vision.tables import canonical_face

PLACE = Path(__file__).resolve().parent.parent / "docs" / "images" / "cameras.svg"
WIDTH, HEIGHT = 1180, 1010
INK, FAINT, PAPER = "#1f2933", "#c3ccd5", "#ffffff"
X, Y, Z = "#c2410c", "#15803d", "#1d4ed8"
FIRST, SECOND = "#7e22ce", "#be185d"
ORDERS = [range(17), range(17, 22), range(22, 27), range(27, 31), range(31, 36)]
LOOPS = [range(36, 42), range(42, 48), range(48, 60)]
THETA, PHI = 60.0, 50.0

Floats = NDArray[np.float64]


class Canvas:
    """An SVG under construction: shapes in pixels, x right, y down."""

    def __init__(self) -> None:
        self.parts: list[str] = []

    def line(self, points: ArrayLike, colour: str, width: float = 1.5, style: str = "") -> None:
        """A line through points (N, 2). style: "dash", "arrow", "fill" or none."""
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in np.asarray(points))
        extra = {
            "dash": ' stroke-dasharray="4 4"',
            "arrow": f' marker-end="url(#tip{colour[1:]})"',
        }.get(style, "")
        fill = f'{colour}" fill-opacity="0.13' if style == "fill" else "none"
        self.parts.append(
            f'<polyline points="{path}" fill="{fill}" stroke="{colour}" '
            f'stroke-width="{width}" stroke-linecap="round" stroke-linejoin="round"{extra}/>'
        )

    def dot(self, at: ArrayLike, colour: str, radius: float = 4) -> None:
        """A filled circle."""
        x, y = np.asarray(at)
        self.parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius}" fill="{colour}"/>')

    def text(
        self, at: ArrayLike, words: str, colour: str = INK, size: int = 15, style: str = ""
    ) -> None:
        """Words that start at a point. style: "middle", "bold", "mono", "end", or several."""
        x, y = np.asarray(at)
        anchor = next((a for a in ("middle", "end") if a in style), "start")
        weight = ' font-weight="600"' if "bold" in style else ""
        family = ' font-family="ui-monospace,Menlo,Consolas,monospace"' if "mono" in style else ""
        halo = f' stroke="{PAPER}" stroke-width="4" paint-order="stroke"' if "halo" in style else ""
        words = words.replace("&", "&amp;").replace("<", "&lt;")
        self.parts.append(
            f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="{colour}" '
            f'text-anchor="{anchor}"{weight}{family}{halo}>{words}</text>'
        )

    def svg(self) -> str:
        """The whole file."""
        colours = (INK, X, Y, Z, FIRST, SECOND)
        tips = "".join(
            f'<marker id="tip{c[1:]}" viewBox="0 0 10 10" refX="8" refY="5" markerWidth="6.5" '
            f'markerHeight="6.5" orient="auto-start-reverse"><path d="M0 0.8L10 5L0 9.2z" '
            f'fill="{c}"/></marker>'
            for c in colours
        )
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
            f'width="{WIDTH}" height="{HEIGHT}" '
            'font-family="Inter,Segoe UI,Helvetica,Arial,sans-serif" role="img" '
            'aria-label="Camera conventions: world axes, theta and phi, h and v, head angles, '
            'camera axes and the 25 numbers of a label">'
        )
        back = f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{PAPER}"/>'
        return "\n".join([head, f"<defs>{tips}</defs>", back, *self.parts, "</svg>"]) + "\n"


def moved(at: ArrayLike, right: float, down: float) -> Floats:
    """A point (2,) so many pixels further."""
    return np.asarray(np.asarray(at) + np.array([right, down]), np.float64)


class View:
    """Parallel projection of the world, seen from the front, the left and above."""

    def __init__(self, centre: tuple[float, float], scale: float) -> None:
        self.centre, self.scale = np.array(centre), scale
        self.turn = head_of_azure((-18.0, 0.0, 0.0)) @ head_of_azure((0.0, 0.0, 26.0))

    def __call__(self, points: ArrayLike) -> Floats:
        """Pixels (..., 2) of world points (..., 3)."""
        seen = np.asarray(points, np.float64) @ self.turn.T
        return np.asarray(self.centre + seen[..., :2] * (self.scale, -self.scale))

    def outline(self) -> Floats:
        """The sphere's outline."""
        turn = np.linspace(0, 2 * np.pi, 121)
        circle = np.stack([np.cos(turn), np.sin(turn)], axis=1)
        return np.asarray(self.centre + circle * self.scale * RADIUS)


def arc(start: ArrayLike, end: ArrayLike, radius: float = 1.0, *, wide: bool = False) -> Floats:
    """Points (49, 3) of the circle about the origin from one direction to another."""
    a = np.asarray(start, np.float64) / np.linalg.norm(start)
    b = np.asarray(end, np.float64) / np.linalg.norm(end)
    across = b - a * (a @ b)
    across /= np.linalg.norm(across)
    whole = np.arccos(np.clip(a @ b, -1, 1))
    t = np.linspace(0, 2 * np.pi if wide else whole, 49)[:, None]
    return np.asarray(radius * (np.cos(t) * a + np.sin(t) * across))


def face_points(scale: float) -> Floats:
    """(68, 3) the mean face's iBUG points in the world, about its middle."""
    mesh = np.zeros((1, 478, 3))
    mesh[0, :468] = canonical_face()["vertices"]
    depth = ibug68(mesh[..., [0, 2, 1]])[0][:, 1]
    return np.column_stack([ibug68(mesh)[0], depth]) * scale


def skull(points: Floats) -> Floats:
    """(25, 3) the head's outline above the ears of a face (68, 3)."""
    right, left = points[0], points[16]
    t = np.linspace(0, np.pi, 25)[:, None]
    rise = np.array([0.0, 1.15, 0.35]) * np.linalg.norm(left - right) / 2
    return np.asarray((right + left) / 2 + np.cos(t) * (right - left) / 2 + np.sin(t) * rise)


def draw_face(canvas: Canvas, points: Floats, colour: str = INK, width: float = 1.3) -> None:
    """Lines of a face whose 68 points (68, 2) are in pixels."""
    for order in ORDERS:
        canvas.line(points[list(order)], colour, width)
    for loop in LOOPS:
        canvas.line(points[[*loop, loop[0]]], colour, width)


def draw_camera(canvas: Canvas, view: View, position: Floats, colour: str) -> None:
    """A pyramid that opens towards the origin."""
    right, down, forward = look_at(position).T
    corners = [
        position + 0.42 * forward + 0.17 * (a * right + b * down)
        for a, b in ((-1, -1), (1, -1), (1, 1), (-1, 1))
    ]
    canvas.line(view([*corners, corners[0]]), colour, 1.6, "fill")
    for corner in corners:
        canvas.line(view([position, corner]), colour, 1.6)
    canvas.dot(view(position), colour, 3.5)


def draw_world(canvas: Canvas, view: View) -> None:
    """Sphere, axes, head and frontal camera."""
    canvas.line(view.outline(), FAINT, 1.2)
    for one, two in (((1, 0, 0), (0, 0, 1)), ((0, 1, 0), (0, 0, 1)), ((1, 0, 0), (0, 1, 0))):
        canvas.line(view(arc(one, two, RADIUS, wide=True)), "#e4e9ee", 1.0)
    for axis, colour, name in ((0, X, "x"), (1, Y, "y"), (2, Z, "z")):
        end = np.eye(3)[axis] * 3.25
        canvas.line(view([np.zeros(3), end]), colour, 1.8, "arrow")
        canvas.text(moved(view(end * 1.06), -4, 5), name, colour, 16, "bold halo")
    face = face_points(0.07)
    draw_face(canvas, view(face))
    canvas.line(view(skull(face)), INK, 1.3)
    draw_camera(canvas, view, np.array([0, 0, RADIUS]), "#8a97a5")


def draw_sphere_angles(canvas: Canvas, position: Floats) -> None:
    """First panel: theta and phi of LPFF."""
    view = View((285, 300), 70)
    title(canvas, 30, "LPFF: theta, phi", "pole on the x axis (ear to ear); from the position")
    draw_world(canvas, view)
    foot = position * (0, 1, 1)
    canvas.line(view([np.zeros(3), position]), INK, 1.2, "dash")
    canvas.line(view([np.zeros(3), foot * 1.0]), FIRST, 1.0, "dash")
    canvas.line(view([foot, position]), FIRST, 1.0, "dash")
    canvas.line(view(arc((1, 0, 0), position, 1.35)), SECOND, 2.4, "arrow")
    canvas.line(view(arc((0, 1, 0), foot, 1.35)), FIRST, 2.4, "arrow")
    middle = view(arc((1, 0, 0), position, 1.35)[24])
    canvas.text(moved(middle, 9, 6), f"theta {THETA:.0f}°", SECOND, 15, "bold halo")
    middle = view(arc((0, 1, 0), foot, 1.35)[20])
    canvas.text(moved(middle, 6, -10), f"phi {PHI:.0f}°", FIRST, 15, "bold halo")
    draw_camera(canvas, view, position, INK)
    x, y, z = position
    canvas.text(moved(view(position), 14, -6), "camera", INK, 15, "bold halo")
    canvas.text(moved(view(position), 14, 12), f"({x:.2f}, {y:.2f}, {z:.2f})", INK, 13, "halo")
    canvas.text(
        moved(view((0, 0, RADIUS)), -12, 30), "frontal camera (0, 0, 2.7)", "#68757f", 13, "halo"
    )
    canvas.text(moved(view((3.25, 0, 0)), -2, 22), "picture's right", X, 13, "middle halo")
    canvas.text((30, 455), "radius 2.7", "#68757f", 13)
    canvas.text((30, 473), "head not to scale", "#68757f", 13)
    canvas.text((285, 526), "mirror: theta → 180° − theta, phi stays", INK, 14, "middle")


def draw_sampler_angles(canvas: Canvas, position: Floats) -> None:
    """Second panel: h and v of EG3D's sampler, of the same camera."""
    view = View((865, 300), 70)
    title(canvas, 610, "EG3D's sampler: h, v", "pole on the y axis (crown); v is a share of height")
    draw_world(canvas, view)
    h, v = h_v(position)
    foot, height = position * (1, 0, 1), position * (0, 1, 0)
    canvas.line(view([np.zeros(3), position]), INK, 1.2, "dash")
    canvas.line(view([np.zeros(3), foot]), SECOND, 1.0, "dash")
    canvas.line(view([foot, position, height]), FIRST, 1.0, "dash")
    canvas.line(view(np.array([(0, 0, 0), (-1.9, 0, 0)])), SECOND, 1.0, "dash")
    canvas.text(moved(view((-1.95, 0, 0)), -2, 4), "h = 0", SECOND, 13, "end halo")
    halves = [arc((-1, 0, 0), (0, 0, 1), 1.5), arc((0, 0, 1), foot, 1.5)]
    canvas.line(view(np.concatenate(halves)), SECOND, 2.4, "arrow")
    canvas.text(
        moved(view(halves[0][24]), -10, 22), f"h {np.degrees(h):.0f}°", SECOND, 15, "bold end halo"
    )
    crown = np.array([0, RADIUS, 0])
    canvas.line(view([crown, height]), FIRST, 5)
    for level in (crown, height, -crown):
        canvas.line(view([level]) + np.array([(-7, 0), (7, 0)]), FIRST, 2)
    canvas.line(view([height, -crown]), FIRST, 1.2)
    share = (view(crown) + view(height)) / 2
    words = f"v = 180° × {np.degrees(v) / 180:.2f} = {np.degrees(v):.0f}°"
    canvas.text(moved(share, -12, 2), words, FIRST, 15, "bold end halo")
    canvas.text(moved(view(-crown), 12, 5), "v = 180°", FIRST, 13, "halo")
    canvas.text(moved(view(crown), 12, 3), "v = 0", FIRST, 13, "halo")
    draw_camera(canvas, view, position, INK)
    canvas.text(moved(view(position), 14, -6), "the same camera", INK, 15, "bold halo")
    canvas.text((865, 526), "mirror: h → 180° − h, v stays", INK, 14, "middle")


def title(canvas: Canvas, x: float, words: str, under: str, y: float = 34) -> None:
    """A panel's heading."""
    canvas.text((x, y), words, INK, 19, "bold")
    canvas.text((x, y + 21), under, "#52606d", 14)


def draw_head_angles(canvas: Canvas) -> None:
    """Third panel: the signs of yaw, pitch and roll, on the mean face."""
    top = 580
    title(canvas, 30, "Head angles as Azure's", "the head turns, the camera is still", top)
    points = face_points(6.2)
    cases: Sequence[tuple[str, str, tuple[float, float, float]]] = (
        ("yaw +30°", "to the picture's right", (0, 0, 30)),
        ("pitch +25°", "up", (25, 0, 0)),
        ("roll +25°", "clockwise", (0, 25, 0)),
    )
    for i, (name, meaning, angles) in enumerate(cases):
        centre = np.array([105 + 165 * i, top + 158])
        turned = points @ head_of_azure(angles).T
        draw_face(canvas, centre + turned[:, :2] * (1, -1), INK, 1.6)
        dome = skull(points) @ head_of_azure(angles).T
        canvas.line(centre + dome[:, :2] * (1, -1), INK, 1.6)
        nose = head_of_azure(angles) @ (points[30] * 1.0)
        tip = head_of_azure(angles) @ (points[30] + (0, 0, 62.0))
        if name.startswith("roll"):
            turn = np.radians(np.linspace(118, 58, 25))
            ring = 88 * np.stack([np.cos(turn), -np.sin(turn)], axis=1)
            canvas.line(centre + ring, SECOND, 2.4, "arrow")
        else:
            canvas.line(centre + np.array([nose, tip])[:, :2] * (1, -1), SECOND, 2.4, "arrow")
        canvas.text(moved(centre, 0, 98), name, SECOND, 15, "bold middle")
        canvas.text(moved(centre, 0, 117), meaning, "#52606d", 14, "middle")
    told = [
        "A camera that looks at the origin:",
        "theta = 90° + yaw,  phi = 90° + pitch,",
        "whatever the roll. Real labels look up to",
        "some 3° past the origin.",
    ]
    paragraph(canvas, (30, top + 320), told)


def draw_camera_axes(canvas: Canvas) -> None:
    """Fourth panel: one camera's axes under two names."""
    top = 580
    title(canvas, 560, "Camera axes", "columns of the rotation;", top)
    canvas.text((560, top + 40), "one camera, from behind", "#52606d", 14)
    sides: Iterable[tuple[str, float, list[tuple[str, tuple[float, float], str]]]] = (
        (
            "OpenCV: EG3D's labels",
            655,
            [("right", (64, 0), X), ("down", (0, 64), Y), ("forward", (38, -46), Z)],
        ),
        ("OpenGL", 655, [("right", (64, 0), X), ("up", (0, -64), Y), ("backward", (-38, 46), Z)]),
    )
    for i, (name, x, axes) in enumerate(sides):
        start = np.array([x, top + 142 + 208 * i])
        for word, along, colour in axes:
            canvas.line([start, start + along], colour, 2.4, "arrow")
            beyond = start + np.array(along) * 1.14
            style = (
                "bold halo"
                if along[0] > 0
                else ("bold halo middle" if not along[0] else "bold halo end")
            )
            canvas.text(moved(beyond, 0, 14 if along[1] > 50 else 4), word, colour, 14, style)
        canvas.dot(start, INK, 4)
        canvas.text((560, start[1] - 66), name, INK, 14, "bold")


def draw_label(canvas: Canvas) -> None:
    """Fifth panel: the 25 numbers, and those that a mirror negates."""
    top, left, step = 580, 830, 62
    title(canvas, 800, "The 25 numbers", "0–15 cam2world, 16–24 intrinsics, row by row", top)
    names = [
        ["right x", "down x", "fwd x", "pos x"],
        ["right y", "down y", "fwd y", "pos y"],
        ["right z", "down z", "fwd z", "pos z"],
        ["0", "0", "0", "1"],
    ]
    flipped = {(0, 1), (0, 2), (1, 0), (2, 0), (0, 3)}
    for row, words in enumerate(names):
        for column, word in enumerate(words):
            at = np.array([left + (step + 10) * column, top + 48 + 40 * row])
            box = at + np.array([(-30, 0), (38, 0), (38, 36), (-30, 36), (-30, 0)])
            colour = SECOND if (row, column) in flipped else FAINT
            canvas.line(box, colour, 1.2, "fill" if (row, column) in flipped else "")
            canvas.text(moved(at, 4, 23), word, INK, 13, "middle")
    for row, words in enumerate([["f", "0", ".5"], ["0", "f", ".5"], ["0", "0", "1"]]):
        for column, word in enumerate(words):
            at = np.array([left + (step + 10) * column, top + 222 + 34 * row])
            box = at + np.array([(-30, 0), (38, 0), (38, 30), (-30, 30), (-30, 0)])
            canvas.line(box, FAINT, 1.2)
            canvas.text(moved(at, 4, 20), word, INK, 13, "middle")
    canvas.text((left + 200, top + 244), "f = 4.2647 sides", "#52606d", 13)
    canvas.text((left + 200, top + 264), "of the 512-px crop", "#52606d", 13)
    paragraph(
        canvas,
        (800, top + 356),
        ["Coloured: negated by a mirror.", "|position| = 2.7, or 2.7 from (0, 0, 0.175) in cor."],
    )


def paragraph(canvas: Canvas, at: tuple[float, float], lines: Sequence[str]) -> None:
    """Several lines of words."""
    for i, words in enumerate(lines):
        canvas.text((at[0], at[1] + 20 * i), words, INK, 14)


def main() -> None:
    """Write the figure."""
    canvas = Canvas()
    position = position_of_theta_phi(np.radians((THETA, PHI)))
    draw_sphere_angles(canvas, position)
    draw_sampler_angles(canvas, position)
    draw_head_angles(canvas)
    draw_camera_axes(canvas)
    draw_label(canvas)
    PLACE.write_text(canvas.svg(), encoding="utf-8")
    print(PLACE)


if __name__ == "__main__":
    main()
