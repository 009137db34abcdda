import json

import numpy as np
import pytest
from gguf import GGUFReader
from safetensors.numpy import load_file

from agent_learning_trl.adapter_gguf import check_exportable, permute_rows
from agent_learning_trl.failures import RunFailure


def test_the_rows_of_a_head_are_interleaved():
    # Two heads of six rows: the first half of each goes to its even places, the second to its odd ones.
    rows = np.arange(12).reshape(12, 1)
    assert permute_rows(rows, 2)[:, 0].tolist() == [0, 3, 1, 4, 2, 5, 6, 9, 7, 10, 8, 11]


def test_the_gguf_holds_what_the_adapter_holds(make_work, base):
    work = make_work("sft", hyperparameters={"learning_rate": 0.01})
    assert work.run() == 0
    artifacts = work.folder / "artifacts"
    reader = GGUFReader(artifacts / "adapter.gguf")

    def field(name):
        return reader.fields[name].contents()

    assert field("general.architecture") == "llama"
    assert (field("general.type"), field("adapter.type")) == ("adapter", "lora")
    assert field("adapter.lora.alpha") == 8
    there = {tensor.name: tensor for tensor in reader.tensors}
    ours = load_file(artifacts / "adapter" / "adapter_model.safetensors")
    # Two layers of seven modules, A and B of each.
    assert len(there) == len(ours) == 28
    head = "base_model.model.model.layers.1"
    b = ours[f"{head}.self_attn.k_proj.lora_B.weight"]
    assert b.shape == (16, 4) and np.abs(b).max() > 0
    assert there["blk.1.attn_k.weight.lora_b"].shape.tolist() == [4, 16]
    assert np.array_equal(there["blk.1.attn_k.weight.lora_b"].data, permute_rows(b, 2))
    q = ours[f"{head}.self_attn.q_proj.lora_B.weight"]
    assert np.array_equal(there["blk.1.attn_q.weight.lora_b"].data, permute_rows(q, 4))
    for module, name in (("self_attn.q_proj", "attn_q"), ("mlp.down_proj", "ffn_down")):
        a = ours[f"{head}.{module}.lora_A.weight"]
        assert np.array_equal(there[f"blk.1.{name}.weight.lora_a"].data, a)
    assert np.array_equal(there["blk.1.attn_v.weight.lora_b"].data, ours[f"{head}.self_attn.v_proj.lora_B.weight"])


def test_an_architecture_that_cannot_be_written_is_refused_before_training():
    with pytest.raises(RunFailure) as caught:
        check_exportable({"model_type": "mamba"})
    assert caught.value.kind == "data" and "export_gguf" in str(caught.value)
