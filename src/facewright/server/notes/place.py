"""Where notes of a face belong: to a dataset, by its own id of the face.

A dataset is known by where it lies, so that it keeps its notes whatever else is served with it;
public ids and names may differ from one server to the next.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from facewright.server.catalogue import Catalogue
from facewright.server.shelf import Shelf


@dataclass(frozen=True, slots=True)
class Place:
    """A face in its dataset.

    Attributes:
        dataset: key of the dataset, see `key_of`.
        face_id: as the dataset has it.
    """

    dataset: str
    face_id: str


def key_of(root: Path) -> str:
    """Key of a dataset: its folder's name, and a digest of where that lies."""
    resolved = root.resolve()
    digest = hashlib.sha256(str(resolved).encode("utf-8", "surrogateescape")).hexdigest()
    name = re.sub(r"[^A-Za-z0-9_-]+", "-", resolved.name)[:60] or "dataset"
    return f"{name}-{digest[:12]}"


def place_of(catalogue: Catalogue, row: int) -> Place:
    """Where notes of a face belong."""
    shelf, own = catalogue.shelf_of(row)
    return Place(key_of(shelf.root), own_id(shelf, own))


def own_id(shelf: Shelf, own: int) -> str:
    """A face's id in its dataset."""
    face_id: str = shelf.face_ids[own].as_py()
    return face_id
