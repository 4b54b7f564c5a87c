"""Any program as a generator."""

from __future__ import annotations

import pickle
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from facewright.errors import FacewrightError, UsageError
from facewright.generate.base import check_order
from facewright.generate.command import Command, command
from facewright.generate.wanted import Wanted

PROGRAM = """
import json, sys
from PIL import Image
for line in sys.stdin:
    order = json.loads(line)
    size = order["size"]
    Image.new("RGB", (size, size), (order["seed"], 7, 9)).save(order["output"])
    yaw = order["attributes"].get("yaw")
    print(json.dumps({"key": order["key"], "truth": {"head_pose.yaw": yaw}}), flush=True)
"""

ASK = "import json\no = json.loads(input())\n"
ANSWER = "print(json.dumps({'key': o['key']}))"


def maker(tmp_path: Path, program: str, **options: Any) -> Command:
    path = tmp_path / "make.py"
    path.write_text(program)
    return command("standard", {"command": [sys.executable, str(path)], **options})


def wanted(key: str = "000000", seed: int = 3, size: int = 32) -> Wanted:
    return Wanted(key, "person-000000", seed, 1, size, {"yaw": 12.5})


def test_pictures_are_made_one_after_the_other_with_their_truth(tmp_path: Path) -> None:
    program = pickle.loads(pickle.dumps(maker(tmp_path, PROGRAM)))
    for n in range(3):
        made = program.make(wanted(f"{n:06d}", seed=n))
        assert made.pixels.shape == (32, 32, 3)
        assert np.array_equal(made.pixels[0, 0], [n, 7, 9])
        assert made.truth == {"head_pose.yaw": 12.5}


@pytest.mark.parametrize(
    ("program", "says"),
    [
        ("raise SystemExit('no weights')", r"ended: exit code 1; no weights"),
        ("input(); print('hello')", r"must answer .*'hello'"),
        (
            ASK + "print(json.dumps({'key': o['key'], 'error': 'no memory'}))",
            r"picture 000000: no memory",
        ),
        (ASK + ANSWER, r"no file"),
        (ASK + "open(o['output'], 'w').write('x')\n" + ANSWER, r"wrote no picture"),
        (PROGRAM.replace('order["size"]', "20"), r"20 x 20 pixels, not 32 x 32"),
        (PROGRAM.replace("head_pose.yaw", "head_pose.jaw"), r"truth may say"),
        (PROGRAM.replace("yaw})", '"x"})').replace(": yaw", ': "x"'), r"does not fit"),
        ("import time; time.sleep(60)", r"ended: exit code -9"),
    ],
)
def test_what_goes_wrong_is_said(tmp_path: Path, program: str, says: str) -> None:
    slow = "sleep" in program
    with pytest.raises(FacewrightError, match=says):
        maker(tmp_path, program, timeout=0.5 if slow else 60).make(wanted())


def test_a_program_that_is_not_there_is_said() -> None:
    with pytest.raises(UsageError, match="cannot start"):
        command("draft", {"command": "/no/such/program"}).make(wanted())


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({}, "missing"),
        ({"command": []}, "missing"),
        ({"command": "x", "timeout": -1}, "timeout"),
        ({"command": "x", "speed": 1}, "does not know speed"),
        ({"command": "x", "attributes": ["horns"]}, "attributes"),
    ],
)
def test_wrong_options_are_named(options: dict[str, Any], says: str) -> None:
    with pytest.raises(UsageError, match=says):
        command("standard", options)


def test_an_order_beyond_what_it_makes_is_refused() -> None:
    program = command("standard", {"command": "x", "attributes": ["sex"]})
    with pytest.raises(UsageError, match="cannot make yaw; it makes sex"):
        check_order(program, [wanted()], "o.toml")
