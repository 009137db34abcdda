import json
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from .failures import RunFailure

METHODS = ("sft", "dpo", "kto", "reward", "grpo", "embedding")
LARGEST_VERSION = 1


@dataclass(frozen=True)
class Hyperparameters:
    epochs: float = 1
    # TRL's defaults for LoRA, by method, where None.
    learning_rate: float | None = None
    batch_size: int = 8
    max_length: int = 512
    lora_r: int = 8
    lora_alpha: int = 16
    seed: int = 1
    beta: float = 0.1
    save_steps: int = 20
    gradient_checkpointing: bool = False


@dataclass(frozen=True)
class RunConfig:
    run_id: str
    method: str
    base_model: Path
    train: Path
    validation: Path | None
    hyperparameters: Hyperparameters
    export_gguf: bool
    # Of GRPO: what the method `reward` made.
    reward_model: Path | None
    # An adapter of the same base to go on from, as DPO after SFT does.
    adapter: Path | None


LEARNING_RATES = {"sft": 2e-4, "dpo": 5e-6, "kto": 1e-6, "reward": 1e-4, "grpo": 1e-5, "embedding": 2e-4}
_KNOWN = {"version", "run_id", "method", "base_model", "train", "validation", "hyperparameters", "export_gguf", "reward_model", "adapter"}


def _bad(message: str) -> RunFailure:
    return RunFailure("data", f"run.json: {message}")


def read_run_config(work: Path) -> RunConfig:
    """@raises RunFailure of kind data that names the field"""
    try:
        given: dict[str, Any] = json.loads((work / "run.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise _bad("is missing") from None
    except ValueError as error:
        raise _bad(f"is not JSON: {error}") from None
    if not isinstance(given, dict):
        raise _bad("must be an object")
    if given.get("version") != LARGEST_VERSION:
        raise _bad(f"version {given.get('version')} is not known: this trainer reads version {LARGEST_VERSION}")
    if unknown := sorted(set(given) - _KNOWN):
        raise _bad(f"unknown fields {', '.join(unknown)}")
    for name in ("run_id", "method", "base_model", "train"):
        if not isinstance(given.get(name), str) or given[name] == "":
            raise _bad(f"{name} must be a text")
    method = given["method"]
    if method not in METHODS:
        raise _bad(f"method must be one of {', '.join(METHODS)}, not {method}")

    def file(name: str) -> Path | None:
        value = given.get(name)
        if value is None:
            return None
        path = work / value
        if not path.exists():
            raise _bad(f"{name}: there is no {path}")
        return path

    reward_model = file("reward_model")
    if method == "grpo" and reward_model is None:
        raise _bad("grpo needs reward_model: the file that the method reward made")
    return RunConfig(
        run_id=given["run_id"],
        method=method,
        base_model=file("base_model"),
        train=file("train"),
        validation=file("validation"),
        hyperparameters=_hyperparameters(given.get("hyperparameters") or {}, method),
        export_gguf=bool(given.get("export_gguf", False)),
        reward_model=reward_model,
        adapter=file("adapter"),
    )


_INTEGERS = ("batch_size", "max_length", "lora_r", "lora_alpha", "save_steps")


def _hyperparameters(given: dict[str, Any], method: str) -> Hyperparameters:
    known = {field.name for field in fields(Hyperparameters)}
    if unknown := sorted(set(given) - known):
        raise _bad(f"unknown hyperparameters {', '.join(unknown)}")
    values = Hyperparameters(**{name: value for name, value in given.items() if value is not None})
    if values.learning_rate is None:
        values = Hyperparameters(**{**values.__dict__, "learning_rate": LEARNING_RATES[method]})
    for name in ("epochs", "learning_rate", "beta", *_INTEGERS):
        value = getattr(values, name)
        if isinstance(value, bool) or not isinstance(value, int | float) or not value > 0:
            raise _bad(f"{name} must be a number above 0, not {value}")
        if name in _INTEGERS and not isinstance(value, int):
            raise _bad(f"{name} must be a whole number, not {value}")
    if not isinstance(values.seed, int) or values.seed < 0:
        raise _bad(f"seed must be a whole number of 0 or more, not {values.seed}")
    return values
