"""Kill -9 of workers and of whole runs: the dataset comes out as if nothing had happened."""

import hashlib
import os
import random
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from multiprocessing import forkserver
from pathlib import Path

import pytest

from facewright import Dataset, build
from facewright.engine.pool import Pool
from facewright.errors import FacewrightError, UsageError
from helpers.photos import write_photos
from helpers.processes import descendants, kill_group, start_group
from helpers.trees import content
from helpers.waiting import wait_for

pytestmark = pytest.mark.slow

SCRIPT = """
import sys
from facewright import Recipe, build
if __name__ == "__main__":
    recipe = Recipe.model_validate_json(sys.argv[3])
    build(sys.argv[1], sys.argv[2], recipe, workers=2)
"""


@pytest.fixture(scope="module")
def photos(tmp_path_factory, samples) -> Path:
    return write_photos(tmp_path_factory.mktemp("many"), samples / "astronaut.png", 30)


@pytest.fixture(scope="module")
def calm(tmp_path_factory, photos, recipe) -> Path:
    """The photos' dataset as it is when nothing is killed."""
    out = tmp_path_factory.mktemp("undisturbed") / "calm"
    build(photos, out, recipe, workers=2)
    return out


def start(photos: Path, out: Path, recipe):
    """A run in a process of its own."""
    script = out.parent / "run.py"
    script.write_text(SCRIPT)
    return start_group(sys.executable, script, photos, out, recipe.model_dump_json())


def chunks(out: Path) -> int:
    """How many chunks are done."""
    return len(list(out.glob("photos/*.parquet")))


def kill_one(pid: int, chance: random.Random) -> bool:
    """Kill a worker, or what workers are forked from; whether there was one."""
    found = descendants(pid)
    if found:
        with suppress(ProcessLookupError):
            os.kill(chance.choice(found), signal.SIGKILL)
    return bool(found)


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="finds workers through /proc")
def test_killed_at_random_moments_it_ends_the_same(tmp_path, photos, recipe, calm):
    chance = random.Random(11)
    out = tmp_path / "wild"
    for done in (0, 1, 4, 6, 8):  # of eleven chunks
        process = start(photos, out, recipe)
        wait_for(lambda done=done: out.exists() and chunks(out) >= done, alive=process)
        time.sleep(chance.uniform(0.0, 0.3))
        if done % 4:
            kill_one(process.pid, chance)
            time.sleep(chance.uniform(0.0, 0.5))
        kill_group(process)
    report = build(photos, out, recipe, workers=2)
    assert report.counts.photos == 31
    assert content(out) == content(calm)
    assert not list(out.rglob("*.partial"))
    assert not (out / ".work").exists()


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="finds workers through /proc")
def test_killing_workers_alone_does_not_end_the_run(tmp_path, photos, recipe, calm):
    out = tmp_path / "wild"
    process = start(photos, out, recipe)
    chance = random.Random(5)
    killed = 0
    for done in (0, 3, 6):
        wait_for(lambda done=done: chunks(out) >= done and descendants(process.pid), alive=process)
        killed += kill_one(process.pid, chance)
    assert process.wait(300) == 0
    assert killed
    assert content(out) == content(calm)


_HOOK = """
import hashlib, os
from pathlib import Path
import facewright.vision.decode as d
real, seen = d.decode_photo, []
def deadly(data, *args):
    name = hashlib.sha256(data).hexdigest()
    exec(Path({body!r}).read_text())
    return real(data, *args)
d.decode_photo = deadly
"""


@pytest.fixture(scope="module")
def sabotaged(tmp_path_factory) -> Iterator[Path]:
    """What is written into this file, every worker runs before it decodes a photo."""
    folder = tmp_path_factory.mktemp("plugin")
    body = folder / "body"
    body.write_text("")
    (folder / "sitecustomize.py").write_text(_HOOK.format(body=str(body)))
    # What workers are forked from keeps the environment in which it was started.
    forkserver._forkserver._stop()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(folder))
        yield body
    forkserver._forkserver._stop()


@pytest.fixture
def sabotage(sabotaged) -> Iterator[Callable[[str], int]]:
    """Put code before the decoder of every worker; it knows a file's sha256 as `name`."""
    yield sabotaged.write_text
    sabotaged.write_text("")


def test_an_error_on_every_photo_stops_the_run(tmp_path, photos, recipe, sabotage):
    """A bug of an annotator or a library is no photo's fault."""
    sabotage("1 / 0")
    with pytest.raises(FacewrightError, match="photo after photo: ZeroDivisionError"):
        build(photos, tmp_path / "out", recipe, workers=1)


def test_photos_that_kill_only_together_stop_the_run(tmp_path, photos, recipe, sabotage):
    """As when memory is too short for a batch: nobody is to blame, and nothing goes on for ever."""
    sabotage("seen.append(1); len(seen) > 4 and os._exit(7)")
    with pytest.raises(FacewrightError, match=r"several photos at once.*exit code 7"):
        build(photos, tmp_path / "out", recipe.model_copy(update={"chunk": 8}), workers=1)


def test_a_photo_that_kills_its_worker_is_named_and_the_rest_is_made(
    tmp_path, portraits, recipe, sabotage
):
    """A decoder that crashes on one file, as native libraries do."""
    victim = hashlib.sha256((portraits / "photo_007.jpg").read_bytes()).hexdigest()
    sabotage(f"name == {victim!r} and os.abort()")
    report = build(portraits, tmp_path / "out", recipe, workers=2)
    assert report.counts.photos_excluded == {"crashed": 1, "no_face": 1}
    rows = {row["key"]: row for row in Dataset.open(tmp_path / "out").photos.to_pylist()}
    assert rows["photo_007.jpg"]["reason"] == "crashed"
    assert "signal 6" in rows["photo_007.jpg"]["detail"]
    assert "Fatal Python error: Aborted" in (tmp_path / "out" / "crashes.log").read_text()
    assert report.counts.faces_kept == 11


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory is read from /proc")
@pytest.mark.parametrize("workers", [1, 2])
def test_a_worker_whose_memory_grows_is_replaced(
    tmp_path, photos, recipe, calm, sabotage, monkeypatch, workers
):
    """As with a renderer that keeps something of every scene."""
    started = []
    start_one = Pool._start
    monkeypatch.setattr(Pool, "_start", lambda pool: (started.append(1), start_one(pool)))
    sabotage("seen.append(b'x' * (60 << 20))")
    build(photos, tmp_path / "out", recipe, workers=workers)
    assert len(started) > workers
    assert content(tmp_path / "out") == content(calm)


def test_going_on_with_other_photos_is_refused(tmp_path, portraits, recipe, samples):
    out = tmp_path / "out"
    process = start(portraits, out, recipe)
    wait_for((out / "dataset.json").exists, alive=process)
    kill_group(process)
    with pytest.raises(UsageError, match="made from other photos"):
        build(samples, out, recipe)
    assert build(portraits, out, recipe).counts.photos == 13
