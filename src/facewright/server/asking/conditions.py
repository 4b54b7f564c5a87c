"""SQL conditions of visitors, answered where there is no file, no network and no other table.

The condition is parsed and held against a list (`syntax`), the columns that it names are
registered with a sealed connection of its own, and it is interrupted when its time is up.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import duckdb
import pyarrow as pa

from facewright.server.asking.filters import FilterError
from facewright.server.asking.record_columns import RecordColumns
from facewright.server.asking.syntax import columns_named, first_line, query_of, sealed
from facewright.server.catalogue.catalogue import Catalogue, Mask
from facewright.server.catalogue.memo import Memo
from facewright.server.settings import ServeSettings

_KEY: Final = "where"
_AGAIN: Final = 0.05  # seconds


class Conditions:
    """Answers conditions; may be called from several threads.

    Args:
        settings: memory and time.
    """

    def __init__(self, settings: ServeSettings) -> None:
        self._settings = settings
        self._columns = RecordColumns()
        self._masks: Memo[tuple[str, str], Mask] = Memo(16)

    def mask(self, catalogue: Catalogue, condition: str) -> Mask:
        """(N,) where a condition holds; where it is NULL it does not.

        Raises:
            FilterError: it is no condition, says what is not allowed, or takes too long.
        """
        key = (catalogue.version, condition)
        return self._masks.get(key, lambda: self._answer(catalogue, condition))

    def _answer(self, catalogue: Catalogue, condition: str) -> Mask:
        table = self._columns.table(catalogue, columns_named(condition))
        try:
            with sealed(self._settings.sql_memory) as db:
                db.register("faces", table)
                with interrupted(db, self._settings.sql_seconds):
                    answer = db.sql(query_of(condition)).to_arrow_table().column(0)
        except duckdb.InterruptException as error:
            seconds = self._settings.sql_seconds
            raise FilterError(_KEY, f"takes longer than {seconds:g} seconds") from error
        except duckdb.Error as error:
            raise FilterError(_KEY, first_line(error)) from error
        if len(answer) != len(catalogue) or not pa.types.is_boolean(answer.type):
            raise FilterError(_KEY, f"is no condition on each face, but of type {answer.type}")
        mask: Mask = answer.fill_null(False).to_numpy()
        return mask


@contextmanager
def interrupted(db: duckdb.DuckDBPyConnection, seconds: float) -> Iterator[None]:
    """Interrupt what a connection does when its time is up.

    It is told again and again: an interrupt that comes while a query is planned is forgotten.
    """
    done = threading.Event()

    def watch() -> None:
        pause = seconds
        while not done.wait(pause):
            db.interrupt()
            pause = _AGAIN

    watching = threading.Thread(target=watch, daemon=True)
    watching.start()
    try:
        yield
    finally:
        done.set()
        watching.join()
