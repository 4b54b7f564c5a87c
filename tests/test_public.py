import subprocess
import sys

import facewright


def test_public_surface_is_complete_and_sorted():
    assert facewright.__all__ == sorted(facewright.__all__)
    assert set(facewright.__all__) == set(facewright._HOMES)
    for name in facewright.__all__:
        value = getattr(facewright, name)
        assert value.__doc__
        assert name in dir(facewright)


def test_importing_is_light():
    heavy = "cv2 numpy onnxruntime pyarrow duckdb PIL pydantic"
    code = f"import sys, facewright; print([m for m in '{heavy}'.split() if m in sys.modules])"
    answer = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert answer.stdout.strip() == "[]"


def test_the_command_starts_without_anything_heavy():
    code = (
        "import sys; from facewright.cli import app;"
        " print([m for m in 'cv2 numpy onnxruntime pyarrow duckdb'.split() if m in sys.modules])"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert answer.stdout.strip() == "[]"


def test_the_names_of_the_documented_import_are_what_they_say():
    """A subpackage of the same name would take the function's place once it is imported."""
    code = (
        "from facewright import build, Dataset, Recipe, annotate\n"
        "import facewright, facewright.annotators.base\n"
        "import facewright.engine.workshop\n"
        "print(callable(build), callable(annotate), callable(facewright.annotate))"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert answer.stdout.split() == ["True"] * 3
