"""The four documents that go out with every export, from the data."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from itertools import repeat
from typing import Final

import pyarrow as pa

from facewright.provenance.attribution import attribution_csv, attribution_rows
from facewright.provenance.croissant import RecordFile, croissant
from facewright.provenance.croissant_fields import LAYOUT_NAME
from facewright.provenance.croissant_files import FileFact, holds_pictures, mime_of
from facewright.provenance.datasheet import datasheet
from facewright.provenance.facts import Facts, gather
from facewright.provenance.licences_page import licences_page
from facewright.provenance.mixing import as_it_is
from facewright.provenance.parts import terms_of
from facewright.provenance.published import SetTerms
from facewright.provenance.publisher import Publisher
from facewright.provenance.rai import rai
from facewright.provenance.shown import Shown
from facewright.record import Record
from facewright.schema import arrow_schema
from facewright.store.dataset import Dataset
from facewright.store.tables import HEAVY

FACES: Final = "facewright/faces.parquet"
PHOTOS: Final = "facewright/photos.parquet"


def describe(
    dataset: Dataset,
    files: Sequence[FileFact],
    layout_name: str,
    names: Sequence[str],
    *,
    title: str | None = None,
    crop: str | None = None,
    changes: Sequence[str] = (),
    terms: Sequence[SetTerms] | None = None,
    publisher: Publisher = Publisher(),  # noqa: B008 - frozen
) -> dict[str, bytes]:
    """Describe an export.

    Args:
        dataset: the faces that go out, in order.
        files: what was written, the sidecar included; `sha256` matters for the sidecar's tables.
        layout_name: of the layout.
        names: of each face in the layout; "" for one that the layout leaves out.
        title: of the dataset; None for its folder's name.
        crop: alignment, or alignment and size, of the pictures; None for the main ones.
        changes: what the export did to pictures besides, as "resampled" or "mirrored".
        terms: of the published sets that the photos are from; None guesses them by the layouts
            that the faces were imported from, () says that they are from none.
        publisher: who gives it out.

    Returns:
        "croissant.json", "DATASHEET.md", "LICENCES.md" and "ATTRIBUTION.csv" with their bytes.

    Raises:
        UsageError: there are more or fewer names than faces.
    """
    shown = Shown.of(dataset, names)
    sets = terms_of(shown.layouts) if terms is None else tuple(terms)
    pictures = holds_pictures(files)
    facts = gather(
        shown,
        as_it_is(shown.photos_by_licence, sets),
        dataset.manifest,
        title=title or dataset.root.resolve().name,
        layout=layout_name,
        crop=crop,
        changes=changes,
        pictures=pictures,
        publisher=publisher,
    )
    contacts = _contacts(shown, sets, publisher)
    rows = attribution_rows(shown, contacts, crop=crop, further=changes, pictures=pictures)
    pages = {
        "DATASHEET.md": datasheet(facts),
        "LICENCES.md": licences_page(
            facts.title,
            facts.terms,
            shown.faces_by_licence,
            publisher,
            guessed=terms is None,
            pictures=pictures,
        ),
        "ATTRIBUTION.csv": b"".join(attribution_csv(rows)),
    }
    everything = [*files, *(file_fact(path, data) for path, data in pages.items())]
    about = _croissant(facts, everything, shown)
    return {
        "croissant.json": json.dumps(about, indent=2, ensure_ascii=False).encode() + b"\n"
    } | pages


def _contacts(shown: Shown, sets: Sequence[SetTerms], publisher: Publisher) -> Iterable[str]:
    """Whom to write to about each face: the publisher, else who gave its set out, else ""."""
    if publisher.contact or len(sets) <= 1:
        only = publisher.contact or "".join(each.removal for each in sets)
        return repeat(only, len(shown))
    known = {each.id: each.removal for each in sets}
    return (known.get(layout or "", "") for layout in shown.layout_of_each)


def file_fact(path: str, data: bytes | memoryview) -> FileFact:
    """Fact of a file whose bytes are at hand."""
    return FileFact(path, hashlib.sha256(data).hexdigest(), len(data), mime_of(path))


def _croissant(facts: Facts, files: Sequence[FileFact], shown: Shown) -> dict[str, object]:
    whole = facts.terms.licence
    own = () if facts.terms.terms else tuple(facts.terms.images)
    return croissant(
        facts.title,
        f"{facts.faces:,} faces from {facts.photos:,} photos in the layout {facts.layout}, with a"
        " record of apparent attributes for each. See DATASHEET.md and LICENCES.md.",
        files,
        _records(shown),
        licences=own if whole.url is None and own else (whole,),
        cite="; ".join(each.cite for each in facts.terms.terms),
        created=facts.manifest.created,
        publisher=facts.publisher,
        rai=rai(facts),
    )


def _records(shown: Shown) -> tuple[RecordFile, RecordFile]:
    repeats = len(set(shown.names)) < len(shown.names)
    return (
        RecordFile(
            FACES,
            "faces",
            "One record a face. The column layout_name tells where it is in the layout; the map"
            " null_reasons (why a value is null) is in the file, though not described here.",
            _face_schema(shown.faces.schema),
            key=None if repeats else LAYOUT_NAME.name,
            references=(("photo_id", ("photos", "photo_id")),),
        ),
        RecordFile(
            PHOTOS,
            "photos",
            "One record a photo: its provenance, licence and measures.",
            shown.photos.schema,
            key="photo_id",
        ),
    )


def _face_schema(read: pa.Schema) -> pa.Schema:
    """Columns of the sidecar's faces: those that were read, the long ones and the name."""
    record = arrow_schema(Record)
    own = [field for field in read if field.name not in record.names]
    return pa.schema([*(f for f in record if f.name in {*read.names, *HEAVY}), *own, LAYOUT_NAME])
