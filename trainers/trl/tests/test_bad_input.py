import errno
import json

import pytest
from conftest import rows_of

from agent_learning_trl import checkpoints, failures


def failure(work):
    assert work.run() == 1
    assert work.state["status"] == "failed"
    return work.state["error"]["kind"], work.state["error"]["message"]


def test_rows_longer_than_there_is_room(make_work):
    rows = rows_of("sft", 3)
    rows[1]["messages"][1]["content"] = "card " * 200
    kind, message = failure(make_work("sft", rows=rows))
    assert kind == "data"
    assert "1 of 3 rows" in message and "row 2 has" in message and "96 tokens" in message


def test_rows_longer_than_the_context_of_the_model(make_work):
    rows = [{"prompt": "card " * 300, "chosen": "a", "rejected": "b"}]
    kind, message = failure(make_work("dpo", rows=rows, hyperparameters={"max_length": 4096}))
    assert kind == "data" and "256 tokens" in message


def test_empty_splits(make_work):
    assert failure(make_work("sft", "train", rows=[])) == ("data", "train.jsonl has no rows")
    assert failure(make_work("sft", "validation", validation=[])) == ("data", "validation.jsonl has no rows")


@pytest.mark.parametrize(
    ("method", "row", "says"),
    [
        ("sft", {"messages": [{"role": "user", "content": "a"}]}, "end with the assistant's"),
        ("sft", {"messages": [], "extra": 1}, "unknown fields extra"),
        ("sft", {"messages": [{"role": "tool", "content": "a"}, {"role": "assistant", "content": "b"}]}, "role must be"),
        ("dpo", {"prompt": "a", "chosen": "b"}, "rejected is missing"),
        ("dpo", {"prompt": "a", "chosen": "b", "rejected": " "}, "rejected must be a text"),
        ("kto", {"prompt": "a", "completion": "b", "label": "yes"}, "label must be true or false"),
        ("embedding", {"query": "a", "positive": 3}, "must be a text"),
        ("sft", ["a"], "must be an object"),
    ],
)
def test_rows_that_are_none(make_work, method, row, says):
    kind, message = failure(make_work(method, rows=[*rows_of(method, 2), row]))
    assert kind == "data"
    assert "line 3" in message and says in message


def test_lines_that_are_no_json(make_work):
    work = make_work("sft")
    (work.folder / "train.jsonl").write_text("{\n")
    kind, message = failure(work)
    assert kind == "data" and "line 1" in message


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"method": "magic"}, "method must be one of"),
        ({"colour": "red"}, "unknown fields colour"),
        ({"version": 2}, "version 2 is not known"),
        ({"base_model": "nowhere.gguf"}, "there is no"),
        ({"train": "other.jsonl"}, "there is no"),
        ({"method": "grpo"}, "reward_model"),
    ],
)
def test_a_run_that_cannot_be_understood(make_work, change, says):
    work = make_work("sft")
    (work.folder / "run.json").write_text(json.dumps({**work.config, **change}))
    kind, message = failure(work)
    assert kind == "data" and says in message


@pytest.mark.parametrize(
    ("values", "says"),
    [({"warp": 9}, "unknown hyperparameters warp"), ({"epochs": 0}, "epochs must"), ({"lora_r": 1.5}, "whole number")],
)
def test_hyperparameters_that_are_none(make_work, values, says):
    kind, message = failure(make_work("sft", hyperparameters=values))
    assert kind == "data" and says in message


def test_a_base_model_that_is_neither_file_nor_folder_of_one(make_work, tmp_path):
    (tmp_path / "text.gguf").write_text("no model")
    assert failure(make_work("sft", "file", base=tmp_path / "text.gguf"))[0] == "data"
    assert failure(make_work("sft", "folder", base=tmp_path))[0] == "data"


def test_numbers_that_end(make_work):
    work = make_work("sft", hyperparameters={"learning_rate": 1e38, "epochs": 4})
    kind, message = failure(work)
    assert kind == "numeric" and "learning_rate" in message
    # What was not a number is in the metrics, as null.
    assert any(None in line.values() for line in work.metrics)
    assert not (work.folder / "artifacts" / "manifest.json").exists()


def test_a_full_disk_at_a_checkpoint(make_work, monkeypatch):
    work = make_work("sft")
    whole = checkpoints.seal
    saved = []

    def seal(part, place, digest):
        if saved:
            raise OSError(errno.ENOSPC, "No space left on device")
        saved.append(part)
        return whole(part, place, digest)

    monkeypatch.setattr("agent_learning_trl.watched.seal", seal)
    kind, message = failure(work)
    assert kind == "infrastructure" and "disk is full" in message
    # The half-written one is gone, the one before is whole, and the run goes on from it.
    assert [path.name for path in (work.folder / "checkpoints").iterdir()] == ["checkpoint-1"]
    monkeypatch.undo()
    assert work.run() == 0
    assert [line["step"] for line in work.metrics if "loss" in line] == [1, 2, 2]


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (MemoryError(), "infrastructure"),
        (RuntimeError("[enforce fail at inline_container.cc] PytorchStreamWriter failed writing file"), "infrastructure"),
        (RuntimeError("Error while serializing: I/O error: No space left on device (os error 28)"), "infrastructure"),
        (PermissionError(errno.EACCES, "Permission denied"), "internal"),
        (KeyError("x"), "internal"),
    ],
)
def test_kinds_of_errors(error, kind):
    assert failures.explain(error)["kind"] == kind
