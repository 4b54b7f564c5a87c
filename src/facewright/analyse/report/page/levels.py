"""Distributions as bars with intervals, of one dataset or of several side by side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from facewright.analyse.markup import Html, join, name, number, text
from facewright.analyse.report.model import AttributeReport, Level, SetReport
from facewright.analyse.report.page.elements import badge, bullets, numbers, table_of
from facewright.analyse.report.wording import decimal, interval, percent

MOST_ROWS: Final = 14
_NOTHING: Final = 0.0005
"""Share that reads as 0.0 %."""
TITLES: Final[Mapping[str, str]] = {
    "people": "Who is shown",
    "expression": "Expression and eyes",
    "pose": "Head turns",
    "hair": "Hair",
    "worn": "Worn, made up, covered",
    "quality": "Picture quality",
    "own": "Further columns",
}


@dataclass(frozen=True, slots=True)
class Column:
    """One attribute in all datasets; None where a dataset lacks it or knows it of no face."""

    name: str
    reports: tuple[AttributeReport | None, ...]

    @property
    def first(self) -> AttributeReport:
        """That of the first dataset that knows it."""
        return next(one for one in self.reports if one is not None)

    def level(self, key: str) -> list[Level | None]:
        """A level in all datasets."""
        return [_level(one, key) for one in self.reports]


def columns(sets: Sequence[SetReport], group: str) -> list[Column]:
    """Attributes of a group that some dataset knows, in order."""
    by_set = [{one.name: one for one in each.attributes if one.known} for each in sets]
    every = [one for each in sets for one in each.attributes if one.group == group]
    names = dict.fromkeys(one.name for one in every)
    found = [Column(each, tuple(known.get(each) for known in by_set)) for each in names]
    return [one for one in found if any(one.reports)]


def group(sets: Sequence[SetReport], name_: str) -> Html:
    """All charts of a group; nothing where no dataset knows any of its attributes."""
    charts = join(chart(one, len(sets)) for one in columns(sets, name_))
    wide = " many" if len(sets) > 1 else ""
    return Html(f'<div class="charts{wide}">{charts}</div>') if charts else Html("")


def chart(column: Column, total: int) -> Html:
    """One attribute: bars, notes, and its table."""
    first = column.first
    keys, rest = _shown(column)
    reports = column.reports
    reaches = [
        _reach(v, r) for key in keys for v, r in zip(column.level(key), reports, strict=True)
    ]
    top = max(reaches, default=0.0) or 1.0
    rows = join(_bars(column, key, top) for key in keys)
    unknown = _unknown(column, top) if any(one and one.unknown for one in column.reports) else ""
    unit = f" <small>{text(first.unit)}</small>" if first.unit else ""
    more = f'<p class="note">and {rest:,} rarer values</p>' if rest else ""
    return Html(
        f'<figure class="chart" id="a-{text(column.name)}"><table>'
        f"<caption>{text(first.title)}{unit}</caption>"
        '<thead class="unseen"><tr><th scope="col">value</th><th scope="col">bar</th>'
        '<th scope="col">share</th></tr></thead>'
        f"<tbody>{rows}{unknown}</tbody></table>{more}"
        f"<figcaption>{bullets(_notes(column, total), 'note')}"
        f"{table_of(join([_table(column, total), bullets(_errors(column, total), 'note')]))}"
        "</figcaption></figure>"
    )


def _shown(column: Column) -> tuple[list[str], int]:
    """Keys of the levels that get bars, and how many do not."""
    keys = list(dict.fromkeys(level.key for one in column.reports if one for level in one.levels))
    counts = {key: sum(level.count for level in column.level(key) if level) for key in keys}
    if column.first.quartiles:  # ends of a number's scale that nobody reaches say nothing
        while len(keys) > 1 and not counts[keys[0]]:
            keys = keys[1:]
        while len(keys) > 1 and not counts[keys[-1]]:
            keys = keys[:-1]
        return keys, 0
    shown = keys[:MOST_ROWS]
    others = max(one.other_levels for one in column.reports if one)
    return shown, len(keys) - len(shown) + others


def _level(report: AttributeReport | None, key: str) -> Level | None:
    return next((one for one in report.levels if one.key == key), None) if report else None


def _reach(level: Level | None, report: AttributeReport | None) -> float:
    """How far right the bars and whiskers of a level go; those of an empty one are cut."""
    if level is None or level.share is None:
        return 0.0
    holds = level.corrected is not None and not (report and report.strained)
    fixed = min(level.corrected.high, 2 * level.corrected.share) if holds and level.corrected else 0
    return max(level.share, min(level.high or 0.0, 2 * level.share), fixed)


def _bars(column: Column, key: str, top: float) -> Html:
    found = column.level(key)
    label = next(level.label for level in found if level is not None)
    many = len(found) > 1
    strained = [one is not None and one.strained for one in column.reports]
    bars = join(_lane(v, at, top, strained=strained[at]) for at, v in enumerate(found))
    shares = join(_said(v, at, many=many, strained=strained[at]) for at, v in enumerate(found))
    return Html(
        f'<tr><th scope="row" title="{text(label)}">{name(label)}</th><td class="bar">{bars}</td>'
        f'<td class="share">{shares}</td></tr>'
    )


def _lane(level: Level | None, at: int, top: float, *, strained: bool) -> Html:
    """A dataset's bar of one level; a second, hollow one for a corrected share that holds."""
    if level is None or level.share is None:
        return Html('<span class="lane"></span>')
    raw = bar(level.share, level.low, level.high, top, f"s{at % 4}")
    if level.corrected is None or not _says_more(level, strained=strained):
        return Html(f'<span class="lane">{raw}</span>')
    fixed = level.corrected
    hollow = bar(fixed.share, fixed.low, fixed.high, top, f"s{at % 4} hollow")
    return Html(f'<span class="lane">{raw}</span><span class="lane thin">{hollow}</span>')


def bar(share: float, low: float | None, high: float | None, top: float, kind: str) -> Html:
    """A bar with its interval as a whisker; lengths are shares of `top`."""
    whisker = ""
    if low is not None and high is not None:
        start, end = 100 * low / top, min(100 * high / top, 100)
        whisker = f'<s style="left:{start:.2f}%;width:{max(end - start, 0):.2f}%"></s>'
    return Html(f'<i class="{kind}" style="width:{100 * share / top:.2f}%"></i>{whisker}')


def _said(level: Level | None, at: int, *, many: bool, strained: bool) -> Html:
    head = badge(at, 2) if many else Html("")
    if level is None:
        return Html(f'<span class="lane">{head}–</span>')
    raw = Html(f'<span class="lane">{head}{percent(level.share)}</span>')
    if level.corrected is None or not _says_more(level, strained=strained):
        return raw
    return Html(f'{raw}<span class="lane thin">≈ {percent(level.corrected.share)}</span>')


def _says_more(level: Level, *, strained: bool) -> bool:
    """Whether a level has a corrected share to show beside the one as labelled."""
    if level.corrected is None or strained:
        return False
    return max(level.share or 0.0, level.corrected.share) >= _NOTHING


def _unknown(column: Column, top: float) -> Html:
    many = len(column.reports) > 1
    bars, shares = [], []
    for at, one in enumerate(column.reports):
        share = one.unknown / max(one.known + one.unknown, 1) if one else None
        width = f"{min(100 * (share or 0.0) / top, 100):.2f}"
        bars.append(f'<span class="lane"><i class="none" style="width:{width}%"></i></span>')
        head = badge(at, 2) if many else ""
        shares.append(f'<span class="lane">{head}{percent(share)}</span>')
    return Html(
        f'<tr class="unknown"><th scope="row">unknown</th><td class="bar">{"".join(bars)}</td>'
        f'<td class="share">{"".join(shares)}</td></tr>'
    )


def _notes(column: Column, total: int) -> Iterator[Html]:
    """What is said beneath the bars."""
    if column.first.note:
        yield text(column.first.note)
    for at, one in enumerate(column.reports):
        head = badge(at, total)
        if one is None:
            yield Html(f"{head}not known of any face")
            continue
        if one.quartiles:
            low, middle, high = (_short(value) for value in one.quartiles)
            yield Html(f"{head}Median {middle}, middle half {low} to {high}.")
        if one.strained:
            yield Html(f"{head}The measured label errors do not fit these pictures: see the table.")


def _errors(column: Column, total: int) -> Iterator[Html]:
    """Where the correction for label error is from, or why there is none; behind the table."""
    for at, one in enumerate(column.reports):
        head = badge(at, total)
        if one is not None and one.confusion:
            yield Html(f"{head}Label error taken out with {text(one.confusion)}.")
        if one is not None and one.not_corrected:
            yield Html(f"{head}Not corrected: {text(one.not_corrected)}")
        for note in one.correction_notes if one is not None else ():
            yield Html(f"{head}{text(note[:1].upper() + note[1:])}")


def _short(value: float) -> str:
    digits = 2 if abs(value) < 10 and value != int(value) else 0
    return decimal(round(value, digits) + 0.0, digits)


def _table(column: Column, total: int) -> Html:
    shown = [(at, one) for at, one in enumerate(column.reports) if one is not None]
    has_corrected = any(level.corrected for _, one in shown for level in one.levels)
    heads = ["value", "faces", "share", "95 % interval"]
    heads += ["corrected", "95 % interval"] if has_corrected else []
    rows = [row for at, one in shown for row in _rows(one, at, total, has_corrected=has_corrected)]
    return numbers(heads, rows, f"{column.first.title}: shares of the faces whose value is known")


def _rows(
    one: AttributeReport, at: int, total: int, *, has_corrected: bool
) -> Iterator[list[Html]]:
    blank = [Html("")] * 2 if has_corrected else []
    for level in one.levels:
        cells = [
            Html(f"{badge(at, total)}{name(level.label)}"),
            number(level.count),
            Html(percent(level.share)),
            Html(interval(level.low, level.high)),
        ]
        fixed = level.corrected
        if fixed is not None:
            cells += [Html(percent(fixed.share)), Html(interval(fixed.low, fixed.high))]
        yield cells if fixed is not None else cells + blank
    if one.other_levels:
        rest = Html(f"{badge(at, total)}{one.other_levels:,} other values")
        share = percent(one.other_faces / max(one.known, 1))
        yield [rest, number(one.other_faces), Html(share), Html(""), *blank]
    share = percent(one.unknown / max(one.known + one.unknown, 1))
    unknown = Html(f"{badge(at, total)}unknown, of all faces")
    yield [unknown, number(one.unknown), Html(share), Html(""), *blank]
