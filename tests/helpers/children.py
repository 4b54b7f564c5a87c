"""What processes do that tests start; here, where they find it by name."""

from pathlib import Path


def say(pipe, words):
    """Repeat some words."""
    pipe.send(words)


def threads_and_models(pipe):
    """Say how many threads there are, and which models need no session made."""
    from facewright.vision import runtime

    pipe.send((len(list(Path("/proc/self/task").iterdir())), sorted(runtime._READY)))
