"""Answers of transformers and PEFT: greedy_answers.py BASE ADAPTER < prompts.json > answers.json. BASE is a GGUF or a folder."""

import json
import os
import sys
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["HF_HUB_DISABLE_PROGRESS_BARS"] = "1"
import torch
from peft import PeftModel
from transformers import AutoModelForCausalLM

from agent_learning_trl.base_model import load_tokenizer, prepare_base

LONGEST_ANSWER = 16

base = prepare_base(Path(sys.argv[1]))
tokenizer = load_tokenizer(base)
model = PeftModel.from_pretrained(AutoModelForCausalLM.from_pretrained(str(base), dtype=torch.float32), sys.argv[2]).eval()
answers = []
for messages in json.load(sys.stdin):
    prompt = tokenizer.apply_chat_template(messages, add_generation_prompt=True, return_tensors="pt", return_dict=True)
    with torch.no_grad():
        tokens = model.generate(**prompt, max_new_tokens=LONGEST_ANSWER, do_sample=False)[0]
    answers.append(tokenizer.decode(tokens[prompt["input_ids"].shape[1] :], skip_special_tokens=True).strip())
json.dump(answers, sys.stdout)
