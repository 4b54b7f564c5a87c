"""What the documents tell people to type exists."""

import re
import shlex
from itertools import takewhile
from pathlib import Path

import pytest

from facewright.cli.app import app

ROOT = Path(__file__).resolve().parent.parent
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md"))]
FENCED = re.compile(r"^```\w*\n(.*?)^```", re.DOTALL | re.MULTILINE)
SHELL = {"|", ">", "&&", ";"}


def commands(page):
    """Words of every `facewright ...` line in a page's blocks of code, up to a pipe or comment."""
    for block in FENCED.findall(page.read_text(encoding="utf-8")):
        for line in block.replace("\\\n", " ").splitlines():
            typed = line.strip().removeprefix("$ ")
            if typed.startswith("facewright "):
                words = shlex.split(typed, comments=True)
                yield list(takewhile(lambda word: word not in SHELL, words[1:]))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_of_a_page_are_understood(page):
    for words in commands(page):
        if not {"--help", "..."} & set(words):
            app.parse_args(words, exit_on_error=False, print_error=False)


def test_there_are_such_commands():
    assert sum(len(list(commands(page))) for page in PAGES) > 50


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_inside_the_repository_lead_somewhere(page):
    targets = re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text(encoding="utf-8"))
    inside = [each for each in targets if "://" not in each and not each.startswith("mailto:")]
    assert [each for each in inside if not (page.parent / each).exists()] == []
