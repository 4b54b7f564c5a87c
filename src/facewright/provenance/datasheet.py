"""DATASHEET.md: the questions of Gebru et al., answered from the data where the data can answer.

Source of the questions: T. Gebru et al., Datasheets for Datasets, CACM 2021, arXiv:1803.09010;
here in short. What no program can know is marked for the publisher, never guessed.
"""

from __future__ import annotations

from collections.abc import Iterator

from facewright.provenance.datasheet_contents import Answer, composition, preprocessing
from facewright.provenance.facts import Facts
from facewright.provenance.licences import Redistribution
from facewright.provenance.markdown import escaped, link, page
from facewright.provenance.publisher import to_fill_in


def datasheet(facts: Facts) -> bytes:
    """The page.

    Args:
        facts: of the export.
    """
    sections = (
        ("Motivation", _motivation(facts)),
        ("Composition", composition(facts)),
        ("Collection", _collection(facts)),
        ("Preprocessing, cleaning, labelling", preprocessing(facts)),
        ("Uses", _uses(facts)),
        ("Distribution", _distribution(facts)),
        ("Maintenance", _maintenance(facts)),
    )
    blocks = [f"# Datasheet of {escaped(facts.title)}", _opening(facts)]
    for title, answers in sections:
        blocks.append(f"## {title}")
        for question, answer in answers:
            blocks += [f"**{question}**", answer]
    return page(*blocks)


def _opening(facts: Facts) -> str:
    return (
        f"Written by Facewright {escaped(facts.manifest.facewright)} from the data, in the"
        " questions of [Datasheets for Datasets](<https://arxiv.org/abs/1803.09010>)."
    )


def _motivation(facts: Facts) -> Iterator[Answer]:
    purpose = facts.publisher.purpose
    yield (
        "Why was it made?",
        escaped(purpose) if purpose else to_fill_in("what for, and what was missing before."),
    )
    name = facts.publisher.name
    yield (
        "Who made it, and who paid?",
        f"{escaped(name)}." if name else to_fill_in("names, institution, funding."),
    )


def _collection(facts: Facts) -> Iterator[Answer]:
    read = ", ".join(f"{name} ({n:,} faces)" for name, n in facts.layouts.items())
    origin = f" Read from the layouts: {escaped(read)}." if read else ""
    yield (
        "Where are the photos from?",
        (
            f"From: {escaped(facts.source)}.{origin} `ATTRIBUTION.csv` names author, source and"
            " date of retrieval of each photo where its source told them."
        ),
    )
    yield "Who collected them, when, and how?", to_fill_in("people, dates, search terms, tools.")
    yield (
        "Were the people shown asked, and was there an ethical review?",
        to_fill_in("consent, legal basis, review. A licence of the photographer is no consent."),
    )


def _uses(facts: Facts) -> Iterator[Answer]:
    yield (
        "What may it be used for?",
        (
            "To train and to test models that make, align or describe faces, and to look for gaps"
            " and bias in sets of faces, as far as the licences allow."
        ),
    )
    notes = [escaped(each.note) for each in facts.terms.terms if each.note]
    yield (
        "What must it not be used for?",
        " ".join(
            [
                (
                    "To identify people, to judge or to watch them; to decide anything about a"
                    " person by an attribute that is here. A model that learns from it will know"
                    " some groups worse than others: see the distributions above."
                ),
                *notes,
            ]
        ),
    )


def _distribution(facts: Facts) -> Iterator[Answer]:
    whole = facts.terms.licence
    allowed = {
        Redistribution.YES: "It may be passed on under the terms in `LICENCES.md`.",
        Redistribution.UNCLEAR: "**Whether it may be passed on is unclear**: see `LICENCES.md`.",
        Redistribution.INSTITUTION: "**It may be passed on only within the institution.**",
        Redistribution.NO: "**It may not be passed on.**",
    }[facts.terms.redistribution]
    yield (
        "Under which licence, and to whom?",
        f"As a whole: {link(whole.name, whole.url)}. {allowed}",
    )
    url, date = facts.publisher.url, facts.publisher.date
    yield (
        "Where, and since when?",
        f"{escaped(url)}{f', since {escaped(date)}' if date else ''}."
        if url
        else to_fill_in("address, DOI, date of publication."),
    )


def _maintenance(facts: Facts) -> Iterator[Answer]:
    contact = facts.publisher.contact
    yield (
        "Who looks after it, and how are they reached?",
        f"{escaped(contact)}." if contact else to_fill_in("a person or office, and an address."),
    )
    yield (
        "How is a picture taken down?",
        (f"Write to {escaped(contact)}. " if contact else "")
        + to_fill_in(
            "how soon, how those who already have a copy are told, and how often sources are"
            " checked for photos that were withdrawn or got another licence."
        ),
    )
    yield "Will there be new versions?", to_fill_in("when, and whether old ones stay.")
