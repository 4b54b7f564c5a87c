"""Intersections against the target: bars with the expected share marked, and sample faces."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from facewright.analyse.markup import Html, join, name, number, text
from facewright.analyse.report.model import Cell, Crossing, SetReport
from facewright.analyse.report.page.elements import (
    badge,
    facts,
    numbers,
    paragraph,
    set_name,
    table_of,
)
from facewright.analyse.report.page.levels import bar
from facewright.analyse.report.samples import CELLS as SMALLEST
from facewright.analyse.report.samples import Sample
from facewright.analyse.report.wording import (
    decimal,
    interval,
    named,
    percent,
    points,
    probability,
)
from facewright.analyse.thumbs import SIDE

MOST_ROWS: Final = 40
MOST_LISTED: Final = 400
"""Rows of the table behind the plot; the CSV has all."""


def crossings(sets: Sequence[SetReport]) -> Html:
    """The intersections of all datasets, side by side."""
    told = [(at, one, one.crossing) for at, one in enumerate(sets) if one.crossing]
    if not told:
        return Html("<p>No face is known in any intersection. Name attributes with --by.</p>")
    parts = [
        join(_figures(found, at, one, len(sets)) for at, one, found in told),
        _chart([found for _, _, found in told], [at for at, _, _ in told], len(sets)),
        join(table_of(_table(found), f"Table{_of(one, len(sets))}") for _, one, found in told),
    ]
    return join(parts)


def _of(one: SetReport, total: int) -> str:
    return f" of {one.name}" if total > 1 else ""


def _figures(found: Crossing, at: int, one: SetReport, total: int) -> Html:
    chi = found.chi_square
    whole = found.counted + found.unknown
    head = Html(f"<h3>{set_name(one.name, at, total)}</h3>") if total > 1 else Html("")
    figures = [
        ("faces counted", Html(f"{found.counted:,} <small>of {whole:,}</small>")),
        ("total variation", Html(f"{decimal(found.total_variation)} <small>of 1</small>")),
        ("KL divergence", Html(f"{_or_infinite(found)} <small>nats</small>")),
        ("chi-square", Html(_chi(found))),
    ]
    rough = (
        paragraph(Html(f"The p-value is rough: {chi.sparse} intersections expect fewer than 5."))
        if chi and chi.sparse
        else Html("")
    )
    return join([head, facts(figures), rough])


def _chi(found: Crossing) -> str:
    chi = found.chi_square
    if chi is None or chi.statistic is None:
        return "–"
    degrees = f"{chi.degrees} degrees, p {probability(chi.p_value)}"
    return f"{chi.statistic:,.0f} <small>{text(degrees)}</small>"


def _or_infinite(found: Crossing) -> str:
    return "∞" if found.cells and found.kl_divergence is None else decimal(found.kl_divergence)


def _chart(found: Sequence[Crossing], places: Sequence[int], total: int) -> Html:
    """Rows of the first dataset's intersections: the largest gaps where they are too many."""
    lookups = [{cell.keys: cell for cell in one.cells} for one in found]
    cells = list(found[0].cells)
    note = Html("")
    if len(cells) > MOST_ROWS:
        cells.sort(key=lambda cell: cell.difference or 0.0)
        half = MOST_ROWS // 2
        note = paragraph(
            Html(
                f"The {half} most over and the {half} most short of {len(cells):,}; the table and"
                " the CSV file list more."
            )
        )
        cells = cells[: -half - 1 : -1] + cells[:half][::-1]
    top = (
        max(
            [
                max(one.share or 0.0, min(one.high or 0.0, 2 * (one.share or 0.0)), one.expected)
                for cell in cells
                for one in _all(cell, lookups)
            ],
            default=0.0,
        )
        or 1.0
    )
    rows = join(_row(cell, lookups, places, top, total) for cell in cells)
    titles = " · ".join(found[0].titles)
    return Html(
        f'{note}<figure class="chart wide"><table><caption>{text(titles)}</caption>'
        '<thead><tr><th scope="col">intersection</th>'
        '<td class="key"><span><i class="s0"></i> share of the faces</span>'
        "<span><u></u> expected</span></td>"
        '<th scope="col" class="share">share</th>'
        '<th scope="col" class="share">difference</th></tr></thead>'
        f"<tbody>{rows}</tbody></table></figure>"
    )


def _all(cell: Cell, lookups: Sequence[dict[tuple[str, ...], Cell]]) -> Iterator[Cell]:
    return (found[cell.keys] for found in lookups if cell.keys in found)


def _row(
    cell: Cell,
    lookups: Sequence[dict[tuple[str, ...], Cell]],
    places: Sequence[int],
    top: float,
    total: int,
) -> Html:
    lanes, shares, gaps = [], [], []
    for at, found in zip(places, lookups, strict=True):
        one = found.get(cell.keys)
        if one is None or one.share is None:
            continue
        tick = f'<u style="left:{100 * one.expected / top:.2f}%"></u>'
        drawn = bar(one.share, one.low, one.high, top, f"s{at % 4}")
        lanes.append(f'<span class="lane">{drawn}{tick}</span>')
        shares.append(f'<span class="lane">{badge(at, total)}{percent(one.share)}</span>')
        kind = "over" if (one.difference or 0.0) > 0 else "under"
        gaps.append(f'<span class="lane {kind}">{points(one.difference)}</span>')
    return Html(
        f'<tr><th scope="row" title="{text(named(cell.labels))}">{name(named(cell.labels))}</th>'
        f'<td class="bar">{"".join(lanes)}</td>'
        f'<td class="share">{"".join(shares)}</td><td class="share">{"".join(gaps)}</td></tr>'
    )


def _table(found: Crossing) -> Html:
    heads = ("intersection", "faces", "share", "95 % interval", "expected", "difference, points")
    cells = sorted(found.cells, key=lambda cell: -abs(cell.difference or 0.0))[:MOST_LISTED]
    rows = [
        [
            name(named(cell.labels)),
            number(cell.count),
            Html(percent(cell.share)),
            Html(interval(cell.low, cell.high)),
            Html(percent(cell.expected)),
            Html(points(cell.difference)),
        ]
        for cell in cells
    ]
    return numbers(heads, rows, f"Intersections against {found.target}, the largest gaps first")


def sample_faces(sets: Sequence[SetReport], found: Iterable[Sequence[Sample]]) -> Html:
    """Faces of each dataset's smallest intersections."""
    parts = [
        _samples(one, at, len(sets), some)
        for at, (one, some) in enumerate(zip(sets, found, strict=True))
    ]
    return join(part for part in parts if part)


def _samples(one: SetReport, at: int, total: int, found: Sequence[Sample]) -> Html:
    if one.crossing is None:
        return Html("")
    head = Html(f"<h4>{set_name(one.name, at, total)}</h4>") if total > 1 else Html("")
    empty = [cell for cell in one.crossing.cells if not cell.count and cell.expected > 0]
    listed = "; ".join(named(cell.labels) for cell in empty[:12])
    more = f" and {len(empty) - 12} more" if len(empty) > 12 else ""
    nobody = paragraph(Html(f"Without a face: {text(listed)}{more}.") if empty else Html(""))
    if not found:
        bare = one.kind == "table"
        why = "a bare table has no pictures" if bare else "these faces have no crops"
        small = sorted((cell for cell in one.crossing.cells if cell.count), key=lambda c: c.count)
        rows = [
            [name(named(cell.labels)), number(cell.count), Html(percent(cell.share))]
            for cell in small[:SMALLEST]
        ]
        listed = numbers(("intersection", "faces", "share"), rows, f"No faces are shown: {why}.")
        return join([head, nobody, listed])
    cells = join(_sample(each) for each in found)
    return join([head, nobody, Html(f'<div class="samples">{cells}</div>')])


def _sample(one: Sample) -> Html:
    pictures = join(
        Html(
            f'<img src="{text(face.source)}" width="{SIDE}" height="{SIDE}"'
            f' alt="Face {text(face.face_id)}" title="{text(face.face_id)}">'
        )
        for face in one.faces
    )
    faces = "1 face" if one.count == 1 else f"{one.count:,} faces"
    return Html(
        f'<figure class="sample"><figcaption>{name(named(one.labels))} <small>{faces}</small>'
        f"</figcaption><div>{pictures}</div></figure>"
    )
