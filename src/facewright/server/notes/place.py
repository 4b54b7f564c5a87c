"""Where notes of a face belong: to a dataset, by its own id of the face.

A dataset is known by what it was made of and how its faces were found, not by where it lies: it
keeps its notes when its folder moves or is copied, when rules drop faces of it, and whatever else
is served with it. Public ids and names may differ from one server to the next.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from facewright.server.catalogue.catalogue import Catalogue
from facewright.server.catalogue.shelf import Shelf
from facewright.store.manifest import Manifest

_DIGITS = 20


@dataclass(frozen=True, slots=True)
class Place:
    """A face in its dataset.

    Attributes:
        dataset: key of the dataset, see `key_of`.
        face_id: as the dataset has it.
    """

    dataset: str
    face_id: str


def key_of(manifest: Manifest) -> str:
    """Key of a dataset: a digest of its source and of what its faces' ids follow from."""
    generator = "" if manifest.generator is None else manifest.generator.id
    detector = manifest.recipe.detector.model_dump_json()
    told = "\n".join((manifest.fingerprint, manifest.layout or "", generator, detector))
    return hashlib.sha256(told.encode()).hexdigest()[:_DIGITS]


def place_of(catalogue: Catalogue, row: int) -> Place:
    """Where notes of a face belong."""
    shelf, own = catalogue.shelf_of(row)
    return Place(key_of(shelf.manifest), own_id(shelf, own))


def own_id(shelf: Shelf, own: int) -> str:
    """A face's id in its dataset."""
    face_id: str = shelf.face_ids[own].as_py()
    return face_id


class Shown:
    """From places to the public ids of the faces that a catalogue shows.

    Args:
        catalogue: what is shown.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._shelves: Mapping[str, Sequence[Shelf]] = _by_key(catalogue.shelves)

    def public(self, place: Place) -> list[str]:
        """Public ids of a face: none where it is not shown, several where copies of it are."""
        shelves = self._shelves.get(place.dataset, ())
        found = (self._of(shelf, place.face_id) for shelf in shelves)
        return [face_id for face_id in found if face_id is not None]

    def _of(self, shelf: Shelf, face_id: str) -> str | None:
        catalogue = self._catalogue
        for public in (f"{face_id}@{shelf.name}", face_id):
            row = catalogue.ids.find(public)
            if row is not None:
                there, own = catalogue.shelf_of(row)
                if there is shelf and own_id(shelf, own) == face_id:
                    return public
        return None


def _by_key(shelves: Sequence[Shelf]) -> dict[str, list[Shelf]]:
    found: dict[str, list[Shelf]] = {}
    for shelf in shelves:
        found.setdefault(key_of(shelf.manifest), []).append(shelf)
    return found
