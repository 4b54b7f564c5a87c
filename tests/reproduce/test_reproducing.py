import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
from PIL import Image

from facewright.engine.reproducing import REPORT, reproduce
from facewright.errors import LayoutError, SourceError, UsageError
from helpers.trees import pictures


def md5(data):
    return hashlib.md5(data, usedforsecurity=False).hexdigest()


def pixels(path):
    return np.array(Image.open(path)).tobytes()


def run_ffhq(small, out, **options):
    metadata = small.save("ffhq.json", {str(n): e for n, e in enumerate(small.entries)})
    return reproduce("ffhq", metadata, small.source, out, workers=1, **options)


def run_metfaces(small, out, **options):
    metadata = small.save("metfaces.json", small.entries)
    return reproduce("metfaces", metadata, small.source, out, workers=1, **options)


def status(report):
    return {outcome.name: outcome.status for outcome in report.outcomes}


def test_ffhq_pixels_are_the_published_ones(small_ffhq, tmp_path, golden_pixels):
    report = run_ffhq(small_ffhq, tmp_path / "out")
    assert report.counts == {"made": 2, "missing": 1}
    assert report.faithful
    for number, case in enumerate(("astro", "tilt")):
        made = pixels(tmp_path / "out" / "00000" / f"{number:05d}.png")
        assert hashlib.sha256(made).hexdigest() == golden_pixels(case, "ffhq_1024")
    said = json.loads((tmp_path / "out" / REPORT).read_text())["not_as_published"]
    assert [(item["name"], item["status"]) for item in said] == [("00000/00002.png", "missing")]


def test_metfaces_pixels_are_the_published_ones(small_metfaces, tmp_path, golden_pixels):
    report = run_metfaces(small_metfaces, tmp_path / "out")
    assert report.counts == {"made": 2}
    made = pixels(tmp_path / "out" / "1-00.png")
    assert hashlib.sha256(made).hexdigest() == golden_pixels("tilt", "metfaces_1024")


@pytest.mark.slow
def test_published_checksums_decide(small_ffhq, tmp_path):
    run_ffhq(small_ffhq, tmp_path / "first")
    right = (tmp_path / "first" / "00000" / "00000.png").read_bytes()
    pixel_md5 = md5(pixels(tmp_path / "first" / "00000" / "00000.png"))
    small_ffhq.entries[0]["image"] = {"pixel_md5": pixel_md5, "file_md5": "0" * 32}
    small_ffhq.entries[1]["image"] = {"pixel_md5": "0" * 32}
    report = run_ffhq(small_ffhq, tmp_path / "second")
    assert report.counts == {"verified": 1, "different": 1, "missing": 1}
    assert not report.faithful
    assert (tmp_path / "second" / "00000" / "00000.png").read_bytes() == right
    assert not (tmp_path / "second" / "00000" / "00001.png").exists()


@pytest.mark.slow
def test_a_published_file_is_enough_to_compare(small_metfaces, tmp_path):
    run_metfaces(small_metfaces, tmp_path / "first")
    file = (tmp_path / "first" / "0-00.png").read_bytes()
    small_metfaces.entries[0]["image_md5"] = md5(file)
    assert run_metfaces(small_metfaces, tmp_path / "second").counts == {"verified": 1, "made": 1}


def test_another_source_is_told_before_anything_is_made(small_ffhq, tmp_path):
    small_ffhq.entries[0]["in_the_wild"]["file_md5"] = "f" * 32
    report = run_ffhq(small_ffhq, tmp_path / "out")
    assert status(report)["00000/00000.png"] == "source_differs"
    assert not report.faithful


@pytest.mark.slow
def test_sources_are_found_by_name_alone(small_ffhq, tmp_path):
    flat = tmp_path / "flat"
    flat.mkdir()
    for path in small_ffhq.source.rglob("*.png"):
        shutil.move(path, flat / path.name)
    shutil.rmtree(small_ffhq.source)
    flat.rename(small_ffhq.source)
    assert run_ffhq(small_ffhq, tmp_path / "out").counts == {"made": 2, "missing": 1}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda e: e.pop("in_the_wild"), "in_the_wild is missing"),
        (lambda e: e["in_the_wild"].pop("face_landmarks"), "face_landmarks is missing"),
        (lambda e: e["in_the_wild"].update(face_landmarks=[[1, 2]]), "list of 68"),
        (lambda e: e["in_the_wild"].update(file_path="../../etc/passwd"), "leads outside"),
        (lambda e: e["in_the_wild"].update(pixel_size=[0, 5]), "pixel_size"),
        (lambda e: e["in_the_wild"].update(file_md5="short"), "32 hex digits"),
        (lambda e: e.update(image=[]), "must be an object"),
    ],
)
def test_a_broken_entry_is_named_and_the_others_are_made(small_ffhq, tmp_path, change, says):
    change(small_ffhq.entries[0])
    report = run_ffhq(small_ffhq, tmp_path / "out")
    assert report.counts == {"made": 1, "missing": 1, "bad_entry": 1}
    (bad,) = (outcome for outcome in report.outcomes if outcome.status == "bad_entry")
    assert bad.name == "ffhq.json[0]"
    assert says in bad.detail
    assert not report.faithful


def test_a_photo_that_is_none_fails_alone(small_metfaces, tmp_path):
    broken = small_metfaces.source / "unprocessed" / "image-0.png"
    broken.write_bytes(b"no picture")
    small_metfaces.entries[0]["source_md5"] = md5(b"no picture")
    assert run_metfaces(small_metfaces, tmp_path / "out").counts == {"failed": 1, "made": 1}


@pytest.mark.slow
def test_a_second_run_makes_what_is_missing_or_was_changed(small_ffhq, tmp_path):
    out = tmp_path / "out"
    run_ffhq(small_ffhq, out)
    first, second = (out / "00000" / f"0000{n}.png" for n in range(2))
    before, kept = first.read_bytes(), second.stat().st_mtime_ns
    first.write_bytes(b"changed")
    assert run_ffhq(small_ffhq, out).counts == {"made": 2, "missing": 1}
    assert first.read_bytes() == before
    assert second.stat().st_mtime_ns == kept


@pytest.mark.slow
def test_shifts_run_through_the_whole_list(small_metfaces, small_ffhq, tmp_path):
    whole = run_metfaces(small_metfaces, tmp_path / "whole", unaligned=True)
    assert whole.counts == {"made": 2}
    (small_metfaces.source / "unprocessed" / "image-0.png").unlink()
    part = run_metfaces(small_metfaces, tmp_path / "part", unaligned=True)
    assert status(part) == {"0-00.png": "unplaced", "1-00.png": "unplaced"}
    assert part.faithful
    # FFHQ's metadata state all sizes: a missing photo moves nobody.
    assert run_ffhq(small_ffhq, tmp_path / "u", unaligned=True).counts == {"made": 2, "missing": 1}
    alone = small_ffhq.source / "in-the-wild-images" / "00000" / "00000.png"
    alone.unlink()
    run_ffhq(small_ffhq, tmp_path / "u1", unaligned=True)
    names = [tmp_path / folder / "00000" / "00001.png" for folder in ("u", "u1")]
    assert names[0].read_bytes() == names[1].read_bytes()


def test_what_is_no_metadata_is_said(small_ffhq, tmp_path):
    wrong = small_ffhq.save("list.json", small_ffhq.entries)
    with pytest.raises(LayoutError, match="must hold an object"):
        reproduce("ffhq", wrong, small_ffhq.source, tmp_path / "out")
    with pytest.raises(UsageError, match="known: ffhq, metfaces"):
        reproduce("celebahq", wrong, small_ffhq.source, tmp_path / "out")
    empty = small_ffhq.save("ffhq.json", {})
    with pytest.raises(SourceError):
        reproduce("ffhq", empty, tmp_path / "nowhere", tmp_path / "out")


@pytest.mark.slow
def test_killed_and_run_again_it_is_the_same(small_metfaces, tmp_path):
    for number in range(2, 10):
        again = {**small_metfaces.entries[number % 2], "obj_id": str(number)}
        small_metfaces.entries.append(again)
    run_metfaces(small_metfaces, tmp_path / "calm")
    script = "import sys; from facewright.cli import main; sys.argv[0] = 'facewright'; main()"
    command = [sys.executable, "-c", script, "reproduce", "metfaces"]
    command += ["--metadata", small_metfaces.root / "metfaces.json", "--out", tmp_path / "wild"]
    command += ["--source", small_metfaces.source, "--workers", "2"]
    process = subprocess.Popen(command, start_new_session=True, stderr=subprocess.DEVNULL)
    time.sleep(2.5)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert run_metfaces(small_metfaces, tmp_path / "wild").counts == {"made": 10}
    assert pictures(tmp_path / "wild") == pictures(tmp_path / "calm")


@pytest.mark.slow
def test_the_command_exits_with_1_when_something_differs(small_ffhq, tmp_path):
    small_ffhq.entries[0]["image"] = {"pixel_md5": "0" * 32}
    metadata = small_ffhq.save("ffhq.json", {str(n): e for n, e in enumerate(small_ffhq.entries)})
    command = [sys.executable, "-m", "facewright", "reproduce", "ffhq", "--json", metadata]
    command += ["--source", small_ffhq.source, "-o", tmp_path / "out"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    assert "00000/00000.png: different" in done.stdout
    assert "00000/00002.png: missing" in done.stdout
