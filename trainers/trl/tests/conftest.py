"""A model of two layers with random weights and a tokenizer trained on a few sentences: made here, nothing is fetched."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

for name in ("HF_HUB_OFFLINE", "HF_DATASETS_OFFLINE"):
    os.environ[name] = "1"
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")

import pytest
import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

PACKAGE = Path(__file__).parent.parent
WORDS = ["card", "payment", "lost", "late", "declined", "fee", "pending", "arrived", "stolen", "blocked"]
TEMPLATE = (
    "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n' }}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)


@pytest.fixture(scope="session")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("base")
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    special = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
    texts = [f"my {a} is {b}" for a in WORDS for b in WORDS] + ["system user assistant"]
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    tokenizer.train_from_iterator(
        texts, trainers.BpeTrainer(vocab_size=320, special_tokens=special, initial_alphabet=alphabet)
    )
    fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer, eos_token="<|im_end|>", pad_token="<|endoftext|>")
    fast.chat_template = TEMPLATE
    fast.save_pretrained(folder)
    torch.manual_seed(0)
    LlamaForCausalLM(
        LlamaConfig(
            vocab_size=len(fast),
            hidden_size=32,
            intermediate_size=48,
            num_hidden_layers=2,
            num_attention_heads=4,
            num_key_value_heads=2,
            max_position_embeddings=256,
            tie_word_embeddings=True,
            pad_token_id=0,
            eos_token_id=2,
        )
    ).save_pretrained(folder)
    return folder


def rows_of(method: str, count: int = 8) -> list[dict[str, Any]]:
    rows = []
    for index in range(count):
        word, other = WORDS[index % 10], WORDS[(index * 3 + 1) % 10]
        question, right, wrong = f"my {word} is {other}", word, WORDS[(index + 5) % 10]
        rows.append(
            {
                "sft": {
                    "messages": [
                        {"role": "system", "content": "name it"},
                        {"role": "user", "content": question},
                        {"role": "assistant", "content": right},
                    ]
                },
                "dpo": {"prompt": question, "chosen": right, "rejected": wrong},
                "kto": {"prompt": question, "completion": right if index % 2 else wrong, "label": index % 2 == 1},
                "reward": {"prompt": question, "chosen": right, "rejected": wrong},
                "grpo": {"prompt": question},
                "embedding": {"query": question, "positive": word, "negatives": [wrong] if index % 2 else []},
            }[method]
        )
    return rows


class Work:
    """A run's folder."""

    def __init__(self, folder: Path, base: Path, method: str, rows=None, validation=None, **config: Any):
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.write("train.jsonl", rows_of(method) if rows is None else rows)
        if validation is not None:
            self.write("validation.jsonl", validation)
        hyperparameters = {"batch_size": 4, "max_length": 96, "lora_r": 4, "lora_alpha": 8, "save_steps": 1, "epochs": 1}
        hyperparameters.update(config.pop("hyperparameters", {}))
        self.config = {
            "version": 1,
            "run_id": "run",
            "method": method,
            "base_model": str(base),
            "train": "train.jsonl",
            "validation": None if validation is None else "validation.jsonl",
            "hyperparameters": hyperparameters,
            "export_gguf": True,
            **config,
        }
        (folder / "run.json").write_text(json.dumps(self.config))

    def write(self, name: str, rows: list[Any]) -> None:
        (self.folder / name).write_text("".join(json.dumps(row) + "\n" for row in rows))

    @property
    def state(self) -> dict[str, Any]:
        return json.loads((self.folder / "state.json").read_text())

    @property
    def metrics(self) -> list[dict[str, Any]]:
        path = self.folder / "metrics.jsonl"
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    @property
    def losses(self) -> dict[int, float]:
        return {line["step"]: line["loss"] for line in self.metrics if "loss" in line}

    @property
    def manifest(self) -> dict[str, Any]:
        return json.loads((self.folder / "artifacts" / "manifest.json").read_text())

    def control(self, wish: str | None) -> None:
        if wish is None:
            (self.folder / "control").unlink()
        else:
            (self.folder / "control").write_text(wish)

    def start(self) -> subprocess.Popen[bytes]:
        """As the server starts it: a process of its own whose output goes into the folder."""
        with open(self.folder / "trainer.log", "ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "agent_learning_trl", "run", str(self.folder)],
                stdout=log,
                stderr=log,
                env={**os.environ, "PYTHONPATH": str(PACKAGE), "AGENT_LEARNING_TRAINER_THREADS": "1"},
            )

    def run(self) -> int:
        """Here, without a process of its own: loading torch takes seconds."""
        from agent_learning_trl.run import run

        return run(str(self.folder))


@pytest.fixture
def make_work(tmp_path: Path, base: Path):
    def make(method: str, name: str = "work", **config: Any) -> Work:
        return Work(tmp_path / name, config.pop("base", base), method, **config)

    return make
