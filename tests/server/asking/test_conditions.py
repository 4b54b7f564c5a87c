"""Conditions: what a visitor's SQL may say, and what it may not reach."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from facewright.server.asking.conditions import Conditions
from facewright.server.asking.filters import FilterError
from facewright.server.catalogue.catalogue import Catalogue, Label
from facewright.server.catalogue.shelf import open_shelf
from facewright.server.settings import ServeSettings
from facewright.store.dataset import Dataset


@pytest.fixture(scope="module")
def conditions() -> Conditions:
    return Conditions(ServeSettings(sql_seconds=20.0))


@pytest.mark.parametrize(
    "condition",
    [
        "head_pose.yaw > 20",
        "age < 30 and sex = 'female'",
        "sex is null or glasses like '%Glasses'",
        "smile between .2 and .7 and not (sex in ('male'))",
        "case when age > 50 then true else quality.overall > 0.5 end",
        "coalesce(age, 0)::int % 2 = 0 -- even",
        "lower(glasses) = 'sunglasses' /* shaded */",
        "list_contains(list_transform(reasons, lambda r: lower(r)), 'x') or age > 80",
    ],
)
def test_conditions_hold_where_sql_says(
    served: Path, catalogue: Catalogue, conditions: Conditions, condition: str
) -> None:
    wanted = set(Dataset.open(served).where(condition).face_ids)
    rows = np.flatnonzero(conditions.mask(catalogue, condition))
    assert set(catalogue.ids.take(rows)) == wanted


def test_attributes_and_photos_can_be_named(catalogue: Catalogue, conditions: Conditions) -> None:
    yaw, pose = catalogue.columns["yaw"].numbers, catalogue.columns["pose"]
    assert np.array_equal(conditions.mask(catalogue, "yaw > 20"), yaw > 20)
    left = pose.codes == pose.index["left"]
    assert np.array_equal(conditions.mask(catalogue, "pose = 'left'"), left)
    assert conditions.mask(catalogue, "photo.status = 'used'").all()
    assert conditions.mask(catalogue, "dataset = 'faces'").all()


def test_audited_labels_count(catalogue: Catalogue, conditions: Conditions) -> None:
    labelled = catalogue.with_labels([Label("sex", catalogue.ids[0], "male")], "1")
    assert conditions.mask(labelled, "sex = 'male'")[0]


ATTACKS = (
    "1 in (SELECT 1)",
    "EXISTS (FROM read_csv('/etc/passwd'))",
    "(SELECT count(*) FROM read_text('/etc/passwd')) > 0",
    "(SELECT count(*) FROM '/etc/passwd') > 0",
    "(SELECT count(*) FROM duckdb_settings()) > 0",
    "true) FROM faces; COPY faces TO '/tmp/x'; --",
    "true); ATTACH '/tmp/x'; SELECT (true",
    "true); INSTALL httpfs; --",
    "true); PRAGMA database_list; --",
    "true); SET enable_external_access = true; --",
    "true) UNION SELECT (true",
    "true) AS a, (true",
    "true) FROM faces, faces AS b WHERE (true",
    "true) FROM faces WHERE (true",
    "true /*",
    "true; --",
    "getenv('HOME') = 'x'",
    "current_setting('memory_limit') = 'x'",
    "read_blob('/etc/passwd') is null",
    "query('select 1') is null",
    "getvariable('x') is null",
    "nextval('x') > 0",
    "main.getenv('HOME') = 'x'",
    "repeat('a', 1000000000) = 'x'",
    "len(range(1000000000)) > 0",
    "len(generate_series(1, 1000000000)) > 0",
    "rpad('a', 1000000000, 'a') = 'x'",
    "sex || sex = 'x'",
    "replace(sex, 'e', 'eeee') = 'x'",
    "len(list_transform([1], lambda x: [x, x])) > 0",
    "NULL::INTEGER[100000] is null",
    "COLUMNS('.*') is null",
    "row_number() OVER () > 1",
    "count(*) > 1",
    "sex = ?",
    "sex = $1",
    "embedding is null",
    "mesh is null",
    "age",
    "",
    "(" * 900 + "true" + ")" * 900,
    "not " * 900 + "true",
    "sex = '\ud800'",
    "\x01",
)


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_but_a_condition_is_answered(
    catalogue: Catalogue, conditions: Conditions, attack: str
) -> None:
    before = set(Path("/tmp").glob("x"))  # noqa: S108 - where attacks would write
    try:
        mask = conditions.mask(catalogue, attack)
    except FilterError:
        pass
    else:  # parentheses are no attack where DuckDB copes with them
        assert attack.startswith("(((")
        assert mask.all()
    assert set(Path("/tmp").glob("x")) == before  # noqa: S108


def test_a_slow_condition_is_interrupted(tmp_path: Path, served: Path) -> None:
    slow = Conditions(ServeSettings(sql_seconds=0.01, cache=tmp_path))
    many = Catalogue.of([open_shelf(served, "s")] * 255)
    sums = ("+".join(f"abs(sin(age * {m}{n})) ^ 3.3" for n in range(50)) for m in range(1, 20))
    sines = " > -1 and ".join(sums)
    with pytest.raises(FilterError, match="longer than"):
        slow.mask(many, f"{sines} > 0")
