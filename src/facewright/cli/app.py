"""The command's root: registers the groups, turns errors into one line and an exit code."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import cyclopts

from facewright import __version__
from facewright.cli import (
    align,
    analyse,
    annotate,
    balance,
    build,
    cameras,
    exchange,
    generate,
    heads,
    look,
    lpff,
    models,
    reproduce,
    rules,
)
from facewright.errors import FacewrightError

EPILOGUE = """\
Start here:

    facewright build photos/ my-faces
    facewright summary my-faces
    facewright query my-faces "SELECT sex, count(*) FROM faces GROUP BY sex"

Attributes are apparent and estimated, never facts about a person.
Exit codes: 0 done, 1 some inputs excluded under --strict, 2 wrong use, 3 failed.
"""

app = cyclopts.App(
    name="facewright",
    version=__version__,
    help="Make face-image datasets: cropped, described, checked. Offline.",
    help_epilogue=EPILOGUE,
    help_format="markdown",
    suppress_keyboard_interrupt=False,
)


def _examples(lines: Sequence[str]) -> str:
    return "Examples:\n\n" + "\n".join(f"    {line}" for line in lines)


app.command(build.build, help_epilogue=_examples(build.BUILD_EXAMPLES))
app.command(look.show, help_epilogue=_examples(look.SHOW_EXAMPLES))
app.command(look.query, help_epilogue=_examples(look.QUERY_EXAMPLES))
app.command(look.sheet, help_epilogue=_examples(look.SHEET_EXAMPLES))
app.command(look.summary, help_epilogue=_examples(look.SUMMARY_EXAMPLES))
app.command(generate.generate, help_epilogue=_examples(generate.GENERATE_EXAMPLES))
app.command(balance.balance, help_epilogue=_examples(balance.BALANCE_EXAMPLES))
app.command(rules.rules, help_epilogue=_examples(rules.RULES_EXAMPLES))
app.command(analyse.analyse, help_epilogue=_examples(analyse.ANALYSE_EXAMPLES))
app.command(annotate.annotate, help_epilogue=_examples(annotate.ANNOTATE_EXAMPLES))
app.command(cameras.cameras, help_epilogue=_examples(cameras.CAMERAS_EXAMPLES))
app.command(align.align, help_epilogue=_examples(align.ALIGN_EXAMPLES))
app.command(models.models, help_epilogue=_examples(models.MODELS_EXAMPLES))
app.command(exchange.import_, name="import", help_epilogue=_examples(exchange.IMPORT_EXAMPLES))
app.command(exchange.export, help_epilogue=_examples(exchange.EXPORT_EXAMPLES))
app.command(exchange.merge, help_epilogue=_examples(exchange.MERGE_EXAMPLES))
app.command(reproduce.reproduce, help_epilogue=_examples(reproduce.REPRODUCE_EXAMPLES))
app.command(lpff.lpff, help_epilogue=_examples(lpff.LPFF_EXAMPLES))
app.command(exchange.layouts, help_epilogue=_examples(exchange.LAYOUTS_EXAMPLES))
app.command(heads.app)


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
