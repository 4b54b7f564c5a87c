from hypothesis import given
from hypothesis import strategies as st

from facewright.provenance.markdown import code, counted, escaped, link, table


@given(st.text())
def test_text_stays_text(text):
    shown = escaped(text)
    assert len(shown.splitlines()) <= 1
    assert "<" not in shown
    assert "|" not in shown.replace("\\|", "")
    assert "](" not in shown.replace("\\]", "")


def test_links_lead_only_to_the_web():
    assert link("a", "javascript:alert(1)") == "a"
    assert link("a", None) == "a"
    assert link("[x]", "https://e.org/a b>c") == "[\\[x\\]](<https://e.org/a%20b%3Ec>)"


def test_tables_and_numbers():
    assert table(("name", "n#"), [("a", "1")]) == "| name | n |\n|---|---:|\n| a | 1 |"
    assert code("a_`b|c") == "`a_bc`"
    assert counted(1, "photo") == "1 photo"
    assert counted(1200, "face") == "1,200 faces"
