import pytest
from hypothesis import given
from hypothesis import strategies as st

from facewright.provenance import licences
from facewright.provenance.licences import (
    CC_VERSIONS,
    UNSTATED,
    Licence,
    Redistribution,
    creative_commons,
)
from facewright.provenance.naming import read_licence

FAMILY = [("", ()), ("-nc", ("nc",)), ("-sa", ("sa",)), ("-nd", ("nd",)),
          ("-nc-sa", ("nc", "sa")), ("-nc-nd", ("nc", "nd"))]  # fmt: skip
KNOWN = [each for each in vars(licences).values() if isinstance(each, Licence)]


@pytest.mark.parametrize(
    ("name", "spdx"),
    [
        # Flickr's names, ids 1 to 10
        ("Attribution-NonCommercial-ShareAlike License", "CC-BY-NC-SA-2.0"),
        ("Attribution-NonCommercial License", "CC-BY-NC-2.0"),
        ("Attribution-NonCommercial-NoDerivs License", "CC-BY-NC-ND-2.0"),
        ("Attribution License", "CC-BY-2.0"),
        ("Attribution-ShareAlike License", "CC-BY-SA-2.0"),
        ("Attribution-NoDerivs License", "CC-BY-ND-2.0"),
        ("All Rights Reserved", "LicenseRef-All-Rights-Reserved"),
        ("No known copyright restrictions", "LicenseRef-No-Known-Copyright"),
        ("United States Government Work", "LicenseRef-US-Government-Work"),
        ("Public Domain Dedication (CC0)", "CC0-1.0"),
        ("Public Domain Mark", "CC-PDM-1.0"),
        # others
        ("CC BY-NC-SA 4.0", "CC-BY-NC-SA-4.0"),
        ("cc-by-sa-3.0", "CC-BY-SA-3.0"),
        ("CC BY 3.0 DE", "CC-BY-3.0-DE"),
        ("CC BY 3.0 FR", "LicenseRef-CC-BY-3.0-FR"),
        ("Creative Commons Attribution 4.0 International", "CC-BY-4.0"),
        ("Attribution-NonCommercial 2.0 Generic (CC BY-NC 2.0)", "CC-BY-NC-2.0"),
        ("Creative Commons Attribution Share-Alike 4.0 licence", "CC-BY-SA-4.0"),
        ("CC BY", "LicenseRef-CC-BY"),
        ("CC0", "CC0-1.0"),
        ("CC0 1.0", "CC0-1.0"),
        ("Unsplash License", "LicenseRef-Unsplash"),
        ("Pexels", "LicenseRef-Pexels"),
        ("Academic Dataset by Generated Photos", "LicenseRef-Generated-Photos-Academic"),
        ("unstated", "LicenseRef-Unstated"),
        ("  ", "LicenseRef-Unstated"),
        (None, "LicenseRef-Unstated"),
    ],
)
def test_names_met_in_the_wild(name, spdx):
    assert read_licence(name).id == spdx


@pytest.mark.parametrize(
    ("url", "spdx"),
    [
        ("https://creativecommons.org/licenses/by-nc/2.0/", "CC-BY-NC-2.0"),
        ("http://www.creativecommons.org/licenses/by/4.0/deed.de", "CC-BY-4.0"),
        ("https://creativecommons.org/licenses/by-nd-nc/1.0/", "CC-BY-NC-ND-1.0"),
        ("https://creativecommons.org/licenses/by/3.0/us/legalcode", "CC-BY-3.0-US"),
        ("https://creativecommons.org/publicdomain/zero/1.0/", "CC0-1.0"),
        ("https://creativecommons.org/publicdomain/mark/1.0/", "CC-PDM-1.0"),
        ("http://www.usa.gov/copyright.shtml", "LicenseRef-US-Government-Work"),
        ("https://www.flickr.com/commons/usage/", "LicenseRef-No-Known-Copyright"),
        ("https://spdx.org/licenses/CC-BY-SA-4.0.html", "CC-BY-SA-4.0"),
        ("https://unsplash.com/license", "LicenseRef-Unsplash"),
        ("https://evil.example/creativecommons.org/licenses/by/4.0/", "LicenseRef-Unknown"),
        ("https://creativecommons.org/licenses/by/9.0/", "LicenseRef-Unknown"),
        ("http://[broken", "LicenseRef-Unknown"),
    ],
)
def test_addresses(url, spdx):
    assert read_licence(None, url).id == spdx
    assert read_licence(url).id == spdx  # an address where the name should be


def test_an_address_adds_the_version_that_a_name_lacks():
    url = "https://creativecommons.org/licenses/by/4.0/"
    assert read_licence("Attribution License", url).id == "CC-BY-4.0"
    assert read_licence("CC BY", url).id == "CC-BY-4.0"
    assert read_licence("my own words", url).id == "CC-BY-4.0"
    assert read_licence("CC BY 2.0", "https://example.org/photo/1").id == "CC-BY-2.0"


@pytest.mark.parametrize(
    ("name", "url"),
    [
        ("CC BY-NC 2.0", "https://creativecommons.org/licenses/by/2.0/"),
        ("CC BY 2.0", "https://creativecommons.org/licenses/by/4.0/"),
        ("All rights reserved", "https://creativecommons.org/publicdomain/zero/1.0/"),
        ("Unsplash", "https://creativecommons.org/publicdomain/zero/1.0/"),
    ],
)
def test_a_name_and_an_address_that_disagree_are_not_known(name, url):
    found = read_licence(name, url)
    assert found.id == "LicenseRef-Contradictory"
    assert not found.is_known
    assert found.words == f"{name} {url}"


def test_what_cannot_be_read_keeps_its_words():
    found = read_licence("  ask my\naunt ")
    assert found.words == "ask my aunt"
    assert set(found.duties) == {None}
    assert found.redistribution is Redistribution.UNCLEAR
    assert (
        read_licence("see site", "https://example.org/x").words == "see site https://example.org/x"
    )
    assert not UNSTATED.is_known


@pytest.mark.parametrize("version", CC_VERSIONS)
@pytest.mark.parametrize(("short", "elements"), FAMILY)
def test_all_spellings_of_the_family_are_one_licence(short, elements, version):
    licence = creative_commons(elements, version)
    spelt = (
        short.replace("nc", "NonCommercial").replace("sa", "ShareAlike").replace("nd", "NoDerivs")
    )
    for name in (licence.id, licence.name, f"Attribution{spelt} {version}"):
        assert read_licence(name) == licence
        assert read_licence(name, licence.url) == licence
    assert read_licence(None, licence.url) == licence
    assert licence.version == version
    assert licence.duties == (True, "nc" in elements, "sa" in elements, "nd" in elements, True)


@pytest.mark.parametrize("licence", KNOWN, ids=lambda each: each.id)
def test_ids_and_addresses_lead_back(licence):
    assert read_licence(licence.id).id == licence.id
    if licence.url:
        assert read_licence(None, licence.url).id == licence.id


@given(st.one_of(st.none(), st.text()), st.one_of(st.none(), st.text()))
def test_any_text_gives_a_licence(name, url):
    found = read_licence(name, url)
    assert found.id
    assert found.is_known or found.words or found is UNSTATED


def test_no_such_licence_as_share_alike_without_derivatives():
    assert read_licence("CC BY-SA-ND 2.0").id == "LicenseRef-Unknown"
