"""Selection: an ordered list of face ids, repeats allowed, and why.

As JSON a run of the same id is stored once with its count:

    {"why": "...", "target": "...", "distances": {...},
     "face_ids": ["a_01", "b_01"], "counts": [1, 3], "weights": [0.7, 1.3]}

Everything but `face_ids` is optional. CSV has the columns face_id and, where wanted, count and
weight; any other text an id a line. A name that ends in .gz is compressed.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import math
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, groupby, repeat
from pathlib import Path
from typing import Any, Final

from facewright.errors import UsageError
from facewright.store.atomic import write_atomic

_DIGITS: Final = 7  # of a weight
_MOST: Final = 100_000_000  # faces with repeats; a damaged count must not fill the memory


@dataclass(frozen=True, slots=True)
class Selection:
    """Faces chosen from a dataset, in order.

    Attributes:
        face_ids: ids; a face may come several times.
        why: how they were chosen, for people.
        weights: of each of `face_ids`; None where all weigh the same.
        target: what they were chosen for, for people.
        distances: attributes, "sex × smile", to how far the faces were and are from the target:
            {"before": {"total_variation": ...}, "after": {...}}.
    """

    face_ids: tuple[str, ...]
    why: str = ""
    weights: tuple[float, ...] | None = None
    target: str = ""
    distances: Mapping[str, Any] = field(hash=False, default_factory=dict)

    def __post_init__(self) -> None:
        """Check that weights belong to faces.

        Raises:
            ValueError: there are not as many weights as faces, or one is no number of 0 or more.
        """
        if self.weights is None:
            return
        if len(self.weights) != len(self.face_ids):
            raise ValueError(f"{len(self.weights)} weights for {len(self.face_ids)} faces")
        if not all(math.isfinite(weight) and weight >= 0 for weight in self.weights):
            raise ValueError("a weight must be a number of 0 or more")

    def save(self, path: Path) -> None:
        """Write it as .json, .csv or .txt (an id a line), each also with .gz; else as JSON.

        CSV keeps ids, counts and weights, a list of ids only these.

        Raises:
            StorageError: it cannot be written.
        """
        kind, packed = _kind_of(path)
        data = _WRITERS.get(kind, _to_json)(self).encode()
        write_atomic(path, gzip.compress(data, 6, mtime=0) if packed else data)

    @classmethod
    def load(cls, path: Path) -> Selection:
        """Read what `save` writes.

        Raises:
            UsageError: it cannot be read, or names no face.
        """
        kind, packed = _kind_of(path)
        try:
            data = path.read_bytes()
            text = (gzip.decompress(data) if packed else data).decode("utf-8-sig")
            chosen = _READERS.get(kind, _from_lines)(text)
        except (gzip.BadGzipFile, EOFError, zlib.error) as error:
            raise UsageError(f"{path}: not a whole gzip file ({error})") from error
        except OSError as error:
            raise UsageError(f"{path}: cannot read the selection: {error.strerror}") from error
        except (ValueError, KeyError, TypeError) as error:
            raise UsageError(
                f"{path} is no selection ({error}); write one id a line, a CSV with a column"
                ' face_id, or JSON {"why": "...", "face_ids": [...]}'
            ) from error
        if not chosen.face_ids:
            raise UsageError(f"{path} names no face")
        return chosen


def _kind_of(path: Path) -> tuple[str, bool]:
    """Suffix without .gz, and whether that is there."""
    packed = path.suffix.lower() == ".gz"
    return (path.with_suffix("") if packed else path).suffix.lower(), packed


def _runs(chosen: Selection) -> Iterator[tuple[str, int, float | None]]:
    """Each run of one id of one weight: id, how often, weight."""
    if chosen.weights is None:
        for face_id, same in groupby(chosen.face_ids):
            yield face_id, len(list(same)), None
        return
    for (face_id, weight), group in groupby(zip(chosen.face_ids, chosen.weights, strict=True)):
        yield face_id, len(list(group)), weight


def _to_json(chosen: Selection) -> str:
    runs = list(_runs(chosen))
    data: dict[str, Any] = {"why": chosen.why}
    if chosen.target:
        data["target"] = chosen.target
    if chosen.distances:
        data["distances"] = dict(chosen.distances)
    head = json.dumps(data, indent=1, ensure_ascii=False, allow_nan=False).removesuffix("\n}")
    lists = [_listed("face_ids", (json.dumps(run[0], ensure_ascii=False) for run in runs), "\n  ")]
    if any(run[1] > 1 for run in runs):
        lists.append(_listed("counts", (str(run[1]) for run in runs), " "))
    if chosen.weights is not None:
        lists.append(_listed("weights", (f"{run[2]:.{_DIGITS}g}" for run in runs), " "))
    return head + ",\n" + ",\n".join(lists) + "\n}\n"


def _listed(name: str, values: Iterable[str], space: str) -> str:
    """A list of JSON; ids stand one a line so that files can be compared."""
    start = space if "\n" in space else ""
    return f' "{name}": [{start}' + f",{space}".join(values) + "]"


def _to_csv(chosen: Selection) -> str:
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    weighted = chosen.weights is not None
    writer.writerow(["face_id", "count", "weight"] if weighted else ["face_id", "count"])
    for face_id, count, weight in _runs(chosen):
        writer.writerow([face_id, count, *([f"{weight:.{_DIGITS}g}"] if weighted else [])])
    return file.getvalue()


def _to_lines(chosen: Selection) -> str:
    return "".join(f"{face_id}\n" for face_id in chosen.face_ids)


_WRITERS: Final[Mapping[str, Callable[[Selection], str]]] = {".csv": _to_csv, ".txt": _to_lines}


def _from_json(text: str) -> Selection:
    data = json.loads(text)
    ids = data["face_ids"]
    if not isinstance(ids, list) or not all(isinstance(face_id, str) for face_id in ids):
        raise TypeError("face_ids must be a list of texts")
    counts, weights = data.get("counts"), data.get("weights")
    distances = data.get("distances", {})
    if not isinstance(distances, dict):
        raise TypeError("distances must be a table")
    repeated, weighing = _spread(ids, counts, weights)
    told = str(data.get("why", "")), str(data.get("target", ""))
    return Selection(repeated, told[0], weighing, told[1], distances)


def _from_csv(text: str) -> Selection:
    rows = list(csv.DictReader(text.splitlines()))
    ids = [row["face_id"] for row in rows]
    names = rows[0] if rows else {}
    counts = [int(row["count"]) for row in rows] if "count" in names else None
    weights = [float(row["weight"]) for row in rows] if "weight" in names else None
    repeated, weighing = _spread(ids, counts, weights)
    return Selection(repeated, weights=weighing)


def _spread(
    ids: Sequence[str], counts: Any, weights: Any
) -> tuple[tuple[str, ...], tuple[float, ...] | None]:
    """Ids and weights as often as the counts say.

    Raises:
        TypeError, ValueError: counts or weights are not what they should be.
    """
    for name, values, kind in (("counts", counts, int), ("weights", weights, (int, float))):
        if values is None:
            continue
        if not isinstance(values, list) or len(values) != len(ids):
            raise TypeError(f"{name} must be a list with an entry for each of face_ids")
        if not all(isinstance(value, kind) and value >= 0 for value in values):
            raise ValueError(f"{name} must be numbers of 0 or more")
    if counts is None:
        return tuple(ids), None if weights is None else tuple(map(float, weights))
    if sum(counts) > _MOST:
        raise ValueError(f"counts add up to more than {_MOST:,}")
    repeated = tuple(chain.from_iterable(map(repeat, ids, counts)))
    if weights is None:
        return repeated, None
    return repeated, tuple(map(float, chain.from_iterable(map(repeat, weights, counts))))


def _from_lines(text: str) -> Selection:
    if text.lstrip().startswith("{"):  # JSON whatever the file is called
        return _from_json(text)
    return Selection(tuple(line.strip() for line in text.splitlines() if line.strip()))


_READERS: Final[Mapping[str, Callable[[str], Selection]]] = {".json": _from_json, ".csv": _from_csv}
