import json

from agent_learning_trl import check


def test_check_says_what_is_here(capsys):
    assert check.check() == 0
    told = json.loads(capsys.readouterr().out)
    assert told["ok"] is True and told["missing"] == []
    assert told["versions"]["torch"].startswith("2.13.0")


def test_check_says_what_is_missing(capsys, monkeypatch):
    monkeypatch.setattr(check, "pinned", lambda: {"no-such-package": "1.0", "trl": "0.0.1"})
    assert check.check() == 1
    told = json.loads(capsys.readouterr().out)
    assert told["ok"] is False
    assert told["missing"][0] == "no-such-package 1.0"
    assert told["missing"][1].startswith("trl 0.0.1 (found ")
