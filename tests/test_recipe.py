import pytest

from facewright import Recipe
from facewright.errors import RecipeError


def test_an_empty_file_is_a_recipe(tmp_path):
    (tmp_path / "r.toml").write_text("")
    assert Recipe.load(tmp_path / "r.toml") == Recipe()
    assert Recipe().crops == ("ffhq-fast:1024",)


def test_it_reads_what_it_writes():
    recipe = Recipe(crops=("ffhq:256",), chunk=7)
    assert Recipe.model_validate_json(recipe.model_dump_json()) == recipe


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("crop = ['ffhq']", "crop"),
        ("[detector]\nmin_score = 3", "detector.min_score"),
        ("[photos]\nmax_pixels = 'many'", "photos.max_pixels"),
        ("crops = 'ffhq", "not TOML"),
        ("chunk = 0", "chunk"),
    ],
)
def test_mistakes_name_the_file_and_the_key(tmp_path, text, names):
    path = tmp_path / "r.toml"
    path.write_text(text)
    with pytest.raises(RecipeError, match=names) as caught:
        Recipe.load(path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_file_is_said(tmp_path):
    with pytest.raises(RecipeError, match="cannot read the recipe"):
        Recipe.load(tmp_path / "none.toml")
