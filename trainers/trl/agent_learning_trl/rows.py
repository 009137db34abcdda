import json
from pathlib import Path
from typing import Any

from .failures import RunFailure

Row = dict[str, Any]
_FIELDS = {
    "sft": {"messages"},
    "dpo": {"prompt", "chosen", "rejected"},
    "kto": {"prompt", "completion", "label"},
    "reward": {"prompt", "chosen", "rejected"},
    "grpo": {"prompt"},
    "embedding": {"query", "positive", "negatives"},
}
_OPTIONAL = {"negatives"}
_ROLES = ("system", "user", "assistant")
_SHOWN = 5


def read_rows(path: Path, method: str) -> list[Row]:
    """
    The rows of a JSON-lines file, in the shape in which TRL takes them: a prompt that is a text becomes the user's message,
    an answer the assistant's, and the messages of a conversation are split before its last one.
    @raises RunFailure of kind data that names the file's lines
    """
    rows: list[Row] = []
    faults: list[str] = []
    count = 0
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            if line.strip() == "":
                continue
            try:
                rows.append(_shape(_parse(line, method), method))
            except (ValueError, TypeError, KeyError) as error:
                count += 1
                if len(faults) < _SHOWN:
                    faults.append(f"line {number}: {error}")
    if count:
        more = f" (and {count - _SHOWN} more)" if count > _SHOWN else ""
        raise RunFailure("data", f"{path.name}: {'; '.join(faults)}{more}")
    if not rows:
        raise RunFailure("data", f"{path.name} has no rows")
    return rows


def _parse(line: str, method: str) -> Row:
    row = json.loads(line)
    if not isinstance(row, dict):
        raise ValueError("must be an object")
    wanted = _FIELDS[method]
    if unknown := sorted(set(row) - wanted):
        raise ValueError(f"unknown fields {', '.join(unknown)}; {method} has {', '.join(sorted(wanted))}")
    if missing := sorted(wanted - set(row) - _OPTIONAL):
        raise ValueError(f"{', '.join(missing)} is missing")
    return row


def _shape(row: Row, method: str) -> Row:
    if method == "sft":
        messages = _messages(row["messages"], "messages")
        if len(messages) < 2 or messages[-1]["role"] != "assistant":
            raise ValueError("messages must end with the assistant's after at least one other")
        return {"prompt": messages[:-1], "completion": messages[-1:]}
    if method == "embedding":
        negatives = row.get("negatives") or []
        for text in (row["query"], row["positive"], *negatives):
            _text(text, "query, positive and negatives")
        return {"query": row["query"], "positive": row["positive"], "negatives": negatives}
    shaped: Row = {"prompt": _prompt(row["prompt"])}
    for name in ("chosen", "rejected", "completion"):
        if name in row:
            shaped[name] = _answer(row[name], name)
    if "label" in row:
        if not isinstance(row["label"], bool):
            raise ValueError("label must be true or false")
        shaped["label"] = row["label"]
    return shaped


def _prompt(value: Any) -> list[Row]:
    if isinstance(value, str):
        return [{"role": "user", "content": _text(value, "prompt")}]
    messages = _messages(value, "prompt")
    if messages[-1]["role"] == "assistant":
        raise ValueError("prompt must not end with the assistant's message")
    return messages


def _answer(value: Any, name: str) -> list[Row]:
    if isinstance(value, str):
        return [{"role": "assistant", "content": _text(value, name)}]
    messages = _messages(value, name)
    if messages[0]["role"] != "assistant":
        raise ValueError(f"{name} must begin with the assistant's message")
    return messages


def _messages(value: Any, name: str) -> list[Row]:
    if not isinstance(value, list) or not value:
        raise ValueError(f"{name} must be a list of messages")
    for message in value:
        if not isinstance(message, dict) or set(message) != {"role", "content"}:
            raise ValueError(f"{name}: each message has role and content, and nothing else")
        if message["role"] not in _ROLES:
            raise ValueError(f"{name}: role must be one of {', '.join(_ROLES)}")
        _text(message["content"], f"{name}: content")
    return value


def _text(value: Any, name: str) -> str:
    if not isinstance(value, str) or value.strip() == "":
        raise ValueError(f"{name} must be a text that is not empty")
    return value


def check_lengths(rows: list[Row], tokenizer: Any, limit: int, path: Path) -> None:
    """
    A row that is cut off teaches something else than it says, so none is.
    @raises RunFailure of kind data that names the rows
    """
    long: list[str] = []
    count = 0
    for number, row in enumerate(rows, 1):
        tokens = _tokens(row, tokenizer)
        if tokens > limit:
            count += 1
            if len(long) < _SHOWN:
                long.append(f"row {number} has {tokens}")
    if count:
        more = f" and {count - _SHOWN} more" if count > _SHOWN else ""
        raise RunFailure(
            "data",
            f"{path.name}: {count} of {len(rows)} rows are longer than the {limit} tokens that there is room for: "
            f"{', '.join(long)}{more}. Leave them out or raise max_length, at most to the model's context.",
        )


def _tokens(row: Row, tokenizer: Any) -> int:
    if "query" in row:
        texts = [row["query"], row["positive"], *row["negatives"]]
        return max(len(tokenizer(text)["input_ids"]) for text in texts)

    def count(messages: list[Row], prompt_only: bool) -> int:
        text = tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=prompt_only)
        return len(tokenizer(text, add_special_tokens=False)["input_ids"])

    answers = [row[name] for name in ("chosen", "rejected", "completion") if name in row]
    if not answers:
        return count(row["prompt"], True)
    return max(count(row["prompt"] + answer, False) for answer in answers)
