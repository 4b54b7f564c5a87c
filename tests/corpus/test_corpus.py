"""Every file of the corpus has the outcome that its case names, in sources and decoder."""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path
from types import ModuleType

import pytest

from facewright.errors import PhotoError
from facewright.limits import Limits
from facewright.record import PHOTO_REASONS
from facewright.sources.opening import open_source
from facewright.vision.decode import decode_photo

HERE = Path(__file__).parent
FACE_PHOTO = HERE.parents[1] / "samples" / "photos" / "astronaut.png"


def load_maker() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_corpus", HERE / "make_corpus.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def maker() -> ModuleType:
    return load_maker()


@pytest.fixture(scope="module")
def corpus(maker, tmp_path_factory):
    folder = tmp_path_factory.mktemp("corpus")
    photo = FACE_PHOTO if FACE_PHOTO.exists() else None
    return folder, maker.make_corpus(folder, photo)


def outcome(source, entry):
    try:
        return decode_photo(source.read(entry, Limits()))
    except PhotoError as error:
        return error.reason


def test_it_holds_what_was_asked_for(corpus):
    _, cases = corpus
    assert len(cases) >= 100
    assert len({case.key for case in cases}) == len(cases)
    for case in cases:
        known = case.decodes or case.status == "ignored"
        assert known or case.status in PHOTO_REASONS, case


def test_every_file_is_listed_once_in_order(corpus):
    folder, cases = corpus
    source = open_source(folder)
    keys = [entry.key for entry in source.entries()]
    assert keys == sorted(case.key for case in cases if case.status != "ignored")
    assert source.ignored == sum(case.status == "ignored" for case in cases)


def test_every_file_has_its_outcome(corpus):
    folder, cases = corpus
    source = open_source(folder)
    entries = {entry.key: entry for entry in source.entries()}
    wrong = []
    for case in cases:
        bound = not case.needs_unprivileged or (hasattr(os, "geteuid") and os.geteuid() != 0)
        if case.status == "ignored" or not bound:
            continue
        got = outcome(source, entries[case.key])
        if not case.decodes or isinstance(got, str):
            agree = got == case.status
        else:
            stored = (got.frames, got.orientation)
            agree = stored == (case.frames, case.orientation)
            agree &= case.size in {None, got.pixels.shape[1::-1]}
            agree &= case.mode in {None, got.mode}
        if not agree:
            wrong.append((case, got))
    assert not wrong


def test_it_is_the_same_each_time(maker, tmp_path, corpus):
    folder, cases = corpus
    photo = FACE_PHOTO if FACE_PHOTO.exists() else None
    again = maker.make_corpus(tmp_path / "again", photo)
    assert again == cases
    for case in cases:
        first = folder / case.path
        if first.is_file() and not case.needs_unprivileged:
            assert first.read_bytes() == (tmp_path / "again" / case.path).read_bytes(), case
