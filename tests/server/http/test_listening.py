"""Where a server listens, and what it says when it cannot."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from facewright.cli.serve import serve
from facewright.errors import DatasetError, UsageError
from facewright.server.assembling import ServeOptions, assemble
from facewright.server.http.listening import address_of, listen
from helpers.serving import write_served


def test_a_port_that_is_taken() -> None:
    with listen("127.0.0.1", 0) as bound:
        port = bound.getsockname()[1]
        assert address_of(bound) == f"http://127.0.0.1:{port}/"
        with pytest.raises(UsageError, match=rf"port {port}.*--port 0"):
            listen("127.0.0.1", port)


def test_every_address_is_shown_as_this_machines() -> None:
    with socket.create_server(("", 0)) as bound:
        assert address_of(bound).startswith("http://127.0.0.1:")


def test_what_cannot_be_served(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="name a dataset"):
        serve(workdir=tmp_path)
    with pytest.raises(DatasetError):
        serve(tmp_path / "none", workdir=tmp_path)
    root = write_served(tmp_path / "faces", 5)
    with pytest.raises(UsageError, match="holds no token"):
        serve(root, workdir=tmp_path, token_file=tmp_path / "tokens.json")
    with pytest.raises(UsageError, match="cannot read"):
        serve(root, workdir=tmp_path, generators=tmp_path / "none.toml")
    with pytest.raises(UsageError, match="no address of a server"):
        assemble([root], ServeOptions(workdir=tmp_path, url="faces.example"))
