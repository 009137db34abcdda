import json
import os
import shutil
from pathlib import Path
from typing import Any

from .adapter_gguf import export_gguf
from .hashes import hash_file
from .reward_model import save_reward_model
from .run_config import RunConfig
from .work_files import WorkFiles, write_whole

_TOKENIZER_FILES = ("tokenizer.json", "tokenizer_config.json", "chat_template.jinja")


def write_artifacts(trainer: Any, config: RunConfig, base: Path, files: WorkFiles, metrics: dict[str, Any]) -> None:
    """Writes the files and, last, the manifest: with it, the run is whole."""
    folder = files.artifacts
    shutil.rmtree(folder, ignore_errors=True)
    adapter = folder / "adapter"
    trainer.accelerator.unwrap_model(trainer.model).save_pretrained(
        str(adapter), selected_adapters=["default"], save_embedding_layers=False
    )
    # It names the base by a path of this machine.
    settings = adapter / "adapter_config.json"
    written = json.loads(settings.read_text())
    written["base_model_name_or_path"] = None
    settings.write_text(json.dumps(written, indent=2, sort_keys=True))
    (adapter / "README.md").unlink(missing_ok=True)
    kinds = {
        "adapter/adapter_model.safetensors": "adapter_safetensors",
        "adapter/adapter_config.json": "adapter_safetensors",
    }
    if config.method == "reward":
        save_reward_model(adapter, folder / "reward_model.safetensors")
        shutil.rmtree(adapter)
        kinds = {"reward_model.safetensors": "reward_model"}
    elif config.export_gguf:
        export_gguf(adapter, json.loads((base / "config.json").read_text()), folder / "adapter.gguf")
        kinds["adapter.gguf"] = "adapter_gguf"
    trainer.processing_class.save_pretrained(str(folder / "tokenizer"))
    kinds.update(
        {f"tokenizer/{name}": "tokenizer" for name in _TOKENIZER_FILES if (folder / "tokenizer" / name).is_file()}
    )
    listed = []
    for name, kind in kinds.items():
        path = folder / name
        with open(path, "rb") as file:
            os.fsync(file.fileno())
        listed.append({"path": name, "sha256": hash_file(path), "bytes": path.stat().st_size, "kind": kind})
    write_whole(folder / "manifest.json", json.dumps({"files": listed, "metrics": metrics}, indent=2))
