"""The page from its parts."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from string import Template
from typing import Final

from facewright.analyse.markup import Html, join, text
from facewright.analyse.report.measure import Measured
from facewright.analyse.report.model import SetReport
from facewright.analyse.report.page import crossing, essentials, levels, origins, pairs, poses
from facewright.analyse.report.page.elements import section

_INTERSECTIONS: Final = Html(
    "A bar is the share of the faces whose every value is known, its whisker the 95 % interval for"
    " the sample’s size; the tick is the share expected."
)
_SHARES: Final = Html(
    "Shares are of the faces whose value is known; unknown ones are of all faces. Whiskers are"
    " 95 % intervals. ≈ and hollow bars: the share with label error taken out, where the"
    " annotator’s errors were measured; its interval holds both the sample’s size and the check’s."
)
_POSES: Final = Html(
    "Lines are densities per square radian, of the dataset as areas, of the reference dashed."
    " LPFF keeps the faces outside of the line of 0.4."
)
_PAIRS: Final = Html(
    "How much one value tells of another. Ties are of labels: two annotators that err alike tie"
    " what they label."
)


def page(measured: Measured) -> str:
    """The page's text."""
    report = measured.report
    title = " and ".join(one.name for one in report.sets[:3])
    if len(report.sets) > 3:
        title += f" and {len(report.sets) - 3} more"
    parts = list(_parts(measured))
    contents = join(
        Html(f'<li><a href="#{identity}">{text(heading)}</a></li>')
        for identity, heading, _ in parts
    )
    shown = {
        "title": text(title),
        "style": Html(_resource("..", "summary.css") + _resource("page", "report.css")),
        "notice": text(report.notice),
        "version": text(report.facewright),
        "legend": essentials.legend(report.sets),
        "headline": essentials.headline(report.sets),
        "contents": contents,
        "sections": join(part for *_, part in parts).replace(" %", "\u00a0%"),
    }
    return Template(_resource("page", "report.html")).substitute(shown)


def _parts(measured: Measured) -> Iterator[tuple[str, str, Html]]:
    """Identity, heading and content of every section, in order."""
    for identity, heading, content, note in _contents(measured):
        if content:
            yield identity, heading, section(identity, heading, content, note)


def _contents(measured: Measured) -> Iterator[tuple[str, str, Html, Html | None]]:
    report, sets = measured.report, measured.report.sets
    yield "essentials", "Essentials", essentials.essentials(report), None
    if len(sets) > 1:
        yield "apart", "How far apart", essentials.apart(report), None
    if any(one.attributes for one in sets):
        yield "crossing", "Intersections", crossing.crossings(sets), _INTERSECTIONS
        shown = crossing.sample_faces(sets, [each.samples for each in measured.pictures])
        yield "smallest", "The smallest intersections", shown, None
        yield from _distributions(sets)
        drawings = [each.drawing for each in measured.pictures]
        yield "density", "Poses", poses.poses(sets, drawings, measured.reference), _POSES
        yield "pairs", "What goes together", pairs.pairs(sets), _PAIRS
    yield "licences", "Licences and authors", origins.each_set(sets, origins.licences), None
    yield "duplicates", "Duplicates", origins.each_set(sets, origins.copies), None
    yield "losses", "Excluded and dropped", origins.each_set(sets, origins.losses), None
    yield "makers", "Who estimated what", origins.each_set(sets, origins.makers), None
    yield "reading", "How to read this", Html(_resource("page", "method.html")), None


def _distributions(
    sets: tuple[SetReport, ...],
) -> Iterator[tuple[str, str, Html, Html | None]]:
    note: Html | None = _SHARES
    for name, heading in levels.TITLES.items():
        charts = levels.group(sets, name)
        yield name, heading, charts, note
        note = None if charts else note


def _resource(*path: str) -> str:
    here = files("facewright.analyse.report")
    if path[0] == "..":
        here, path = files("facewright.analyse"), path[1:]
    return here.joinpath(*path).read_text(encoding="utf-8")
