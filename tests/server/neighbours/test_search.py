"""Searching several datasets, whose indexes outlive what rules do to them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from facewright.server.catalogue.catalogue import Catalogue
from facewright.server.catalogue.shelf import open_shelf
from facewright.server.neighbours import search
from facewright.server.neighbours.search import Neighbours
from facewright.store.tables import read_part, write_part
from helpers.serving import columns, write_served


def drop(root: Path, *face_ids: str) -> None:
    """What rules do: they write the tables again."""
    for path in sorted((root / "faces").iterdir()):
        table = read_part(path)
        kept = [face not in face_ids for face in table.column("face_id").to_pylist()]
        at = table.schema.get_field_index("kept")
        write_part(path, table.set_column(at, table.schema.field(at), pa.array(kept)))


def catalogue(root: Path) -> Catalogue:
    return Catalogue.of([open_shelf(root, root.name)])


def nearest(neighbours: Neighbours, root: Path, face_id: str, *without: str) -> list[str]:
    shown = catalogue(root)
    vector = neighbours.vector(shown, shown.ids.find(face_id) or 0)
    assert vector is not None
    mask = None
    if without:
        mask = np.ones(len(shown), np.bool_)
        mask[[shown.ids.find(each) for each in without]] = False
    found, exact = neighbours.search(shown, vector, 4, mask)
    assert exact
    return [shown.ids[each.row] for each in found]


def test_an_index_outlives_rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = {**columns(40), "kept": [True] * 40}
    root = write_served(tmp_path / "some", 40, own=own)
    neighbours = Neighbours(tmp_path / "indexes")
    first = nearest(neighbours, root, "f020")
    assert first[0] == "f020"

    def built_again(*_: object) -> None:
        pytest.fail("the index is made again")

    monkeypatch.setattr(search, "build", built_again)
    drop(root, first[1])
    assert nearest(neighbours, root, "f020")[:3] == [first[0], *first[2:]]
    assert nearest(neighbours, root, "f020", first[2])[1] == first[3]
    drop(root)
    assert nearest(Neighbours(tmp_path / "indexes"), root, "f020") == first


def test_another_making_has_another_index(tmp_path: Path) -> None:
    own = {**columns(10), "kept": [True] * 10}
    one = write_served(tmp_path / "one", 10, own=own)
    two = write_served(tmp_path / "two", 10, own=own)
    neighbours = Neighbours(tmp_path / "indexes")
    for root in (one, two, one):
        nearest(neighbours, root, "f003")
    assert len(list((tmp_path / "indexes").iterdir())) == 2
