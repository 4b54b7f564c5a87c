"""What files say of where they come from."""

from __future__ import annotations

from pathlib import Path

from facewright.provenance.marks import RENDERED
from facewright.server.catalogue.catalogue import Catalogue
from facewright.server.catalogue.shelf import open_shelf
from facewright.server.pictures.certificates import certificate_of
from facewright.server.pictures.crops import Shards
from helpers.serving import write_served


def test_states(tmp_path: Path, catalogue: Catalogue) -> None:
    root = write_served(tmp_path / "made", 3, generator="head3d")
    made = Catalogue.of([open_shelf(root, "made")])
    told = certificate_of(Shards(), made, 0)
    assert (told["state"], told["mark"]) == ("marked", RENDERED)
    assert certificate_of(Shards(), catalogue, 0)["state"] == "none"
