"""Time the shipped graphs against plain conversions of the same networks.

    python tools/models/speed.py REFERENCE_DIR

REFERENCE_DIR holds a float32 .onnx of the same base name for each model, as tf2onnx or the package
gives it. Prints milliseconds of CPU for one picture (median of alternating runs, one thread) and
their ratio. Files without a counterpart are timed alone.
"""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime as ort

WEIGHTS = Path(__file__).resolve().parents[2] / "src" / "facewright" / "weights"
RUNS = 40
FREE_SIDE = 640  # for the detector, whose picture may have any size


def open_session(path: Path) -> ort.InferenceSession:
    """A session of one thread on the CPU."""
    options = ort.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def noise(session: ort.InferenceSession) -> dict[str, np.ndarray[Any, Any]]:
    """Random input for one picture or one face."""
    rng = np.random.default_rng(0)
    feeds = {}
    for tensor in session.get_inputs():
        free = (1, FREE_SIDE, FREE_SIDE, FREE_SIDE)
        shape = [n if isinstance(n, int) else free[i] for i, n in enumerate(tensor.shape)]
        bytewise = "uint8" in tensor.type
        values = rng.random(shape, dtype=np.float32)
        feeds[tensor.name] = (values * 255).astype(np.uint8) if bytewise else values
    return feeds


def cpu_ms(session: ort.InferenceSession, feeds: dict[str, np.ndarray[Any, Any]]) -> float:
    """Milliseconds of CPU of one run."""
    start = time.process_time()
    session.run(None, feeds)
    return 1e3 * (time.process_time() - start)


def compare(paths: list[Path]) -> list[float]:
    """Median milliseconds of each model, their runs taken in turn."""
    sessions = [open_session(path) for path in paths]
    feeds = [noise(session) for session in sessions]
    times: list[list[float]] = [[] for _ in paths]
    for run in range(RUNS + 3):
        for index, session in enumerate(sessions):
            spent = cpu_ms(session, feeds[index])
            if run >= 3:
                times[index].append(spent)
    return [statistics.median(spent) for spent in times]


def main(reference: Path) -> None:
    """Print one line a model."""
    print(f"{'model':24}{'reference ms':>14}{'shipped ms':>12}{'ratio':>8}")
    for path in sorted(WEIGHTS.glob("*.onnx")):
        other = reference / path.name
        if other.exists():
            before, after = compare([other, path])
            print(f"{path.stem:24}{before:14.2f}{after:12.2f}{before / after:8.2f}")
        else:
            print(f"{path.stem:24}{'':14}{compare([path])[0]:12.2f}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
