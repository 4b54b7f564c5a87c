"""A live server and a real browser, where there is one."""

from __future__ import annotations

import os
import shutil
import sys
import threading
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq
import pytest
import uvicorn

from facewright.server.assembling import ServeOptions, assemble
from facewright.server.auth.tokens import make_token, save_tokens
from facewright.server.jobs.settings import GeneratorChoice, JobSettings
from facewright.server.settings import ServeSettings
from facewright.truth import truth_column, truth_field
from helpers.serving import columns, write_served

if TYPE_CHECKING:
    from fastapi import FastAPI
    from playwright.sync_api import Browser, BrowserContext, Page

CHROMIUMS = ("chromium-headless-shell", "chromium")
"""Programs of this name; the first takes half of the time."""
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
DESK = {"width": 1280, "height": 800}
PHONE = {"width": 360, "height": 740}
FAILED = pytest.StashKey[bool]()


GENERATOR = """\
import json, sys
from PIL import Image
face = Image.open(sys.argv[1]).convert("RGB").crop((100, 0, 400, 300))
for line in sys.stdin:
    order = json.loads(line)
    face.resize((order["size"],) * 2).save(order["output"])
    print(json.dumps({"key": order["key"], "truth": {"sex": "female"}}), flush=True)
"""


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, samples: Path) -> Iterator[str]:
    """Address of a whole server over a dataset of photographs and a synthetic one."""
    folder = tmp_path_factory.mktemp("browsed")
    script = folder / "generator.py"
    script.write_text(GENERATOR, encoding="utf-8")
    command = [sys.executable, str(script), str(samples / "astronaut.png")]
    choice = GeneratorChoice(generator="command", options={"command": command})
    roots = [
        write_served(folder / "people", 300, own=_people(300), of_photos=_photos(300)),
        _with_truth(write_served(folder / "made", 24, generator="head3d", own=_made(24))),
    ]
    options = ServeOptions(
        workdir=folder / "work",
        serving=ServeSettings(cache=folder / "cache"),
        jobs=JobSettings(generators={"drawn": choice}),
    )
    with live(assemble(roots, options)) as address:
        yield address


@contextmanager
def live(app: FastAPI) -> Iterator[str]:
    """Serve an app at a free port; its address."""
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 30
    while not server.started:
        assert time.monotonic() < deadline, "the server did not start"
        time.sleep(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(10)


@pytest.fixture
def growing(tmp_path: Path) -> Iterator[tuple[str, Callable[[], None]]]:
    """Address of a server over 100 faces, and what commits 50 more of their dataset."""
    own = columns(200) | {"kept": [True] * 200}
    root = write_served(tmp_path / "faces", 200, parts=4, own=own, state="building")
    marks = [f"part-0000{n}.parquet" for n in (2, 3)]
    for mark in marks:  # a chunk without its photos part is not done
        (root / "photos" / mark).rename(tmp_path / mark)

    def grow() -> None:
        mark = marks.pop(0)
        (tmp_path / mark).rename(root / "photos" / mark)

    serving = ServeSettings(cache=tmp_path / "cache", refresh_seconds=0.2)
    with live(assemble([root], ServeOptions(workdir=tmp_path / "work", serving=serving))) as site:
        yield site, grow


@pytest.fixture
def locked(tmp_path: Path) -> Iterator[tuple[str, str]]:
    """Address of a server that demands a token, and a token that may read."""
    text, token = make_token("anna", "read", None)
    save_tokens(tmp_path / "tokens", (token,))
    options = ServeOptions(
        workdir=tmp_path / "work",
        token_file=tmp_path / "tokens",
        serving=ServeSettings(cache=tmp_path / "cache"),
    )
    with live(assemble([write_served(tmp_path / "faces", 30)], options)) as address:
        yield address, text


def _people(rows: int) -> dict[str, Any]:
    return columns(rows) | {
        "detection_score": [round(0.5 + n / (2 * rows), 3) for n in range(rows)],
    }


def _photos(rows: int) -> dict[str, Any]:
    return {
        "title": [f"Title {n % 130}" for n in range(rows)],
        "format": [("JPEG", "PNG", None)[n % 3] for n in range(rows)],
        "synthetic": [False] * rows,
    }


def _made(rows: int) -> dict[str, Any]:
    return {
        "face_id": [f"m{n:03d}" for n in range(rows)],
        "sex": ["female", "male"] * (rows // 2),
        "age": [20.0 + n for n in range(rows)],
        "head_pose.yaw": [0.0] * rows,
        "head_pose.pitch": [0.0] * rows,
    }


def _with_truth(root: Path) -> Path:
    """Write beside each estimate what was made: three pictures of each person."""
    first = 0
    for path in sorted((root / "faces").iterdir()):
        table = pq.read_table(path)
        numbers = range(first, first + len(table))
        told = {
            "identity": [f"person-{n // 3}" for n in numbers],
            "sex": [("female", "male")[n % 2] for n in numbers],
            "age": [30.0 + n for n in numbers],
        }
        pq.write_table(
            table.append_column(truth_field(), truth_column(told, [True] * len(table))), path
        )
        first += len(table)
    return root


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, headless."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    here = (os.environ.get("FACEWRIGHT_CHROMIUM"), *map(shutil.which, CHROMIUMS))
    path = next(filter(None, here), None)
    if path is None:
        pytest.skip("no chromium here; FACEWRIGHT_CHROMIUM names one")
    with playwright.sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield started
        started.close()


@pytest.fixture
def context(browser: Browser, request: pytest.FixtureRequest) -> Iterator[BrowserContext]:
    """A visitor of their own: nothing is kept from test to test."""
    size = getattr(request, "param", DESK)
    made = browser.new_context(viewport=size, reduced_motion="reduce", has_touch=size is PHONE)
    made.grant_permissions(["clipboard-read", "clipboard-write"])
    made.set_default_timeout(15_000)
    yield made
    made.close()


@pytest.fixture
def page(
    context: BrowserContext,
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Page]:
    """A tab; scripts that fail, and what the security policy refuses, fail the test.

    A screenshot of its end is made where the test failed, and of every test where
    FACEWRIGHT_SHOTS names a folder for them.
    """
    tab = context.new_page()
    wrong: list[str] = []
    tab.on("pageerror", lambda error: wrong.append(str(error)))
    tab.on(
        "console",
        lambda said: wrong.append(said.text) if "Content Security Policy" in said.text else None,
    )
    yield tab
    folder = os.environ.get("FACEWRIGHT_SHOTS")
    if folder or wrong or request.node.stash.get(FAILED, False):
        name = request.node.name.replace("/", "_").replace("[", "-").replace("]", "")
        shots = Path(folder) if folder else tmp_path_factory.getbasetemp() / "shots"
        shots.mkdir(parents=True, exist_ok=True)
        tab.screenshot(path=shots / f"{name}.png")
    # A route that still waits for its answer would fail in the middle of the next test.
    tab.unroute_all(behavior="ignoreErrors")
    assert wrong == []


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Let fixtures know at their end whether the test failed."""
    report = yield
    if call.when == "call":
        item.stash[FAILED] = report.failed
    return report
