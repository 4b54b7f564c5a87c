"""croissant.json: an export as Croissant 1.0, so that catalogues and loaders understand it.

Source: the Croissant format specification 1.0 and its RAI vocabulary 1.0 (MLCommons). Addresses
of files are relative to croissant.json, in a folder or an unpacked zip.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import pyarrow as pa

from facewright.provenance.croissant_fields import fields
from facewright.provenance.croissant_files import FileFact, divided, file_id, file_object
from facewright.provenance.licences import Licence
from facewright.provenance.publisher import Publisher

Json = dict[str, Any]

CONFORMS_TO: Final = (
    "http://mlcommons.org/croissant/1.0",
    "http://mlcommons.org/croissant/RAI/1.0",
)
# The context that the specification gives for version 1.0, in its order.
_CONTEXT: Final[Json] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}


@dataclass(frozen=True, slots=True)
class RecordFile:
    """A table of an export, whose rows become a record set.

    Attributes:
        path: of a Parquet, CSV or JSON Lines file that is among the files, with its sha256.
        record_set: what its records are called, "faces" or "photos".
        description: of the records.
        schema: its columns; those of a CSV or JSON Lines file by their flat names.
        key: column that tells records apart; None where none does.
        references: column to (record set, column) that it points to.
    """

    path: str
    record_set: str
    description: str
    schema: pa.Schema
    key: str | None = None
    references: tuple[tuple[str, tuple[str, str]], ...] = ()


def croissant(
    name: str,
    description: str,
    files: Sequence[FileFact],
    records: Sequence[RecordFile] = (),
    *,
    licences: Sequence[Licence] = (),
    cite: str = "",
    created: str | None = None,
    publisher: Publisher = Publisher(),  # noqa: B008 - frozen
    rai: Json | None = None,
) -> Json:
    """Describe an export as JSON-LD.

    Args:
        name: of the dataset.
        description: of the dataset, a sentence or two.
        files: all files but croissant.json itself.
        records: tables among them; one that is not among the files, or without a sha256, is
            left out.
        licences: on the dataset as a whole.
        cite: what to cite.
        created: when it was made, ISO 8601.
        publisher: who gives it out; what is None is left out, though the specification wants
            url, creator and datePublished of a dataset that is published.
        rai: properties of the RAI vocabulary, "rai:..." to text or list of texts.

    Returns:
        Plain JSON data, keys in a fixed order.
    """
    named, sets = divided(files)
    held = {each.path for each in named}
    about: Json = {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": list(CONFORMS_TO),
        "name": name,
        "description": description,
        "license": [each.url or f"{each.name} ({each.id})" for each in licences],
        "citeAs": cite,
        "version": "1.0.0",
        "dateCreated": created,
        **_published(publisher),
        **(rai or {}),
        "distribution": [*map(file_object, named), *sets],
        "recordSet": [_record_set(each) for each in records if each.path in held],
    }
    return {key: value for key, value in about.items() if value not in (None, "", [])}


def _published(publisher: Publisher) -> Json:
    who = {"@type": "sc:Organization", "name": publisher.name} if publisher.name else None
    return {
        "url": publisher.url,
        "creator": who,
        "publisher": who,
        "datePublished": publisher.date,
    }


def _record_set(table: RecordFile) -> Json:
    found = fields(table.schema, table.record_set, file_id(table.path))
    targets = dict(table.references)
    for field in found:
        if target := targets.get(field["name"]):
            field["references"] = {"field": {"@id": "/".join(target)}}
    about: Json = {
        "@type": "cr:RecordSet",
        "@id": table.record_set,
        "name": table.record_set,
        "description": table.description,
        "key": {"@id": f"{table.record_set}/{table.key}"} if table.key else None,
        "field": found,
    }
    return {key: value for key, value in about.items() if value is not None}
