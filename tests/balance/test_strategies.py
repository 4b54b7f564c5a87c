"""Strategies on bare tables."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from facewright.balance.outcome import balance
from facewright.balance.sentence import parse_target
from facewright.balance.strategy import Job, Strategy, catalogue, strategy
from facewright.balance.target import Target
from facewright.balance.weights import save_weights, weights_table
from facewright.camera.reference import ffhq_density
from facewright.camera.replicas import lpff_replicas
from facewright.errors import UsageError

UNIFORM = Target.uniform(["sex", "smile"])


def run(table, spec, target=None, size=None, seed=0, **options):
    return balance(
        Job(table, target, size, seed), strategy(spec, {k: str(v) for k, v in options.items()})
    )


def levels(outcome, *names):
    """How often each combination was taken, weighted."""
    coded = outcome.job.table.coded([outcome.job.table.attribute(name) for name in names])
    found = Counter()
    for row, amount in enumerate(outcome.choice.amounts):
        if amount:
            found[tuple(each.levels[each.codes[row]] for each in coded)] += amount
    return found


def test_all_built_in_strategies_are_listed_and_described():
    listed = {entry["name"]: entry for entry in catalogue()}
    assert {"subset", "rake", "resample", "lpff-density", "eg3d-yaw", "uniform"} <= set(listed)
    for entry in listed.values():
        assert len(entry["what"]) > 60
        assert all(option["what"] for option in entry["options"])
    assert isinstance(strategy("uniform:sex"), Strategy)


@pytest.mark.parametrize(
    ("spec", "options", "words"),
    [
        ("none", {}, "known: eg3d-yaw, lpff-density"),
        ("subset", {"bst": "1"}, "no option 'bst'; near: best"),
        ("resample", {"cap": "0"}, "option cap"),
        ("resample", {"cap": "many"}, "option cap"),
        ("uniform", {}, "option columns"),
        ("lpff-density", {"rarest": "2"}, "option rarest"),
    ],
)
def test_wrong_options_are_named(spec, options, words):
    with pytest.raises(UsageError, match=words):
        strategy(spec, options)


def test_a_target_is_needed(faces):
    for name in ("subset", "rake", "resample"):
        with pytest.raises(UsageError, match="needs a target"):
            run(faces, name)


# -- subset ------------------------------------------------------------------------------


def test_the_largest_subset_is_even_and_never_repeats(faces):
    outcome = run(faces, "subset", UNIFORM)
    assert levels(outcome, "sex", "smile") == dict.fromkeys(
        [(sex, smile) for sex in ("female", "male") for smile in ("yes", "no")], 30
    )
    assert outcome.choice.times.max() == 1
    assert outcome.splits[0].after.total_variation == 0
    assert outcome.splits[0].before.total_variation == pytest.approx(0.125)
    assert (outcome.lacking, outcome.feasible.exact) == (0, 120)


def test_the_best_come_first(faces):
    outcome = run(faces, "subset", UNIFORM, size=40, best="score")
    score, sex, smile = (faces.numbers(x) for x in ("score", "(sex = 'male')::INT", "smile"))
    taken = outcome.choice.times > 0
    for cell in ((0, 0), (0, 1), (1, 0), (1, 1)):
        own = (sex == cell[0]) & (smile == cell[1])
        assert taken[own].sum() == 10
        assert score[own & taken].min() > score[own & ~taken].max()


def test_missing_quality_is_told_and_chance_decides(faces, table_of):
    outcome = run(faces, "subset", UNIFORM)
    assert "has no quality.overall" in outcome.choice.notes[0]
    assert "by chance" in outcome.choice.why
    nulls = table_of(sex=["female", "male"], score=[None, float("nan")])
    outcome = run(nulls, "subset", Target.uniform(["sex"]), best="score::DOUBLE")
    assert "no face has a value of score" in outcome.choice.notes[0]
    with pytest.raises(UsageError, match="option best"):
        run(faces, "subset", UNIFORM, best="scor")


def test_the_seed_decides(faces):
    same = [run(faces, "subset", UNIFORM, 60, seed, best="random") for seed in (1, 1, 2)]
    ids = [outcome.selection.face_ids for outcome in same]
    assert ids[0] == ids[1] != ids[2]


def test_what_is_lacking_can_be_ordered(faces):
    outcome = run(faces, "subset", UNIFORM, size=200)
    assert outcome.faces == 160
    assert outcome.lacking == 40
    assert [line.flat() for line in outcome.order.order] == [
        {"count": 20, "sex": "male", "smile": "no"},
        {"count": 20, "sex": "male", "smile": "yes"},
    ]
    assert not outcome.is_met


def test_a_tolerance_fills_up_instead(faces):
    outcome = run(faces, "subset", UNIFORM, size=124, tolerance=0.05)
    assert outcome.faces == 124
    assert outcome.splits[0].after.total_variation <= 0.05
    largest = run(faces, "subset", UNIFORM, tolerance=0.05)
    assert largest.faces > 124


def test_a_cell_without_faces_allows_no_subset(table_of):
    table = table_of(sex=["female"] * 4, age=[30.0] * 4)
    with pytest.raises(UsageError, match=r"allows no subset: no face is male"):
        run(table, "subset", Target.uniform(["sex"]))
    outcome = run(table, "subset", Target.uniform(["sex"]), size=6)
    assert (outcome.faces, outcome.lacking) == (3, 3)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15, deadline=None
)
@given(size=st.integers(1, 200), seed=st.integers(0, 5))
def test_subsets_of_any_size(faces, size, seed):
    outcome = run(faces, "subset", UNIFORM, size, seed, best="random")
    assert outcome.choice.times.max() <= 1
    assert outcome.faces + outcome.lacking == size
    assert len(outcome.selection.face_ids) == outcome.faces


# -- resample ----------------------------------------------------------------------------


def test_repeats_reach_the_target_and_keep_everybody(faces):
    outcome = run(faces, "resample", Target.uniform(["sex"]))
    assert levels(outcome, "sex") == {("female",): 100, ("male",): 100}
    assert outcome.choice.times.min() == 1
    assert len(set(outcome.selection.face_ids)) == 160


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15, deadline=None
)
@given(size=st.integers(1, 900), cap=st.integers(1, 4))
def test_the_cap_is_honoured(faces, size, cap):
    outcome = run(faces, "resample", parse_target("10 % female, 90 % male"), size, cap=cap)
    assert outcome.choice.times.max() <= cap
    assert outcome.faces + outcome.lacking == size


def test_a_small_cap_drops_common_faces_rather_than_the_target(faces):
    outcome = run(faces, "resample", parse_target("20 % female, 80 % male"), cap=2)
    assert levels(outcome, "sex") == {("female",): 30, ("male",): 120}
    short = run(faces, "resample", parse_target("20 % female, 80 % male"), 300, cap=2)
    assert "leaves 120 faces to wish for" in short.choice.notes[-1]


# -- rake --------------------------------------------------------------------------------

MARGINALS = parse_target("30 % female, 70 % male; smile: 20 % yes, 80 % no; 40 % adults, rest")


def test_weights_meet_every_marginal(faces):
    outcome = run(faces, "rake", MARGINALS)
    total = outcome.choice.amounts.sum()
    assert levels(outcome, "sex")["female",] / total == pytest.approx(0.3, abs=1e-6)
    assert levels(outcome, "smile")["yes",] / total == pytest.approx(0.2, abs=1e-6)
    assert levels(outcome, "age_group")["adult",] / total == pytest.approx(0.4, abs=1e-6)
    assert outcome.is_met
    selection = outcome.selection
    assert np.mean(selection.weights) == pytest.approx(1)
    assert set(selection.distances) == {"sex", "smile", "age_group"}


def test_a_drawn_sample_meets_them_too(table_of):
    rng = np.random.default_rng(0)
    many = table_of(
        sex=rng.choice(["female", "male"], 20_000, p=[0.7, 0.3]),
        smile=rng.random(20_000),
        age=rng.random(20_000) * 90,
    )
    for size, again in ((1000, False), (40_000, True)):
        outcome = run(many, "rake", MARGINALS, size, replace=again)
        assert outcome.faces == size
        for split in outcome.splits:
            assert split.after.total_variation < 0.002
        assert again or outcome.choice.times.max() == 1
    larger = run(many, "rake", MARGINALS, 12_000)
    assert "farther from the target" in larger.choice.notes[-1]


def test_the_marginal_that_cannot_be_met_is_named(table_of):
    table = table_of(sex=["female", "male"] * 5, age=[30.0] * 10)
    outcome = run(table, "rake", parse_target("50 % female, 50 % male; 50 % adults, 50 % elderly"))
    assert outcome.choice.notes[0].startswith("age_group is off by 50.0%: no face is elderly")
    assert not outcome.is_met
    apart = table_of(sex=["female", "male"] * 5, smile=[0.0, 1.0] * 5)
    outcome = run(apart, "rake", parse_target("50 % female, 50 % male; smile: 90 % yes, 10 % no"))
    assert "together with the other marginals" in " ".join(outcome.choice.notes)
    with pytest.raises(UsageError, match="wants none of its faces"):
        run(table, "rake", parse_target("100 % elderly"))
    with pytest.raises(UsageError, match="have a weight"):
        run(table, "rake", Target.uniform(["sex"]), size=11)


def test_weights_are_written(faces, tmp_path):
    outcome = run(faces, "rake", MARGINALS)
    table = weights_table(outcome)
    assert table.column_names == ["face_id", "weight"]
    assert np.mean(table["weight"].to_numpy()) == pytest.approx(1)
    for name in ("w.parquet", "w.csv"):
        save_weights(outcome, tmp_path / name)
        assert (tmp_path / name).stat().st_size
    with pytest.raises(UsageError, match=r"\.parquet or \.csv"):
        save_weights(outcome, tmp_path / "w.json")


# -- published rules ---------------------------------------------------------------------


def cameras(table_of, count=500, **more):
    rng = np.random.default_rng(3)
    theta, phi = rng.normal(90, 20, count), rng.normal(85, 9, count)
    return table_of(theta=theta, phi=phi, **more)


def test_lpffs_rule_by_camera(table_of):
    table = cameras(table_of)
    angles = np.radians(np.stack([table.numbers("theta"), table.numbers("phi")], axis=1))
    outcome = run(table, "lpff-density")
    assert (outcome.choice.times == (ffhq_density()(angles) < 0.4)).all()
    rarest = run(table, "lpff-density", size=10)
    assert rarest.faces == 10
    with pytest.raises(UsageError, match="gives"):
        run(table, "lpff-density", size=500)
    repeated = run(table, "lpff-density", repeat=True)
    assert repeated.choice.times.min() >= 1
    assert set(repeated.choice.times.tolist()) <= {1, 2, 3, 4, 5, 6}


def test_lpffs_rule_reads_the_records_column(table_of):
    table = table_of(camera_density=[0.0197, 0.3635, 0.4, 7.0, None])
    outcome = run(table, "lpff-density")
    assert outcome.choice.times.tolist() == [1, 1, 0, 0, 0]
    assert "1 faces are left out" in outcome.choice.notes[0]


def test_lpffs_rule_over_other_attributes(table_of):
    table = table_of(sex=["female"] * 90 + ["male"] * 10)
    assert run(table, "lpff-density:sex").choice.times.tolist() == [0] * 90 + [1] * 10
    rng = np.random.default_rng(0)
    values = table_of(x=rng.normal(size=1000), y=rng.normal(size=1000), z=["a", "b"] * 500)
    outcome = run(values, "lpff-density:x,y,z", rarest=0.2)
    assert outcome.faces == 200
    far = np.hypot(values.numbers("x"), values.numbers("y"))
    assert far[outcome.choice.times > 0].mean() > far[outcome.choice.times == 0].mean()
    with pytest.raises(UsageError, match="no attribute 'w'"):
        run(values, "lpff-density:w")


def test_eg3ds_rule(table_of):
    table = table_of(yaw=[-90.0, -5.0, 0.0, 5.0, 90.0, None, float("nan")])
    outcome = run(table, "eg3d-yaw:yaw")
    assert outcome.choice.times.tolist() == [16, 1, 1, 1, 16, 0, 0]
    assert "2 faces are left out" in outcome.choice.notes[0]
    narrow = run(table, "eg3d-yaw:yaw", widest=36)  # arcs of 8 degrees
    assert narrow.choice.times.tolist() == [16, 2, 1, 2, 16, 0, 0]
    with pytest.raises(UsageError, match="leave out the size"):
        run(table, "eg3d-yaw:yaw", size=3)
    with pytest.raises(UsageError, match="no cameras"):
        run(table, "eg3d-yaw")
    nothing = table_of(yaw=[None, float("nan")])
    with pytest.raises(UsageError, match="no face has a yaw"):
        run(nothing, "eg3d-yaw:yaw")


def test_nan_poses(table_of):
    nowhere = table_of(theta=[float("nan")] * 3, phi=[90.0] * 3)
    for name in ("lpff-density", "eg3d-yaw"):
        with pytest.raises(UsageError, match="no face has a camera"):
            run(nowhere, name)


def test_published_counts(shared):
    angles = np.load(shared / "data" / "ffhq_eg3d_camera_angles.npz")
    import pyarrow as pa

    from facewright.attributes.face_table import FaceTable

    theta, phi = np.degrees(angles["theta"]), np.degrees(angles["phi"])
    ids = [str(n) for n in range(len(theta))]
    table = FaceTable("ffhq", pa.table({"face_id": ids, "theta": theta, "phi": phi}))
    outcome = run(table, "eg3d-yaw")
    published = {1: 68_262, 2: 57_980, 4: 12_154, 8: 1_408, 16: 110}
    found = Counter(outcome.choice.times.tolist())
    apart = sum(abs(found[n] - count) for n, count in published.items())
    assert apart / 2 / 139_914 < 0.021  # the rule gives 97.9 % of entries
    rare = run(table, "lpff-density")
    assert rare.faces / 139_914 == pytest.approx(0.1139, abs=0.0001)
    with np.errstate(all="raise"):
        assert lpff_replicas([0.0197, 0.3635]).tolist() == [6, 1]


# -- uniform, and bad input --------------------------------------------------------------


def test_uniform_by_name(faces):
    assert run(faces, "uniform:sex,smile").faces == 120
    assert run(faces, "uniform:sex", by="resample").faces == 200
    with pytest.raises(UsageError, match="target of its own"):
        run(faces, "uniform:sex", UNIFORM)


def test_empty_tables_and_sizes(faces, table_of):
    for name in ("subset", "rake", "resample"):
        with pytest.raises(UsageError, match="no face to choose from"):
            run(faces.take(np.zeros(0, np.int64)), name, UNIFORM)
        with pytest.raises(UsageError, match="size must be 1 or more"):
            run(faces, name, UNIFORM, size=0)
    one = table_of(sex=["female"], smile=[1.0])
    assert run(one, "rake", parse_target("100 % female")).faces == 1
    assert run(one, "subset", parse_target("100 % female")).faces == 1
    with pytest.raises(UsageError, match="allows no subset"):
        run(one, "subset", UNIFORM)


def test_zero_shares_drop_their_levels(faces):
    outcome = run(faces, "resample", parse_target("0 % female, 100 % male"))
    assert levels(outcome, "sex") == {("male",): 60}


def test_plain_is_json(faces):
    import json

    data = run(faces, "subset", parse_target("100 % female, 0 % male"), 50).plain()
    json.dumps(data, allow_nan=False)
    assert data["distances"]["sex"]["before"]["kl_divergence"] is None
    assert Path(data["table"]).name == "faces"
    assert replace(Job(faces, UNIFORM), seed=3).seed == 3
