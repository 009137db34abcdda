"""Checkpoints that are there whole or not at all, and that are looked at before anything is resumed from them."""

import json
import os
import re
import shutil
from pathlib import Path

from .failures import RunFailure
from .hashes import hash_file, hash_files

_SEAL = "seal.json"
_KEPT = 2
_NAME = re.compile(r"checkpoint-(\d+)$")


def run_digest(work: Path, names: list[str]) -> dict[str, str]:
    """What a checkpoint belongs to: another data set or other settings would make something else of it."""
    return {name: hash_file(work / name) for name in names}


def seal(part: Path, checkpoints: Path, digest: dict[str, str]) -> Path:
    """Moves a written checkpoint to its place, with the hashes of its files; removes all but the last two."""
    (part / _SEAL).write_text(json.dumps({"files": hash_files(part), "run": digest}))
    for path in part.rglob("*"):
        if path.is_file():
            with open(path, "rb") as file:
                os.fsync(file.fileno())
    place = checkpoints / part.name
    shutil.rmtree(place, ignore_errors=True)
    os.rename(part, place)
    folder = os.open(checkpoints, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)
    for old in _by_step(checkpoints)[:-_KEPT]:
        shutil.rmtree(old)
    return place


def last_complete(checkpoints: Path, digest: dict[str, str]) -> Path | None:
    """
    The newest checkpoint whose files are what was written; damaged ones are passed over, with a line in the log.
    @raises RunFailure of kind data when the checkpoint was made of other rows or settings
    """
    for checkpoint in reversed(_by_step(checkpoints)):
        try:
            sealed = json.loads((checkpoint / _SEAL).read_text())
            whole = all(hash_file(checkpoint / name) == wanted for name, wanted in sealed["files"].items())
        except (OSError, ValueError, KeyError):
            whole = False
        if not whole:
            print(f"{checkpoint.name} is damaged and is passed over", flush=True)
            continue
        if sealed["run"] != digest:
            changed = sorted(name for name in digest if sealed["run"].get(name) != digest[name])
            raise RunFailure("data", f"{', '.join(changed)} changed since {checkpoint.name} was made: start a new run")
        return checkpoint
    return None


def step_of(checkpoint: Path) -> int:
    found = _NAME.search(checkpoint.name)
    return int(found[1]) if found else 0


def _by_step(checkpoints: Path) -> list[Path]:
    if not checkpoints.is_dir():
        return []
    return sorted((path for path in checkpoints.iterdir() if _NAME.fullmatch(path.name)), key=step_of)
