"""Concurrent clients that use a server in every way for a minute: errors, speed, memory.

    python benchmarks/serve_endurance.py DATASET [--seconds 60] [--clients 8]

Starts `facewright serve` of its own. Exits with 1 where an answer is an error of the server's, or
where its memory goes on growing: in the last quarter it is a tenth above that of the second.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from statistics import mean
from urllib.parse import quote, urlsplit

GROWTH = 1.10
READS = (
    "/api/faces?{filter}&limit=100",
    "/api/facets?{filter}",
    "/api/histogram2d?{filter}&bins=24",
    "/api/v1/faces?per_page=20&order_by=random",
    "/api/faces/{face}",
    "/api/faces/{face}/image?size=256",
    "/api/faces/{face}/similar?limit=12",
    "/api/selections",
    "/",
)


@dataclass
class Seen:
    """What all clients saw together."""

    faces: list[str]
    statuses: Counter[int] = field(default_factory=Counter)
    took: list[float] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def main() -> int:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("dataset", type=Path)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--clients", type=int, default=8)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "facewright", "serve", str(args.dataset)]
        process = subprocess.Popen(
            [*command, "--port", "0", "--workdir", folder], stdout=subprocess.PIPE, text=True
        )
        try:
            assert process.stdout is not None
            address = process.stdout.readline().split()[2]
            return _run(process.pid, address, args.seconds, args.clients)
        finally:
            process.terminate()
            process.wait()


def _run(pid: int, address: str, seconds: float, clients: int) -> int:
    place = urlsplit(address)
    assert place.hostname
    assert place.port
    with closing(HTTPConnection(place.hostname, place.port, timeout=120)) as first:
        first.request("GET", "/api/faces?limit=500")
        seen = Seen([face["id"] for face in json.loads(first.getresponse().read())["faces"]])
    until = time.monotonic() + seconds
    threads = [
        threading.Thread(target=_client, args=(place.hostname, place.port, n, until, seen))
        for n in range(clients)
    ]
    for thread in threads:
        thread.start()
    memory = []
    while time.monotonic() < until:
        memory.append(_resident(pid))
        time.sleep(max(seconds / 30, 0.5))
    for thread in threads:
        thread.join()
    return _told(seen, memory, seconds, clients)


def _told(seen: Seen, memory: list[float], seconds: float, clients: int) -> int:
    took = sorted(seen.took)
    p50, p95 = (1000 * took[int(share * len(took))] for share in (0.5, 0.95))
    quarter = max(len(memory) // 4, 1)
    second, last = mean(memory[quarter : 2 * quarter] or memory), mean(memory[-quarter:])
    rate = len(took) / seconds
    print(f"{len(took)} answers to {clients} clients in {seconds:.0f} s: {rate:.0f}/s")
    print(f"p50 {p50:.0f} ms, p95 {p95:.0f} ms")
    print(f"statuses: {dict(seen.statuses)}; problems: {seen.problems[:5]}")
    quarters = f"{second:.0f} in the second quarter, {last:.0f} in the last"
    print(f"memory, MB: {memory[0]:.0f} at first, {quarters}")
    bad = bool(seen.problems) or any(status >= 500 for status in seen.statuses)
    return int(bad or last > GROWTH * second)


def _client(host: str, port: int, number: int, until: float, seen: Seen) -> None:
    chance = random.Random(number)  # noqa: S311
    with closing(HTTPConnection(host, port, timeout=60)) as connection:
        while time.monotonic() < until:
            begun = time.monotonic()
            try:
                status = _ask(connection, chance, seen.faces)
            except OSError as error:
                seen.problems.append(repr(error))
                connection.close()
                continue
            seen.took.append(time.monotonic() - begun)
            seen.statuses[status] += 1


def _ask(connection: HTTPConnection, chance: random.Random, faces: list[str]) -> int:
    """One request; its status."""
    face = quote(chance.choice(faces), safe="")
    if chance.random() < 0.1:
        body = json.dumps({"reason": "blurred", "note": f"{chance.random()}"})
        connection.request("POST", f"/api/faces/{face}/flags", body, _JSON)
    elif chance.random() < 0.05:
        kept = {"name": "some", "face_ids": chance.sample(faces, min(len(faces), 50))}
        connection.request("POST", "/api/selections", json.dumps(kept), _JSON)
    else:
        low = chance.randrange(0, 60)
        filter_ = f"age={low}..{low + chance.randrange(5, 40)}&sex={chance.choice(_SEXES)}"
        path = chance.choice(READS).format(filter=filter_, face=face)
        connection.request("GET", path)
    answer = connection.getresponse()
    answer.read()
    return answer.status


_SEXES = ("female", "male")
_JSON = {"Content-Type": "application/json"}


def _resident(pid: int) -> float:
    """Megabytes of a process in memory (Linux)."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    kilobytes = next(line for line in lines if line.startswith("VmRSS")).split()[1]
    return int(kilobytes) / 1024


if __name__ == "__main__":
    sys.exit(main())
