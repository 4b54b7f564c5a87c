"""Imported by the server that worker processes are forked from, and by nothing else.

Sessions take as long as half of the imports and need no interpreter: a thread makes them
meanwhile, on the other core. It has ended before anything is forked.
"""

import atexit
import os
from contextlib import suppress
from threading import Thread

from facewright import plugins
from facewright.annotators.pipeline import GROUP, Pipeline
from facewright.errors import ModelError
from facewright.vision.faces import FINDERS
from facewright.vision.runtime import make_ready

own = Pipeline(plugins.own(GROUP))


def make_sessions() -> None:
    """Where a model is broken, whoever needs it says so."""
    with suppress(ModelError):
        make_ready((*FINDERS, *own.models))


sessions = Thread(target=make_sessions)
sessions.start()

import cv2  # noqa: E402
import numpy as np  # noqa: E402

import facewright.engine.chunk  # noqa: E402, F401 - what is imported here, no worker imports

with suppress(ImportError):  # pyarrow imports it at its first array, where it is installed
    import pandas as pd  # noqa: F401

# OpenCV looks at the machine at its first call, for a tenth of a second.
cv2.cvtColor(np.zeros((1, 1, 3), np.uint8), cv2.COLOR_RGB2RGBA)

sessions.join()

# The server holds nothing that wants tidying, and to take its modules apart takes a third of a
# second, for which everyone would wait who reads our output to its end.
atexit.register(os._exit, 0)
