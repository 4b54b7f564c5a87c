"""Kill -9 of workers and of whole runs: the dataset comes out as if nothing had happened."""

import hashlib
import os
import random
import signal
import subprocess
import sys
import time
from contextlib import suppress
from multiprocessing import forkserver
from pathlib import Path

import pytest

from facewright import Dataset, build
from facewright.errors import FacewrightError, UsageError
from helpers.photos import write_photos
from helpers.processes import descendants
from helpers.trees import content

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


def start(script: Path, photos: Path, out: Path, recipe) -> subprocess.Popen:
    command = [sys.executable, script, photos, out, recipe.model_dump_json()]
    return subprocess.Popen(command, start_new_session=True, stderr=subprocess.DEVNULL)


def kill_one(pid: int, chance: random.Random) -> bool:
    """Kill a worker, or what workers are forked from; whether there was one."""
    found = descendants(pid)
    if found:
        with suppress(ProcessLookupError):
            os.kill(chance.choice(found), signal.SIGKILL)
    return bool(found)


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="finds workers through /proc")
def test_killed_at_random_moments_it_ends_the_same(tmp_path, photos, recipe):
    build(photos, tmp_path / "calm", recipe, workers=2)
    script = tmp_path / "run.py"
    script.write_text(SCRIPT)
    chance = random.Random(11)
    out = tmp_path / "wild"
    for round_ in range(6):
        process = start(script, photos, out, recipe)
        time.sleep(chance.uniform(0.5, 2.5))
        if round_ % 2:
            kill_one(process.pid, chance)
            time.sleep(chance.uniform(0.5, 2.0))
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    report = build(photos, out, recipe, workers=2)
    assert report.counts.photos == 31
    assert content(out) == content(tmp_path / "calm")
    assert not list(out.rglob("*.partial"))
    assert not (out / ".work").exists()


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="finds workers through /proc")
def test_killing_workers_alone_does_not_end_the_run(tmp_path, photos, recipe):
    build(photos, tmp_path / "calm", recipe, workers=2)
    script = tmp_path / "run.py"
    script.write_text(SCRIPT)
    process = start(script, photos, tmp_path / "wild", recipe)
    killed = 0
    chance = random.Random(5)
    while process.poll() is None:
        time.sleep(chance.uniform(1.0, 2.0))
        if killed < 3:
            killed += kill_one(process.pid, chance)
    assert process.returncode == 0
    assert killed
    assert content(tmp_path / "wild") == content(tmp_path / "calm")


@pytest.fixture
def sabotage(tmp_path, monkeypatch):
    """Put code before the decoder of every worker; VICTIM names a file's sha256."""

    def apply(body: str, victim: Path) -> None:
        lines = [
            "import os, hashlib",
            "import facewright.vision.decode as d",
            "real, seen = d.decode_photo, []",
            "def deadly(data, *args):",
            "    victim = hashlib.sha256(data).hexdigest() == os.environ['VICTIM']",
            f"    {body}",
            "    return real(data, *args)",
            "d.decode_photo = deadly",
        ]
        (tmp_path / "plugin").mkdir()
        (tmp_path / "plugin" / "sitecustomize.py").write_text("\n".join(lines))
        monkeypatch.setenv("VICTIM", hashlib.sha256(victim.read_bytes()).hexdigest())
        monkeypatch.setenv("PYTHONPATH", str(tmp_path / "plugin"))

    # What workers are forked from keeps the environment in which it was started.
    forkserver._forkserver._stop()
    yield apply
    forkserver._forkserver._stop()


@pytest.mark.slow
def test_an_error_on_every_photo_stops_the_run(tmp_path, photos, recipe, sabotage):
    """A bug of an annotator or a library is no photo's fault."""
    sabotage("1 / 0", photos / "photo_000.jpg")
    with pytest.raises(FacewrightError, match="photo after photo: ZeroDivisionError"):
        build(photos, tmp_path / "out", recipe, workers=1)


@pytest.mark.slow
def test_photos_that_kill_only_together_stop_the_run(tmp_path, photos, recipe, sabotage):
    """As when memory is too short for a batch: nobody is to blame, and nothing goes on for ever."""
    sabotage("seen.append(1); len(seen) > 4 and os._exit(7)", photos / "photo_000.jpg")
    with pytest.raises(FacewrightError, match=r"several photos at once.*exit code 7"):
        build(photos, tmp_path / "out", recipe.model_copy(update={"chunk": 8}), workers=1)


@pytest.mark.slow
def test_going_on_with_other_photos_is_refused(tmp_path, photos, recipe, samples):
    script = tmp_path / "run.py"
    script.write_text(SCRIPT)
    process = start(script, photos, tmp_path / "out", recipe)
    while not (tmp_path / "out" / "dataset.json").exists():
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    with pytest.raises(UsageError, match="made from other photos"):
        build(samples, tmp_path / "out", recipe)
    assert build(photos, tmp_path / "out", recipe).counts.photos == 31


@pytest.mark.slow
def test_a_photo_that_kills_its_worker_is_named_and_the_rest_is_made(
    tmp_path, photos, recipe, sabotage
):
    """A decoder that crashes on one file, as native libraries do."""
    sabotage("victim and os.abort()", photos / "photo_007.jpg")
    report = build(photos, tmp_path / "out", recipe, workers=2)
    assert report.counts.photos_excluded == {"crashed": 1, "no_face": 1}
    rows = {row["key"]: row for row in Dataset.open(tmp_path / "out").photos.to_pylist()}
    assert rows["photo_007.jpg"]["reason"] == "crashed"
    assert "signal 6" in rows["photo_007.jpg"]["detail"]
    assert "Fatal Python error: Aborted" in (tmp_path / "out" / "crashes.log").read_text()
    assert report.counts.faces_kept == 29
