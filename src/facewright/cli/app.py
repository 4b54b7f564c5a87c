"""The command's root: registers the groups, turns errors into one line and an exit code."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

import cyclopts
from cyclopts import Group

from facewright import __version__
from facewright.cli import (
    align,
    analyse,
    annotate,
    balance,
    build,
    cameras,
    directions,
    duplicates,
    exchange,
    generate,
    heads,
    look,
    lpff,
    memorised,
    models,
    project,
    reproduce,
    rules,
    serve,
    token,
)
from facewright.errors import FacewrightError

EPILOGUE = """\
Start here:

    facewright build photos/ my-faces
    facewright summary my-faces
    facewright analyse my-faces -o report
    facewright serve my-faces

Attributes are apparent and estimated, never facts about a person.
Exit codes: 0 done, 1 some inputs excluded under --strict, 2 wrong use, 3 failed.
"""

app = cyclopts.App(
    name="facewright",
    version=__version__,
    help="Make face-image datasets: cropped, described, balanced, checked, served. Offline.",
    help_epilogue=EPILOGUE,
    help_format="markdown",
    suppress_keyboard_interrupt=False,
)


MAKE = Group("Make a dataset", sort_key=1)
KNOW = Group("Know it", sort_key=2)
CHOOSE = Group("Choose from it", sort_key=3)
PASS_ON = Group("Pass it on", sort_key=4)
ONE = Group("One picture", sort_key=5)
PARTS = Group("Models and annotators", sort_key=6)


def _add(
    group: Group, command: Callable[..., object], examples: Sequence[str], name: str | None = None
) -> None:
    epilogue = "Examples:\n\n" + "\n".join(f"    {line}" for line in examples)
    app.command(command, name=name, group=group, help_epilogue=epilogue)


_add(MAKE, build.build, build.BUILD_EXAMPLES)
_add(MAKE, generate.generate, generate.GENERATE_EXAMPLES)
_add(MAKE, exchange.import_, exchange.IMPORT_EXAMPLES, "import")
_add(MAKE, exchange.merge, exchange.MERGE_EXAMPLES)
_add(MAKE, reproduce.reproduce, reproduce.REPRODUCE_EXAMPLES)
_add(MAKE, lpff.lpff, lpff.LPFF_EXAMPLES)
_add(KNOW, look.summary, look.SUMMARY_EXAMPLES)
_add(KNOW, look.sheet, look.SHEET_EXAMPLES)
_add(KNOW, look.show, look.SHOW_EXAMPLES)
_add(KNOW, look.query, look.QUERY_EXAMPLES)
_add(KNOW, analyse.analyse, analyse.ANALYSE_EXAMPLES)
_add(KNOW, serve.serve, serve.SERVE_EXAMPLES)
_add(CHOOSE, rules.rules, rules.RULES_EXAMPLES)
_add(CHOOSE, duplicates.duplicates, duplicates.DUPLICATES_EXAMPLES)
_add(CHOOSE, balance.balance, balance.BALANCE_EXAMPLES)
_add(CHOOSE, memorised.memorised, memorised.MEMORISED_EXAMPLES)
_add(PASS_ON, exchange.export, exchange.EXPORT_EXAMPLES)
_add(PASS_ON, exchange.layouts, exchange.LAYOUTS_EXAMPLES)
_add(PASS_ON, cameras.cameras, cameras.CAMERAS_EXAMPLES)
_add(ONE, annotate.annotate, annotate.ANNOTATE_EXAMPLES)
_add(ONE, align.align, align.ALIGN_EXAMPLES)
_add(PARTS, models.models, models.MODELS_EXAMPLES)
_add(PARTS, project.project, project.PROJECT_EXAMPLES)
for group, sub_app in ((PARTS, heads.app), (PARTS, directions.app), (KNOW, token.app)):
    sub_app.group = group
    app.command(sub_app)


def run() -> None:
    """Run the command; never a traceback for an error that was foreseen."""
    try:
        code = app(exit_on_error=False, print_error=True, result_action="return_value")
    except FacewrightError as error:
        print(f"facewright: {error}", file=sys.stderr)
        sys.exit(error.exit_code)
    except cyclopts.CycloptsError:
        sys.exit(2)  # it has been printed
    except KeyboardInterrupt:
        print("\nfacewright: stopped; the same command goes on from here", file=sys.stderr)
        sys.exit(130)
    except BrokenPipeError:
        sys.stderr.close()  # the reader of our output went away, as `| head` does
        sys.exit(0)
    sys.exit(code if isinstance(code, int) else 0)
