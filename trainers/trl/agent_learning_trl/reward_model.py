"""A reward model is one file: adapter and score head, and in its header how to put them onto the base model."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from peft import LoraConfig, get_peft_model, set_peft_model_state_dict
from safetensors import safe_open
from safetensors.torch import save_file
from transformers import AutoModelForSequenceClassification

from .base_model import dtype_of_device
from .failures import RunFailure

_HEADER = "agent_learning_reward_model"
_BATCH = 8


def save_reward_model(adapter: Path, out: Path) -> None:
    """@param adapter folder that PEFT wrote"""
    config = json.loads((adapter / "adapter_config.json").read_text())
    with safe_open(adapter / "adapter_model.safetensors", "pt") as file:
        tensors = {name: file.get_tensor(name) for name in file.keys()}
    header = {name: config[name] for name in ("r", "lora_alpha", "target_modules", "modules_to_save")}
    save_file(tensors, out, metadata={_HEADER: json.dumps(header)})


def load_reward_model(path: Path, base: Path, tokenizer: Any) -> torch.nn.Module:
    """@raises RunFailure of kind data when the file is no reward model, or one of another base"""
    try:
        with safe_open(path, "pt") as file:
            header = json.loads((file.metadata() or {})[_HEADER])
            tensors = {name: file.get_tensor(name) for name in file.keys()}
    except Exception as error:
        raise RunFailure("data", f"reward_model: {path} was not made by the method reward: {error}") from error
    model = AutoModelForSequenceClassification.from_pretrained(str(base), num_labels=1, dtype=dtype_of_device())
    model.config.pad_token_id = tokenizer.pad_token_id
    model = get_peft_model(model, LoraConfig(task_type="SEQ_CLS", **header))
    try:
        loaded = set_peft_model_state_dict(model, tensors)
    except RuntimeError as error:
        raise RunFailure("data", f"reward_model: {path} was made of another base model: {error}") from error
    if loaded.unexpected_keys:
        raise RunFailure("data", f"reward_model: {path} was made of another base model")
    device = "cuda" if torch.cuda.is_available() else "cpu"
    return model.eval().to(device)


def score(model: torch.nn.Module, tokenizer: Any, texts: list[str], max_length: int) -> list[float]:
    """How good each conversation is, in no particular unit."""
    scores: list[float] = []
    for start in range(0, len(texts), _BATCH):
        batch = tokenizer(
            texts[start : start + _BATCH],
            padding=True,
            # The right side: what the score is read from is the last token that is no padding.
            padding_side="right",
            truncation=True,
            max_length=max_length,
            add_special_tokens=False,
            return_tensors="pt",
        ).to(model.device)
        with torch.no_grad():
            scores += model(**batch).logits[:, 0].float().tolist()
    return scores


def reward_function(path: Path | None, base: Path, tokenizer: Any, max_length: int) -> Callable[..., list[float]]:
    assert path is not None
    model = load_reward_model(path, base, tokenizer)

    def reward(prompts: list[Any], completions: list[Any], **_: Any) -> list[float]:
        texts = [
            tokenizer.apply_chat_template(prompt + completion, tokenize=False)
            for prompt, completion in zip(prompts, completions, strict=True)
        ]
        return score(model, tokenizer, texts, max_length)

    return reward
