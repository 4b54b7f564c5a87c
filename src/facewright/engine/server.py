"""Imported by the server that worker processes are forked from, and by nothing else."""

import atexit
import os
from contextlib import suppress

import cv2
import numpy as np

import facewright.engine.chunk  # noqa: F401 - what is imported here, no worker imports
from facewright import plugins
from facewright.annotators.pipeline import GROUP, Pipeline
from facewright.errors import ModelError
from facewright.vision.faces import FINDERS
from facewright.vision.runtime import make_ready

with suppress(ImportError):  # pyarrow imports it at its first array, where it is installed
    import pandas as pd  # noqa: F401

# OpenCV looks at the machine at its first call, for a tenth of a second.
cv2.cvtColor(np.zeros((1, 1, 3), np.uint8), cv2.COLOR_RGB2RGBA)

# Sessions of a quarter of a second, made while the parent still imports. Where a model is broken,
# whoever needs it says so.
own = Pipeline(plugins.own(GROUP))
with suppress(ModelError):
    make_ready((*FINDERS, *own.models))

# The server holds nothing that wants tidying, and to take its modules apart takes a third of a
# second, for which everyone would wait who reads our output to its end.
atexit.register(os._exit, 0)
