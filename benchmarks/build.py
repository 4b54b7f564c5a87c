"""How fast a build is, against named references in the same run.

    python benchmarks/build.py [PHOTOS]

PHOTOS is a folder of portraits; by default the 100 of FACEWRIGHT_SHARED, else the samples.
References: the bare ONNX inference of the same models on the same faces (every call that the
build makes, replayed), with the shipped models and with plain conversions of the same networks;
the same inference in two processes at once, which tells what a second core gives on this machine;
and a plain loop that does one photo and one face at a time with the same models, Pillow's decoder
and OpenCV's PNG encoder. Two workers against one are timed from decode to shard, with all imported
already, and as whole commands.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import onnxruntime as ort
from PIL import Image

from facewright import Dataset, Recipe, build
from facewright.align.ffhq_fast import FFHQ_FAST
from facewright.annotators.pipeline import Pipeline
from facewright.engine.chunk import process_chunk
from facewright.engine.plan import make_plan
from facewright.engine.process import keep_freed_memory, one_thread
from facewright.engine.workshop import Workshop, identity_columns
from facewright.limits import Limits
from facewright.record import Record
from facewright.schema import to_table
from facewright.sources.opening import open_source
from facewright.store.jsonrecord import dumps, record_rows
from facewright.vision.faces import find_faces
from facewright.vision.runtime import Runtime
from peaks import largest_process

ROOT = Path(__file__).resolve().parent.parent


class Silent:
    """Watches a chunk and says nothing."""

    def hand(self, key: str) -> None:
        """A photo was taken in hand."""

    def done(self, photos: int, faces: int) -> None:
        """Photos were finished."""


class Recorder(Runtime):
    """Notes every inference call, to be replayed."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[tuple[str, Any]] = []

    def infer(self, model: str, images: Any) -> list[Any]:
        """Run and note."""
        self.calls.append((model, images))
        return super().infer(model, images)


def cpu(work: Callable[[], object]) -> float:
    """CPU seconds of this process."""
    start = time.process_time()
    work()
    return time.process_time() - start


def wall(work: Callable[[], object]) -> float:
    """Wall seconds."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def record(photos: Path, root: Path) -> tuple[Callable[[], None], Recorder]:
    """Make a dataset of one chunk, so that sessions are made and files in the page cache.

    Returns:
        What makes it again, and what noted its inference calls.
    """
    keep_freed_memory()
    source = open_source(photos)
    plan = make_plan(source, Limits())
    workshop = Workshop(source, Recipe())
    recorder = workshop.runtime = Recorder()
    for folder in ("photos", "faces", "crops/ffhq-fast-1024"):
        (root / folder).mkdir(parents=True)
    make = partial(process_chunk, workshop, root, 0, plan, Silent())
    make()
    return make, recorder


def replay(runtime: Runtime, calls: Sequence[tuple[str, Any]]) -> None:
    """The inference alone."""
    for model, images in calls:
        Runtime.infer(runtime, model, images)


def infer_when_told(photos: Path) -> None:
    """Process that replays a build's inference for each line it reads, and then says so."""
    with one_thread(), tempfile.TemporaryDirectory() as scratch:
        _, recorder = record(photos, Path(scratch))
        print("ready", flush=True)
        for _ in sys.stdin:
            replay(recorder, recorder.calls)
            print("done", flush=True)


def second_core(photos: Path, rounds: int) -> None:
    """What two processes that do nothing but inference get done in the time of one."""
    command = [sys.executable, __file__, str(photos), "--infer"]
    pipe = subprocess.PIPE
    both = [subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) for _ in range(2)]

    def infer(those: Sequence[subprocess.Popen[str]]) -> None:
        for process in those:
            print("go", file=process.stdin, flush=True)
        for process in those:
            told(process)

    def told(process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        process.stdout.readline()

    for process in both:
        told(process)
    gains = [2 * wall(partial(infer, both[:1])) / wall(partial(infer, both)) for _ in range(rounds)]
    for process in both:
        process.communicate()
    print(
        "bare inference, two processes at once (reference for workers):"
        f" {statistics.median(gains):.2f} times one ({min(gains):.2f} to {max(gains):.2f})"
    )


def chunk_against_inference(photos: Path, rounds: int, plain: Path) -> None:
    """CPU time from the file to the shard against replayed inference."""
    with tempfile.TemporaryDirectory() as scratch:
        make, recorder = record(photos, Path(scratch))
        calls = recorder.calls
        ratios, builds, bares = [], [], []
        for _ in range(rounds):
            recorder.calls = []
            builds.append(cpu(make))
            bares.append(cpu(lambda: replay(recorder, calls)))
            ratios.append(builds[-1] / bares[-1])
    print(f"whole build: {statistics.median(builds):.2f} CPU s")
    print(f"bare inference of the same calls (reference): {statistics.median(bares):.2f} CPU s")
    print(f"  ratio {statistics.median(ratios):.2f} (wanted: at most 1.3)")
    if plain.is_dir():
        models = PlainModels(plain)
        models.replay(calls[:8])
        slow = cpu(lambda: models.replay(calls))
        print(f"bare inference of the plain conversions of these models: {slow:.2f} CPU s")
        print(f"  ratio {statistics.median(builds) / slow:.2f}")


class PlainModels:
    """The same networks as plain conversions, before `tools/models` made them faster.

    Times do not depend on what is in a picture, so each call is repeated on zeros of its size.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._sessions: dict[str, ort.InferenceSession] = {}

    def replay(self, calls: Sequence[tuple[str, Any]]) -> None:
        """As many items through each model as the build put through it."""
        for model, images in calls:
            session = self._session(model)
            (wanted,) = session.get_inputs()
            one_by_one = isinstance(wanted.shape[0], int)
            sides = [side if isinstance(side, int) else 1 for side in wanted.shape[1:]]
            at_once = 1 if one_by_one else Runtime().batch
            for start in range(0, len(images), at_once):
                count = min(at_once, len(images) - start)
                session.run(None, {wanted.name: np.zeros((count, *sides), np.float32)})

    def _session(self, model: str) -> ort.InferenceSession:
        if model not in self._sessions:
            options = ort.SessionOptions()
            options.intra_op_num_threads = 1
            path = str(self._folder / f"{model}.onnx")
            self._sessions[model] = ort.InferenceSession(path, options)
        return self._sessions[model]


def build_command(photos: Path, out: Path, workers: int) -> None:
    """Run the installed command."""
    shutil.rmtree(out, ignore_errors=True)
    command = [sys.executable, "-m", "facewright", "build", str(photos), str(out)]
    subprocess.run([*command, "--workers", str(workers), "--json"], check=True, capture_output=True)


def plain_loop(photos: Path, out: Path) -> None:
    """What a script does that takes one photo and one face at a time."""
    cv2.setNumThreads(1)
    runtime, pipeline = Runtime(), Pipeline()
    out.mkdir(exist_ok=True)
    for path in sorted(photos.iterdir()):
        if path.suffix.lower() not in (".jpg", ".png"):
            continue
        pixels = np.asarray(Image.open(path).convert("RGB"))
        for number, face in enumerate(find_faces([pixels], runtime).split(1), start=1):
            columns = pipeline.annotate(face, runtime)
            columns |= identity_columns(face, [path.stem], [number])
            columns |= {"kept": np.array([True]), "reasons": [[]]}
            row = record_rows(to_table(Record, columns, 1), Record)[0]
            crop = FFHQ_FAST.crop(pixels, face.landmarks68[0], 1024).pixels
            _, png = cv2.imencode(".png", crop[:, :, ::-1])
            (out / f"{row['face_id']}.png").write_bytes(png.tobytes())
            (out / f"{row['face_id']}.json").write_text(dumps(row))


def decode_to_shard(photos: Path, rounds: int) -> None:
    """Wall time of one and two workers in a program that has imported all there is."""
    one, two = [], []
    with tempfile.TemporaryDirectory() as scratch:
        roots = (Path(scratch) / str(number) for number in range(1 + 2 * rounds))
        build(photos, next(roots), workers=2)  # starts what workers are forked from
        for _ in range(rounds):
            one.append(wall(partial(build, photos, next(roots), workers=1)))
            two.append(wall(partial(build, photos, next(roots), workers=2)))
    gains = [a / b for a, b in zip(one, two, strict=True)]
    print(f"decode to shard, 1 worker: {statistics.median(one):.2f} s")
    print(f"decode to shard, 2 workers: {statistics.median(two):.2f} s")
    print(
        f"  1 worker / 2 workers {statistics.median(gains):.2f}"
        f" ({min(gains):.2f} to {max(gains):.2f}; wanted: 1.8)"
    )


def workers_and_loop(photos: Path, rounds: int) -> None:
    """Wall time of the command with one and two workers, and of the plain loop."""
    one, two, loop = [], [], []
    with tempfile.TemporaryDirectory() as scratch:
        out = Path(scratch)
        for _ in range(rounds):
            one.append(wall(lambda: build_command(photos, out / "one", 1)))
            two.append(wall(lambda: build_command(photos, out / "two", 2)))
            command = [sys.executable, __file__, str(photos), "--plain-loop", str(out / "loop")]
            loop.append(wall(partial(subprocess.run, command, check=True)))
    print(f"command, 1 worker: {statistics.median(one):.2f} s")
    print(f"command, 2 workers: {statistics.median(two):.2f} s")
    print(f"plain loop, one face at a time (reference): {statistics.median(loop):.2f} s")
    pairs = list(zip(one, two, loop, strict=True))
    print(f"  1 worker / 2 workers {statistics.median(a / b for a, b, _ in pairs):.2f}")
    print(f"  loop / 2 workers {statistics.median(c / b for _, b, c in pairs):.2f} (wanted: 1.5)")
    print(f"  loop / 1 worker {statistics.median(c / a for a, _, c in pairs):.2f}")


def reading(photos: Path) -> None:
    """Time to have the bytes of one crop, warm."""
    with tempfile.TemporaryDirectory() as scratch:
        build_command(photos, Path(scratch) / "ds", 2)
        dataset = Dataset.open(Path(scratch) / "ds")
        ids = dataset.face_ids
        for face_id in ids:
            dataset.image(face_id)
        times = [wall(partial(dataset.image, face_id)) for face_id in ids * 10]
    print(f"Dataset.image: p50 {statistics.median(times) * 1e3:.3f} ms (wanted: under 0.1)")


def memory(photos: Path) -> None:
    """Largest process of a build, of those that the command started and those they did."""
    with tempfile.TemporaryDirectory() as scratch:
        command = [sys.executable, "-m", "facewright", "build", str(photos), f"{scratch}/ds"]
        largest = largest_process(command)
    told = "not measured here (it is read from /proc)" if largest is None else f"{largest:.0f} MB"
    print(f"largest process of a build: {told} (wanted: under 700)")


def starting(photo: Path) -> None:
    """Start-up of the command, and a single picture."""
    base = [sys.executable, "-m", "facewright"]
    for words, wanted in ((["--help"], 0.3), (["annotate", str(photo)], 3.0)):
        command = [*base, *words]
        run = partial(subprocess.run, command, check=True, capture_output=True)
        times = [wall(run) for _ in range(5)]
        print(f"facewright {words[0]}: {statistics.median(times):.2f} s (wanted: under {wanted})")


def main() -> None:
    """Print all figures."""
    shared = Path(os.environ.get("FACEWRIGHT_SHARED", ROOT.parent / "shared"))
    portraits = shared / "data" / "portraits"
    parser = argparse.ArgumentParser(description=__doc__)
    default = portraits if portraits.is_dir() else ROOT / "samples" / "photos"
    parser.add_argument("photos", nargs="?", type=Path, default=default)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--plain-loop", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--infer", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.plain_loop:
        plain_loop(arguments.photos, arguments.plain_loop)
        return
    if arguments.infer:
        infer_when_told(arguments.photos)
        return
    memory(arguments.photos)
    with one_thread():
        chunk_against_inference(arguments.photos, arguments.rounds, shared / "models")
    second_core(arguments.photos, arguments.rounds)
    decode_to_shard(arguments.photos, arguments.rounds)
    workers_and_loop(arguments.photos, arguments.rounds)
    reading(arguments.photos)
    starting(ROOT / "samples" / "photos" / "astronaut.png")


if __name__ == "__main__":
    main()
