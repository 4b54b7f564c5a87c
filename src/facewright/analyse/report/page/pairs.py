"""Which attributes go together: a heat map, the strongest in words, and their counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from facewright.analyse.markup import Html, join, number, text
from facewright.analyse.report.model import CrossTable, Pair, SetReport
from facewright.analyse.report.page.elements import (
    bullets,
    numbers,
    paragraph,
    set_name,
    table_of,
)
from facewright.analyse.report.pairs import ALWAYS, synonyms
from facewright.analyse.report.wording import decimal, percent, probability

LISTED: Final = 25
_SHOWN_FROM: Final = 0.1
"""V from which a cell of the heat map carries its number."""
_NONE: Final = "No two go together by more than chance alone might have made."
_DARK: Final = 0.65
"""V from which the number is in the ground's colour."""


def pairs(sets: Sequence[SetReport]) -> Html:
    """All datasets, one after the other."""
    return join(_one(one, at, len(sets)) for at, one in enumerate(sets))


def _one(one: SetReport, at: int, total: int) -> Html:
    head = Html(f"<h3>{set_name(one.name, at, total)}</h3>") if total > 1 else Html("")
    if not one.pairs:
        return join([head, paragraph(Html("Fewer than two attributes vary."))])
    titles = {each.name: each.title for each in one.attributes}
    spelt = [_sentence(pair, titles) for pair in one.pairs if pair.said]
    return join(
        [
            head,
            bullets(spelt) if spelt else paragraph(Html(_NONE)),
            _same(synonyms(one.pairs), titles),
            _heat(one.pairs, titles),
            table_of(_table(one.pairs, titles)),
            Html(f'<div class="crosses">{join(_cross(t, titles) for t in one.cross_tables)}</div>'),
        ]
    )


def _same(found: Sequence[Pair], titles: Mapping[str, str]) -> Html:
    if not found:
        return Html("")
    named = "; ".join(f"{titles[one.a]} and {titles[one.b].lower()}" for one in found)
    return paragraph(Html(f"These say nearly the same: {text(named)}."))


def _sentence(pair: Pair, titles: Mapping[str, str]) -> Html:
    strong = f"<b>{text(titles[pair.a])} and {text(titles[pair.b]).lower()}</b>"
    return Html(f"{strong}: V {decimal(pair.cramers_v, 2)}. {text(pair.said)}")


def _heat(found: Sequence[Pair], titles: Mapping[str, str]) -> Html:
    """Lower triangle of V between all attributes."""
    names = [name for name in titles if any(name in (one.a, one.b) for one in found)]
    values = {frozenset((one.a, one.b)): one for one in found}
    heads = join(
        Html(f'<th scope="col"><span>{text(titles[name])}</span></th>') for name in names[:-1]
    )
    rows = join(
        Html(
            f'<tr><th scope="row">{text(titles[row])}</th>'
            + join(_cell(values.get(frozenset((row, column)))) for column in names[:n])
            + "<td></td>" * (len(names) - 1 - n)
            + "</tr>"
        )
        for n, row in enumerate(names)
        if n
    )
    return Html(
        '<div class="scroll" tabindex="0" role="region" aria-label="Cramér’s V of all pairs">'
        '<table class="heat"><caption><span>Cramér’s V of all pairs, 0 to 1; hatched: computed'
        f" from one column. Empty below {_SHOWN_FROM:g} or where chance may have made it."
        "</span></caption>"
        f"<thead><tr><td></td>{heads}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _cell(pair: Pair | None) -> Html:
    if pair is None or pair.cramers_v is None:
        return Html('<td class="v">–</td>')
    if pair.same_source:
        return Html('<td class="v same"></td>')
    value = pair.cramers_v if pair.beyond_chance else 0.0
    said = f"{value:.2f}".lstrip("0") if value >= _SHOWN_FROM else ""
    dark = " dark" if value >= _DARK else ""
    return Html(f'<td class="v{dark}" style="--v:{100 * value:.0f}%">{said}</td>')


def _table(found: Sequence[Pair], titles: Mapping[str, str]) -> Html:
    heads = ("pair", "faces", "Cramér’s V", "mutual information, nats", "p of independence")
    rows = [
        [
            text(f"{titles[one.a]} × {titles[one.b].lower()}"),
            number(one.faces),
            Html(decimal(one.cramers_v)),
            Html(decimal(one.mutual_information)),
            Html(text(probability(one.p_value))),
        ]
        for one in found
        if not one.same_source
    ]
    some = f"The {LISTED} strongest of {len(rows)} pairs" if len(rows) > LISTED else "All pairs"
    return numbers(heads, rows[:LISTED], some)


def _cross(found: CrossTable, titles: Mapping[str, str]) -> Html:
    """Shares of b within each level of a, as shaded cells."""
    heads = join(Html(f'<th scope="col">{text(label)}</th>') for label in found.columns)
    rows = join(_shares(label, row) for label, row in zip(found.rows, found.counts, strict=True))
    kind = "smiles and poses" if (found.a, found.b) in ALWAYS else "a strong pair"
    return Html(
        '<div class="scroll" tabindex="0" role="region"'
        f' aria-label="{text(titles[found.b])} by {text(titles[found.a]).lower()}: {kind}">'
        f'<table class="cross"><caption><span>{text(titles[found.b])} by'
        f" {text(titles[found.a]).lower()}, shares of each row</span></caption>"
        f'<thead><tr><td></td>{heads}<th scope="col">faces</th></tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )


def _shares(label: str, row: Sequence[int]) -> Html:
    whole = max(sum(row), 1)
    cells = join(
        Html(
            f'<td class="v{" dark" if count / whole >= _DARK else ""}"'
            f' style="--v:{100 * count / whole:.0f}%">{percent(count / whole, 0)}</td>'
        )
        for count in row
    )
    return Html(
        f'<tr><th scope="row">{text(label)}</th>{cells}<td class="n">{sum(row):,}</td></tr>'
    )
