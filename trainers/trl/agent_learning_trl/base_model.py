import fcntl
import os
import shutil
from pathlib import Path

import torch
from transformers import AutoConfig, AutoModelForCausalLM, AutoTokenizer

from .failures import RunFailure
from .hashes import hash_file


def cache_folder() -> Path:
    named = os.environ.get("AGENT_LEARNING_TRAINER_CACHE")
    if named:
        return Path(named)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "agent-learning" / "trainer"


def prepare_base(path: Path) -> Path:
    """
    A folder of safetensors with the model and its tokenizer. What lies in a GGUF file is dequantised once and kept by the file's
    hash: transformers does not train what it loaded from a GGUF.
    """
    if path.is_dir():
        if not (path / "config.json").is_file():
            raise RunFailure("data", f"base_model: {path} has no config.json, so it is no model's folder")
        return path
    with open(path, "rb") as file:
        if file.read(4) != b"GGUF":
            raise RunFailure("data", f"base_model: {path} is neither a GGUF file nor a model's folder")
    cache = cache_folder()
    cache.mkdir(parents=True, exist_ok=True)
    digest = hash_file(path)
    folder = cache / digest
    with open(cache / f".{digest}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.is_dir():
            _dequantise(path, folder)
    return folder


def _dequantise(path: Path, folder: Path) -> None:
    part = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    where = {"pretrained_model_name_or_path": str(path.parent), "gguf_file": path.name}
    try:
        tokenizer = AutoTokenizer.from_pretrained(**where)
        model = AutoModelForCausalLM.from_pretrained(**where, dtype=torch.float32)
    except (ValueError, NotImplementedError) as error:
        raise RunFailure("data", f"base_model: transformers cannot load {path.name}: {error}") from error
    if hasattr(model.config, "quantization_config"):
        del model.config.quantization_config
    # The same, as the model itself remembers it.
    model.hf_quantizer = None
    model.is_quantized = False
    model.save_pretrained(part)
    tokenizer.save_pretrained(part)
    os.rename(part, folder)


def load_tokenizer(base: Path):
    tokenizer = AutoTokenizer.from_pretrained(str(base))
    if tokenizer.pad_token is None:
        tokenizer.pad_token = tokenizer.eos_token
    return tokenizer


def room_of(base: Path) -> int:
    """Tokens that the model's context has room for."""
    return getattr(AutoConfig.from_pretrained(str(base)), "max_position_embeddings", None) or 2**31


def dtype_of_device() -> torch.dtype:
    return torch.bfloat16 if torch.cuda.is_available() and torch.cuda.is_bf16_supported() else torch.float32
