"""Kill -9 of the server: what it had accepted is there when it comes back."""

from __future__ import annotations

import json
import os
import signal
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from helpers.made_faces import PROGRAM, write_generators
from helpers.processes import naming
from helpers.serving import write_served
from helpers.waiting import wait_for
from helpers.whole_server import own_process

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not hasattr(os, "killpg"), reason="processes are killed as POSIX does"),
]


def ask(address: str, sent: Any = None, method: str | None = None) -> Any:
    data = None if sent is None else json.dumps(sent).encode()
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(address, data, headers, method=method)
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.loads(answer.read() or b"null")


def test_no_accepted_flag_label_or_selection_is_lost(tmp_path: Path) -> None:
    root = write_served(tmp_path / "faces", 60)
    kept: list[tuple[str, str]] = []
    for round_ in range(2):
        with own_process(root, workdir=tmp_path / "work") as (process, server):
            ids = [face["id"] for face in ask(f"{server}/api/faces?limit=50")["faces"]]
            for n, face in enumerate(ids[round_ * 12 : round_ * 12 + 12]):
                sent = {"reason": f"round {round_}", "note": "seen"}
                ask(f"{server}/api/faces/{face}/flags", sent)
                sent = {"attribute": "sex", "value": "male", "who": f"{round_}"}
                ask(f"{server}/api/faces/{face}/labels", sent)
                kept.append((face, f"round {round_}"))
                if n == 11:
                    sent = {"name": f"round {round_}", "face_ids": [face]}
                    ask(f"{server}/api/selections", sent)
            process.send_signal(signal.SIGKILL)  # right after the last answer
            process.wait()
    with own_process(root, workdir=tmp_path / "work") as (_, server):
        for face, reason in kept:
            told = ask(f"{server}/api/faces/{face}")
            assert [flag["reason"] for flag in told["flags"]] == [reason]
            assert [label["value"] for label in told["corrections"]] == ["male"]
        found = {face["id"] for face in ask(f"{server}/api/faces?sex=male&limit=200")["faces"]}
        assert {face for face, _ in kept} <= found
        assert len(ask(f"{server}/api/selections")["selections"]) == 2


def test_an_accepted_job_is_interrupted_and_goes_on(tmp_path: Path, samples: Path) -> None:
    root = write_served(tmp_path / "faces", 20)
    generators = write_generators(tmp_path, samples / "astronaut.png", 0.3)
    begun = tmp_path / "begun.txt"
    jobs: list[str] = []
    work = tmp_path / "work"
    with own_process(root, workdir=work, generators=generators) as (process, server):
        sent = {"kind": "generate", "count": 5, "size": 128, "seed": 1}
        jobs.append(ask(f"{server}/api/jobs", sent)["id"])
        wait_for(lambda: begun.exists() and len(begun.read_text().split()) > 1, alive=process)
        jobs.append(ask(f"{server}/api/jobs", {"kind": "export", "layout": "imagefolder"})["id"])
        process.send_signal(signal.SIGKILL)
        process.wait()
    # The job's processes end with the server.
    wait_for(lambda: not naming(tmp_path / PROGRAM), "the generator's end", seconds=30)
    with own_process(root, workdir=work, generators=generators) as (_, server):
        assert {ask(f"{server}/api/jobs/{each}")["state"] for each in jobs} == {"interrupted"}
        for each in jobs:
            ask(f"{server}/api/jobs/{each}/again", {})
        made = ended(server, jobs)
        name = made[0]["result"]["dataset"]
        assert ask(f"{server}/api/faces?dataset={name}")["total"] == 5
        assert made[1]["result"]["faces"] == len(ask(f"{server}/api/faces?dataset=faces")["faces"])


def ended(server: str, jobs: list[str]) -> list[Any]:
    def told() -> list[Any] | None:
        found = [ask(f"{server}/api/jobs/{each}") for each in jobs]
        assert all(each["state"] in ("queued", "running", "done") for each in found), found
        return found if all(each["state"] == "done" for each in found) else None

    return wait_for(told, "the jobs' end", pause=0.2) or []
