"""Faces: an Arrow table with polars and pandas at hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa

from facewright.extras import not_installed

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl


class Faces:
    """An Arrow table. Anything that speaks Arrow's C stream takes it as it is.

    arrow: the `pyarrow.Table`.
    """

    def __init__(self, arrow: pa.Table) -> None:
        self.arrow = arrow

    @property
    def column_names(self) -> list[str]:
        """Names of the top-level columns."""
        names: list[str] = self.arrow.column_names
        return names

    def __len__(self) -> int:
        return int(self.arrow.num_rows)

    def __getitem__(self, name: str) -> pa.ChunkedArray:
        return self.arrow.column(name)

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
        return self.arrow.__arrow_c_stream__(requested_schema)

    def __repr__(self) -> str:
        return f"<Faces {len(self)} rows, {len(self.column_names)} columns>"

    def to_pylist(self) -> list[dict[str, Any]]:
        """Rows as plain data."""
        rows: list[dict[str, Any]] = self.arrow.to_pylist()
        return rows

    def to_polars(self) -> pl.DataFrame:
        """As a polars DataFrame.

        Raises:
            UsageError: polars is not installed.
        """
        try:
            import polars as pl
        except ImportError as error:
            raise not_installed("polars", "polars") from error
        frame = pl.from_arrow(self.arrow)
        assert isinstance(frame, pl.DataFrame)
        return frame

    def to_pandas(self) -> pd.DataFrame:
        """As a pandas DataFrame.

        Raises:
            UsageError: pandas is not installed.
        """
        try:
            frame: pd.DataFrame = self.arrow.to_pandas()
        except ImportError as error:
            raise not_installed("pandas", "pandas") from error
        return frame
