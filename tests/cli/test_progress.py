"""What is said on stderr beside results."""

from __future__ import annotations

import json

import pytest

from facewright.cli.progress import noting


def test_a_note_is_a_line_for_people_or_for_machines(capsys: pytest.CaptureFixture[str]) -> None:
    noting(as_json=False)("no sidecar")
    noting(as_json=True)("no sidecar")
    for_people, for_machines = capsys.readouterr().err.splitlines()
    assert for_people == "facewright: no sidecar"
    assert json.loads(for_machines) == {"note": "no sidecar"}
