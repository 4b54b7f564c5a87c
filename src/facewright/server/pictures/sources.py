"""Source photos: read again from where a dataset was made of, while that is still there."""

from __future__ import annotations

import logging
from typing import Final

from facewright.errors import FacewrightError
from facewright.limits import Limits
from facewright.server.catalogue.catalogue import Catalogue
from facewright.server.catalogue.memo import Memo
from facewright.server.catalogue.shelf import Shelf
from facewright.server.faces.records import photo_of
from facewright.sources.base import Entry, Source
from facewright.sources.opening import open_source

_LOG: Final = logging.getLogger(__name__)
_LIMITS: Final = Limits(min_side=1)
_MOST: Final = 16
_opened: Memo[tuple[str, str], tuple[Source, dict[str, Entry]] | None] = Memo(_MOST)


def photo_bytes(catalogue: Catalogue, row: int) -> bytes | None:
    """The file of a face's photo; None where it cannot be read any more.

    What is read is what the source lists under the key that the photo table holds; no path is
    made of anything that a request says.
    """
    photo = photo_of(catalogue, row)
    shelf, _ = catalogue.shelf_of(row)
    found = _opened.get((str(shelf.root), shelf.manifest.fingerprint), lambda: _open(shelf))
    if photo is None or found is None:
        return None
    source, entries = found
    entry = entries.get(photo["key"])
    if entry is None:
        return None
    try:
        return source.read(entry, _LIMITS)
    except FacewrightError as error:
        _LOG.info("photo %s: %s", photo["photo_id"], error)
        return None


def may_have_photo(catalogue: Catalogue, row: int) -> bool:
    """Whether what a face's photo was read from is still there; its files are not listed."""
    shelf, _ = catalogue.shelf_of(row)
    path = shelf.manifest.source_path
    return bool(path) and (shelf.root / path).exists()


def _open(shelf: Shelf) -> tuple[Source, dict[str, Entry]] | None:
    path = shelf.manifest.source_path
    if not path:
        return None
    try:
        source = open_source(shelf.root / path)
        return source, {entry.key: entry for entry in source.entries() if entry.problem is None}
    except FacewrightError as error:
        _LOG.info("the photos of %s: %s", shelf.name, error)
        return None
