"""All that is told of one face."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from facewright.provenance.naming import read_licence
from facewright.server.catalogue.catalogue import Catalogue
from facewright.server.catalogue.shelf import Shelf
from facewright.server.faces.in_page import in_page
from facewright.server.faces.others import same_person, siblings
from facewright.server.faces.records import photo_of, record_of
from facewright.truth import TRUTH

_MOST_SHOWN: Final = 60


def told(catalogue: Catalogue, row: int) -> dict[str, Any]:
    """All that the face page shows, but for pictures and what visitors noted."""
    shelf, _ = catalogue.shelf_of(row)
    record, photo = record_of(catalogue, row), photo_of(catalogue, row)
    truth = record.pop(TRUTH, None)
    quads = {each["alignment"]: each["quad"] for each in record.pop("crops", None) or ()}
    synthetic = {"yes": True, "no": False}.get(catalogue.level("synthetic", row) or "")
    there, person = siblings(catalogue, row), same_person(catalogue, row)
    answer = {
        "id": catalogue.ids[row],
        "dataset": shelf.name,
        "record": record,
        "crops": [
            {**each, "quad": quads.get(each["alignment"])} for each in crops_of(catalogue, row)
        ],
        "photo": photo,
        "annotators": annotators(shelf),
        "attribution": attribution(photo, _maker(shelf), synthetic=synthetic is True),
        "synthetic": synthetic,
        "siblings": catalogue.ids.take(there),
        "sibling_faces": [in_page(catalogue, n) for n in there[:_MOST_SHOWN].tolist()],
        "person": catalogue.ids.take(person),
        "person_faces": [in_page(catalogue, n) for n in person[:_MOST_SHOWN].tolist()],
        "notice": shelf.manifest.notice,
    }
    return answer if truth is None else {**answer, "truth": truth}


def crops_of(catalogue: Catalogue, row: int) -> list[dict[str, Any]]:
    """Crops of a face, the main one first."""
    places = catalogue.places(row)
    return [{"alignment": place.alignment, "size": place.size} for place in places]


def annotators(shelf: Shelf) -> dict[str, str]:
    """Column to the id and version of the annotator that gave it."""
    return {
        column: f"{each.id} {each.version}"
        for each in shelf.manifest.annotators
        for column in each.columns
    }


def _maker(shelf: Shelf) -> str:
    use = shelf.manifest.generator
    return "" if use is None else f"{use.id} {use.version}"


def attribution(
    photo: Mapping[str, Any] | None, maker: str = "", *, synthetic: bool = False
) -> str:
    """A line to copy: title, author, licence and source, as far as they are known.

    Args:
        photo: row of the photo table.
        maker: the generator of a synthetic picture, "" where it is not known.
        synthetic: whether it is one.
    """
    if photo is None:
        return ""
    title, author, key = photo.get("title"), photo.get("author"), photo.get("key")
    if synthetic:
        what, author = "Synthetic face", maker or author
    else:
        what = f"“{title}”" if title else f"Photo {key}" if key and not author else "Photo"
    named = " by ".join(filter(None, (what, author)))
    licence = read_licence(photo.get("licence"), photo.get("licence_url"))
    url = photo.get("licence_url") or licence.url
    if photo.get("licence") or url:
        under = f"{photo.get('licence') or licence.name}{f' ({url})' if url else ''}"
    else:
        named, under = f"{named}, licence unstated", None
    return ". ".join(filter(None, (named, under, photo.get("source_url"))))
