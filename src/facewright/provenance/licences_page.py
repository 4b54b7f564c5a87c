"""LICENCES.md: every licence in an export with its counts, and what its user must do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from facewright.provenance.licences import Licence, Redistribution
from facewright.provenance.markdown import bullets, code, counted, escaped, link, page, table
from facewright.provenance.mixing import Mixed
from facewright.provenance.published import SetTerms
from facewright.provenance.publisher import Publisher, to_fill_in

_YES_NO: Final = {True: "yes", False: "no", None: "unknown"}
_LIMITS: Final = (
    "This page was written by a program from what is stated of each photo. It is not legal advice."
    " It speaks of copyright only: the people in the pictures have rights of their own (privacy,"
    " their likeness, data protection), which no licence of a photographer waives."
)
_NO_PICTURES: Final = (
    "No picture is in it, only records. This is what is stated of the photos that they describe."
)
_PASSING_ON: Final = {
    Redistribution.YES: "Allowed, under the duties below.",
    Redistribution.UNCLEAR: "**Unclear** for at least a part of it: see the notes below.",
    Redistribution.INSTITUTION: "**Only within the institution.**",
    Redistribution.NO: "**Not allowed.**",
}


def licences_page(
    title: str,
    mixed: Mixed,
    faces: Mapping[Licence, int],
    publisher: Publisher,
    *,
    guessed: bool = False,
    pictures: bool = True,
) -> bytes:
    """The page.

    Args:
        title: of the dataset.
        mixed: its terms.
        faces: number of faces by licence of their photo.
        publisher: who gives it out.
        guessed: the sets that it was taken from are told by layouts alone.
        pictures: whether it has any, or records only.
    """
    return page(
        f"# Licences of {escaped(title)}",
        _LIMITS,
        "## In short",
        bullets(_in_short(mixed)),
        "## The photos",
        "" if pictures else _NO_PICTURES,
        _photos(mixed, faces),
        "## What you must do",
        bullets([*(_must_with_pictures(mixed) if pictures else ()), *_must(mixed)]),
        *_notes_on(mixed),
        *_sets(mixed.terms, guessed=guessed),
        "## Removal",
        _removal(mixed.terms, publisher),
    )


def _in_short(mixed: Mixed) -> Iterator[str]:
    whole = mixed.licence
    asked = f", as {' and '.join(each.name for each in mixed.terms)} ask" if mixed.terms else ""
    asked = f"{asked}s" if len(mixed.terms) == 1 else asked
    note = f" {escaped(whole.note)}" if whole.note else ""
    yield f"Dataset as a whole: {_named(whole)}{escaped(asked)}.{note}"
    yield f"Passing it on: {_PASSING_ON[mixed.redistribution]}"
    yield f"Commercial use: {_commercial(mixed)}"
    yield from map(escaped, mixed.statements)


def _commercial(mixed: Mixed) -> str:
    if mixed.licence.non_commercial and mixed.terms:
        return "**not allowed** for the dataset as a whole."
    limited = sum(n for each, n in mixed.images.items() if each.non_commercial)
    unknown = sum(n for each, n in mixed.images.items() if each.non_commercial is None)
    if not (limited or unknown):
        return "allowed."
    said = [f"not of {counted(limited, 'photo')}"] if limited else []
    said += [f"unknown for {counted(unknown, 'photo')}"] if unknown else []
    return f"{', '.join(said)}; allowed of the others." if len(mixed.images) > 1 else (
        "**not allowed.**" if limited else "unknown."
    )  # fmt: skip


def _photos(mixed: Mixed, faces: Mapping[Licence, int]) -> str:
    heads = (
        "licence", "id", "photos#", "faces#", "name the author", "say what was changed",
        "non-commercial only", "same licence for adaptations", "pass on",
    )  # fmt: skip
    return table(
        heads,
        (
            (
                _named(each),
                code(each.id),
                f"{number:,}",
                f"{faces.get(each, 0):,}",
                *(_YES_NO[answer] for answer in _answers(each)),
                "not as crops" if each.no_derivatives else each.redistribution.value,
            )
            for each, number in mixed.images.items()
        ),
    )


def _answers(licence: Licence) -> tuple[bool | None, ...]:
    return (
        licence.attribution,
        licence.state_changes,
        licence.non_commercial,
        licence.share_alike,
    )


def _must_with_pictures(mixed: Mixed) -> Iterator[str]:
    if any(each.attribution for each in mixed.images):
        yield (
            "**Name the author, title, source and licence** of each picture that you show or pass"
            " on. `ATTRIBUTION.csv` has a line for each file; when you pass pictures on, pass"
            " their lines on with them."
        )
    if any(each.state_changes for each in mixed.images):
        yield "**Say what was changed.** The column `changes` has it; add what you change."
    for each in mixed.images:
        if each.share_alike:
            yield f"**Keep {escaped(each.name)}** on its pictures, and on what you make of them."
    if any(not each.is_known for each in mixed.images):
        yield (
            "**Ask first** before you use pictures whose licence is unstated or could not be read."
        )


def _must(mixed: Mixed) -> Iterator[str]:
    every = [mixed.licence, *mixed.images] if mixed.terms else list(mixed.images)
    if any(each.non_commercial for each in every):
        yield "**Keep what is non-commercial out of commercial work**, as told above."
    if mixed.licence.share_alike and mixed.terms:
        yield (
            f"**Pass adaptations of the dataset on under {escaped(mixed.licence.name)}** only: its"
            " selection, labels and metadata. Pictures keep theirs."
        )
    for terms in mixed.terms:
        yield f"**Cite {escaped(terms.name)}:** {escaped(terms.cite)}."
    yield "**Keep this page, `ATTRIBUTION.csv` and `DATASHEET.md`** with it."


def _notes_on(mixed: Mixed) -> Iterator[str]:
    notes = [
        f"{escaped(each.name)} ({counted(number, 'photo')}): {escaped(each.note)}"
        for each, number in mixed.images.items()
        if each.note
    ]
    if notes:
        yield "## Notes on these licences"
        yield bullets(notes)


def _sets(terms: tuple[SetTerms, ...], *, guessed: bool) -> Iterator[str]:
    if not terms:
        return
    yield "## Sets that it was taken from"
    if guessed:
        yield (
            "Photos were read from files in the layout of these sets. If they are those sets' own,"
            " these terms hold; if they are other pictures in the same layout, they do not."
        )
    rows = (
        (link(each.name, each.url), _named(each.licence), escaped(_notes(each))) for each in terms
    )
    yield table(("set", "terms of the whole", "note"), rows)


def _notes(terms: SetTerms) -> str:
    return " ".join(filter(None, (terms.licence.note, terms.note)))


def _removal(terms: tuple[SetTerms, ...], publisher: Publisher) -> str:
    lines = [
        f"To have a picture of yours, or of you, removed, write to {escaped(publisher.contact)}."
        if publisher.contact
        else to_fill_in(
            "whom to write to, so that people and authors can have a picture removed, and how"
            " soon it is done."
        )
    ]
    lines += [
        f"For {escaped(each.name)} itself: {escaped(each.removal)}."
        for each in terms
        if each.removal
    ]
    return bullets(lines)


def _named(licence: Licence) -> str:
    return link(licence.name, licence.url)
