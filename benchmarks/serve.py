"""Speed of the server at a million faces, each figure beside a reference in the same run.

    python benchmarks/serve.py RECORDS [--pictures DATASET] [--work FOLDER] [--faces N]

RECORDS is a dataset of published records without pictures, as
`facewright import ffhq-features-json.tar.xz records --layout ffhq-features` makes it. Its rows
are repeated with jitter up to N faces (a million). Thumbnails are those of the dataset of
--pictures. Figures are medians; each filter is asked once, so that nothing comes from a cache.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from facewright.server.asking.facets import facets
from facewright.server.asking.filters import Choice, Filter, Range
from facewright.server.asking.masks import Masks
from facewright.server.catalogue.catalogue import Catalogue
from facewright.server.catalogue.shelf import open_shelf
from facewright.server.faces.paging import page_of
from facewright.server.neighbours.index import Index, build, load
from facewright.store.tables import parts
from serve_load import requests_a_second
from serve_million import make_million

FACETS = ("sex", "age", "emotion", "smile", "glasses", "hair_color", "yaw", "beard")
"""Two of them have a condition of their own, which is lifted for their counts."""
SQL = {
    "sex": "sex",
    "age": "floor(age / 10)",
    "emotion": "greatest(emotion.anger, emotion.happiness, emotion.neutral) = emotion.happiness",
    "smile": "smile >= 0.5",
    "glasses": "glasses",
    "hair_color": "hair.color[1].color",
    "yaw": "floor(head_pose.yaw / 15)",
    "beard": "facial_hair.beard >= 0.5",
}
COLUMNS = {
    "rectangle.left": "floor(rectangle.left / 2)",
    "emotion.fear": "floor(emotion.fear * 100)",
    "head_pose.roll": "floor(head_pose.roll)",
    "makeup.eye": "makeup.eye",
    "occlusion.forehead": "occlusion.forehead",
    "hair.invisible": "hair.invisible",
    "index": "index",
    "accessories.type": "accessories",
}
STARTER = """
import json, resource, sys, time
begun = time.perf_counter()
from pathlib import Path
from facewright.server.catalogue.library import Library
imported = time.perf_counter()
library = Library([Path(sys.argv[1])])
library.refresh()
done = time.perf_counter()
used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps([imported - begun, done - imported, time.process_time(), used]))
"""
PLAIN = """
import sys, uvicorn
data = open(sys.argv[2], "rb").read()
head = [(b"content-type", b"image/webp"), (b"content-length", str(len(data)).encode())]
async def app(scope, receive, send):
    if scope["type"] == "http":
        await send({"type": "http.response.start", "status": 200, "headers": head})
        await send({"type": "http.response.body", "body": data})
uvicorn.run(app, port=int(sys.argv[1]), log_level="warning", lifespan="off", access_log=False)
"""


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("records", type=Path)
    parser.add_argument("--pictures", type=Path)
    parser.add_argument("--work", type=Path, default=Path(tempfile.gettempdir()) / "serve-million")
    parser.add_argument("--faces", type=int, default=1_000_000)
    parser.add_argument("--only", default="start,facets,columns,page,similar,thumbnails")
    given = parser.parse_args()
    wanted = given.only.split(",")
    given.work.mkdir(parents=True, exist_ok=True)
    print(f"{os.cpu_count()} CPUs, load {os.getloadavg()[0]:.1f}")
    with threadpool_limits(1, "blas"):
        if {"start", "facets", "columns", "page"} & set(wanted):
            million = make_million(given.records, given.work / "million", given.faces)
            if "start" in wanted:
                start(million)
            catalogue = Catalogue.of([open_shelf(million, "million")])
            if "facets" in wanted:
                count_facets(catalogue, million)
            if "columns" in wanted:
                further_columns(catalogue, million)
            if "page" in wanted:
                page(catalogue, million)
        if "similar" in wanted:
            similar(given.work, 100_000)
            similar(given.work, given.faces)
    if "thumbnails" in wanted and given.pictures:
        thumbnails(given.pictures, given.work)


def start(million: Path) -> None:
    """Time and memory of opening the dataset in a fresh process."""
    found = []
    for _ in range(3):
        done = subprocess.run(
            [sys.executable, "-c", STARTER, str(million)], check=True, capture_output=True
        )
        found.append(json.loads(done.stdout))
    imports, opening, work, used = (
        statistics.median(column) for column in zip(*found, strict=True)
    )
    print(
        f"start: {opening:.1f} s and {imports:.1f} s of imports ({work:.1f} s of CPU together),"
        f" {used / 1024:.0f} MB at most"
    )


def count_facets(catalogue: Catalogue, million: Path) -> None:
    """Eight facets under two range filters, and the same counts by DuckDB over Parquet."""
    rng = np.random.default_rng(1)
    wanted = [_two_ranges(rng) for _ in range(200)]
    times = [_timed(_counted, catalogue, each) for each in wanted]
    with duckdb.connect() as db:
        db.read_parquet([str(path) for path in parts(million, "faces")]).create_view("faces")
        reference = [_timed(_by_duckdb, db, each) for each in wanted[:5]]
    _tell("eight facets, two ranges", times, reference, "DuckDB over Parquet")


def further_columns(catalogue: Catalogue, million: Path) -> None:
    """Eight columns that are no attributes: read when first asked for, then counted as those are.

    Two range filters hold, one of them on such a column.
    """
    first = [_timed(catalogue.column, name) for name in COLUMNS]
    shown = ", ".join(f"{name} {ms:.0f}" for name, ms in zip(COLUMNS, first, strict=True))
    print(f"columns read when first asked for, ms: {shown}")
    rng = np.random.default_rng(4)
    wanted = [_with_column(rng) for _ in range(100)]
    times = [
        _timed(lambda w: facets(catalogue, Masks(catalogue, w), tuple(COLUMNS)), w) for w in wanted
    ]
    listing = ", ".join(f"{sql} AS c{n}" for n, sql in enumerate(COLUMNS.values()))
    sets = ", ".join(f"(c{n})" for n in range(len(COLUMNS)))
    with duckdb.connect() as db:
        db.read_parquet([str(path) for path in parts(million, "faces")]).create_view("faces")
        query = (
            f"SELECT count(*) FROM (SELECT {listing} FROM faces WHERE {{}})"  # noqa: S608
            f" GROUP BY GROUPING SETS ({sets})"
        )
        reference = [_timed(db.sql(query.format(_where(each))).fetchall) for each in wanted[:5]]
    _tell("eight further columns, two ranges", times, reference, "DuckDB over Parquet")


def page(catalogue: Catalogue, million: Path) -> None:
    """A page of a hundred under two range filters, in four orders."""
    rng = np.random.default_rng(2)
    orders = ("", "-quality", "age", "random")
    for order in orders:  # sorted once, when first asked for
        _paged(catalogue, Filter(), order, 1)
    wanted = [_two_ranges(rng) for _ in range(100)]
    times = [_timed(_paged, catalogue, each, orders[n % 4], n) for n, each in enumerate(wanted)]
    sql = "SELECT face_id FROM faces WHERE {} ORDER BY quality.overall DESC, face_id LIMIT 100"
    with duckdb.connect() as db:
        db.read_parquet([str(path) for path in parts(million, "faces")]).create_view("faces")
        reference = [_timed(db.sql(sql.format(_where(each))).fetchall) for each in wanted[:5]]
    _tell("page of 100", times, reference, "DuckDB over Parquet")


def _counted(catalogue: Catalogue, wanted: Filter) -> None:
    facets(catalogue, Masks(catalogue, wanted), FACETS)


def _paged(catalogue: Catalogue, wanted: Filter, order: str, seed: int) -> None:
    page_of(catalogue, wanted, lambda: Masks(catalogue, wanted), order, seed, 100, None, None)


def similar(work: Path, faces: int) -> None:
    """The ten nearest, and the same by NumPy over all embeddings at full length.

    Embeddings are made up: a common direction that holds .46 of the energy, as in the faces that
    the embedding was measured on, and 400 directions whose energy falls as 1 / n.
    """
    folder = work / f"similar-{faces}"
    if not (folder / "index.npz").exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        begun = time.perf_counter()
        build(folder, faces, 1024, lambda: _embeddings(faces))
        print(f"index of {faces}: {time.perf_counter() - begun:.0f} s")
    index = load(folder)
    rng = np.random.default_rng(3)
    queries = [index.vectors[row].astype(np.float32) for row in rng.integers(0, faces, 40)]
    index.nearest(queries[0], 10)
    times = [_timed(index.nearest, query, 10) for query in queries]
    hit, reference = 0, []
    for query in queries[:10]:
        begun = time.perf_counter()
        nearest = _full(index, query)
        reference.append(1000 * (time.perf_counter() - begun))
        hit += len(nearest & set(index.nearest(query, 10)[0].tolist()))
    kind = "exact" if index.exact else "not exact"
    _tell(f"similar, {faces:,} ({kind}, recall@10 {hit / 100:.3f})", times, reference, "NumPy")


def thumbnails(pictures: Path, work: Path) -> None:
    """Thumbnails a second of a server on this machine, and those of a bare ASGI app."""
    port = 8765
    command = [sys.executable, "-m", "facewright", "serve", str(pictures), "--port", str(port)]
    environment = {
        **os.environ,
        "XDG_CACHE_HOME": str(work / "cache"),
        "XDG_DATA_HOME": str(work / "data"),
    }
    base = f"http://127.0.0.1:{port}"
    with _running(command, base, environment):
        paths = _thumbs(base)
        first, _ = requests_a_second(base, paths, 0.1, 4)
        rate, late = requests_a_second(base, paths, 5.0, 16)
        one = work / "one.webp"
        one.write_bytes(_got(base + paths[0]))
    with _running([sys.executable, "-c", PLAIN, str(port), str(one)], base, environment):
        plain, _ = requests_a_second(base, paths, 5.0, 16)
    print(
        f"thumbnails: {rate:.0f} a second, p95 {late:.0f} ms ({len(paths)} pictures, 16 clients,"
        f" first time {first:.0f} a second); a bare ASGI app {plain:.0f}"
    )


def _two_ranges(rng: np.random.Generator) -> Filter:
    age, yaw = float(rng.integers(5, 40)), float(rng.integers(-40, 0))
    return Filter(
        (
            Choice("age", (Range(age, age + float(rng.integers(10, 40))),)),
            Choice("yaw", (Range(yaw, yaw + float(rng.integers(10, 50))),)),
        )
    )


def _with_column(rng: np.random.Generator) -> Filter:
    age, left = float(rng.integers(5, 40)), float(np.round(22 + 5 * rng.random(), 2))
    return Filter(
        (
            Choice("age", (Range(age, age + float(rng.integers(10, 40))),)),
            Choice("rectangle.left", (Range(left, left + 3),)),
        )
    )


def _where(wanted: Filter) -> str:
    columns = {"age": "age", "yaw": "head_pose.yaw", "rectangle.left": "rectangle.left"}
    held = []
    for each in wanted.choices:
        (value,) = each.values
        assert isinstance(value, Range)
        held.append(f"{columns[each.name]} >= {value.low} AND {columns[each.name]} < {value.high}")
    return " AND ".join(held)


def _by_duckdb(db: duckdb.DuckDBPyConnection, wanted: Filter) -> None:
    lifted = [choice.name for choice in wanted.choices]
    groups = [(wanted, [name for name in SQL if name not in lifted])]
    groups += [(wanted.without(name), [name]) for name in lifted]
    for held, names in groups:
        listing = ", ".join(f"{SQL[name]} AS {name}" for name in names)
        sets = ", ".join(f"({name})" for name in names)
        db.sql(
            f"SELECT {', '.join(names)}, count(*) FROM (SELECT {listing} FROM faces"  # noqa: S608
            f" WHERE {_where(held)}) GROUP BY GROUPING SETS ({sets})"
        ).fetchall()


def _embeddings(faces: int) -> Iterator[tuple[NDArray[np.int32], NDArray[np.float16]]]:
    rng = np.random.default_rng(0)
    turn = np.linalg.qr(rng.standard_normal((1024, 401)))[0].astype(np.float32)
    energy = np.arange(1, 401, dtype=np.float32) ** -0.5
    energy *= np.sqrt(1 - 0.46) / np.linalg.norm(energy)
    for start in range(0, faces, 20_000):
        rows = np.arange(start, min(start + 20_000, faces), dtype=np.int32)
        own = rng.standard_normal((len(rows), 400), dtype=np.float32) * energy
        yield rows, (own @ turn[:, 1:].T + 0.678 * turn[:, 0]).astype(np.float16)


def _full(index: Index, query: NDArray[np.float32]) -> set[int]:
    scores = np.concatenate(
        [
            index.vectors[at : at + 20_000].astype(np.float32) @ query
            for at in range(0, len(index.rows), 20_000)
        ]
    )
    return set(np.argpartition(-scores, 10)[:10].tolist())


class _running:  # noqa: N801 - a context manager
    """A server in a process of its own, until it answers and as long as it is needed."""

    def __init__(self, command: list[str], base: str, environment: dict[str, str]) -> None:
        self._command, self._base, self._environment = command, base, environment

    def __enter__(self) -> None:
        self._process = subprocess.Popen(self._command, env=self._environment)
        for _ in range(300):
            try:
                _got(self._base + "/ready")
            except OSError:
                time.sleep(0.1)
            else:
                return
        raise RuntimeError("the server does not answer")

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(10)


def _thumbs(base: str) -> list[str]:
    found = json.loads(_got(f"{base}/api/faces?limit=500"))["faces"]
    return [face["thumb"] for face in found if face["thumb"]]


def _got(address: str) -> bytes:
    from urllib.request import urlopen

    with urlopen(address, timeout=10) as answer:  # noqa: S310 - this machine
        data: bytes = answer.read()
        return data


def _timed(work: Callable[..., object], *args: object) -> float:
    begun = time.perf_counter()
    work(*args)
    return 1000 * (time.perf_counter() - begun)


def _tell(what: str, times: list[float], reference: list[float], name: str) -> None:
    p50, p95 = np.percentile(times, (50, 95))
    other = statistics.median(reference)
    print(f"{what}: p50 {p50:.1f} ms, p95 {p95:.1f} ms; {name} {other:.0f} ms, {other / p50:.0f}x")


if __name__ == "__main__":
    main()
