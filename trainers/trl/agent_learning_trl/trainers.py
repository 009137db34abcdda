"""One trainer for each method."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from datasets import Dataset
from peft import LoraConfig, PeftModel
from transformers import AutoModelForCausalLM, AutoModelForSequenceClassification

from .base_model import dtype_of_device
from .embedding import EmbeddingConfig, EmbeddingTrainer, load_encoder
from .failures import RunFailure
from .reward_model import reward_function
from .rows import Row
from .run_config import RunConfig
from .watched import Watch, watched

# Answers that GRPO compares with each other, and how long they may be.
GENERATIONS = 4
LONGEST_COMPLETION = 128


@dataclass(frozen=True)
class Material:
    config: RunConfig
    base: Path
    tokenizer: Any
    train: list[Row]
    validation: list[Row] | None
    output: Path


def completion_room(config: RunConfig) -> int:
    """Tokens of an answer that GRPO makes."""
    return min(LONGEST_COMPLETION, config.hyperparameters.max_length // 2)


def make_trainer(material: Material, watch: Watch, digest: dict[str, str]) -> Any:
    # What is drawn at random before training begins, as a score head is, must be drawn alike when a run is resumed.
    torch.manual_seed(material.config.hyperparameters.seed)
    make = _MAKERS[material.config.method]
    trainer_class, given = make(material)
    return watched(trainer_class)(
        **given,
        files=watch.files,
        digest=digest,
        train_dataset=Dataset.from_list(material.train),
        eval_dataset=_validation(material),
        processing_class=material.tokenizer,
        callbacks=[watch],
    )


def _validation(material: Material) -> Dataset | None:
    return None if material.validation is None else Dataset.from_list(material.validation)


def _arguments(material: Material, **more: Any) -> dict[str, Any]:
    values = material.config.hyperparameters
    bf16 = dtype_of_device() == torch.bfloat16
    return {
        "output_dir": str(material.output),
        "num_train_epochs": values.epochs,
        "learning_rate": values.learning_rate,
        "per_device_train_batch_size": values.batch_size,
        "per_device_eval_batch_size": values.batch_size,
        "gradient_checkpointing": values.gradient_checkpointing,
        "seed": values.seed,
        "save_strategy": "steps",
        "save_steps": values.save_steps,
        "eval_strategy": "no" if material.validation is None else "epoch",
        "logging_steps": 1,
        # Otherwise a loss that is no number is left out of the log.
        "logging_nan_inf_filter": False,
        "disable_tqdm": True,
        "report_to": "none",
        "use_cpu": not torch.cuda.is_available(),
        "bf16": bf16,
        "dataloader_pin_memory": torch.cuda.is_available(),
        **more,
    }


def _lora(material: Material, **more: Any) -> LoraConfig:
    values = material.config.hyperparameters
    return LoraConfig(r=values.lora_r, lora_alpha=values.lora_alpha, target_modules="all-linear", **more)


def _language_model(material: Material) -> dict[str, Any]:
    """The model, and either a new adapter or the one to go on from."""
    model = AutoModelForCausalLM.from_pretrained(str(material.base), dtype=dtype_of_device())
    adapter = material.config.adapter
    if adapter is None:
        return {"model": model, "peft_config": _lora(material, task_type="CAUSAL_LM")}
    try:
        return {"model": PeftModel.from_pretrained(model, str(adapter), is_trainable=True)}
    except (ValueError, RuntimeError) as error:
        raise RunFailure("data", f"adapter: {adapter} does not fit the base model: {error}") from error


def _sft(material: Material) -> tuple[type, dict[str, Any]]:
    from trl import SFTConfig, SFTTrainer

    arguments = SFTConfig(**_arguments(material, max_length=material.config.hyperparameters.max_length))
    return SFTTrainer, {**_language_model(material), "args": arguments}


def _preferences(name: str) -> Callable[[Material], tuple[type, dict[str, Any]]]:
    def make(material: Material) -> tuple[type, dict[str, Any]]:
        import trl

        values = material.config.hyperparameters
        arguments = getattr(trl, f"{name}Config")(
            **_arguments(material, max_length=values.max_length, beta=values.beta)
        )
        return getattr(trl, f"{name}Trainer"), {**_language_model(material), "args": arguments}

    return make


def _reward(material: Material) -> tuple[type, dict[str, Any]]:
    from trl import RewardConfig, RewardTrainer

    model = AutoModelForSequenceClassification.from_pretrained(
        str(material.base), num_labels=1, dtype=dtype_of_device()
    )
    model.config.pad_token_id = material.tokenizer.pad_token_id
    arguments = RewardConfig(**_arguments(material, max_length=material.config.hyperparameters.max_length))
    peft_config = _lora(material, task_type="SEQ_CLS", modules_to_save=["score"])
    return RewardTrainer, {"model": model, "peft_config": peft_config, "args": arguments}


def _grpo(material: Material) -> tuple[type, dict[str, Any]]:
    from trl import GRPOConfig, GRPOTrainer

    values = material.config.hyperparameters
    batch = -(-values.batch_size // GENERATIONS) * GENERATIONS
    arguments = GRPOConfig(
        **_arguments(
            material,
            per_device_train_batch_size=batch,
            # It would answer every prompt of it several times.
            eval_strategy="no",
            num_generations=GENERATIONS,
            max_completion_length=completion_room(material.config),
            beta=values.beta,
        )
    )
    reward = reward_function(material.config.reward_model, material.base, material.tokenizer, values.max_length)
    return GRPOTrainer, {**_language_model(material), "reward_funcs": reward, "args": arguments}


def _embedding(material: Material) -> tuple[type, dict[str, Any]]:
    arguments = EmbeddingConfig(**_arguments(material), remove_unused_columns=False)
    return EmbeddingTrainer, {
        "model": load_encoder(material.base, _lora(material, task_type="FEATURE_EXTRACTION"), dtype_of_device()),
        "args": arguments,
    }


_MAKERS = {
    "sft": _sft,
    "dpo": _preferences("DPO"),
    "kto": _preferences("KTO"),
    "reward": _reward,
    "grpo": _grpo,
    "embedding": _embedding,
}
