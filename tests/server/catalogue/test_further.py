"""Further columns: what SQL counts of them, which are refused, how few are held."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from facewright.server.asking.filters import Filter
from facewright.server.asking.masks import Masks, known_of
from facewright.server.catalogue.catalogue import Catalogue
from facewright.server.catalogue.further import ColumnError
from facewright.server.catalogue.shelf import open_shelf
from facewright.store.dataset import Dataset
from helpers.serving import columns, write_served

ROWS = 120
FLAG = "SELECT CASE makeup.eye WHEN true THEN 'yes' WHEN false THEN 'no' END AS k FROM faces"
LISTED = """\
SELECT unnest(CASE WHEN accessories IS NULL THEN ['~'] WHEN accessories = [] THEN ['none']
ELSE [x.type FOR x IN accessories] END) AS k FROM faces"""


def own(rows: int, seed: int = 0) -> dict[str, Any]:
    types = (["glasses"], ["headwear", "glasses"], [], None)
    told = [types[n % 4] for n in range(rows)]
    return columns(rows, seed) | {
        "accessories": [
            None if each is None else [{"type": t, "confidence": 1.0} for t in each]
            for each in told
        ],
        "eye_state.left": [("open", "closed", None)[n % 3] for n in range(rows)],
        "blendshapes.jawOpen": [n / rows for n in range(rows)],
        "makeup.eye": [(True, False, None)[n % 3] for n in range(rows)],
        "index": [1 + n % 2 for n in range(rows)],
        "crop_hash": [f"{n:016x}" for n in range(rows)],
    }


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("further") / "faces"
    sizes = {"width": [100 + n % 3 for n in range(ROWS)], "title": [f"t{n}" for n in range(ROWS)]}
    return write_served(folder, ROWS, own=own(ROWS), of_photos=sizes)


@pytest.fixture(scope="module")
def whole(root: Path) -> Catalogue:
    return Catalogue.of([open_shelf(root, "faces")])


def counts(catalogue: Catalogue, name: str) -> dict[str, int]:
    column = catalogue.column(name)
    levels = dict(zip((*column.levels, "~"), column.counts.tolist(), strict=True))
    return {key: count for key, count in levels.items() if count}


def held(catalogue: Catalogue, query: str) -> int:
    mask = Masks(catalogue, Filter.from_query(query, known_of(catalogue))).whole
    assert mask is not None
    return int(mask.sum())


def asked(root: Path, sql: str) -> dict[str, int]:
    with Dataset.open(root).connect(whole=False) as db:
        counted = "SELECT coalesce(k::VARCHAR, '~'), count(*) FROM ({}) GROUP BY 1"
        return dict(db.sql(counted.format(sql)).fetchall())


@pytest.mark.parametrize(
    ("name", "sql"),
    [
        ("eye_state.left", "SELECT eye_state.left AS k FROM faces"),
        ("index", "SELECT index AS k FROM faces"),
        ("makeup.eye", FLAG),
        ("photo.width", "SELECT p.width AS k FROM faces JOIN photos p USING (photo_id)"),
        ("accessories.type", LISTED),
    ],
)
def test_counts_are_those_of_sql(root: Path, whole: Catalogue, name: str, sql: str) -> None:
    assert counts(whole, name) == asked(root, sql)


def test_numbers_are_cut_into_bins_that_are_the_ranges_they_name(whole: Catalogue) -> None:
    column = whole.column("blendshapes.jawOpen")
    assert column.kind == "bins"
    for level, count in zip(column.levels, column.counts.tolist(), strict=False):
        text = level.replace("<", "..") if level.startswith("<") else level
        text = f"{level[2:]}.." if level.startswith(">=") else text
        assert held(whole, f"blendshapes.jawOpen={text}") == count


def test_filters_take_several_values_exclusion_and_unknown(whole: Catalogue) -> None:
    of = counts(whole, "eye_state.left")
    assert held(whole, "eye_state.left=open&eye_state.left=~") == of["open"] + of["~"]
    assert held(whole, "not.eye_state.left=open") == len(whole) - of["open"]
    listed = counts(whole, "accessories.type")
    assert held(whole, "accessories.type=glasses") == listed["glasses"]
    assert held(whole, "accessories.type=headwear&accessories.type=none") == (
        listed["headwear"] + listed["none"]
    )
    assert held(whole, "not.accessories.type=glasses") == len(whole) - listed["glasses"]
    assert held(whole, "accessories.type=~") == listed["~"]


@pytest.mark.parametrize(
    "name", ["face_id", "crop_hash", "photo.title", "embedding", "landmarks.jaw", "photo.key"]
)
def test_what_cannot_be_listed_is_refused_with_a_reason(whole: Catalogue, name: str) -> None:
    with pytest.raises(ColumnError, match=f"^{name}: .+"):
        whole.column(name)


def test_columns_that_are_not_there_are_no_columns(whole: Catalogue) -> None:
    with pytest.raises(KeyError):
        whole.column("eye_state.middle")


def test_datasets_are_counted_together(root: Path, tmp_path: Path) -> None:
    other = write_served(tmp_path / "more", 40, own=own(40, 1) | {"face_id": _ids(40)})
    bare = write_served(tmp_path / "bare", 10, own={"face_id": _ids(10, "c")})
    shelves = [open_shelf(each, each.name) for each in (root, other, bare)]
    both = Catalogue.of(shelves)
    single = [Catalogue.of([shelf]) for shelf in shelves]
    for name in ("eye_state.left", "accessories.type", "index"):
        sums: dict[str, int] = {}
        for each in single:
            for key, count in counts(each, name).items():
                sums[key] = sums.get(key, 0) + count
        assert counts(both, name) == sums
    jaw = both.column("blendshapes.jawOpen")
    assert int(jaw.counts[-1]) == len(shelves[2])
    assert len(jaw.levels) == len(set(jaw.levels))


def test_few_columns_are_held(whole: Catalogue) -> None:
    names = [name for name, leaf in whole.further.leaves.items() if leaf.kind == "number"]
    assert len(names) > 40
    for name in names:
        whole.column(name)
    assert sum(map(whole.further.holds, names)) == 16
    assert whole.holds(names[-1])
    assert not whole.further.holds(names[0])


def test_empty_columns_are_known_without_reading_them(whole: Catalogue) -> None:
    empty = whole.further.empty
    assert {"eye_state.right", "gaze.yaw", "blendshapes.jawLeft"} <= empty
    assert not {"eye_state.left", "accessories.type", "photo.width", "blendshapes.jawOpen"} & empty


def _ids(rows: int, letter: str = "b") -> list[str]:
    return [f"{letter}{n:03d}" for n in range(rows)]
