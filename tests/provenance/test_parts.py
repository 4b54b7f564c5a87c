from facewright.provenance.licences import PUBLIC_DOMAIN_MARK
from facewright.provenance.mixing import Audience, merged
from facewright.provenance.parts import part_of, photos_left_out, terms_of
from facewright.provenance.published import FFHQ, LPFF


def test_a_dataset_is_a_part(dataset):
    part = part_of(dataset, "samples")
    assert part.images == {PUBLIC_DOMAIN_MARK: 3}
    assert part.terms == ()
    both = merged([part, part_of(dataset.select(dataset.face_ids[:1]), "one", [FFHQ])])
    assert both.images == {PUBLIC_DOMAIN_MARK: 4}
    assert both.licence.id == "CC-BY-NC-SA-4.0"


def test_layouts_only_suggest_a_set():
    assert terms_of(["ffhq", "csv", "lpff"]) == (FFHQ, LPFF)


def test_photos_that_stay_out_have_a_reason(make):
    stated = ["CC BY-ND 2.0", "CC BY 2.0", None, "All rights reserved"]
    photos = make([{"licence": each} for each in stated], []).photos
    assert set(photos_left_out(photos)) == {"0", "3"}
    assert photos_left_out(photos, Audience.PRIVATE) == {
        "0": "CC BY-ND 2.0 allows no adaptation, and a crop is one"
    }
