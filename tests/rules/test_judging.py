"""Several rules at once: counts, order, and what stays whatever they say."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from facewright.attributes.face_table import FaceTable
from facewright.engine.ruling import judge_table
from facewright.recipe import RuleSettings
from facewright.rules.chosen import chosen_rules
from facewright.rules.rule import Verdict, dropping
from helpers.judging import OFF, faces, ruled, table

SHARES = st.one_of(st.floats(0, 1), st.just(float("nan")))
LEAVES = ("blur.value", "noise.value", "exposure.value", "quality.overall", "detection_score")
RULES = {
    "blur": {"max": 0.5},
    "noise": {"max": 0.5},
    "exposure": {},
    "quality_percentile": {"lowest": 30},
    "detection_score": {},
    "sql": {"drop_where": "blur.value > noise.value"},
}


@st.composite
def tables(draw):
    rows = draw(st.integers(0, 12))
    lists = st.lists(SHARES, min_size=rows, max_size=rows)
    return table({leaf: np.array(draw(lists), np.float64) for leaf in LEAVES})


@settings(deadline=None, max_examples=8)
@given(tables(), st.permutations(list(RULES)))
def test_counts_hang_together_and_order_does_not_matter(shown, order):
    judgement = ruled(shown, **RULES).judgement
    counts = judgement.counts
    rows = len(judgement)
    for count in counts:
        assert 0 <= count.only <= count.alone <= count.dropped == rows - count.kept
        assert count.alone + count.unknown <= rows
    dropped = [count.dropped for count in counts]
    assert dropped == sorted(dropped)
    assert counts[-1].kept == judgement.kept.sum()
    again = ruled(shown, **{name: RULES[name] for name in order}).judgement
    assert (again.kept == judgement.kept).all()
    figures = {count.name: (count.alone, count.only, count.unknown) for count in counts}
    assert {c.name: (c.alone, c.only, c.unknown) for c in again.counts} == figures
    assert [set(names) for names in again.column().to_pylist()] == [
        set(names) for names in judgement.column().to_pylist()
    ]


@settings(deadline=None, max_examples=8)
@given(tables())
def test_one_rule_more_never_brings_a_face_back(shown):
    kept = np.ones(len(shown), bool)
    for count in range(len(RULES) + 1):
        now = ruled(shown, **dict(list(RULES.items())[:count])).judgement.kept
        assert not (now & ~kept).any()
        kept = now


MASKS = st.lists(st.sampled_from([(True, True), (False, True), (False, False)]), min_size=4)


@given(MASKS, MASKS)
def test_verdicts_are_three_valued(one, other):
    size = min(len(one), len(other))
    a, b = (dropping(*(np.array(m[:size])[:, i] for i in (0, 1))) for m in (one, other))

    def values(verdict: Verdict):
        return [
            1.0 if d else 0.5 if u else 0.0
            for d, u in zip(verdict.drop, verdict.unknown, strict=True)
        ]

    assert values(a | b) == [max(pair) for pair in zip(values(a), values(b), strict=True)]
    assert values(a & b) == [min(pair) for pair in zip(values(a), values(b), strict=True)]


def standing(reasons, cropped, *, crops=True, **columns):
    """What stands in the tables, judged again by a rule on blur."""
    place = {
        "alignment": "ffhq",
        "size": 8,
        "format": "png",
        "shard": "s",
        "offset": 0,
        "length": 1,
    }
    shown = faces(
        len(reasons),
        {
            "reasons": reasons,
            "kept": np.array([not names for names in reasons]),
            "crops": [[place] if yes else [] for yes in cropped],
            **columns,
        },
    )
    rules = chosen_rules(RuleSettings.model_validate({**OFF, "blur": {"max": 0.5}}))
    return judge_table(FaceTable("faces", shown), rules, crops=crops).judgement


def test_what_no_rule_said_stays():
    reasons = [["degenerate_landmarks"], ["licence", "blur"], [], ["blur"]]
    found = standing(reasons, [0, 1, 1, 1], **{"blur.value": np.array([0.9, 0.1, 0.9, 0.1])})
    assert found.column().to_pylist() == [
        ["degenerate_landmarks", "blur"],
        ["licence"],
        ["blur"],
        [],
    ]
    assert found.names[:2] == ("degenerate_landmarks", "licence")
    assert (found.newly_dropped, found.newly_kept, found.changed.tolist()) == (1, 1, [True] * 4)


def test_what_cannot_be_judged_again_stays():
    found = standing([["blur"], []], [1, 1], **{"blur.value": np.array([np.nan, np.nan])})
    assert found.column().to_pylist() == [["blur"], []]
    assert found.counts[-1].unknown == 2
    assert not found.changed.any()


def test_a_face_that_was_never_cropped_does_not_come_back():
    blur = {"blur.value": np.array([0.1, 0.9, 0.1, 0.1])}
    reasons = [["min_face_size"], ["min_face_size"], ["no_crop"], ["min_face_size"]]
    found = standing(reasons, [0, 0, 0, 1], **blur)
    assert found.column().to_pylist() == [["no_crop"], ["blur"], ["no_crop"], []]
    without = standing(reasons, [0, 0, 0, 0], crops=False, **blur)
    assert without.column().to_pylist() == [[], ["blur"], [], []]


def test_nothing_changes_the_second_time():
    shown = table({leaf: np.linspace(0, 1, 9) for leaf in LEAVES})
    first = ruled(shown, **RULES).judgement
    told = faces(
        9,
        {
            **{leaf: np.linspace(0, 1, 9) for leaf in LEAVES},
            "kept": first.kept,
            "reasons": first.column().to_pylist(),
        },
    )
    second = ruled(FaceTable("again", told), **RULES).judgement
    assert not second.changed.any()
    assert second.by_first_reason() == first.by_first_reason()
