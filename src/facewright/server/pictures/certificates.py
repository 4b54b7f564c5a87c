"""What a picture's file says of where it comes from: a mark, or a certificate (C2PA)."""

from __future__ import annotations

from typing import Any, Final

from facewright.provenance.marks import source_type
from facewright.server.catalogue.catalogue import Catalogue
from facewright.server.pictures.crops import Shards, crop_of

_C2PA: Final = bytes.fromhex("63327061 0011 0010 8000 00aa00389b71")
"""Type of the JUMBF box that holds a manifest store (C2PA 2.1, 11.1.4.2), in any container."""
_DETAILS: Final = {
    "unverified": "The file holds a certificate (C2PA); Facewright does not verify signatures.",
    "marked": "The file says so itself (IPTC digital source type); nobody signed it.",
    "none": "The file says nothing of where it comes from.",
}


def certificate_of(shards: Shards, catalogue: Catalogue, row: int) -> dict[str, Any]:
    """State of a face's main picture: unverified, marked or none; and the mark, where there is one.

    Raises:
        DatasetError: its shard cannot be read.
    """
    crop = crop_of(catalogue, row, None)
    data = b"" if crop is None else bytes(shards.bytes_of(crop))
    mark = source_type(data)
    state = "unverified" if _C2PA in data else "none" if mark is None else "marked"
    return {"state": state, "mark": mark, "detail": _DETAILS[state]}
