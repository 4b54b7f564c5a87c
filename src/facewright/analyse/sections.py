"""The parts of the summary page that tell what the dataset holds: figures, faces, charts."""

from __future__ import annotations

from collections.abc import Sequence

from facewright.analyse.distributions import Distribution
from facewright.analyse.markup import Html, join, name, number, share, text
from facewright.analyse.thumbs import SIDE, Thumb
from facewright.analyse.traits import SURE
from facewright.attributes.attribute import UNKNOWN
from facewright.store.manifest import Counts


def headline(counts: Counts) -> Html:
    """The totals as a row of figures."""
    excluded = counts.photos - counts.photos_used
    dropped = counts.faces - counts.faces_kept
    figures = (
        ("photos read", counts.photos, ""),
        ("photos used", counts.photos_used, share(counts.photos_used, counts.photos)),
        ("photos excluded", excluded, share(excluded, counts.photos)),
        ("faces found", counts.faces, ""),
        ("faces kept", counts.faces_kept, share(counts.faces_kept, counts.faces)),
        ("faces dropped", dropped, share(dropped, counts.faces)),
    )
    return join(
        Html(f"<div><dt>{label}</dt><dd>{number(value)} <small>{part}</small></dd></div>")
        for label, value, part in figures
    )


def faces(shown: Sequence[Thumb], total: int) -> Html:
    """The strip of faces."""
    if not shown:
        return Html("<p>No face was kept.</p>")
    how = "all" if len(shown) == total else f"{len(shown)}, evenly spread over all {total:,}"
    listed = join(_face(one) for one in shown)
    return Html(
        f"<p class='note'>Shown: {how}. f: female; m: male; age ± expected error; yaw, pitch and"
        " roll in degrees; q: quality, of 1. A question mark: unknown, or confidence below"
        f' {SURE}.</p><ul class="faces">{listed}</ul>'
    )


def _face(one: Thumb) -> Html:
    traits = ", ".join(trait.replace(" ", "\u00a0") for trait in one.traits)
    # The caption says the same; an alt text that repeated all of it would be read twice.
    return Html(
        f'<li><figure><img src="{text(one.source)}" width="{SIDE}" height="{SIDE}"'
        f' alt="Face {text(one.face_id)}"><figcaption><b title="{text(one.face_id)}">'
        f"{name(one.face_id)}</b> <span>{text(traits)}</span></figcaption></figure></li>"
    )


def charts(shown: Sequence[Distribution]) -> Html:
    """All distributions."""
    return join(_chart(one) for one in shown) or Html("<p>There is nothing to count yet.</p>")


def _chart(one: Distribution) -> Html:
    rows = [*one.rows, (UNKNOWN, one.unknown)]
    longest = max(value for _, value in rows)
    body = join(_bar(label, value, one.total, longest) for label, value in rows)
    notes = " ".join(filter(None, (_quartiles(one), text(one.attribute.note))))
    unit = f" <small>{text(one.attribute.unit)}</small>" if one.attribute.unit else ""
    return Html(
        f'<div class="chart"><table><caption>{text(one.attribute.title)}</caption><thead><tr>'
        f'<th scope="col">value{unit}</th><td></td>'
        f'<th scope="col">faces</th><th scope="col">share</th></tr></thead>'
        f'<tbody>{body}</tbody></table><p class="note">{notes}</p></div>'
    )


def _bar(label: str, value: int, total: int, longest: int) -> Html:
    width = 100 * value / longest if longest else 0
    kind = ' class="unknown"' if label == UNKNOWN else ""
    return Html(
        f'<tr{kind}><th scope="row">{text(label)}</th>'
        f'<td class="bar"><i style="width:{width:.1f}%"></i></td>'
        f"<td>{number(value)}</td><td>{share(value, total)}</td></tr>"
    )


def _quartiles(one: Distribution) -> Html:
    if one.quartiles is None:
        return Html("")
    decimals = 2 if one.quartiles[2] <= 1 and one.attribute.unit == "of 1" else 0
    # + 0.0: what rounds to zero has no sign
    rounded = (round(value, decimals) + 0.0 for value in one.quartiles)
    low, middle, high = (f"{value:.{decimals}f}".replace("-", "−") for value in rounded)
    return Html(f"Median {middle} {text(one.attribute.unit)}, middle half {low} to {high}.")
