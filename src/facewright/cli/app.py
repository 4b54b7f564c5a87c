"""The command's root: registers the groups, turns errors into one line and an exit code."""

from __future__ import annotations

import sys

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
from facewright.cli.commands import DEFAULTS, add_command
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
    help_format="plaintext",  # Markdown takes 50 ms to import, for a page that has none
    default_parameter=DEFAULTS,
    suppress_keyboard_interrupt=False,
)


MAKE = Group("Make a dataset", sort_key=1)
KNOW = Group("Know it", sort_key=2)
CHOOSE = Group("Choose from it", sort_key=3)
PASS_ON = Group("Pass it on", sort_key=4)
ONE = Group("One picture", sort_key=5)
PARTS = Group("Models and annotators", sort_key=6)


add_command(app, build.build, build.BUILD_EXAMPLES, group=MAKE)
add_command(app, generate.generate, generate.GENERATE_EXAMPLES, group=MAKE, takes="[ORDER] OUT")
add_command(app, exchange.import_, exchange.IMPORT_EXAMPLES, name="import", group=MAKE)
add_command(
    app, exchange.merge, exchange.MERGE_EXAMPLES, group=MAKE, takes="FIRST SECOND [MORE...] OUT"
)
add_command(app, reproduce.reproduce, reproduce.REPRODUCE_EXAMPLES, group=MAKE)
add_command(app, lpff.lpff, lpff.LPFF_EXAMPLES, group=MAKE)
add_command(app, look.summary, look.SUMMARY_EXAMPLES, group=KNOW)
add_command(app, look.sheet, look.SHEET_EXAMPLES, group=KNOW)
add_command(app, look.show, look.SHOW_EXAMPLES, group=KNOW, takes="DATASET [FACE_ID]")
add_command(app, look.query, look.QUERY_EXAMPLES, group=KNOW)
add_command(app, analyse.analyse, analyse.ANALYSE_EXAMPLES, group=KNOW, takes="DATASET...")
add_command(app, serve.serve, serve.SERVE_EXAMPLES, group=KNOW, takes="[DATASET...]")
add_command(app, rules.rules, rules.RULES_EXAMPLES, group=CHOOSE, takes="[DATASET]")
add_command(
    app, duplicates.duplicates, duplicates.DUPLICATES_EXAMPLES, group=CHOOSE, takes="DATASET..."
)
add_command(app, balance.balance, balance.BALANCE_EXAMPLES, group=CHOOSE, takes="[DATASET]")
add_command(app, memorised.memorised, memorised.MEMORISED_EXAMPLES, group=CHOOSE)
add_command(app, exchange.export, exchange.EXPORT_EXAMPLES, group=PASS_ON)
add_command(app, exchange.layouts, exchange.LAYOUTS_EXAMPLES, group=PASS_ON)
add_command(app, cameras.cameras, cameras.CAMERAS_EXAMPLES, group=PASS_ON)
add_command(app, annotate.annotate, annotate.ANNOTATE_EXAMPLES, group=ONE, takes="PICTURE...")
add_command(app, align.align, align.ALIGN_EXAMPLES, group=ONE)
add_command(app, models.models, models.MODELS_EXAMPLES, group=PARTS, takes="[NAME]")
add_command(app, project.project, project.PROJECT_EXAMPLES, group=PARTS)
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
