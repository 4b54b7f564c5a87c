"""What only the people who publish a dataset can say."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Publisher:
    """Who gives a dataset out. What is None is marked in the documents as still to be said.

    Attributes:
        name: a person or an institution.
        contact: an e-mail or web address for questions and for pictures to be removed.
        url: the page on which the dataset is found.
        date: on which it was published, YYYY-MM-DD.
        purpose: why it was made, in a sentence or two.
    """

    name: str | None = None
    contact: str | None = None
    url: str | None = None
    date: str | None = None
    purpose: str | None = None


def to_fill_in(what: str) -> str:
    """The mark at a place where the publisher has to say something."""
    return f"**To be filled in by the publisher:** {what}"
