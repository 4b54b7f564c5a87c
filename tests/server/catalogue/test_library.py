"""The library: datasets that grow are shown as they are, audited labels win."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np

from facewright.server.catalogue.catalogue import Label
from facewright.server.catalogue.library import Library
from helpers.serving import manifest, write_served


def test_a_dataset_that_is_being_built_grows(tmp_path: Path) -> None:
    whole = write_served(tmp_path / "whole", 60, parts=3)
    growing = tmp_path / "growing"
    shutil.copytree(whole, growing)
    for kind in ("faces", "photos"):
        (growing / kind / "part-00002.parquet").unlink()
    manifest(growing, 3, state="building").save(growing)
    library = Library([growing])
    library.refresh()
    before = library.catalogue
    assert before is not None
    assert not library.refresh()
    assert library.catalogue is before
    for kind in ("faces", "photos"):
        shutil.copy(whole / kind / "part-00002.parquet", growing / kind)
    assert library.refresh()
    after = library.catalogue
    assert after is not None
    assert len(after) > len(before)
    assert after.version != before.version
    assert len(before) == len(before.columns["sex"].codes)  # what is in use does not change


def test_audited_labels_win_over_estimates(tmp_path: Path) -> None:
    library = Library([write_served(tmp_path / "faces", 30)])
    library.refresh()
    plain = library.catalogue
    assert plain is not None
    first, second = plain.ids[0], plain.ids[1]
    labels = [
        Label("sex", first, "male"),
        Label("age", first, "34"),
        Label("glasses", second, "Monocle"),
        Label("sex", second, None),
        Label("nix", second, "x"),
        Label("sex", "nobody", "male"),
    ]
    library.label(labels, "1")
    shown = library.catalogue
    assert shown is not None
    assert shown.version != plain.version
    assert (shown.level("sex", 0), shown.level("age", 0)) == ("male", "30..40")
    assert shown.columns["age"].numbers[0] == 34
    assert (shown.level("sex", 1), shown.level("glasses", 1)) == (None, "Monocle")
    rest = slice(2, None)
    assert np.array_equal(shown.columns["sex"].codes[rest], plain.columns["sex"].codes[rest])
    library.label([], "2")
    assert library.catalogue.level("sex", 0) == plain.level("sex", 0)


def test_another_dataset_is_added(tmp_path: Path) -> None:
    library = Library([write_served(tmp_path / "one", 5, parts=1)])
    library.refresh()
    name = library.add(
        write_served(tmp_path / "more" / "one", 5, parts=1, own={"kept": [True] * 5})
    )
    assert name == "one-2"
    assert library.catalogue.columns["dataset"].levels == ("one", "one-2")
    assert library.add(tmp_path / "more" / "one") == "one-2"  # it is looked at again
    assert library.catalogue.columns["dataset"].levels == ("one", "one-2")
    library.remove(tmp_path / "more" / "one")
    assert library.catalogue.columns["dataset"].levels == ("one",)


def test_a_dataset_that_is_gone_does_not_keep_others_from_growing(tmp_path: Path) -> None:
    gone = write_served(tmp_path / "gone", 5, parts=1)
    grows = write_served(tmp_path / "grows", 12, parts=2, own={"kept": [True] * 12})
    (grows / "photos" / "part-00001.parquet").rename(tmp_path / "later")
    library = Library([gone, grows])
    library.refresh()
    before = len(library.catalogue)
    shutil.rmtree(gone)
    (tmp_path / "later").rename(grows / "photos" / "part-00001.parquet")
    assert library.refresh()
    assert len(library.catalogue) == before + 6
