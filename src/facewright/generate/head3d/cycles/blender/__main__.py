"""`python -m blender JOB`: render the scene of a folder into that folder."""

from __future__ import annotations

import sys
from pathlib import Path

from .render import render_job

render_job(Path(sys.argv[1]))
