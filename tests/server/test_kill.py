"""Kill -9 of the server: what it had accepted is there when it comes back."""

from __future__ import annotations

import json
import os
import signal
import time
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from helpers.made_faces import write_generators
from helpers.serving import write_served
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


@pytest.mark.slow
def test_no_accepted_flag_label_or_selection_is_lost(tmp_path: Path) -> None:
    root = write_served(tmp_path / "faces", 60)
    kept: list[tuple[str, str]] = []
    for round_ in range(3):
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
        assert len(ask(f"{server}/api/selections")["selections"]) == 3


@pytest.mark.slow
def test_an_accepted_job_is_interrupted_and_goes_on(tmp_path: Path, samples: Path) -> None:
    root = write_served(tmp_path / "faces", 20)
    generators = write_generators(tmp_path, samples / "astronaut.png", 0.5)
    begun = tmp_path / "begun.txt"
    jobs: list[str] = []
    work = tmp_path / "work"
    with own_process(root, workdir=work, generators=generators) as (process, server):
        sent = {"kind": "generate", "count": 12, "size": 128, "seed": 1}
        jobs.append(ask(f"{server}/api/jobs", sent)["id"])
        while not begun.exists() or len(begun.read_text().split()) < 3:
            time.sleep(0.1)
        jobs.append(ask(f"{server}/api/jobs", {"kind": "export", "layout": "imagefolder"})["id"])
        process.send_signal(signal.SIGKILL)
        process.wait()
    time.sleep(2.0)
    before = begun.read_text().split()
    time.sleep(2.0)
    assert begun.read_text().split() == before  # the job's processes ended with the server
    with own_process(root, workdir=work, generators=generators) as (_, server):
        assert {ask(f"{server}/api/jobs/{each}")["state"] for each in jobs} == {"interrupted"}
        for each in jobs:
            ask(f"{server}/api/jobs/{each}/again", {})
        made = ended(server, jobs)
        name = made[0]["result"]["dataset"]
        assert ask(f"{server}/api/faces?dataset={name}")["total"] == 12
        assert made[1]["result"]["faces"] == len(ask(f"{server}/api/faces?dataset=faces")["faces"])


def ended(server: str, jobs: list[str]) -> list[Any]:
    end = time.monotonic() + 180.0
    while time.monotonic() < end:
        told = [ask(f"{server}/api/jobs/{each}") for each in jobs]
        if all(each["state"] == "done" for each in told):
            return told
        assert all(each["state"] in ("queued", "running", "done") for each in told), told
        time.sleep(0.3)
    pytest.fail("the jobs do not end")
