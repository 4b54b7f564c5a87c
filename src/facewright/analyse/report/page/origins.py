"""Licences, authors, copies, losses, and who estimated what."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from facewright.analyse.markup import Html, details, join, name, number, text
from facewright.analyse.markup import table as list_table
from facewright.analyse.report.model import Loss, Named, SetReport
from facewright.analyse.report.page.elements import paragraph, set_name
from facewright.analyse.report.wording import percent, plural

_FEW: Final = 8
_UNSTATED: Final = Html("<em>not stated</em>")


def each_set(sets: Sequence[SetReport], part: Callable[[SetReport], Html]) -> Html:
    """A part of every dataset, under its name where there are several."""
    return join(join([_head(one, at, len(sets)), part(one)]) for at, one in enumerate(sets))


def _head(one: SetReport, at: int, total: int) -> Html:
    return Html(f"<h3>{set_name(one.name, at, total)}</h3>") if total > 1 else Html("")


def licences(one: SetReport) -> Html:
    """Licences of the faces' photos, and their authors."""
    if not one.licences and not one.authors:
        return paragraph(Html("The table names neither licences nor authors."))
    parts = [_names(one.licences, "licence"), _names(one.authors, "author")]
    return Html(f'<div class="two">{join(parts)}</div>')


def _names(found: Sequence[Named], what: str) -> Html:
    total = sum(one.photos for one in found)
    rows = [
        (
            name(one.name) if one.name else _UNSTATED,
            number(one.photos),
            Html(percent(one.photos / max(total, 1))),
        )
        for one in found
    ]
    heads = (what, "photos", "share")
    few = list_table(heads, rows[:_FEW], f"{what}s")
    rest = rows[_FEW:]
    if not rest:
        return Html(f"<div>{few}</div>")
    more = details(Html(f"{len(rest)} more"), list_table(heads, rest, f"more {what}s"))
    return Html(f"<div>{few}{more}</div>")


def copies(one: SetReport) -> Html:
    """Copies as far as the tables tell, and how to find the others."""
    rows = [
        (
            text(each.kind),
            number(each.groups),
            number(each.faces),
            join((join(map(name, group), " = ") for group in each.examples), "; "),
        )
        for each in one.duplicates
    ]
    heads = ("kind", "groups", "in all", "for example")
    found = list_table(heads, rows, "duplicates") if rows else Html("")
    command = (
        f"<code>facewright duplicates {text(one.name)}</code> finds near copies and the same face,"
        " and keeps the best."
        if one.kind == "dataset"
        else "A bare table has no pictures in which to look for duplicates."
    )
    return Html(f"{found}{paragraph(Html(command))}")


def losses(one: SetReport) -> Html:
    """Photos excluded and faces dropped, by reason."""
    if one.kind == "table":
        return paragraph(Html("A bare table does not tell what was left out."))
    photos = _losses(one.excluded, "photos", "No photo was excluded.")
    faces = _losses(one.dropped, "faces", "No face was dropped.")
    return Html(f"<h4>Photos excluded</h4>{photos}<h4>Faces dropped</h4>{faces}")


def _losses(found: Sequence[Loss], what: str, nothing: str) -> Html:
    if not found:
        return paragraph(Html(nothing))
    rows = [
        (
            Html(f"<code>{text(one.reason)}</code>"),
            text(one.meaning),
            number(one.number),
            join(map(name, one.examples), ", "),
        )
        for one in found
    ]
    return list_table(("reason", "meaning", what, "for example"), rows, f"{what} by reason")


def makers(one: SetReport) -> Html:
    """Which annotator, of which weights, estimated which columns."""
    if not one.makers:
        return paragraph(Html("Nobody is named: the values are as the table states them."))
    rows = [
        (
            Html(f"<code>{text(each.id)}</code> {text(each.version)}"),
            join((Html(f"<code>{text(model)}</code>") for model in each.models), "<br>")
            or Html("none"),
            _columns(each.columns),
        )
        for each in one.makers
    ]
    return list_table(("annotator", "weights (sha256)", "columns"), rows, "annotators")


def _columns(columns: Sequence[str]) -> Html:
    if columns == ("*",):
        return Html("all that its files state")
    shown = join((Html(f"<code>{text(column)}</code>") for column in columns), " ")
    if len(columns) <= _FEW:
        return shown
    return details(Html(plural(len(columns), "column")), shown)
