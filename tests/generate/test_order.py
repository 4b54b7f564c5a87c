"""From a spec to the pictures wanted."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from facewright.errors import UsageError
from facewright.generate.order import plan_order
from facewright.generate.spec import Spec
from facewright.generate.wanted import Wanted


def plan(**spec: Any) -> list[Wanted]:
    return plan_order(Spec.from_dict(spec))


def counted(pictures: list[Wanted], *names: str) -> Counter[tuple[Any, ...]]:
    return Counter(tuple(each.attributes[name] for name in names) for each in pictures)


def test_a_target_is_met_exactly_and_jointly() -> None:
    target = "equal over sex x ethnicity; 50 % adults, 25 % children, 25 % elderly"
    pictures = plan(count=160, target=target)
    assert set(counted(pictures, "sex", "ethnicity").values()) == {20}
    assert counted(pictures, "age_group") == {("adult",): 80, ("child",): 40, ("elderly",): 40}
    for each in pictures:
        low, high = {"child": (4, 18), "adult": (18, 60), "elderly": (60, 86)}[
            str(each.attributes["age_group"])
        ]
        assert low <= float(each.attributes["age"]) < high


def test_the_same_seed_gives_the_same_order() -> None:
    wishes = {"attributes": {"yaw": "-30..30", "sex": ["female", "male"]}}
    assert plan(count=20, seed=3, **wishes) == plan(count=20, seed=3, **wishes)
    assert plan(count=20, seed=3, **wishes) != plan(count=20, seed=4, **wishes)


def test_a_person_is_the_same_in_all_pictures() -> None:
    pictures = plan(
        persons=3, views=9, expressions=8, attributes={"age": "20..60", "gaze_yaw": "-5..5"}
    )
    assert len(pictures) == 3 * 9 * 8
    people = Counter((p.identity, p.person_seed, p.attributes["age"]) for p in pictures)
    assert sorted(people.values()) == [72, 72, 72]
    assert len({p.seed for p in pictures}) == len(pictures)
    one = [p for p in pictures if p.identity == pictures[0].identity]
    assert len(counted(one, "yaw", "pitch", "emotion")) == 72
    assert len({p.attributes["gaze_yaw"] for p in one}) > 50


def test_the_order_of_a_balance_is_filled() -> None:
    pictures = plan(
        order=[{"count": 3, "sex": "female", "age_group": "elderly"}, {"count": 2, "age": "20..30"}]
    )
    assert [p.attributes.get("sex") for p in pictures] == ["female"] * 3 + [None] * 2
    assert all(float(p.attributes["age"]) >= 60 for p in pictures[:3])


def test_chance_gives_no_child_and_no_woman_a_beard() -> None:
    pictures = plan(
        count=400,
        attributes={
            "age": "4..80",
            "sex": ["female", "male"],
            "beard": {"yes": 0.5, "no": 0.5},
            "lip_makeup": {"yes": 0.5, "no": 0.5},
        },
    )
    bearded = [p for p in pictures if p.attributes["beard"] == "yes"]
    assert len(bearded) > 50
    assert all(float(p.attributes["age"]) >= 16 for p in bearded)
    assert {p.attributes["sex"] for p in bearded} == {"male"}
    made_up = [p for p in pictures if p.attributes["lip_makeup"] == "yes"]
    assert min(float(p.attributes["age"]) for p in made_up) >= 12


def test_a_woman_may_be_ordered_with_a_beard() -> None:
    assert plan(count=1, attributes={"sex": "female", "beard": "yes", "age": 30})


def test_smiles_and_poses_become_what_is_drawn() -> None:
    (one,) = plan(count=1, attributes={"smile": "yes", "pose": "left"})
    assert one.attributes["emotion"] == "happiness"
    assert -45 <= float(one.attributes["yaw"]) < -15


@pytest.mark.parametrize(
    ("spec", "says"),
    [
        ({}, r"say how many"),
        ({"count": 0}, r"count"),
        ({"count": 3, "size": 100000}, r"size"),
        ({"count": 3, "colour": 1}, r"colour.*known keys"),
        ({"count": 3, "attributes": {"age": 5, "beard": "yes"}}, r"nobody has beard"),
        ({"count": 3, "attributes": {"age": 5, "age_group": "child"}}, r"same thing"),
        ({"count": 7, "views": 3}, r"no multiple of the 3"),
        ({"count": 7, "persons": 2}, r"2 persons"),
        ({"count": 9, "views": [{"sex": "male"}]}, r"view 1: sex belongs to a person"),
        ({"count": 9, "expressions": ["joy"]}, r"expressions: emotion cannot be 'joy'"),
        ({"order": [{"sex": "male"}]}, r"order 1: count"),
        ({"order": [{"count": 2, "sex": "m"}]}, r"order 1: sex cannot be 'm'"),
        ({"count": 5, "target": "50 % adults, 25 % children"}, r"75 %"),
        ({"count": 5, "target": "equal over licence"}, r"licence"),
    ],
)
def test_what_cannot_be_is_said_with_its_key(spec: dict[str, Any], says: str) -> None:
    with pytest.raises(UsageError, match=says):
        plan(**spec)


def test_a_file_is_read_with_its_target_beside_it(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("sex,share\nfemale,0.25\nmale,0.75\n")
    (tmp_path / "o.toml").write_text('count = 8\ntarget = "t.csv"\n')
    pictures = plan_order(Spec.load(tmp_path / "o.toml"))
    assert counted(pictures, "sex") == {("female",): 2, ("male",): 6}


@pytest.mark.parametrize("content", ["count = ", "count = 'x'", "\xff"])
def test_a_broken_file_is_named(tmp_path: Path, content: str) -> None:
    (tmp_path / "o.toml").write_bytes(content.encode("latin-1"))
    with pytest.raises(UsageError, match=r"o\.toml"):
        Spec.load(tmp_path / "o.toml")
    with pytest.raises(UsageError, match="none"):
        Spec.load(tmp_path / "none.toml")
