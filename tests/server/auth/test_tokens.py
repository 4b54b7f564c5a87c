"""Tokens: kept as hashes, known by themselves only, gone when they are taken away."""

from __future__ import annotations

import hmac
import stat
from pathlib import Path

import pytest

from facewright.cli import token as command
from facewright.errors import UsageError
from facewright.server.auth.tokens import Keys, load_tokens, make_token, save_tokens


def test_nothing_of_a_token_is_kept_but_its_hash(tmp_path: Path) -> None:
    file = tmp_path / "below" / "tokens.json"
    text, token = make_token("anna", "read")
    save_tokens(file, [token])
    assert len(text) > 40
    assert text not in file.read_text()
    assert text.removeprefix("fw_")[:12] not in file.read_text()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert load_tokens(file) == (token,)


def test_a_key_is_known_by_all_of_it(tmp_path: Path) -> None:
    file = tmp_path / "tokens.json"
    made = [make_token(name, "write") for name in ("one", "two", "three")]
    save_tokens(file, [token for _, token in made])
    keys = Keys(file)
    for text, token in made:
        assert keys.find(text) == token
        for wrong in (text[:-1], text + "x", text.swapcase(), text.removeprefix("fw_"), ""):
            assert keys.find(wrong) is None


def test_every_token_is_compared_in_constant_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "tokens.json"
    made = [make_token(str(n), "read") for n in range(4)]
    save_tokens(file, [token for _, token in made])
    compared = []
    real = hmac.compare_digest
    monkeypatch.setattr(hmac, "compare_digest", lambda a, b: compared.append(a) or real(a, b))
    Keys(file).find(made[0][0])
    assert compared == [token.sha256 for _, token in made]


def test_a_token_that_is_taken_away_ends_at_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "tokens.json"
    command.new("anna", file=file)
    text = capsys.readouterr().out.strip()
    keys = Keys(file)
    token = keys.find(text)
    assert token is not None
    command.list_(file=file)
    assert token.id in capsys.readouterr().out
    command.revoke(token.id, file=file)
    assert keys.find(text) is None
    with pytest.raises(UsageError, match="holds no token"):
        command.revoke(token.id, file=file)


def test_a_broken_file_lets_nobody_in(tmp_path: Path) -> None:
    file = tmp_path / "tokens.json"
    command.new("anna", file=file)
    keys = Keys(file)
    file.write_text("{}")
    assert len(keys) == 0
    with pytest.raises(UsageError, match="no file of tokens"):
        Keys(file)
