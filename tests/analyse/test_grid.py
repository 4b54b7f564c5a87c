from __future__ import annotations

import pytest

from facewright.analyse.grid import grid_for


@pytest.mark.parametrize("count", [0, 1, 2, 5, 6, 17, 64, 100, 1000, 2500])
def test_cells_lie_inside_and_apart(count: int) -> None:
    grid = grid_for(count)
    places = [grid.place(i) for i in range(count)]
    assert len(set(places)) == count
    for left, top in places:
        assert grid.margin <= left
        assert left + grid.cell <= grid.width - grid.margin
        assert grid.margin + grid.heading <= top
        assert top + grid.cell + grid.caption <= grid.height - grid.margin - grid.footing
    assert grid.rows * grid.columns >= count


def test_sixty_four_cells_are_256_pixels_and_many_are_about_16_to_10() -> None:
    assert 250 <= grid_for(64).cell <= 262
    for count in (24, 64, 200, 1000):
        grid = grid_for(count)
        assert 1.2 < grid.width / grid.height < 2.1


def test_more_cells_are_smaller() -> None:
    sizes = [grid_for(count).cell for count in (1, 16, 30, 64, 300, 2000)]
    assert sizes == sorted(sizes, reverse=True)
    assert max(sizes) <= 512
