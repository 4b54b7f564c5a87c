"""The head of the page: figures, the essentials in words, and how far datasets lie apart."""

from __future__ import annotations

from collections.abc import Sequence

from facewright.analyse.markup import Html, join, text
from facewright.analyse.report.model import Counts, Distance, Report, SetReport
from facewright.analyse.report.page.elements import (
    badge,
    bullets,
    facts,
    numbers,
    set_name,
    table_of,
)
from facewright.analyse.report.page.levels import bar
from facewright.analyse.report.wording import decimal, percent, probability

_SHOWN = 12


def headline(sets: Sequence[SetReport]) -> Html:
    """Figures of every dataset."""
    return join(_figures(one, at, len(sets)) for at, one in enumerate(sets))


def _figures(one: SetReport, at: int, total: int) -> Html:
    head = Html(f"<h3>{set_name(one.name, at, total)}</h3>") if total > 1 else Html("")
    return join([head, _part(one), facts(_counts(one.counts))])


def _part(one: SetReport) -> Html:
    return Html(f'<p class="note">Counted: {text(one.part)}.</p>') if one.part else Html("")


def _counts(counts: Counts) -> list[tuple[str, Html]]:
    repeats = counts.analysed - counts.distinct
    more = f"<small>{repeats:,} of them repeats</small>" if repeats else "<small></small>"
    found = [("faces counted", Html(f"{counts.analysed:,} {more}"))]
    if counts.faces is not None and counts.faces_kept is not None:
        found += [
            ("faces found", Html(f"{counts.faces:,} <small></small>")),
            ("faces kept", _of(counts.faces_kept, counts.faces)),
            ("faces dropped", _of(counts.faces - counts.faces_kept, counts.faces)),
        ]
    if counts.photos is not None:
        found.append(("photos", Html(f"{counts.photos:,} <small></small>")))
    if counts.photos is not None and counts.photos_excluded is not None:
        found.append(("photos excluded", _of(counts.photos_excluded, counts.photos)))
    return found


def _of(part: int, whole: int) -> Html:
    return Html(f"{part:,} <small>{percent(part / whole) if whole else '–'}</small>")


def essentials(report: Report) -> Html:
    """Findings: between datasets first, then of each; then what is missing."""
    total = len(report.sets)
    parts = [bullets(map(_marked, report.findings), "findings")]
    for at, one in enumerate(report.sets):
        head = Html(f"<h3>{set_name(one.name, at, total)}</h3>") if total > 1 else Html("")
        found = bullets(map(_marked, one.findings), "findings")
        missing = bullets(map(text, one.missing))
        gaps = (
            Html(
                f'<details class="missing"><summary>Not in this report: {len(one.missing)}'
                f"</summary>{missing}</details>"
            )
            if one.missing
            else Html("")
        )
        nothing = "" if one.findings else '<p class="note">There is nothing to tell yet.</p>'
        parts.append(Html(f"<div>{head}{found}{nothing}{gaps}</div>"))
    columns = " two" if total > 1 else ""
    return Html(f'{parts[0]}<div class="essentials{columns}">{join(parts[1:])}</div>')


def _marked(sentence: str) -> Html:
    """A sentence with what stands before its first colon emphasised."""
    head, colon, rest = sentence.partition(": ")
    if colon and len(head) < 60 and "“" not in head:
        return Html(f"<b>{text(head)}:</b> {text(rest)}")
    return text(sentence)


def apart(report: Report) -> Html:
    """Distances of every dataset from the first."""
    first = report.sets[0]
    places = {one.name: at for at, one in enumerate(report.sets)}
    titles = {each.name: each.title for one in report.sets for each in one.attributes}
    parts = []
    for other in report.sets[1:]:
        found = [one for one in report.distances if one.b == other.name]
        names = [set_name(one.name, places[one.name], len(report.sets)) for one in (first, other)]
        parts.append(Html(f"<h3>{names[0]} against {names[1]}</h3>"))
        parts.append(_bars(found, titles, places[other.name]))
        parts.append(table_of(_table(found, titles)))
    return join(parts)


def _title(one: Distance, titles: dict[str, str]) -> Html:
    return text(" × ".join(titles.get(name, name) for name in one.of.split(" x ")))


def _bars(found: Sequence[Distance], titles: dict[str, str], at: int) -> Html:
    rows = join(
        Html(
            f'<tr><th scope="row">{_title(one, titles)}</th><td class="bar"><span class="lane">'
            f"{bar(one.total_variation or 0.0, None, None, 1.0, f's{at % 4}')}</span>"
            f'</td><td class="share"><span class="lane">{percent(one.total_variation)}</span></td>'
            "</tr>"
        )
        for one in found[:_SHOWN]
    )
    return Html(
        '<figure class="chart wide"><table><caption>Faces that would have to change their value'
        " (total variation)</caption>"
        '<thead class="unseen"><tr><th scope="col">of</th><td></td><th scope="col">share</th></tr>'
        f"</thead><tbody>{rows}</tbody></table></figure>"
    )


def _table(found: Sequence[Distance], titles: dict[str, str]) -> Html:
    heads = (
        "of",
        "total variation",
        "by chance",
        "Jensen–Shannon distance",
        "KL divergence, nats",
        "p of being alike",
    )
    rows = [
        [
            _title(one, titles),
            Html(decimal(one.total_variation)),
            Html(decimal(one.by_chance)),
            Html(decimal(one.jensen_shannon)),
            Html("∞" if one.kl_divergence is None else decimal(one.kl_divergence)),
            Html(text(probability(one.p_value))),
        ]
        for one in found
    ]
    return numbers(heads, rows, "Distances")


def legend(sets: Sequence[SetReport]) -> Html:
    """Which letter is which dataset; nothing for one alone."""
    if len(sets) < 2:
        return Html("")
    names = join(
        Html(f"<span>{badge(at, len(sets))}{text(one.name)}</span>") for at, one in enumerate(sets)
    )
    return Html(f'<p class="legend">{names}</p>')
