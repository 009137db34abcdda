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


def ranks(model: torch.nn.Module, tokenizer: Any, rows: list[dict[str, Any]], batch: int) -> list[int]:
    """The place, from 1, of each row's passage among the passages of all rows by their likeness to its query."""
    known: dict[str, set[str]] = {}
    for row in rows:
        known.setdefault(row["query"], set()).add(row["positive"])
    passages = list(dict.fromkeys(text for row in rows for text in (row["positive"], *row["negatives"])))
    queries = list(known)
    place_of = {text: place for place, text in enumerate(passages)}
    with torch.no_grad():
        vectors = {name: _embed_all(model, tokenizer, texts, batch) for name, texts in (("q", queries), ("p", passages))}
        scores = vectors["q"] @ vectors["p"].T
    found = []
    for row in rows:
        of_query = scores[queries.index(row["query"])]
        own = of_query[place_of[row["positive"]]]
        # What answers the query, too, is not ahead of it.
        others = {place_of[text] for text in known[row["query"]]}
        ahead = sum(1 for place, score in enumerate(of_query.tolist()) if score > own.item() and place not in others)
        found.append(1 + ahead)
    return found


def _embed_all(model: torch.nn.Module, tokenizer: Any, texts: list[str], batch: int) -> torch.Tensor:
    device = next(model.parameters()).device
    parts = []
    for start in range(0, len(texts), batch):
        tokens = tokenizer(texts[start : start + batch], padding=True, return_tensors="pt").to(device)
        parts.append(embed(model, {name: tokens[name] for name in ("input_ids", "attention_mask")}).cpu())
    return torch.cat(parts)


def measure_retrieval(model: Any, tokenizer: Any, rows: list[dict[str, Any]], batch: int) -> dict[str, list[int]]:
    """What the base model finds for held-out queries, and what it finds with the adapter. At most a thousand of them."""
    model.eval()
    some = rows[:1000]
    with model.disable_adapter():
        before = ranks(model, tokenizer, some, batch)
    return {"before": before, "after": ranks(model, tokenizer, some, batch)}
