"""Poses: density over theta and phi, faces over yaw and pitch, the reference's outline on both."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from facewright.analyse.markup import Html, join, number, text
from facewright.analyse.report.density import FINE, LEVELS, RARE, Drawing, Reference
from facewright.analyse.report.model import PoseReport, SetReport
from facewright.analyse.report.page import plane
from facewright.analyse.report.page.elements import numbers, set_name, table_of
from facewright.analyse.report.wording import percent, plural

_STEPS: Final = (0.0, 0.001, 0.005, 0.01, 0.02, 0.05)
"""Shares from which a cell of yaw x pitch is drawn darker."""
_MIDDLE: Final = (0.2, 99.8)
"""Percentiles between which faces must be seen."""
_SPHERE: Final = (0.0, 180.0, 0.0, 180.0)
_HEAD: Final = (-90.0, 90.0, -90.0, 90.0)


def poses(
    sets: Sequence[SetReport], drawings: Sequence[Drawing | None], reference: Reference
) -> Html:
    """All datasets' poses, each with its tables."""
    shown = [
        (at, one, one.pose, drawn)
        for at, (one, drawn) in enumerate(zip(sets, drawings, strict=True))
        if one.pose is not None and drawn is not None
    ]
    if not shown:
        return Html("<p>No face has a camera label or head angles.</p>")
    drawn = [each for *_, each in shown]
    sphere = plane.around(
        [*reference.lines[LEVELS[0]], *(line for one in drawn for line in _outer(one))], _SPHERE
    )
    head = plane.around([*drawn[0].turned, *(_corners(one) for one in drawn)], _HEAD)
    parts = [
        _one(one, pose, each, reference, (sphere, head), at, len(sets))
        for at, one, pose, each in shown
    ]
    return join(parts)


def _outer(drawn: Drawing) -> list[plane.Floats]:
    """What the picture must hold: the outermost line, or where nearly all faces are."""
    return [*drawn.lines.get(LEVELS[0], []), np.percentile(drawn.degrees, _MIDDLE, axis=0)]


def _corners(drawn: Drawing) -> plane.Floats:
    """Corners of the cells, without the last few faces on every side."""
    low = np.repeat(drawn.fine[:, :2], drawn.fine[:, 2], axis=0).astype(np.float64)
    ends = np.percentile(low, _MIDDLE, axis=0)
    return np.concatenate([ends, ends + FINE])


def _one(
    one: SetReport,
    pose: PoseReport,
    drawn: Drawing,
    reference: Reference,
    windows: tuple[plane.Window, plane.Window],
    at: int,
    total: int,
) -> Html:
    head = f"<h3>{set_name(one.name, at, total)}</h3>" if total > 1 else ""
    source = (
        "Cameras are those of the faces’ labels."
        if pose.source == "camera"
        else "Cameras are computed from the head’s yaw and pitch: the faces have no camera labels."
    )
    beyond = windows[0].outside(drawn.degrees)
    if beyond:
        source += f" {plural(beyond, 'face')} beyond the edges."
    return Html(
        f'{head}<div class="planes">'
        f"<figure>{_sphere(drawn, reference, windows[0], at)}<figcaption>Density over LPFF’s theta"
        f" and phi; 90, 90 is the front. {source}</figcaption></figure>"
        f"<figure>{_head(drawn, pose, reference, windows[1], at)}<figcaption>Faces in cells of 5"
        f" degrees of yaw and pitch. {_key(at)}</figcaption></figure></div>"
        f"{table_of(join([_bands(pose), _grid(pose)]), 'Tables')}"
    )


def _sphere(drawn: Drawing, reference: Reference, window: plane.Window, at: int) -> Html:
    marks = [plane.area(window, drawn.lines.get(level, []), f"fill s{at % 4}") for level in LEVELS]
    marks.append(plane.dots(window, drawn.dots, f"dot s{at % 4}"))
    for level in (LEVELS[0], RARE, LEVELS[-1]):
        kind = "outline strong" if level == RARE else "outline"
        marks.append(plane.area(window, reference.lines[level], kind))
    for level in (LEVELS[0], RARE):
        said = f"{_short(reference)} {level:g}"
        marks.append(plane.note(window, reference.lines[level], said, "outlined", 1))
        own = drawn.lines.get(level, [])
        marks.append(plane.note(window, own, f"{level:g}", f"mark s{at % 4}", -1))
    axes = ("theta, degrees (camera to the picture’s left →)", "phi, degrees (camera below →)")
    return plane.svg(window, marks, axes, "Pose density over theta and phi; numbers in the tables")


def _head(
    drawn: Drawing, pose: PoseReport, reference: Reference, window: plane.Window, at: int
) -> Html:
    total = max(int(drawn.fine[:, 2].sum()), 1)
    steps = np.searchsorted(_STEPS, drawn.fine[:, 2] / total, side="right")
    corners = drawn.fine[:, :2].astype(np.float64)
    marks = [
        plane.cells(window, corners, FINE, [f"cell s{at % 4} q{step}" for step in steps.tolist()]),
        plane.area(window, drawn.turned, "outline strong"),
        plane.note(window, drawn.turned, f"{_short(reference)} {RARE:g}", "outlined", 1),
    ]
    axes = ("yaw, degrees (to the picture’s right →)", "pitch, degrees (up →)")
    return plane.svg(
        window, marks, axes, f"Faces over yaw and pitch: {percent(pose.front)} within 15 degrees"
    )


def _short(reference: Reference) -> str:
    return reference.name.split(" (", maxsplit=1)[0]


def _key(at: int) -> Html:
    names = [f"from {percent(low)}" if low else "any" for low in _STEPS]
    chips = join(
        Html(
            f'<span class="chip"><svg viewBox="0 0 12 12"><rect class="cell s{at % 4} q{n}"'
            f' width="12" height="12"/></svg> {label}</span>'
        )
        for n, label in enumerate(names, 1)
    )
    return Html(f'<span class="chips">Share of the faces: {chips}</span>')


def _bands(pose: PoseReport) -> Html:
    heads = (f"density of {pose.reference}", "faces", "share", f"of {pose.reference} itself")
    rows = [
        [
            Html(f"from {band.low:g}" + (f" to {band.high:g}" if band.high else "")),
            number(band.faces),
            Html(percent(band.share)),
            Html(percent(band.reference)),
        ]
        for band in pose.bands
    ]
    said = f"Faces by how dense {pose.reference} is at their pose, per square radian"
    return numbers(heads, rows, said)


def _grid(pose: PoseReport) -> Html:
    yaws, pitches = pose.yaw_edges, pose.pitch_edges
    heads = ["pitch", *(_range(yaws, n) for n in range(len(yaws) - 1))]
    rows = [
        [text(_range(pitches, n)), *(number(value) for value in pose.grid[n])]
        for n in reversed(range(len(pitches) - 1))
    ]
    return numbers(heads, rows, "Faces by pitch (rows) and yaw (columns), degrees")


def _range(edges: Sequence[float], at: int) -> str:
    return f"{edges[at]:g} to {edges[at + 1]:g}".replace("-", "−")
