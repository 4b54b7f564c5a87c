"""Weights of faces as a table: for samplers, losses and statistics."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from facewright.balance.outcome import Outcome
from facewright.errors import UsageError
from facewright.store.atomic import write_atomic


def weights_table(outcome: Outcome) -> pa.Table:
    """One row a face of the table: face_id, and weight: how often it is taken, times its weight.

    Weights have a mean of 1 over the faces that are taken; the others' are 0.
    """
    weights = outcome.choice.amounts
    there = weights > 0
    if there.any():
        weights = weights / weights[there].mean()
    return pa.table({"face_id": outcome.job.table.face_ids, "weight": weights.astype(np.float64)})


def save_weights(outcome: Outcome, path: Path) -> None:
    """Write them as .parquet or .csv.

    Raises:
        UsageError: the name ends in something else.
        StorageError: it cannot be written.
    """
    file = io.BytesIO()
    kind = path.suffix.lower()
    if kind == ".parquet":
        pyarrow.parquet.write_table(weights_table(outcome), file)
    elif kind == ".csv":
        pyarrow.csv.write_csv(weights_table(outcome), file)
    else:
        raise UsageError(f"{path}: weights are written as .parquet or .csv")
    write_atomic(path, file.getvalue())
