"""The numbers of a report against counts by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from facewright.analyse.report.files import as_json
from facewright.analyse.report.measure import measure
from facewright.analyse.report.model import AttributeReport, Report, SetReport
from facewright.analyse.report.study import Settings
from facewright.attributes.face_table import FaceTable
from facewright.engine.tabling import open_table
from facewright.errors import UsageError
from facewright.store.dataset import Dataset
from facewright.store.manifest import Manifest

PEOPLE = [("female", 30, "yes")] * 5 + [("female", 70, "no")] * 2 + [("male", 30, "no")] * 3


def table(path: Path, rows: list[tuple[Any, ...]], head: str = "sex,age,hat") -> FaceTable:
    path.write_text("\n".join([head, *(",".join(map(str, row)) for row in rows)]) + "\n")
    return open_table(path)


def report(*tables: FaceTable, **settings: Any) -> Report:
    return measure(tables, Settings(**settings)).report


@pytest.fixture
def people(tmp_path: Path) -> SetReport:
    return report(table(tmp_path / "people.csv", [*PEOPLE, ("", 10, "")])).sets[0]


def named(one: SetReport, name: str) -> AttributeReport:
    return next(each for each in one.attributes if each.name == name)


def test_shares_are_of_known_faces_with_intervals(people: SetReport) -> None:
    sex = named(people, "sex")
    assert (sex.known, sex.unknown) == (10, 1)
    assert [(level.key, level.count, level.share) for level in sex.levels] == [
        ("female", 7, 0.7),
        ("male", 3, 0.3),
    ]
    female = sex.levels[0]
    assert (female.low, female.high) == (
        pytest.approx(0.3968, abs=1e-4),
        pytest.approx(0.8922, abs=1e-4),
    )


def test_a_users_own_column_is_counted(people: SetReport) -> None:
    hat = named(people, "hat")
    assert {level.key: level.count for level in hat.levels} == {"yes": 5, "no": 5}
    assert hat.group == "own"


def test_intersections_against_a_uniform_target(people: SetReport) -> None:
    found = people.crossing
    assert found is not None
    assert found.attributes == ("sex", "age_group")
    assert (found.counted, found.unknown, len(found.cells)) == (10, 1, 6)
    cells = {cell.keys: cell for cell in found.cells}
    assert cells["female", "adult"].count == 5
    assert cells["female", "adult"].difference == pytest.approx(0.5 - 1 / 6)
    assert cells["male", "child"].share == 0.0
    assert found.total_variation == pytest.approx((0.5 - 1 / 6) + (0.2 - 1 / 6) + (0.3 - 1 / 6))
    assert found.chi_square is not None
    expected = 10 / 6
    counts = np.array([5, 2, 3, 0, 0, 0])
    assert found.chi_square.statistic == pytest.approx(((counts - expected) ** 2 / expected).sum())
    assert found.chi_square.degrees == 5
    assert "none was given" in found.target


def test_the_largest_gap_is_said_first(people: SetReport) -> None:
    assert people.findings[0].startswith("Largest gap: female · adult has 50.0 % of the faces")


def test_a_target_in_words_and_chosen_attributes(tmp_path: Path) -> None:
    told = table(tmp_path / "t.csv", PEOPLE)
    (one,) = report(told, target="50 % women, 50 % men").sets
    assert one.crossing is not None
    assert one.crossing.attributes == ("sex",)
    assert [cell.expected for cell in one.crossing.cells] == [0.5, 0.5]
    assert one.crossing.total_variation == pytest.approx(0.2)
    (other,) = report(told, by=("hat", "sex")).sets
    assert other.crossing is not None
    assert other.crossing.attributes == ("hat", "sex")


def test_an_unknown_column_is_named_with_its_neighbours(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"agegroup.*age_group"):
        report(table(tmp_path / "t.csv", PEOPLE), by=("agegroup",))


def test_too_many_intersections_are_refused(tmp_path: Path) -> None:
    rows = [(f"a{n}", f"b{n}") for n in range(200)]
    with pytest.raises(UsageError, match=r"x,y: 40,000 intersections"):
        report(table(tmp_path / "t.csv", rows, "x,y"), by=("x", "y"))


def test_an_all_null_column_is_left_out_and_said(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("sex,glasses\nfemale,\nmale,\n")
    (one,) = report(open_table(path), by=("sex", "glasses")).sets
    assert one.crossing is not None
    assert one.crossing.attributes == ("sex",)
    assert one.crossing.left_out == {"glasses": "no face has a value"}
    assert any("glasses" in said for said in one.missing)


def test_nothing_known_at_all(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("face_id,sex\na,\nb,\n")
    (one,) = report(open_table(path)).sets
    assert one.crossing is None
    assert any(said.startswith("No intersections") for said in one.missing)
    assert any(said.startswith("No pose density") for said in one.missing)


def test_one_row(tmp_path: Path) -> None:
    (one,) = report(table(tmp_path / "t.csv", PEOPLE[:1])).sets
    assert one.counts.analysed == 1
    assert one.pairs == ()
    assert one.crossing is not None
    assert one.crossing.counted == 1


def test_a_column_of_thousands_of_texts_is_cut_short(tmp_path: Path) -> None:
    rows = [(f"city {n % 2000}",) for n in range(4001)]
    (one,) = report(table(tmp_path / "t.csv", rows, "city")).sets
    city = named(one, "city")
    assert len(city.levels) == 100
    assert city.levels[0].key == "city 0"
    assert city.other_levels == 1900
    assert city.other_faces + sum(level.count for level in city.levels) == 4001


def test_pairs_find_what_goes_together(tmp_path: Path) -> None:
    rows = [("a", "x", n % 2) for n in range(50)] + [("b", "y", n % 2) for n in range(49)]
    rows.append(("b", "x", 0))
    (one,) = report(table(tmp_path / "t.csv", rows, "first,second,toss")).sets
    strongest = one.pairs[0]
    assert {strongest.a, strongest.b} == {"first", "second"}
    assert strongest.cramers_v == pytest.approx(0.98, abs=0.01)
    weakest = one.pairs[-1]
    assert weakest.cramers_v == pytest.approx(0.0, abs=0.02)
    assert not any(pair.same_source for pair in one.pairs)


def test_two_cuts_of_one_column_are_no_finding(tmp_path: Path) -> None:
    rows = [(yaw, "yes" if yaw > 20 else "no") for yaw in range(-40, 41) for _ in range(3)]
    told = table(tmp_path / "t.csv", rows, "head_pose.yaw,smile_said")
    (one,) = report(told).sets
    (pair,) = one.pairs
    assert {pair.a, pair.b} == {"pose", "smile_said"}


# -- label error --------------------------------------------------------------------------


def test_an_audit_corrects_shares(tmp_path: Path) -> None:
    """60 of 100 read as female; of 20 checked, each sex is read right 9 times of 10."""
    rows = [(f"f{n}", "female" if n < 60 else "male") for n in range(100)]
    told = table(tmp_path / "t.csv", rows, "face_id,sex")
    lines = ["face_id,sex"]
    lines += [f"f{n},{'female' if n < 9 else 'male'}" for n in range(10)]
    lines += [f"f{n + 60},{'male' if n < 9 else 'female'}" for n in range(10)]
    audit = tmp_path / "audit.csv"
    audit.write_text("\n".join(lines) + "\n")
    (one,) = report(told, audit=audit).sets
    sex = named(one, "sex")
    female = sex.levels[0]
    assert female.share == 0.6
    assert female.corrected is not None
    assert female.corrected.share == pytest.approx((0.6 - 0.1) / 0.8)  # Rogan and Gladen
    assert female.corrected.low < female.corrected.share < female.corrected.high
    assert sex.confusion is not None
    assert "audit.csv" in sex.confusion
    assert any("label error taken out" in said for said in one.findings)


def test_a_bare_tables_values_are_not_corrected_by_our_card(people: SetReport) -> None:
    sex = named(people, "sex")
    assert sex.confusion is None
    assert sex.levels[0].corrected is None
    assert "--audit" in sex.not_corrected


def test_an_audit_of_an_unknown_attribute_is_refused(tmp_path: Path) -> None:
    audit = tmp_path / "audit.csv"
    audit.write_text("face_id,shoes\n0,red\n")
    with pytest.raises(UsageError, match="shoes"):
        report(table(tmp_path / "t.csv", PEOPLE), audit=audit)


# -- datasets -----------------------------------------------------------------------------


def test_a_dataset_tells_what_came_and_went(dataset: Dataset) -> None:
    (one,) = report(FaceTable.of(dataset)).sets
    counts = one.counts
    assert (counts.faces, counts.faces_kept, counts.faces_dropped, counts.analysed) == (7, 6, 1, 6)
    assert [loss.reason for loss in one.dropped] == ["min_face_size"]
    assert [maker.id for maker in one.makers] == ["detector"]
    assert sum(each.photos for each in one.licences) == counts.photos_used
    assert one.authors


def test_repeats_of_a_selection_are_told(dataset: Dataset) -> None:
    first = dataset.face_ids[0]
    (one,) = report(FaceTable.of(dataset.select([first, first])), part="selection").sets
    assert (one.counts.analysed, one.counts.distinct, one.part) == (2, 1, "selection")


def test_small_intersections_show_faces(dataset: Dataset) -> None:
    found = measure([FaceTable.of(dataset)], Settings()).pictures[0].samples
    assert found
    assert all(one.faces[0].source.startswith("data:image/webp") for one in found)
    assert [one.count for one in found] == sorted(one.count for one in found)


def test_an_empty_dataset_is_reported(empty_dataset: Dataset) -> None:
    (one,) = report(FaceTable.of(empty_dataset)).sets
    assert one.counts.analysed == 0
    assert "There is no face to count." in one.missing


def test_a_dataset_that_is_only_begun(dataset_root: Path, tmp_path: Path) -> None:
    manifest = Manifest.load(dataset_root)
    manifest.model_copy(update={"state": "building", "chunks": 3}).save(tmp_path)
    (one,) = report(FaceTable.of(Dataset.open(tmp_path)), by=("sex",)).sets
    assert one.state == "still being built: 0 of 3 chunks"
    assert one.missing[0].startswith("The dataset is still being built")


def test_photos_of_the_same_bytes(tmp_path: Path) -> None:
    head = "face_id,photo_id,photo.sha256"
    rows = [("a", "p", "1"), ("b", "p", "1"), ("c", "q", "1"), ("d", "r", "2")]
    (one,) = report(table(tmp_path / "t.csv", [(*r[:2], f"x{r[2]}") for r in rows], head)).sets
    (found,) = one.duplicates
    assert (found.kind, found.groups, found.faces) == ("photos of the same bytes", 1, 2)
    assert found.examples == (("a", "c"),)


# -- several ------------------------------------------------------------------------------


def test_two_datasets_are_held_against_each_other(tmp_path: Path) -> None:
    first = table(tmp_path / "mine.csv", PEOPLE * 10)
    second = table(tmp_path / "theirs.csv", [("male", 30, "no")] * 40)
    found = report(first, second)
    assert [one.name for one in found.sets] == ["mine.csv", "theirs.csv"]
    distances = {one.of: one for one in found.distances}
    assert distances["sex"].total_variation == pytest.approx(0.7)
    assert distances["sex x age_group"].total_variation == pytest.approx(0.7)
    assert distances["age"].total_variation == pytest.approx(0.2)
    assert distances["sex"].kl_divergence is None  # women are not there in the other
    assert found.findings[0].startswith("mine.csv and theirs.csv differ most in apparent sex")
    assert distances["sex"].beyond_chance
    assert 0.03 < distances["sex"].by_chance < 0.1


def test_what_chance_would_do_as_well_is_no_finding(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    head = ",".join(f"made_{name}" for name in "abcdefgh")
    first, second = (
        table(tmp_path / name, rng.integers(0, 4, (number, 8)).tolist(), head)
        for name, number in (("few.csv", 12), ("many.csv", 400))
    )
    found = report(first, second)
    # Twelve faces lie far from 400 in everything, as any twelve of them do.
    assert max(one.total_variation for one in found.distances) > 0.2
    assert not any(one.beyond_chance for one in found.distances)
    (finding,) = found.findings
    assert finding.endswith("by more than chance alone would make of 12 and 400 faces.")
    for one in found.sets:
        assert len(one.pairs) == 28
        assert not any(pair.beyond_chance or pair.said for pair in one.pairs)
        assert not any("goes with" in text for text in one.findings)


def test_what_differs_most_is_told_first_though_something_else_was_crossed(tmp_path: Path) -> None:
    first = table(tmp_path / "a.csv", [("male", 30, "no"), ("female", 30, "no")] * 20)
    second = table(tmp_path / "b.csv", [("male", 30, "yes"), ("female", 30, "yes")] * 20)
    most, *others = report(first, second).findings
    assert most.startswith("a.csv and b.csv differ most in hat (total variation 1.00, by chance")
    assert not any("differ most" in text for text in others)


def test_equal_names_are_told_apart(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    found = report(table(tmp_path / "a/t.csv", PEOPLE), table(tmp_path / "b/t.csv", PEOPLE))
    assert [one.name for one in found.sets] == ["t.csv", "t.csv (2)"]


def test_attributes_that_one_does_not_know_are_left_out_of_both(tmp_path: Path) -> None:
    first = table(tmp_path / "a.csv", PEOPLE)
    second = table(tmp_path / "b.csv", [("male",)] * 3, "sex")
    one, other = report(first, second).sets
    assert one.crossing is not None
    assert other.crossing is not None
    assert one.crossing.attributes == other.crossing.attributes == ("sex",)
    assert any("another dataset does not know it" in said for said in one.missing)


def test_json_follows_its_schema_and_comes_back(tmp_path: Path) -> None:
    found = report(table(tmp_path / "t.csv", PEOPLE), table(tmp_path / "u.csv", PEOPLE[:6]))
    text = as_json(found)
    assert Report.model_validate_json(text) == found
    assert "Infinity" not in text
    assert "NaN" not in text
    assert json.loads(text)["format"] == 1
