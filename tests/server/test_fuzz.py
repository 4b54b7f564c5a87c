"""The API asked by its own OpenAPI: whatever is sent, no answer is an error of the server's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable

from facewright.server.jobs.settings import JobSettings
from helpers.serving import write_served
from helpers.whole_server import whole_server

pytest.importorskip("schemathesis", reason="schemathesis is not installed")

import schemathesis
from schemathesis.generation import GenerationMode

pytestmark = pytest.mark.slow
EXAMPLES = 8
ELSEWHERE = (("post", "/api/similar"),)
"""It starts a process, and has tests of its own."""
NO_FAULT = (501, 503)
"""The server says that it has no such part, or too much to do."""


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    folder = tmp_path_factory.mktemp("fuzz")
    root = write_served(folder / "faces", 60)
    jobs = JobSettings(running=0, waiting=1_000_000)  # accepted, never begun
    with whole_server(root, workdir=folder / "work", jobs=jobs) as client:
        client.get("/api/datasets")  # loaded
        yield client


@pytest.fixture(scope="module")
def known(api: Any) -> dict[str, str]:
    """Ids that are there, for the parameters of addresses."""
    kept = {"name": "some", "filter": "sex=female"}
    return {
        "face_id": api.get("/api/faces").json()["faces"][0]["id"],
        "selection_id": api.post("/api/selections", json=kept).json()["id"],
        "job_id": api.post("/api/jobs", json={"kind": "report"}).json()["id"],
    }


@pytest.mark.slow
def test_no_request_is_the_servers_fault(api: Any, known: dict[str, str]) -> None:
    schema = schemathesis.openapi.from_dict(api.get("/openapi.json").json())
    wrong: list[str] = []
    tried = 0
    for found in schema.get_all_operations():
        operation = found.ok()
        if (operation.method, operation.path) in ELSEWHERE:
            continue
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            tried += fuzz(api, operation, mode, known, wrong)
    assert wrong == []
    assert tried > 500


def fuzz(
    client: Any, operation: Any, mode: GenerationMode, known: Mapping[str, str], wrong: list[str]
) -> int:
    """Send some cases of an operation; how many. What is the server's fault is added to wrong.

    known: values of parameters in the address: each case is also sent with these.
    """
    tried = 0

    def ask(case: Any) -> None:
        nonlocal tried
        own = dict(case.path_parameters or {})
        there = {name: known.get(name, value) for name, value in own.items()}
        for parameters in (own, there) if there != own else (own,):
            tried += 1
            case.path_parameters = parameters
            answer = send(client, case)
            if answer.status_code >= 500 and answer.status_code not in NO_FAULT:
                wrong.append(f"{case.method} {answer.url}: {answer.text[:200]}")

    run = settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )(given(case=operation.as_strategy(generation_mode=mode))(ask))
    with suppress(Unsatisfiable):  # nothing can be wrong about a request without parameters
        run()
    return tried


def send(client: Any, case: Any) -> Any:
    """The case over HTTP, as far as HTTP can carry it."""
    told = case.as_transport_kwargs(base_url="http://127.0.0.1")
    told.pop("cookies", None)
    headers = {k: v for k, v in (told.pop("headers", None) or {}).items() if is_header(k, v)}
    allowed = {"method", "url", "params", "json", "data", "files", "content"}
    kwargs = {name: value for name, value in told.items() if name in allowed}
    body = kwargs.pop("data", None)
    if isinstance(body, bytes | str):
        kwargs["content"] = body
    elif body is not None:
        kwargs["data"] = body
    try:
        return client.request(**kwargs, headers=headers)
    except (UnicodeError, ValueError, TypeError):
        return client.get("/health")  # a client cannot say that


def is_header(name: str, value: str) -> bool:
    return name.isascii() and str(value).isascii() and str(value).isprintable()
