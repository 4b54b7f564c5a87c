import copy
import hashlib
import json
import shutil
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from facewright.engine.reproducing import REPORT, reproduce
from facewright.errors import LayoutError, SourceError, UsageError
from helpers.processes import kill_group, start_group
from helpers.small_sets import md5
from helpers.trees import pictures
from helpers.waiting import wait_for


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


def test_ffhq_pixels_are_the_published_ones(made_ffhq, golden_pixels):
    assert made_ffhq.counts == {"made": 2, "missing": 1}
    assert made_ffhq.faithful
    for number, case in enumerate(("astro", "tilt")):
        made = pixels(made_ffhq.out / "00000" / f"{number:05d}.png")
        assert hashlib.sha256(made).hexdigest() == golden_pixels(case, "ffhq_1024")
    said = json.loads((made_ffhq.out / REPORT).read_text())["not_as_published"]
    assert [(item["name"], item["status"]) for item in said] == [("00000/00002.png", "missing")]


def test_metfaces_pixels_are_the_published_ones(made_metfaces, golden_pixels):
    assert made_metfaces.counts == {"made": 2}
    made = pixels(made_metfaces.out / "1-00.png")
    assert hashlib.sha256(made).hexdigest() == golden_pixels("tilt", "metfaces_1024")


def test_published_checksums_decide(small_ffhq, made_ffhq, tmp_path):
    right = made_ffhq.out / "00000" / "00000.png"
    small_ffhq.entries[0]["image"] = {"pixel_md5": md5(pixels(right)), "file_md5": "0" * 32}
    small_ffhq.entries[1]["image"] = {"pixel_md5": "0" * 32}
    report = run_ffhq(small_ffhq, tmp_path / "out")
    assert report.counts == {"verified": 1, "different": 1, "missing": 1}
    assert not report.faithful
    assert (tmp_path / "out" / "00000" / "00000.png").read_bytes() == right.read_bytes()
    assert not (tmp_path / "out" / "00000" / "00001.png").exists()


def test_a_published_file_is_enough_to_compare(small_metfaces, made_metfaces, tmp_path):
    small_metfaces.entries[0]["image_md5"] = md5((made_metfaces.out / "0-00.png").read_bytes())
    assert run_metfaces(small_metfaces, tmp_path / "out").counts == {"verified": 1, "made": 1}


def test_another_source_is_told_before_anything_is_made(small_ffhq, tmp_path):
    del small_ffhq.entries[1:]
    small_ffhq.entries[0]["in_the_wild"]["file_md5"] = "f" * 32
    report = run_ffhq(small_ffhq, tmp_path / "out")
    assert status(report) == {"00000/00000.png": "source_differs"}
    assert not report.faithful
    assert pictures(tmp_path / "out") == {}


def test_sources_are_found_by_name_alone(small_ffhq, tmp_path):
    del small_ffhq.entries[1]
    flat = tmp_path / "flat"
    flat.mkdir()
    for path in small_ffhq.source.rglob("*.png"):
        shutil.move(path, flat / path.name)
    shutil.rmtree(small_ffhq.source)
    flat.rename(small_ffhq.source)
    assert run_ffhq(small_ffhq, tmp_path / "out").counts == {"made": 1, "missing": 1}


def test_broken_entries_are_named_and_the_others_are_made(small_ffhq, tmp_path):
    broken = [
        (lambda e: e.pop("in_the_wild"), "in_the_wild is missing"),
        (lambda e: e["in_the_wild"].pop("face_landmarks"), "face_landmarks is missing"),
        (lambda e: e["in_the_wild"].update(face_landmarks=[[1, 2]]), "list of 68"),
        (lambda e: e["in_the_wild"].update(file_path="../../etc/passwd"), "leads outside"),
        (lambda e: e["in_the_wild"].update(pixel_size=[0, 5]), "pixel_size"),
        (lambda e: e["in_the_wild"].update(file_md5="short"), "32 hex digits"),
        (lambda e: e.update(image=[]), "must be an object"),
    ]
    good, other, missing = small_ffhq.entries
    small_ffhq.entries = [good]
    for change, _ in broken:
        small_ffhq.entries.append(copy.deepcopy(other))
        change(small_ffhq.entries[-1])
    small_ffhq.entries.append(missing)
    report = run_ffhq(small_ffhq, tmp_path / "out")
    assert report.counts == {"made": 1, "missing": 1, "bad_entry": len(broken)}
    assert not report.faithful
    told = {each.name: each.detail for each in report.outcomes if each.status == "bad_entry"}
    for number, (_, says) in enumerate(broken, start=1):
        assert says in told[f"ffhq.json[{number}]"]


def test_a_photo_that_is_none_fails_alone(small_metfaces, tmp_path):
    broken = small_metfaces.source / "unprocessed" / "image-0.png"
    broken.write_bytes(b"no picture")
    small_metfaces.entries[0]["source_md5"] = md5(b"no picture")
    assert run_metfaces(small_metfaces, tmp_path / "out").counts == {"failed": 1, "made": 1}


def test_a_second_run_makes_what_is_missing_or_was_changed(small_ffhq, made_ffhq, tmp_path):
    out = shutil.copytree(made_ffhq.out, tmp_path / "out")
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
def test_killed_and_run_again_it_is_the_same(small_metfaces, made_metfaces, tmp_path):
    """Ten pictures, of which two workers take four at once: the kill leaves some half made."""
    for number in range(2, 10):
        again = {**small_metfaces.entries[number % 2], "obj_id": str(number)}
        small_metfaces.entries.append(again)
    metadata = small_metfaces.save("metfaces.json", small_metfaces.entries)
    wild = tmp_path / "wild"
    command = [sys.executable, "-m", "facewright", "reproduce", "metfaces", "--metadata", metadata]
    command += ["--source", small_metfaces.source, "--out", wild, "--workers", "2"]
    process = start_group(*command)
    wait_for(lambda: pictures(wild), "a picture", alive=process)
    kill_group(process)
    assert len(pictures(wild)) < 10
    assert run_metfaces(small_metfaces, wild).counts == {"made": 10}
    calm = pictures(made_metfaces.out)
    assert pictures(wild) == {f"{n}-00.png": calm[f"{n % 2}-00.png"] for n in range(10)}


@pytest.mark.slow
def test_the_command_exits_with_1_when_something_differs(small_ffhq, tmp_path):
    del small_ffhq.entries[1]
    small_ffhq.entries[0]["image"] = {"pixel_md5": "0" * 32}
    metadata = small_ffhq.save("ffhq.json", {str(n): e for n, e in enumerate(small_ffhq.entries)})
    command = [sys.executable, "-m", "facewright", "reproduce", "ffhq", "--json", metadata]
    command += ["--source", small_ffhq.source, "-o", tmp_path / "out"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    assert "00000/00000.png: different" in done.stdout
    assert "00000/00001.png: missing" in done.stdout
