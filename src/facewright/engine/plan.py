"""The plan of a run: every photo of the source in order, cut into chunks, written down first.

A run that is started again reads the plan back, so that it makes the same chunks.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from facewright.errors import PhotoError, UsageError
from facewright.limits import Limits
from facewright.sources.base import Entry, Source
from facewright.store.atomic import atomic_file

_CHUNKS = 20  # enough to keep a few workers busy to the end, few enough to cost nothing
_SMALLEST_CHUNK, _LARGEST_CHUNK = 4, 256


@dataclass(frozen=True, slots=True)
class Planned:
    """One photo of the plan.

    entry: the source's entry. problem, detail: why it is excluded before it is read, or None.
    duplicate_of: key of the earlier photo with the same bytes.
    """

    entry: Entry
    problem: str | None = None
    detail: str | None = None
    duplicate_of: str | None = None


def chunk_size(photos: int, wanted: int | None) -> int:
    """Photos a chunk: what the recipe says, or by the number of photos alone.

    It must not depend on the number of workers: the same recipe makes the same shards.
    """
    return wanted or min(max(-(-photos // _CHUNKS), _SMALLEST_CHUNK), _LARGEST_CHUNK)


def make_plan(source: Source, limits: Limits) -> list[Planned]:
    """List a source and mark what can be known without decoding: problems and duplicates.

    Only photos whose sizes are equal are read to compare their bytes.
    """
    entries = list(source.entries())
    sizes = Counter(entry.size for entry in entries if entry.size is not None and not entry.problem)
    by_id: dict[str, str] = {}
    by_hash: dict[bytes, str] = {}
    planned = []
    for entry in entries:
        if entry.problem:
            planned.append(Planned(entry, entry.problem, entry.problem_detail))
            continue
        if entry.id is not None and (first := by_id.setdefault(entry.id, entry.key)) != entry.key:
            planned.append(Planned(entry, "duplicate_id", f"{first} has the id {entry.id} too"))
            continue
        original = None
        if entry.size is None or (entry.size > 0 and sizes[entry.size] > 1):
            original = _seen_before(source, entry, limits, by_hash)
        if original is not None:
            text = f"the same bytes as {original}"
            planned.append(Planned(entry, "duplicate", text, original))
        else:
            planned.append(Planned(entry))
    return planned


def _seen_before(
    source: Source, entry: Entry, limits: Limits, by_hash: dict[bytes, str]
) -> str | None:
    try:
        data = source.read(entry, limits)
    except PhotoError:
        return None  # the run will meet it again and write down why
    first = by_hash.setdefault(hashlib.sha256(data).digest(), entry.key)
    return None if first == entry.key else first


def chunks(plan: Sequence[Planned], size: int) -> list[tuple[Planned, ...]]:
    """Cut a plan into chunks of `size` photos."""
    return [tuple(plan[start : start + size]) for start in range(0, len(plan), size)]


def fingerprint(entries: Sequence[Entry]) -> str:
    """Sha256 over a source's listing: it changes when files, sizes or provenance do."""
    digest = hashlib.sha256()
    for entry in entries:
        digest.update(repr(replace(entry, locator="")).encode())
    return digest.hexdigest()


def save_plan(path: Path, plan: Sequence[Planned]) -> None:
    """Write the plan whole or not at all.

    Raises:
        StorageError: it cannot be written.
    """
    rows = [_flat(item) for item in plan]
    schema = pa.schema([(name, _TYPES.get(name, pa.string())) for name in _names()])
    with atomic_file(path) as file:
        pq.write_table(pa.Table.from_pylist(rows, schema=schema), file, compression="zstd")


def load_plan(path: Path) -> list[Planned]:
    """Read a plan back.

    Raises:
        UsageError: the file is not a plan of this version.
    """
    table = pq.read_table(path)
    if table.schema.names != _names():
        raise UsageError(f"{path} was written by another version; choose a new output folder")
    return list(_unflat(table.to_pylist()))


# A locator may hold bytes that are no UTF-8, as Python's surrogate escapes.
_TYPES = {"size": pa.int64(), "locator": pa.binary()}
_ESCAPES = "surrogateescape"


def _names() -> list[str]:
    entry = [field.name for field in fields(Entry)]
    return [*entry, "plan_problem", "plan_detail", "plan_duplicate_of"]


def _flat(item: Planned) -> dict[str, Any]:
    return {
        **asdict(item.entry),
        "locator": item.entry.locator.encode("utf-8", _ESCAPES),
        "plan_problem": item.problem,
        "plan_detail": item.detail,
        "plan_duplicate_of": item.duplicate_of,
    }


def _unflat(rows: list[dict[str, Any]]) -> Iterator[Planned]:
    for row in rows:
        problem, detail = row.pop("plan_problem"), row.pop("plan_detail")
        duplicate_of = row.pop("plan_duplicate_of")
        row["locator"] = row["locator"].decode("utf-8", _ESCAPES)
        yield Planned(Entry(**row), problem, detail, duplicate_of)
