"""Where everything goes on a contact sheet of about 16:10."""

from __future__ import annotations

import math
from dataclasses import dataclass

ASPECT = 16 / 10
_AREA = 4_300_000  # pixels of all cells together: 64 cells of 256
_LARGEST, _SMALLEST = 512, 96
_ROOMY = 160  # from this cell size on there is room for three lines of text
_LEAST_WIDTH = 640  # for the heading


@dataclass(frozen=True, slots=True)
class Grid:
    """Places of `count` cells, in pixels; each is a square picture with its caption below.

    text: size of the captions' font. lines: of a caption, the id's own included.
    """

    count: int
    columns: int
    cell: int
    text: int
    lines: int

    @property
    def rows(self) -> int:
        """Rows of cells; one even where there is no cell, for a message."""
        return max(math.ceil(self.count / self.columns), 1)

    @property
    def gap(self) -> int:
        """Between cells."""
        return max(self.cell // 24, 6)

    @property
    def margin(self) -> int:
        """Around everything."""
        return 20

    @property
    def line(self) -> int:
        """Height of a line of a caption."""
        return round(self.text * 1.4)

    @property
    def caption(self) -> int:
        """Height of a caption."""
        return self.lines * self.line + 10

    @property
    def heading(self) -> int:
        """Height of the heading."""
        return 62

    @property
    def footing(self) -> int:
        """Height of the foot."""
        return 44

    @property
    def width(self) -> int:
        """Width of the sheet."""
        return max(self._cells_width + 2 * self.margin, _LEAST_WIDTH)

    @property
    def height(self) -> int:
        """Height of the sheet."""
        cells = self.rows * (self.cell + self.caption + self.gap) - self.gap
        return 2 * self.margin + self.heading + cells + self.footing

    def place(self, number: int) -> tuple[int, int]:
        """Left and top of a cell's picture; cells are centred on sheets wider than they are."""
        row, column = divmod(number, self.columns)
        left = (self.width - self._cells_width) // 2 + column * (self.cell + self.gap)
        top = self.margin + self.heading + row * (self.cell + self.caption + self.gap)
        return left, top

    @property
    def _cells_width(self) -> int:
        return self.columns * (self.cell + self.gap) - self.gap


def grid_for(count: int) -> Grid:
    """The grid of a sheet of `count` cells: 256 px each at 64, smaller for more, larger for less.

    The number of columns is the one that comes nearest to 16:10 with few empty places.
    """
    cell = int(min(max(math.sqrt(_AREA / max(count, 1)), _SMALLEST), _LARGEST))
    text = min(max(cell // 19, 10), 20)
    lines = 3 if cell >= _ROOMY else 2
    grids = [Grid(count, columns, cell, text, lines) for columns in range(1, max(count, 1) + 1)]
    return min(grids, key=_ugliness)


def _ugliness(grid: Grid) -> float:
    empty = grid.rows * grid.columns - grid.count
    return abs(math.log(grid.width / grid.height / ASPECT)) + empty / max(grid.count, 1)
