"""Whole servers for tests: in this process, or one of their own that can be killed."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

from facewright.server.assembling import ServeOptions, assemble
from facewright.server.auth.tokens import Scope, make_token, save_tokens
from facewright.server.settings import ServeSettings

_SCRIPT = """
import sys
from pathlib import Path
from facewright.cli.serve import serve
if __name__ == "__main__":
    workdir, generators, *datasets = sys.argv[1:]
    serve(*map(Path, datasets), port=0, workdir=Path(workdir),
          generators=Path(generators) if generators else None)
"""


@contextmanager
def whole_server(*roots: Path, workdir: Path, **options: Any) -> Iterator[TestClient]:
    """A client of a whole server over datasets."""
    settings = ServeSettings(cache=workdir / "cache")
    app = assemble(roots, ServeOptions(workdir=workdir, serving=settings, **options))
    with TestClient(app, base_url="http://127.0.0.1", raise_server_exceptions=False) as client:
        yield client


def tokens(file: Path, *scopes: Scope) -> list[str]:
    """Make tokens and keep them in a file; their texts."""
    made = [make_token(f"{scope} {n}", scope) for n, scope in enumerate(scopes)]
    save_tokens(file, [token for _, token in made])
    return [text for text, _ in made]


@contextmanager
def own_process(
    *roots: Path, workdir: Path, generators: Path | None = None
) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A server in a process of its own, and its address; killed at the end."""
    workdir.mkdir(parents=True, exist_ok=True)
    script = workdir / "serve.py"
    script.write_text(_SCRIPT)
    command = [sys.executable, script, workdir / "state", generators or "", *roots]
    with (workdir / "stderr.txt").open("w") as log:
        process = subprocess.Popen(
            [str(part) for part in command], stdout=subprocess.PIPE, stderr=log, text=True
        )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line.startswith("Serving at "), (workdir / "stderr.txt").read_text()
        yield process, line.split()[2].rstrip("/")
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
