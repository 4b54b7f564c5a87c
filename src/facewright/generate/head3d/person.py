"""A person: what an order may say of one, and how the rest is drawn from a seed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from facewright.errors import UsageError
from facewright.generate.head3d import features, words
from facewright.generate.head3d.shape import ANCESTRIES


@dataclass(frozen=True)
class Person:
    """All that stays the same between pictures of somebody; made of JSON's types.

    Attributes:
        seed: of strands, pores and whatever is too fine to be named.
        sex, age (years), ethnicity: see `words`.
        ancestry: shares of `shape.ANCESTRIES`.
        maleness: 0 to 1; weight: 0 thin to 1 heavy.
        features: see `features`.
        skin_tone: Monk, 1 to 10; freckles, flush: 0 to 1.
        hair_style, hair_colour, beard, moustache, eye_colour, glasses, earrings, hat: see `words`.
        parting: metres to the picture's right; hairline: metres that it lies higher than usual.
        fringe: metres of hair that falls over the forehead; 0 for none.
        greying: share of white hairs among those of `hair_colour`.
        knot: where tied hair is wound up, 0 at the nape to 1 on the crown.
        brow_density: 0.5 to 1.5; brow_colour: a hair colour.
        makeup: 0 to 1; lip_colour: linear RGB that lips are tinted with.
        clothes: see `words`; clothes_colour: linear RGB.
    """

    seed: int
    sex: str
    age: float
    ethnicity: str
    ancestry: tuple[float, float, float]
    maleness: float
    weight: float
    features: dict[str, float]
    skin_tone: int
    freckles: float
    flush: float
    hair_style: str
    hair_colour: str
    parting: float
    hairline: float
    fringe: float
    greying: float
    knot: float
    beard: str
    moustache: str
    brow_density: float
    brow_colour: str
    eye_colour: str
    makeup: float
    lip_colour: tuple[float, float, float]
    glasses: str
    earrings: str
    hat: str
    clothes: str
    clothes_colour: tuple[float, float, float]

    def to_json(self) -> dict[str, Any]:
        """The person as JSON's types."""
        return asdict(self)

    @property
    def identity(self) -> str:
        """Twelve hex digits that stand for who this is: shape, skin and seed, not hair or dress."""
        kept = (self.seed, self.sex, self.age, self.ancestry, self.features, self.skin_tone)
        return hashlib.sha256(repr(kept).encode()).hexdigest()[:12]


ATTRIBUTES = (
    "sex", "age", "age_group", "ethnicity", "skin_tone", "weight", "hair_style", "hair_length",
    "hair_colour", "bald", "beard", "moustache", "eye_colour", "makeup", "freckles", "glasses",
    "earrings", "hat", "clothes", "clothes_colour",
)  # fmt: skip
"""What an order may name."""


def sample_person(wanted: Mapping[str, Any], seed: int) -> Person:
    """Draw a person who is as wanted and otherwise plausible.

    Args:
        wanted: values of `ATTRIBUTES`; a list stands for a choice among its values. `ethnicity`
            may be a mapping of ancestries to shares; `bald` true is hair_style "bald".
        seed: the same gives the same person.

    Raises:
        UsageError: unknown attribute or value, or wishes that contradict each other.
    """
    unknown = set(wanted) - set(ATTRIBUTES)
    if unknown:
        raise UsageError(f"person: {min(unknown)!r} is unknown; known are {', '.join(ATTRIBUTES)}")
    rng = np.random.default_rng((seed, 0x4EAD))
    late = np.random.default_rng((seed, 0x1A7E))  # keeps what rng draws as it was without it
    given = {name: _choose(rng, value) for name, value in wanted.items() if value is not None}
    sex = _word(given, "sex", words.SEXES) or str(rng.choice(words.SEXES))
    years = _years(given, rng)
    _refuse_contradictions(given, sex, years)
    ethnicity, ancestry = _ancestry(given, rng)
    tone = _tone(given, ethnicity, rng)
    male = sex == "male"
    style = _hair_style(given, sex, years, ancestry, rng)
    colour = _word(given, "hair_colour", words.HAIR_COLOURS) or _hair_colour(
        ancestry, years, rng, male=male
    )
    beard, moustache = _facial_hair(given, years, rng, male=male)
    makeup = _share(given, "makeup", _makeup(years, rng, male=male))
    return Person(
        seed=seed,
        sex=sex,
        age=round(years, 1),
        ethnicity=ethnicity,
        ancestry=ancestry,
        maleness=round(float(rng.uniform(0.92, 1.0) if male else rng.uniform(0.0, 0.06)), 3),
        weight=round(_share(given, "weight", float(np.clip(rng.normal(0.47, 0.1), 0.28, 0.75))), 3),
        features=features.draw_features(rng, sex, years) | features.draw_outline(late, sex, years),
        skin_tone=tone,
        freckles=_share(given, "freckles", _freckles(tone, ancestry, rng)),
        flush=round(float(rng.uniform(0.25, 1.0)), 3),
        hair_style=style,
        hair_colour=colour,
        parting=round(float(rng.choice((-1, 1)) * rng.uniform(0.0, 0.03)), 4),
        hairline=round(_hairline(years, rng, male=male), 4),
        fringe=_fringe(style, rng),
        greying=_greying(colour, years, late, male=male),
        knot=round(float(late.choice((0.0, 0.0, 0.8, 1.0)) + late.uniform(-0.1, 0.1)), 3),
        beard=beard,
        moustache=moustache,
        brow_density=round(float(rng.uniform(0.85, 1.3) * _brow_share(years, male=male)), 3),
        brow_colour=_brow_colour(colour, ancestry, years),
        eye_colour=_word(given, "eye_colour", words.EYE_COLOURS) or _eye_colour(ancestry, rng),
        makeup=makeup,
        lip_colour=_lip_colour(rng),
        glasses=_word(given, "glasses", words.GLASSES) or "none",
        earrings=_word(given, "earrings", words.EARRINGS) or _earrings(years, late, male=male),
        hat=_word(given, "hat", words.HATS) or "none",
        clothes=_clothes(given, sex, rng),
        clothes_colour=_clothes_colour(given, rng),
    )


def _choose(rng: np.random.Generator, value: Any) -> Any:
    """One of a list's values, or the value itself."""
    if isinstance(value, Sequence) and not isinstance(value, str):
        if not value:
            raise UsageError("person: a choice of nothing")
        return value[int(rng.integers(len(value)))]
    return value


def _word(given: Mapping[str, Any], name: str, known: Sequence[str]) -> str | None:
    value = given.get(name)
    if value is None:
        return None
    if value not in known:
        raise UsageError(f"person: {name} {value!r} is unknown; known are {', '.join(known)}")
    return str(value)


def _number(given: Mapping[str, Any], name: str, low: float, high: float) -> float | None:
    value = given.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise UsageError(f"person: {name} {value!r} is not a number from {low:g} to {high:g}")
    return float(value)


def _share(given: Mapping[str, Any], name: str, drawn: float) -> float:
    value = _number(given, name, 0, 1)
    return drawn if value is None else value


def _years(given: Mapping[str, Any], rng: np.random.Generator) -> float:
    age = _number(given, "age", *words.AGES)
    group = _word(given, "age_group", tuple(words.AGE_GROUPS))
    low, high = words.AGE_GROUPS[group] if group else (18, 70)
    if age is None:
        return float(rng.uniform(low, high))
    if group and not low <= age <= high:
        raise UsageError(f"person: age {age:g} is not in age_group {group} ({low:g} to {high:g})")
    return age


def _refuse_contradictions(given: Mapping[str, Any], sex: str, years: float) -> None:
    for name in ("beard", "moustache"):
        if given.get(name, "none") != "none":
            if years < 16:
                raise UsageError(f"person: {name} at age {years:.0f}; possible from 16")
            if sex == "female":
                raise UsageError(f"person: {name} on a female face is not modelled")
    style = given.get("hair_style")
    if given.get("bald") and style not in {None, "bald"}:
        raise UsageError(f"person: bald and hair_style {style!r}")
    length = given.get("hair_length")
    if length in words.HAIR_LENGTHS and style not in {None, *words.HAIR_LENGTHS[length]}:
        raise UsageError(f"person: hair_style {style!r} is not of hair_length {length!r}")


def _ancestry(
    given: Mapping[str, Any], rng: np.random.Generator
) -> tuple[str, tuple[float, float, float]]:
    wish = given.get("ethnicity")
    if isinstance(wish, Mapping):
        shares = np.array([float(wish.get(folk, 0.0)) for folk in ANCESTRIES])
        if set(wish) - set(ANCESTRIES) or (shares < 0).any() or shares.sum() <= 0:
            raise UsageError(f"person: ethnicity {wish}: shares of {', '.join(ANCESTRIES)}")
        shares /= shares.sum()
        nearest = max(words.ETHNICITIES, key=lambda name: -_distance(name, shares))
        return nearest, _triple(shares)
    name = _word(given, "ethnicity", tuple(words.ETHNICITIES)) or str(
        rng.choice(("white", "black", "asian", "latino"))
    )
    mix = np.array([words.ETHNICITIES[name].get(folk, 0.0) for folk in ANCESTRIES])
    return name, _triple(0.85 * mix + 0.15 * rng.dirichlet([0.6, 0.6, 0.6]))


def _distance(name: str, shares: Any) -> float:
    mix = np.array([words.ETHNICITIES[name].get(folk, 0.0) for folk in ANCESTRIES])
    return float(np.abs(mix - shares).sum())


def _triple(values: Any) -> tuple[float, float, float]:
    a, b, c = (round(float(x), 4) for x in values)
    return a, b, c


def _tone(given: Mapping[str, Any], ethnicity: str, rng: np.random.Generator) -> int:
    tone = _number(given, "skin_tone", 1, 10)
    return int(rng.choice(words.TONES[ethnicity])) if tone is None else round(tone)


def _hair_style(
    given: Mapping[str, Any], sex: str, years: float, ancestry: Any, rng: np.random.Generator
) -> str:
    if given.get("bald"):
        return "bald"
    style = _word(given, "hair_style", words.HAIR_STYLES)
    if style:
        return style
    odds = _style_odds(sex, years, african=ancestry[0] > 0.5)
    length = _word(given, "hair_length", tuple(words.HAIR_LENGTHS))
    if length:
        odds = {name: odds.get(name, 0.0) + 0.01 for name in words.HAIR_LENGTHS[length]}
    elif given.get("bald") is False:
        odds.pop("bald", None)
    chances = np.array(list(odds.values()))
    return str(rng.choice(list(odds), p=chances / chances.sum()))


_WOMEN: dict[str, float] = {
    "long": 3.2, "wavy": 3.2, "bob": 2.4, "tied": 1.0, "curly": 0.4, "crop": 0.1
}  # fmt: skip
_OLDER_WOMEN: dict[str, float] = {
    "long": 0.7, "wavy": 2.6, "bob": 3.6, "tied": 0.8, "curly": 2.4, "crop": 0.5
}  # fmt: skip
_AFRICAN_WOMEN: dict[str, float] = {
    "braids": 2.6, "wavy": 3, "bob": 2.2, "long": 1.6, "curly": 1.2, "afro": 1.0, "tied": 0.7
}  # fmt: skip


def _style_odds(sex: str, years: float, *, african: bool) -> dict[str, float]:
    """Chances of hair styles; they need not sum to 1."""
    if sex == "female":
        if african:
            return _AFRICAN_WOMEN
        old = float(np.interp(years, (48, 62), (0.0, 1.0)))
        return {name: (1 - old) * odds + old * _OLDER_WOMEN[name] for name, odds in _WOMEN.items()}
    bald = float(np.interp(years, (25, 45, 65), (0.1, 0.8, 2.5)))
    if african:
        return {"buzz": 4, "curly": 2.5, "afro": 0.8, "crop": 0.5, "bald": bald}
    long = 0.3 if years > 20 else 0.05
    return {
        "crop": 3.5,
        "sidepart": 3,
        "slick": 1,
        "buzz": 1.5,
        "curly": 1,
        "bald": bald,
        "wavy": long,
    }


def _hair_colour(ancestry: Any, years: float, rng: np.random.Generator, *, male: bool) -> str:
    """Grey comes with the years; many a woman's is dyed, in the shades of her youth or lighter."""
    european, african = ancestry[2] > 0.9, ancestry[0] > 0.5
    odds = (
        {"dark-brown": 5, "brown": 5, "light-brown": 4, "dark-blond": 3, "blond": 2, "auburn": 1,
         "red": 0.6, "black": 1}
        if european
        else {"black": 6, "dark-brown": 3, "brown": 0.4}
    )  # fmt: skip
    kept = (0.8, 0.65, 0.4) if african else (0.6, 0.35, 0.12)
    dyed = not male and rng.random() < np.interp(years, (40, 60, 75), kept)
    if years > 40 and not dyed and rng.random() < (years - 38) / 20:
        odds = {"grey": 3, "white": 0.3 + max(years - 58, 0) / 5}
    elif dyed and years > 50 and not african:
        odds = {name: chance for name, chance in odds.items() if name != "black"}
    chances = np.array(list(odds.values()), float)
    return str(rng.choice(list(odds), p=chances / chances.sum()))


def _facial_hair(
    given: Mapping[str, Any], years: float, rng: np.random.Generator, *, male: bool
) -> tuple[str, str]:
    beard = _word(given, "beard", words.BEARDS)
    moustache = _word(given, "moustache", words.MOUSTACHES)
    may = male and years >= 20
    drawn = str(rng.choice(words.BEARDS, p=(0.55, 0.22, 0.13, 0.10))) if may else "none"
    alone = "full" if may and drawn == "none" and rng.random() < 0.07 else "none"
    if beard is None:
        beard = drawn if moustache is None else "none"
    if moustache is None:
        moustache = {"none": alone, "stubble": "thin"}.get(beard, "full")
        if given.get("beard") == "none":
            moustache = "none"
    return beard, moustache


def _makeup(years: float, rng: np.random.Generator, *, male: bool) -> float:
    drawn = float(rng.uniform(0.4, 0.95)) * float(np.interp(years, (55, 85), (1.0, 0.75)))
    return 0.0 if male or years < 16 else round(drawn, 3)


def _freckles(tone: int, ancestry: Any, rng: np.random.Generator) -> float:
    if tone > 4 or ancestry[2] < 0.6:
        return 0.0
    return round(float(rng.choice((0, 0, 0, 0.4, 0.9)) * rng.uniform(0.6, 1)), 3)


def _hairline(years: float, rng: np.random.Generator, *, male: bool) -> float:
    receded = float(np.interp(years, (22, 60), (0.0, 0.014))) if male else 0.0
    return float(np.clip(rng.normal(receded, 0.004), -0.008, 0.03))


def _fringe(style: str, rng: np.random.Generator) -> float:
    drawn = float(rng.uniform(0.034, 0.048)) if rng.random() < 0.35 else 0.0
    return round(drawn, 4) if style in {"bob", "long", "wavy", "tied"} else 0.0


def _greying(colour: str, years: float, rng: np.random.Generator, *, male: bool) -> float:
    """Share of white hairs: most of grey hair, a few at the age where greying starts."""
    drawn = float(rng.uniform(0.0, 1.0))
    if colour == "grey":
        return round(0.35 + 0.5 * drawn, 3)
    if colour in {"white", "blond", "dark-blond"}:
        return 0.0
    shown = 1.0 if male or drawn > 0.5 else 0.0  # others dye theirs
    return round(shown * drawn * float(np.interp(years, (35, 65), (0.0, 0.3))), 3)


def _earrings(years: float, rng: np.random.Generator, *, male: bool) -> str:
    odds = {"none": 0.96, "stud": 0.04} if male else {
        "none": 0.35, "stud": 0.28, "hoop": 0.20, "drop": 0.17
    }  # fmt: skip
    drawn = str(rng.choice(list(odds), p=list(odds.values())))
    return drawn if years >= 16 or drawn == "stud" else "none"


def _brow_share(years: float, *, male: bool) -> float:
    if years < 14:
        return 0.5
    faded = float(np.interp(years, (50, 75), (1.0, 0.6)))
    return 1.1 if male else 0.8 * faded


def _brow_colour(hair: str, ancestry: Any, years: float) -> str:
    """Brows are darker than hair, and grey later."""
    if hair in {"grey", "white"} and years < 66:
        hair = "brown"
    darker = {"blond": "dark-blond", "white": "grey", "grey": "grey", "red": "auburn"}
    colour = darker.get(hair, hair)
    return colour if ancestry[2] > 0.5 or colour == "grey" else "black"


def _eye_colour(ancestry: Any, rng: np.random.Generator) -> str:
    if ancestry[2] > 0.9:
        return str(rng.choice(words.EYE_COLOURS, p=(0.1, 0.28, 0.17, 0.12, 0.23, 0.1)))
    return str(rng.choice(("dark-brown", "brown"), p=(0.7, 0.3)))


def _lip_colour(rng: np.random.Generator) -> tuple[float, float, float]:
    shades = ((0.42, 0.10, 0.10), (0.45, 0.16, 0.14), (0.36, 0.07, 0.10), (0.48, 0.20, 0.18))
    return shades[int(rng.integers(len(shades)))]


def _clothes(given: Mapping[str, Any], sex: str, rng: np.random.Generator) -> str:
    every = tuple(name for group in words.CLOTHES.values() for name in group)
    return _word(given, "clothes", every) or str(rng.choice(words.CLOTHES[sex]))


def _clothes_colour(
    given: Mapping[str, Any], rng: np.random.Generator
) -> tuple[float, float, float]:
    wish = given.get("clothes_colour")
    drawn = rng.random(3) ** 1.6 * 0.5 + 0.02
    muted = 0.32 * drawn + 0.68 * drawn.mean()
    if wish is None:
        return _triple(muted)
    if isinstance(wish, str) and len(wish.lstrip("#")) == 6:
        from facewright.generate.head3d.colour import hex_to_linear

        return _triple(hex_to_linear(wish.lstrip("#")))
    raise UsageError(f"person: clothes_colour {wish!r} is not six hex digits")
