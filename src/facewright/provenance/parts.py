"""Datasets as parts of a mix: their licences, their sets, and the photos that must stay out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pyarrow as pa

from facewright.provenance.mixing import Audience, Part, why_left_out
from facewright.provenance.naming import read_licence
from facewright.provenance.published import PUBLISHED, SetTerms
from facewright.provenance.shown import Shown
from facewright.store.dataset import Dataset


def part_of(dataset: Dataset, name: str, terms: Sequence[SetTerms] | None = None) -> Part:
    """A dataset's faces as a part of a mix.

    Args:
        dataset: its faces; photos that show none of them do not count.
        name: what its user calls it, for messages.
        terms: of the published sets that it is from; None guesses them by the layouts that its
            faces were imported from.
    """
    shown = Shown.of(dataset, dataset.face_ids)
    sets = terms_of(shown.layouts) if terms is None else tuple(terms)
    return Part(name, shown.photos_by_licence, sets)


def photos_left_out(photos: pa.Table, audience: Audience = Audience.PUBLIC) -> dict[str, str]:
    """Photos whose licence keeps them out of a dataset of crops, by id, with the reason.

    Args:
        photos: rows of the photos table.
        audience: to whom the dataset is to be passed on.
    """
    columns = ("photo_id", "licence", "licence_url")
    rows = zip(*(photos.column(name).to_pylist() for name in columns), strict=True)
    reasons = ((row[0], why_left_out(read_licence(*row[1:]), audience)) for row in rows)
    return {photo_id: reason for photo_id, reason in reasons if reason}


def terms_of(layouts: Iterable[str]) -> tuple[SetTerms, ...]:
    """Terms of the published sets that have these layouts.

    A layout is no proof: somebody's own pictures may lie in the layout of FFHQ. The documents
    say so, and `describe` takes the right terms from who knows them.
    """
    return tuple(PUBLISHED[name] for name in layouts if name in PUBLISHED)
