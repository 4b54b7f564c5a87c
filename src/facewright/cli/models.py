"""facewright models: the cards of the shipped models and of the annotators."""

from __future__ import annotations

import sys
from typing import Annotated

from cyclopts import Parameter

MODELS_EXAMPLES = (
    "facewright models",
    "facewright models faceres",
    "facewright models --json",
    "facewright models --verify",
)


def models(
    name: str | None = None,
    /,
    *,
    json: Annotated[bool, Parameter(name="--json", negative="")] = False,
    verify: Annotated[bool, Parameter(negative="")] = False,
) -> None:
    """Show what each model and annotator is, where it is from, how well it does, where it fails.

    Args:
        name: id of a model or annotator; all in short without it.
        json: print the cards as one line of JSON each.
        verify: check the sha256 of every weight file first.
    """
    from facewright.annotators.pipeline import Pipeline
    from facewright.cli.cards import Card, print_card, print_cards
    from facewright.errors import UsageError
    from facewright.vision import cards

    shown: list[Card] = [*cards.model_cards(), *(a.card for a in Pipeline().annotators)]
    if verify:
        for model in cards.model_cards():
            cards.verify(model.id)
        print("all weight files are the ones that their cards describe", file=sys.stderr)
    chosen = [card for card in shown if name in (None, card.id)]
    if not chosen:
        known = ", ".join(card.id for card in shown)
        raise UsageError(f"no model or annotator is called '{name}'; there are: {known}")
    if json:
        for card in chosen:
            print(card.model_dump_json())
    elif name is not None:
        print_card(chosen[0])
    else:
        print_cards(chosen)
