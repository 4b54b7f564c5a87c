"""Numbers in words, the same on the page, on the terminal and in findings."""

from __future__ import annotations

from collections.abc import Sequence


def percent(share: float | None, decimals: int = 1) -> str:
    """A share in percent; "–" where there is none, "<0.1 %" where it would read as none."""
    if share is None:
        return "–"
    least = 10.0**-decimals
    if 0 < share * 100 < least / 2:
        return f"<{least:g} %"
    return f"{100 * share:.{decimals}f} %"


def points(difference: float | None) -> str:
    """A signed difference of shares in percentage points, with a true minus sign."""
    if difference is None:
        return "–"
    rounded = round(100 * difference, 1) + 0.0
    sign = "+" if rounded > 0 else "−" if rounded < 0 else "±"
    return f"{sign}{abs(rounded):.1f}"


def interval(low: float | None, high: float | None) -> str:
    """An interval in percent: "12.1–13.4 %"."""
    if low is None or high is None:
        return "–"
    return f"{100 * low:.1f}–{100 * high:.1f} %"


def decimal(value: float | None, digits: int = 3) -> str:
    """A number with so many decimals; "–" where there is none."""
    return "–" if value is None else f"{value:.{digits}f}".replace("-", "−")


def probability(value: float | None) -> str:
    """A p-value: "<0.001" below that."""
    if value is None:
        return "–"
    return "<0.001" if value < 0.001 else f"{value:.3f}"


def short(label: str) -> str:
    """A level's name without what it means in brackets: "adult (18 to 59)" is "adult"."""
    return label.split(" (", maxsplit=1)[0] or label


def named(labels: Sequence[str]) -> str:
    """Labels of an intersection as one name."""
    return " · ".join(labels)


def plural(number: int, one: str, many: str | None = None) -> str:
    """A count with its noun."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
