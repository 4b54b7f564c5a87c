"""The parts of the summary page that tell where it all is from: losses, credits, makers."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from facewright.analyse.markup import Html, details, join, link, name, number, table, text
from facewright.analyse.outcomes import MOST_CREDITS, Credit, Outcome
from facewright.recipe import Recipe
from facewright.store.manifest import AnnotatorUse, Manifest, ModelUse
from facewright.vision.cards import model_cards

_HASH = 12  # digits of a sha256 that tell files apart at a glance
_UNSTATED = Html("<em>not stated</em>")


def losses(outcomes: Sequence[Outcome], what: str, none: str) -> Html:
    """Excluded photos or dropped faces by reason; `what` they are, `none` if there is none."""
    if not outcomes:
        return Html(f"<p>{text(none)}</p>")
    rows = [
        (
            Html(f"<code>{text(one.reason)}</code>"),
            text(one.meaning),
            number(one.number),
            _listed(one.examples, one.number),
        )
        for one in outcomes
    ]
    return table(("reason", "meaning", what, "for example"), rows, f"{what} by reason")


def licences(counts: dict[str, int]) -> Html:
    """Licences of used photos."""
    rows = [(name(licence), number(value)) for licence, value in counts.items()]
    return table(("licence", "photos used"), rows, "licences") if rows else Html("")


def credit_list(credits_: Sequence[Credit]) -> Html:
    """Authors of used photos, behind a click."""
    if not credits_:
        return Html("")
    rows = [_credit(one) for one in credits_[:MOST_CREDITS]]
    more = (
        Html(
            f"<p class='note'>These are the {MOST_CREDITS} with the most photos; the photos table"
            " names the author of every one.</p>"
        )
        if len(credits_) > MOST_CREDITS
        else Html("")
    )
    heads = ("author", "licence", "photos", "sources")
    return details(Html("Authors and sources"), join((table(heads, rows, "authors"), more)))


def makers(annotators: Iterable[AnnotatorUse]) -> Html:
    """Which annotator gave which columns."""
    rows = [
        (
            Html(f"<code>{text(one.id)}</code> {text(one.version)}"),
            _weights(one),
            join((Html(f"<code>{text(column)}</code>") for column in one.columns), " "),
        )
        for one in annotators
    ]
    return table(("annotator", "weights (sha256)", "columns"), rows, "annotators")


def failures(annotators: Iterable[AnnotatorUse]) -> Html:
    """Known failures of the models that were used, from their cards."""
    used = {model.sha256 for annotator in annotators for model in annotator.models}
    cards = [card for card in model_cards() if card.sha256 in used and card.known_failures]
    blocks = (
        f"<dt>{text(card.task)} <code>{text(card.id)}</code></dt>"
        + "".join(f"<dd>{text(failure)}</dd>" for failure in card.known_failures)
        for card in cards
    )
    if not cards:
        return Html("")
    return details(Html("Known failures of the models"), Html(f"<dl>{''.join(blocks)}</dl>"))


def making(manifest: Manifest, chunks_done: int) -> Html:
    """When and how the dataset was made."""
    recipe = manifest.recipe
    facts = {
        "made": text(f"{_moment(manifest.created)}, by Facewright {manifest.facewright}"),
        "from": name(manifest.source),
        "crops": text(f"{', '.join(recipe.crops)} as {recipe.format}"),
        "searched": text(
            f"at {recipe.detector.size} pixels, detector score from {recipe.detector.min_score}"
        ),
        "format": text(f"version {manifest.format}, chunks: {manifest.chunks:,}"),
    }
    if manifest.state == "building":
        facts["state"] = Html(
            f"<strong>still being built: {chunks_done:,} of {manifest.chunks:,} chunks</strong>"
        )
    rows = join(Html(f"<dt>{key}</dt><dd>{value}</dd>") for key, value in facts.items())
    return join((Html(f'<dl class="facts">{rows}</dl>'), _recipe(recipe)))


def _recipe(recipe: Recipe) -> Html:
    written = json.dumps(recipe.model_dump(mode="json"), indent=2, ensure_ascii=False)
    lines = join((text(line) for line in written.splitlines()), "\n")
    return details(Html("The whole recipe"), Html(f"<pre>{lines}</pre>"))


def _moment(iso: str) -> str:
    return iso.replace("T", " ").replace("+00:00", " UTC")


def _credit(one: Credit) -> tuple[Html, ...]:
    author = name(one.author) if one.author else _UNSTATED
    licence = link(one.licence_url, name(one.licence)) if one.licence else _UNSTATED
    sources = join((link(url, name(key)) for key, url in one.sources), ", ")
    rest = one.number - len(one.sources)
    more = Html(f" and {rest:,} more") if rest > 0 else Html("")
    return author, licence, number(one.number), join((sources, more))


def _listed(examples: Sequence[str], total: int) -> Html:
    rest = total - len(examples)
    more = Html(f" and {rest:,} more") if rest > 0 else Html("")
    return join((join(map(name, examples), ", "), more))


def _weights(one: AnnotatorUse) -> Html:
    own = [ModelUse(id="own parameters", version="", sha256=one.sha256)] if one.sha256 else []
    listed = [
        Html(
            f'{text(model.id)} <code title="{text(model.sha256)}">'
            f"{text(model.sha256[:_HASH])}</code>"
        )
        for model in (*own, *one.models)
    ]
    return join(listed, "<br>") or Html("none")
