import json
import math

import pytest
from conftest import rows_of

from agent_learning_trl.hashes import hash_file

METHODS = ["sft", "dpo", "kto", "reward", "embedding"]


@pytest.mark.parametrize("method", METHODS)
def test_a_run_trains_and_lists_what_it_made(make_work, method):
    work = make_work(method, validation=rows_of(method, 4), hyperparameters={"epochs": 2})
    assert work.run() == 0, work.state
    assert work.state["status"] == "finished"
    assert (work.state["step"], work.state["total_steps"]) == (4, 4)
    assert sorted(work.losses) == [1, 2, 3, 4]
    assert all(math.isfinite(loss) for loss in work.losses.values())
    assert any("eval_loss" in line for line in work.metrics)
    for file in work.manifest["files"]:
        path = work.folder / "artifacts" / file["path"]
        assert (hash_file(path), path.stat().st_size) == (file["sha256"], file["bytes"])
    kinds = {file["kind"] for file in work.manifest["files"]}
    made = {"reward_model"} if method == "reward" else {"adapter_safetensors", "adapter_gguf"}
    assert kinds == made | {"tokenizer"}


def test_dpo_begins_where_it_cannot_tell_the_answers_apart(make_work):
    work = make_work("dpo")
    assert work.run() == 0
    assert work.losses[1] == pytest.approx(math.log(2), abs=1e-5)


def test_dpo_goes_on_from_the_adapter_of_sft(make_work):
    first = make_work("sft", "first", hyperparameters={"learning_rate": 0.05})
    assert first.run() == 0
    second = make_work("dpo", "second", adapter=str(first.folder / "artifacts" / "adapter"))
    assert second.run() == 0, second.state
    # Compared with the adapter that it started from, not with the bare base model.
    assert second.losses[1] == pytest.approx(math.log(2), abs=1e-5)
    assert any(file["kind"] == "adapter_gguf" for file in second.manifest["files"])


def test_a_reward_model_prefers_what_was_chosen_and_grpo_learns_against_it(make_work, base):
    rows = [{"prompt": f"my {word}", "chosen": "late", "rejected": "fee"} for word in ("card", "payment", "lost", "fee")] * 2
    reward = make_work("reward", "reward", rows=rows, hyperparameters={"epochs": 15, "learning_rate": 0.02})
    assert reward.run() == 0, reward.state
    model = reward.folder / "artifacts" / "reward_model.safetensors"

    from agent_learning_trl.base_model import load_tokenizer
    from agent_learning_trl.reward_model import reward_function

    judge = reward_function(model, base, load_tokenizer(base), 96)
    prompt = [{"role": "user", "content": "my card"}]
    right, wrong = ([{"role": "assistant", "content": text}] for text in ("late", "fee"))
    better, worse = judge([prompt, prompt], [right, wrong])
    assert better > worse

    grpo = make_work("grpo", "grpo", reward_model=str(model))
    assert grpo.run() == 0, grpo.state
    assert any("reward" in line for line in grpo.metrics)
    assert any(file["kind"] == "adapter_gguf" for file in grpo.manifest["files"])


def test_grpo_refuses_a_file_that_is_no_reward_model(make_work, base):
    work = make_work("grpo", reward_model=str(base / "model.safetensors"))
    assert work.run() == 1
    assert work.state["error"]["kind"] == "data"
    assert "reward_model" in work.state["error"]["message"]


def test_embeddings_of_pairs_come_nearer(make_work):
    work = make_work("embedding", hyperparameters={"epochs": 20, "learning_rate": 0.02})
    assert work.run() == 0, work.state
    losses = work.losses
    assert losses[max(losses)] < losses[1] * 0.8


def test_an_embedder_is_measured_on_queries_that_it_did_not_see(make_work):
    words = ["card", "payment", "lost", "late", "declined", "fee", "pending", "arrived"]
    said = {word: f"my {word} is" for word in words}
    rows = [{"query": f"{said[word]} {other}", "positive": word, "negatives": []} for word in words for other in words[:5]]
    held = [{"query": f"{said[word]} {other}", "positive": word, "negatives": []} for word in words for other in words[5:]]
    work = make_work("embedding", rows=rows, validation=held, hyperparameters={"epochs": 8, "learning_rate": 0.02, "batch_size": 8})
    assert work.run() == 0, work.state
    measured = work.manifest["metrics"]["retrieval"]
    assert len(measured["before"]) == len(measured["after"]) == len(held)
    mean = {name: sum(1 / place for place in places) / len(places) for name, places in measured.items()}
    assert mean["after"] > mean["before"]
    assert [file["kind"] for file in work.manifest["files"]].count("adapter_safetensors") == 2


def test_the_adapter_names_no_path_of_this_machine(make_work):
    work = make_work("sft")
    assert work.run() == 0
    settings = json.loads((work.folder / "artifacts" / "adapter" / "adapter_config.json").read_text())
    assert settings["base_model_name_or_path"] is None
