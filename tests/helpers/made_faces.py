"""A generator for tests: a program that gives one face, a little different each time."""

from __future__ import annotations

import json
import sys
from pathlib import Path

PROGRAM = "make.py"

# It notes every picture that it begins in a file, and can be slow.
_CODE = """
import json, sys, time
import numpy as np
from PIL import Image
face = Image.open({photo!r}).convert("RGB").crop((100, 0, 400, 300))
for line in sys.stdin:
    order = json.loads(line)
    with open({begun!r}, "a") as file:
        file.write(order["key"] + "\\n")
    time.sleep({seconds})
    size, rng = order["size"], np.random.default_rng(order["seed"])
    pixels = np.asarray(face.resize((size, size))).astype(int)
    pixels = (pixels + rng.integers(-3, 4, pixels.shape)).clip(0, 255).astype(np.uint8)
    Image.fromarray(pixels).save(order["output"])
    print(json.dumps({{"key": order["key"], "truth": {{"sex": "female"}}}}), flush=True)
"""


def write_generators(folder: Path, photo: Path, seconds: float = 0.0) -> Path:
    """A file of generators with one, `astronaut`; what it begins is noted in `begun.txt`."""
    program = folder / PROGRAM
    begun = folder / "begun.txt"
    program.write_text(_CODE.format(photo=str(photo), begun=str(begun), seconds=seconds))
    command = json.dumps([sys.executable, str(program)])
    file = folder / "generators.toml"
    file.write_text(f'[astronaut]\ngenerator = "command"\noptions = {{ command = {command} }}\n')
    return file
