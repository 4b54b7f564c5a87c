"""Bare tables to balance."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from facewright.attributes.face_table import FaceTable


@pytest.fixture
def faces():
    """Makes a table of 100 women and 60 men; half smile, an eighth are children."""
    return people(women=100, men=60)


@pytest.fixture
def table_of():
    """A bare table from columns."""
    return bare


def bare(**columns):
    size = len(next(iter(columns.values())))
    ids = pa.array([f"f{n:06d}" for n in range(size)])
    return FaceTable("faces", pa.table({"face_id": ids, **columns}))


def people(women, men):
    size = women + men
    rng = np.random.default_rng(1)
    return bare(
        sex=["female"] * women + ["male"] * men,
        age=[{0: 10.0, 1: 70.0}.get(n // 2 % 8, 30.0) for n in range(size)],
        smile=[float(n % 2) for n in range(size)],
        score=rng.random(size),
    )
