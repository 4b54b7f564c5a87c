import pytest
from hypothesis import given
from hypothesis import strategies as st

from facewright.errors import LicenceError, UsageError
from facewright.provenance.licences import (
    ALL_RIGHTS_RESERVED,
    CC0,
    GENERATED_PHOTOS,
    PUBLIC_DOMAIN_MARK,
    UNSTATED,
    US_GOVERNMENT,
    Redistribution,
    creative_commons,
)
from facewright.provenance.mixing import Audience, Part, as_it_is, merged, why_left_out
from facewright.provenance.published import (
    FFHQ,
    FFHQ_FEATURES,
    GENERATED,
    LPFF,
    LPFF_UP,
    METFACES,
    PUBLISHED,
    UNSPLASH_FULL,
    UNSPLASH_LITE,
    SetTerms,
)

BY, BY_NC = creative_commons((), "2.0"), creative_commons(("nc",), "2.0")
BY_SA, BY_ND = creative_commons(("sa",), "2.0"), creative_commons(("nd",), "2.0")
FFHQ_PART = Part(
    "ffhq", {BY: 40, BY_NC: 30, PUBLIC_DOMAIN_MARK: 3, CC0: 2, US_GOVERNMENT: 1}, [FFHQ]
)
LPFF_PART = Part("lpff", {BY: 9, BY_SA: 5, CC0: 1, PUBLIC_DOMAIN_MARK: 1}, [LPFF])


def made(name, licence):
    return SetTerms(name, name, licence, "cite", "https://example.org")


def test_published_terms_are_those_of_the_specification():
    table = {name: terms.licence for name, terms in PUBLISHED.items()}
    assert table["ffhq"].id == table["ffhq-features"].id == "CC-BY-NC-SA-4.0"
    assert table["metfaces"].id == table["lpff"].id == "CC-BY-NC-2.0"
    assert table["lpff-up"].redistribution is Redistribution.UNCLEAR
    assert table["generated-photos"].redistribution is Redistribution.INSTITUTION
    assert table["unsplash-lite"].redistribution is Redistribution.NO
    assert not table["unsplash-lite"].non_commercial
    assert table["unsplash-full"].non_commercial


def test_lpff_added_to_ffhq():
    result = merged([FFHQ_PART, LPFF_PART])
    assert result.licence.id == "CC-BY-NC-SA-4.0"
    assert result.images == {
        BY: 49, BY_NC: 30, PUBLIC_DOMAIN_MARK: 4, CC0: 3, US_GOVERNMENT: 1, BY_SA: 5
    }  # fmt: skip
    assert result.left_out == {}
    assert result.redistribution is Redistribution.YES
    (about,) = [text for text in result.statements if "BY-SA" in text]
    assert about.startswith("5 photos under CC BY-SA 2.0 keep that licence, which forbids")
    assert [each.id for each in result.terms] == ["ffhq", "lpff"]


def test_no_derivatives_are_never_included():
    result = merged([FFHQ_PART, Part("mine", {BY_ND: 2, CC0: 1})], Audience.PRIVATE)
    assert result.left_out == {BY_ND: 2}
    assert BY_ND not in result.images
    assert "a crop is one" in (why_left_out(BY_ND) or "")
    assert why_left_out(BY) is None
    assert why_left_out(UNSTATED) is None


def test_pictures_that_nobody_may_pass_on_are_left_out_of_what_is_passed_on():
    parts = [Part("mine", {ALL_RIGHTS_RESERVED: 2, GENERATED_PHOTOS: 3, CC0: 1})]
    assert merged(parts).images == {CC0: 1}
    assert merged(parts, Audience.INSTITUTION).left_out == {ALL_RIGHTS_RESERVED: 2}


@pytest.mark.parametrize("terms", [GENERATED, UNSPLASH_LITE, UNSPLASH_FULL, LPFF_UP])
def test_sets_that_may_not_be_passed_on_are_refused(terms):
    with pytest.raises(LicenceError) as caught:
        merged([FFHQ_PART, Part("other-set", {}, [terms])])
    text = str(caught.value)
    assert "\n" not in text
    assert text.startswith(f"cannot merge other-set: {terms.name}")
    assert "to be public" in text
    assert isinstance(caught.value, UsageError)
    assert merged([FFHQ_PART, Part("other", {}, [terms])], Audience.PRIVATE).terms[-1] is terms


def test_generated_photos_may_be_merged_for_the_institution():
    inside = merged(
        [Part("gp", {GENERATED_PHOTOS: 9}, [GENERATED]), FFHQ_PART], Audience.INSTITUTION
    )
    assert inside.redistribution is Redistribution.INSTITUTION
    assert inside.licence.id == "LicenseRef-Each-Set-Its-Own"
    assert inside.licence.non_commercial
    with pytest.raises(LicenceError, match="unsplash: Unsplash Dataset Lite may not be passed on"):
        merged([Part("unsplash", {}, [UNSPLASH_LITE])], Audience.INSTITUTION)


def test_other_pairs_of_published_sets():
    both = merged([Part("m", {CC0: 1}, [METFACES]), LPFF_PART])
    assert both.licence.id == "CC-BY-NC-2.0"
    assert merged([FFHQ_PART, Part("m", {CC0: 1}, [METFACES])]).licence.id == "CC-BY-NC-SA-4.0"
    assert merged([FFHQ_PART, Part("f", {}, [FFHQ_FEATURES])]).licence.id == "CC-BY-NC-SA-4.0"
    newer = made("newer", creative_commons(("nc",), "4.0"))
    assert merged([LPFF_PART, Part("n", {}, [newer])]).licence.id == "CC-BY-NC-4.0"


def test_share_alike_without_non_commercial_meets_non_commercial():
    shared = Part("wiki", {BY_SA: 4}, [made("Wiki faces", creative_commons(("sa",), "4.0"))])
    for other in (FFHQ_PART, LPFF_PART):
        with pytest.raises(LicenceError, match="cannot merge wiki with"):
            merged([shared, other])
    assert merged([shared, Part("mine", {CC0: 1})]).licence.id == "CC-BY-SA-4.0"


def test_ones_own_photos_have_no_licence_on_the_whole():
    result = as_it_is({BY: 2, BY_NC: 1})
    assert result.licence.id == "LicenseRef-Each-Picture-Its-Own"
    assert result.licence.non_commercial
    assert as_it_is({UNSTATED: 1}).redistribution is Redistribution.UNCLEAR
    assert as_it_is({}).redistribution is Redistribution.YES


def test_what_exists_is_described_and_not_refused():
    result = as_it_is({BY_ND: 1, CC0: 2}, [FFHQ, GENERATED])
    assert result.redistribution is Redistribution.INSTITUTION
    assert any(text.startswith("Take out 1 photo") for text in result.statements)


sets = st.lists(st.sampled_from([FFHQ, FFHQ_FEATURES, METFACES, LPFF]), max_size=4)
images = st.dictionaries(
    st.sampled_from([BY, BY_NC, BY_SA, BY_ND, CC0, UNSTATED]), st.integers(1, 9)
)


@given(st.lists(st.tuples(sets, images), min_size=1, max_size=4), st.randoms())
def test_order_does_not_matter_and_nothing_is_lost(drawn, random):
    parts = [Part(str(i), found, terms) for i, (terms, found) in enumerate(drawn)]
    result = merged(parts)
    assert sum(result.images.values()) + sum(result.left_out.values()) == sum(
        sum(part.images.values()) for part in parts
    )
    for terms in result.terms:  # the whole asks for no less than any of its sets
        pairs = zip(result.licence.duties, terms.licence.duties, strict=True)
        assert all(whole or not one for whole, one in pairs)
    random.shuffle(parts)
    again = merged(parts)
    assert (again.licence, again.images, again.left_out) == (
        result.licence, result.images, result.left_out
    )  # fmt: skip
