"""Embedding models from pairs: a query's passage is to be nearer to it than the passages of the others of its batch."""

from pathlib import Path
from typing import Any

import torch
from peft import LoraConfig, get_peft_model
from transformers import AutoModel, Trainer, TrainingArguments

# Of the softmax over cosines, as sentence embedding models are usually trained.
TEMPERATURE = 0.05

EmbeddingConfig = TrainingArguments


def load_encoder(base: Path, lora: LoraConfig, dtype: torch.dtype) -> torch.nn.Module:
    return get_peft_model(AutoModel.from_pretrained(str(base), dtype=dtype), lora)


def embed(model: torch.nn.Module, tokens: dict[str, torch.Tensor]) -> torch.Tensor:
    """Means of the last layer over what is no padding, of length 1."""
    states = model(**tokens).last_hidden_state.float()
    mask = tokens["attention_mask"].unsqueeze(-1).float()
    return torch.nn.functional.normalize((states * mask).sum(1) / mask.sum(1), dim=-1)


def contrastive_loss(queries: torch.Tensor, passages: torch.Tensor, equal: torch.Tensor) -> torch.Tensor:
    """
    InfoNCE (van den Oord et al. 2018): the i-th passage is the i-th query's, all others are not.
    @param equal [i, j]: passage j has the text of i's, so it is no negative although it stands elsewhere
    """
    scores = queries @ passages.T / TEMPERATURE
    scores = scores.masked_fill(equal, float("-inf"))
    return torch.nn.functional.cross_entropy(scores, torch.arange(len(queries), device=scores.device))


class EmbeddingTrainer(Trainer):
    def __init__(self, *arguments: Any, **named: Any):
        super().__init__(*arguments, data_collator=list, **named)
        # Otherwise the Trainer divides by accumulated steps what is a mean already.
        self.model_accepts_loss_kwargs = False
        # It takes a model with an adapter for one without labels, and would not compute the loss of a validation row.
        self.can_return_loss = True

    def compute_loss(self, model, inputs, return_outputs=False, num_items_in_batch=None):
        positives = [row["positive"] for row in inputs]
        passages = positives + [text for row in inputs for text in row["negatives"]]
        queries = embed(model, self._tokens([row["query"] for row in inputs]))
        equal = torch.tensor(
            [[text == positive and j != i for j, text in enumerate(passages)] for i, positive in enumerate(positives)],
            device=queries.device,
        )
        loss = contrastive_loss(queries, embed(model, self._tokens(passages)), equal)
        return (loss, {}) if return_outputs else loss

    def prediction_step(self, model, inputs, prediction_loss_only, ignore_keys=None):
        with torch.no_grad():
            return self.compute_loss(model, inputs).detach(), None, None

    def _tokens(self, texts: list[str]) -> dict[str, torch.Tensor]:
        tokens = self.processing_class(texts, padding=True, return_tensors="pt").to(self.args.device)
        return {name: tokens[name] for name in ("input_ids", "attention_mask")}
