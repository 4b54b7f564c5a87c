"""Progress of long work: a bar on a terminal, plain lines in a log, JSON lines for machines."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from facewright.steps import OnStep

if TYPE_CHECKING:
    from facewright.engine.running import BuildProgress

OnProgress = Callable[["BuildProgress"], None]
_LINE_EVERY = 10.0  # seconds


def rate(progress: BuildProgress) -> float:
    """Photos a second in this run."""
    return progress.made / progress.seconds if progress.seconds else 0.0


def remaining(progress: BuildProgress) -> float | None:
    """Seconds to go at the present rate; None while there is none, or no end is known."""
    speed = rate(progress)
    return (progress.total - progress.photos) / speed if speed and progress.total else None


@contextmanager
def progress_for(*, as_json: bool) -> Iterator[OnProgress]:
    """Choose how progress is shown on stderr."""
    if as_json:
        yield _json_line
    elif sys.stderr.isatty():
        with _bar() as show:
            yield show
    else:
        yield _Lines()


def _json_line(progress: BuildProgress) -> None:
    left = remaining(progress)
    data = {
        "photos": progress.photos,
        "total": progress.total,
        "faces": progress.faces,
        "photos_per_second": round(rate(progress), 2),
        "seconds": round(progress.seconds, 2),
        "remaining": None if left is None else round(left, 1),
    }
    print(json.dumps(data), file=sys.stderr, flush=True)


class _Lines:
    """A plain line every ten seconds, and one at the end."""

    def __init__(self) -> None:
        self._next = time.monotonic() + _LINE_EVERY

    def __call__(self, progress: BuildProgress) -> None:
        now = time.monotonic()
        if now < self._next and not 0 < progress.total <= progress.photos:
            return
        self._next = now + _LINE_EVERY
        left = remaining(progress)
        to_go = "" if left is None else f", {left:.0f} s to go"
        of_all = f"/{progress.total}" if progress.total else ""
        print(
            f"{progress.photos}{of_all} photos, {progress.faces} faces,"
            f" {rate(progress):.1f} photos/s{to_go}",
            file=sys.stderr,
            flush=True,
        )


@contextmanager
def _bar() -> Iterator[OnProgress]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (
        TextColumn("photos"),
        BarColumn(bar_width=None),
        MofNCompleteColumn(),
        TextColumn("{task.fields[detail]}"),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("photos", total=None, detail="loading models")

        def show(progress: BuildProgress) -> None:
            """Move the bar to where the run is."""
            left = remaining(progress)
            to_go = "" if left is None else f"  {_clock(left)} to go"
            detail = f"{progress.faces} faces  {rate(progress):.1f} photos/s{to_go}"
            bar.update(task, completed=progress.photos, total=progress.total or None, detail=detail)

        yield show


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


@contextmanager
def telling() -> Iterator[OnStep]:
    """Progress of named steps on stderr: a bar on a terminal, a line every ten seconds in a log."""
    if not sys.stderr.isatty():
        yield _Steps()
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("reading", total=None)
        yield lambda what, done, total: bar.update(
            task, description=what, completed=done, total=total
        )


class _Steps:
    """A plain line every ten seconds."""

    def __init__(self) -> None:
        self._next = time.monotonic() + _LINE_EVERY

    def __call__(self, what: str, done: int, total: int) -> None:
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + _LINE_EVERY
            print(f"{what}: {done} of {total}", file=sys.stderr, flush=True)


def noting(*, as_json: bool) -> Callable[[str], None]:
    """What says on stderr what a user should know, apart from results and progress."""

    def note(text: str) -> None:
        line = json.dumps({"note": text}) if as_json else f"facewright: {text}"
        print(line, file=sys.stderr)

    return note
