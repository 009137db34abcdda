"""Writes a LoRA adapter as the GGUF that llama.cpp (and so node-llama-cpp) takes beside a base model's GGUF."""

import json
import re
from pathlib import Path

import gguf
import numpy as np
from safetensors.numpy import load_file

from .failures import RunFailure

# How llama.cpp calls the architectures that this exporter knows.
ARCHITECTURES = {"llama": "llama", "mistral": "llama", "qwen2": "qwen2"}
_MODULES = {
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
}
_NAME = re.compile(r"(?:^|\.)layers\.(\d+)\.([a-z_.]+)\.lora_([AB])\.weight$")


def check_exportable(config: dict) -> None:
    """@raises RunFailure of kind data, before hours are spent on training"""
    if config.get("model_type") not in ARCHITECTURES:
        raise RunFailure(
            "data",
            f"export_gguf: adapters of the architecture {config.get('model_type')} cannot be written as GGUF; "
            f"known are {', '.join(ARCHITECTURES)}. Set export_gguf to false.",
        )


def permute_rows(weights: np.ndarray, heads: int) -> np.ndarray:
    """
    llama.cpp rotates neighbouring pairs where transformers rotates halves: the rows of each head of q and k are interleaved in a
    Llama GGUF. Of an adapter only B has those rows.
    """
    rows = weights.shape[0]
    return weights.reshape(heads, 2, rows // heads // 2, *weights.shape[1:]).swapaxes(1, 2).reshape(weights.shape)


def export_gguf(adapter: Path, base_config: dict, out: Path) -> None:
    """@param adapter folder with PEFT's adapter_config.json and adapter_model.safetensors"""
    check_exportable(base_config)
    architecture = ARCHITECTURES[base_config["model_type"]]
    peft_config = json.loads((adapter / "adapter_config.json").read_text())
    heads = base_config["num_attention_heads"]
    of_projection = {"attn_q": heads, "attn_k": base_config.get("num_key_value_heads") or heads}

    writer = gguf.GGUFWriter(out, architecture)
    writer.add_type("adapter")
    writer.add_string("adapter.type", "lora")
    # llama.cpp divides it by the rank.
    writer.add_float32("adapter.lora.alpha", float(peft_config["lora_alpha"]))
    for name, weights in sorted(load_file(adapter / "adapter_model.safetensors").items()):
        found = _NAME.search(name)
        if found is None or found[2] not in _MODULES:
            raise RunFailure("internal", f"The adapter has {name}, which has no place in a GGUF")
        layer, module, side = found[1], _MODULES[found[2]], found[3]
        weights = weights.astype(np.float32)
        if side == "B" and architecture == "llama" and module in of_projection:
            weights = permute_rows(weights, of_projection[module])
        writer.add_tensor(f"blk.{layer}.{module}.weight.lora_{side.lower()}", np.ascontiguousarray(weights))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
