"""Targets: sentences, TOML, tables, and what is wrong with them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from facewright.attributes.attribute import Attribute
from facewright.attributes.face_table import Coded
from facewright.balance.sentence import parse_target
from facewright.balance.target import Target
from facewright.balance.target_file import load_target
from facewright.errors import UsageError
from facewright.stats.cells import Cells

THIRDS = "50 % adults, 25 % children, 25 % elderly"


def said(target):
    """Each part's attributes and shares."""
    return [(part.attributes, dict(part.shares or {})) for part in target.parts]


def expected(target, table):
    return target.expected(Cells.of(target.coded(table)))


def test_the_published_sentence(faces):
    target = parse_target(THIRDS)
    assert target.attributes == ("age_group",)
    assert expected(target, faces).tolist() == [0.25, 0.5, 0.25]  # child, adult, elderly


def test_equality_and_shares_in_one_sentence(faces):
    target = parse_target(f"equal over sex x smile; {THIRDS}")
    assert target.attributes == ("sex", "smile", "age_group")
    table = expected(target, faces)
    assert table.shape == (2, 2, 3)
    assert np.allclose(table, np.broadcast_to([1 / 16, 1 / 8, 1 / 16], (2, 2, 3)))


@pytest.mark.parametrize(
    "text",
    [
        "50 % female, 50 % male",
        "50% women and 50% men",
        "sex: female = 50, male = 50",
        "Sex = 0.5 females, 0.5 males",
        "women = 50 %, men = 50 %",
        "1/2 female, rest male",
        "sex: 50 % female, rest",
        "equal over sex",
        "uniform: sex",
        "3 female, 3 male; normalise",
    ],
)
def test_ways_to_write_one_half(text, faces):
    parsed = parse_target(text)
    assert expected(parsed, faces).tolist() == [0.5, 0.5]


def test_levels_of_several_attributes_stand_between_slashes(faces):
    target = parse_target("sex x smile: 30 % female/yes, 70 % men/no")
    assert expected(target, faces).tolist() == [[0, 0.3], [0.7, 0]]


def test_equal_over_some_levels(faces):
    target = parse_target("equal over sex, age_group = adult|elderly")
    assert expected(target, faces).tolist() == [[0, 0.25, 0.25]] * 2


def test_ranges_are_found_however_they_are_written(faces):
    target = parse_target("age: 10-20 50 %, 30 to 40 = 50 %")
    table = expected(target, faces)
    assert table[[1, 3]].tolist() == [0.5, 0.5]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("98 % female", "add up to 98 %, not to 100 %"),
        ("sex: 98 % female", "normalise = true"),
        ("60 % female, 60 % male", "120 %"),
        ("60 % female, 60 % male, rest", "120 %"),
        ("sex: -1 % female, rest", "negative"),
        ("0 female, 0 male", "every share is 0"),
        ("50 % low, 50 % high", "blur or noise"),
        ("40 % adults, 60 % grups", "age_group has child, adult, elderly"),
        ("what is this", "cannot read"),
        ("50 % female, 50 % female", "twice"),
        ("sex x smile: 100 % female", "a level each of sex, smile"),
        ("equal over", "name attributes"),
        ("equal over sex x sex", "twice"),
        ("sex: 1/0 female", "must be a number"),
        ("", "empty"),
    ],
)
def test_what_is_wrong_is_said_with_the_clause(text, words):
    with pytest.raises(UsageError, match=words) as caught:
        parse_target(text)
    assert text.split(";")[0] in str(caught.value) or not text


def test_a_clause_may_mean_a_column_of_the_users_own(table_of):
    table = table_of(studio=["north", "south", "south"], note=["a", "b", "c"])
    target = parse_target("50 % north, 50 % south", table)
    assert target.attributes == ("studio",)
    with pytest.raises(UsageError, match="no attribute has the levels"):
        parse_target("50 % east, 50 % west", table)


def test_unknown_attributes_and_levels_name_what_is_near(faces):
    with pytest.raises(UsageError, match=r"age_groop.*has no attribute.*age_group"):
        parse_target("age_groop: 50 % adult, 50 % child").coded(faces)
    with pytest.raises(UsageError, match=r"no level 'femail'; it has female"):
        expected(parse_target("sex: 50 % femail, 50 % male"), faces)


def test_an_attribute_that_nobody_has(table_of):
    nobody = table_of(sex=["female", "male"], blur=[None, None])
    with pytest.raises(UsageError, match="no attribute 'ethnicity'"):
        Target.uniform(["ethnicity"]).coded(nobody)
    unknown = table_of(sex=["female", "male"], studio=["unknown", "unknown"])
    with pytest.raises(UsageError, match="no face of faces has a value of studio"):
        Target.uniform(["studio"]).coded(unknown)


# -- files -------------------------------------------------------------------------------


def written(path, text):
    path.write_text(text)
    return path


def test_marginals_in_toml(tmp_path, faces):
    file = written(
        tmp_path / "t.toml",
        """
        name = "print"
        [target]
        sex = "equal"
        age_group = { child = 25, adult = "50 %", rest = 25 }
        """,
    )
    target = load_target(file)
    assert target.name == "print"
    assert target.attributes == ("sex", "age_group")
    assert np.allclose(expected(target, faces), [[0.125, 0.25, 0.125]] * 2)


def test_every_kind_of_table_in_toml(tmp_path, faces):
    written(tmp_path / "census.csv", "age_group;share\nchild;0.5\nadult;0.5\n")
    file = written(
        tmp_path / "t.toml",
        """
        [[target]]
        cells = [
          { sex = "female", smile = "yes", share = "30 %" },
          { sex = "male", smile = "no", share = "70 %" },
        ]
        [[target]]
        census = "census.csv"
        """,
    )
    table = expected(load_target(file), faces)
    assert table[0, 1].tolist() == [0.15, 0.15, 0]
    file = written(
        tmp_path / "u.toml",
        f"""
        [[target]]
        equal = ["sex", "smile"]
        levels.smile = ["yes"]
        [[target]]
        text = "{THIRDS}"
        """,
    )
    assert np.allclose(expected(load_target(file), faces)[:, 1], [[0.125, 0.25, 0.125]] * 2)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[target]\nsex = { female = 90, male = 8 }", r"target\.sex: .* 98 %"),
        ("[target]\nsex = { female = -1, male = 2 }", r"target\.sex\.female: -1 is negative"),
        ("[target]\nsex = { female = nan, male = 1 }", r"target\.sex\.female: nan"),
        ("[target]\nsex = { female = true, male = 1 }", r"target\.sex\.female: True is no share"),
        ("[target]\nsex = 3", r"target\.sex: write"),
        ("[target]", "is missing or empty"),
        ("", "is missing or empty"),
        ("targets = 1", "targets: there is no such key"),
        ("normalise = 1\n[target]\nsex='equal'", "true or false"),
        ("[[target]]\nequal = ['sex']\nsmile = 'equal'", r"target\[0\]\.smile: does not go with"),
        ("[[target]]\nequal = []", r"target\[0\]\.equal: write a list"),
        ("[[target]]\nequal = ['sex']\nlevels.smile = ['yes']", r"levels\.smile: is not among"),
        ("[[target]]\ncells = [{ sex = 'male' }]", r"cells\[0\]: share is missing"),
        ("[[target]]\ntext = '90 % adults'", r"target\[0\]\.text: .*90 %"),
        ("[[target]]\ncensus = 'none.csv'", "cannot read the target"),
        ("not toml", "not TOML"),
    ],
)
def test_errors_name_file_and_key(text, words, tmp_path):
    file = written(tmp_path / "wrong.toml", text)
    with pytest.raises(UsageError, match=words):
        load_target(file)


def test_normalise_takes_any_sum(tmp_path, faces):
    file = written(
        tmp_path / "t.toml", "normalise = true\n[target]\nsex = { female = 3, male = 1 }"
    )
    assert expected(load_target(file), faces).tolist() == [0.75, 0.25]


def test_census_tables(tmp_path, faces):
    joint = written(tmp_path / "a.csv", "Sex,age group,count\nfemale,adult,300\nmale,adult,100\n")
    assert expected(Target.census(joint), faces)[:, 1].tolist() == [0.75, 0.25]
    long = written(
        tmp_path / "b.tsv",
        "attribute\tlevel\tpercent\nsex\tfemale\t51\nsex\tmale\t49\nsmile\tyes\t100\n",
    )
    target = Target.census(long)
    assert [part.attributes for part in target.parts] == [("sex",), ("smile",)]
    assert np.allclose(expected(target, faces), [[0, 0.51], [0, 0.49]])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("sex,share\nfemale,0.5\nmale,0.4\n", "column share: .*0.9"),
        ("sex,share\nfemale,0.5\nmale,\n", "line 3: the column share is empty"),
        ("sex,share\nfemale,x\n", "line 2, column share: 'x' is no share"),
        ("sex,share\nfemale,nan\n", "line 2, column share"),
        ("sex,share\nfemale,0.5\nfemale,0.5\n", "twice"),
        ("sex,age\nfemale,3\n", "one column must hold the shares"),
        ("sex,share,count\nfemale,1,1\n", "share, count"),
        ("share\n1\n", "no column of levels"),
        ("sex,share\nfemale\n", "1 values, not 2"),
        ("sex,sex,share\n", "twice"),
        ("", "one column|no rows"),
    ],
)
def test_wrong_census_tables(text, words, tmp_path):
    with pytest.raises(UsageError, match=words):
        Target.census(written(tmp_path / "c.csv", text))


def test_like_another_table(faces, table_of):
    other = table_of(sex=["female", "male", "male", None], smile=[1.0, 0.0, 0.0, 1.0])
    target = Target.like(other, ["sex", "smile"])
    table = target.expected(Cells.of(target.coded(faces)))
    assert np.allclose(table, [[0, 1 / 3], [2 / 3, 0]])
    with pytest.raises(UsageError, match="no face in faces has a value"):
        Target.like(table_of(sex=["unknown", "female"], smile=[1.0, None]), ["sex", "smile"])


# -- expected shares ---------------------------------------------------------------------


def coded(name, levels, codes):
    attribute = Attribute(name, name, name, dict.fromkeys(levels, ""))
    return Coded(attribute, tuple(levels), np.array(codes, np.int32))


def test_cells_by_other_attributes_keep_the_datas_shares_within():
    cells = Cells.of([coded("a", "xy", [0, 0, 0, 1]), coded("b", "pq", [0, 0, 1, 1])])
    target = parse_target("a: 50 % x, 50 % y")
    assert np.allclose(target.expected(cells), [[1 / 3, 1 / 6], [0, 0.5]])


def test_cells_by_fewer_attributes_get_the_sum():
    cells = Cells.of([coded("b", "pq", [0, 1])])
    target = parse_target("a x b: 30 % x/p, 30 % y/p, 40 % y/q")
    assert np.allclose(target.expected(cells), [0.6, 0.4])
    with pytest.raises(UsageError, match="says nothing about c"):
        target.expected(Cells.of([coded("c", "p", [0])]))


def test_parts_that_overlap_are_fitted():
    cells = Cells.of([coded(name, "01", [0, 1]) for name in "abc"])
    target = parse_target(
        "a x b: 40 % 0/0, 10 % 0/1, 10 % 1/0, 40 % 1/1;"
        "b x c: 25 % 0/0, 25 % 0/1, 25 % 1/0, 25 % 1/1"
    )
    found = target.expected(cells)
    assert np.allclose(found.sum(axis=2), [[0.4, 0.1], [0.1, 0.4]])
    assert np.allclose(found.sum(axis=0), 0.25)


def test_parts_that_contradict_each_other_are_refused():
    cells = Cells.of([coded("a", "01", [0, 1])])
    with pytest.raises(UsageError, match="contradict"):
        parse_target("a: 40 % 0, 60 % 1; a: 50 % 0, 50 % 1").expected(cells)


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=6).filter(any))
def test_any_weights_become_shares(weights):
    levels = [f"l{n}" for n in range(len(weights))]
    items = ", ".join(f"{weight} {level}" for weight, level in zip(weights, levels, strict=True))
    cells = Cells.of([coded("a", levels, range(len(levels)))])
    table = parse_target(f"a: {items}; normalise").expected(cells)
    assert np.allclose(table, np.array(weights) / sum(weights))
