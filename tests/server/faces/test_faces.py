"""One face: who else is there, and how its photo is credited."""

from __future__ import annotations

from pathlib import Path

from facewright.server.catalogue.catalogue import Catalogue
from facewright.server.catalogue.shelf import open_shelf
from facewright.server.faces.others import siblings
from facewright.server.faces.told import attribution, told
from helpers.serving import columns, write_served


def test_siblings_are_the_other_faces_of_the_photo(tmp_path: Path) -> None:
    own = {**columns(6), "photo_id": list("aabbba"), "kept": [True, False, True, True, True, True]}
    catalogue = Catalogue.of([open_shelf(write_served(tmp_path / "d", 6, own=own), "d")])
    found = {catalogue.ids[n]: catalogue.ids.take(siblings(catalogue, n)) for n in range(5)}
    assert found["f000"] == ["f005"]
    assert found["f003"] == ["f002", "f004"]


def test_attribution_names_what_is_known() -> None:
    photo = {
        "title": "Portrait",
        "author": "A. Person",
        "licence": "CC BY 4.0",
        "licence_url": "https://creativecommons.org/licenses/by/4.0/",
        "source_url": "https://example.org/1",
    }
    assert attribution(photo) == (
        "“Portrait” by A. Person. CC BY 4.0 (https://creativecommons.org/licenses/by/4.0/)."
        " https://example.org/1"
    )
    assert attribution(None) == ""
    assert attribution({"key": "a/b.jpg"}) == "Photo a/b.jpg, licence unstated"
    made = {"author": "synthetic (head3d)", "licence": "CC0-1.0", "key": "000001"}
    url = "https://creativecommons.org/publicdomain/zero/1.0/"
    told_of = attribution(made, "head3d 1", synthetic=True)
    assert told_of == f"Synthetic face by head3d 1. CC0-1.0 ({url})"


def test_rows_are_found_where_rules_dropped_others(catalogue: Catalogue) -> None:
    for row in range(0, len(catalogue), 7):
        assert told(catalogue, row)["record"]["face_id"] == catalogue.ids[row]
