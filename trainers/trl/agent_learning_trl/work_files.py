"""The files by which a run and the server know of each other."""

import fcntl
import json
import os
import threading
import time
from pathlib import Path
from typing import Any

HEARTBEAT_SECONDS = 5


def write_whole(path: Path, text: str) -> None:
    """Whoever reads it sees the old text or the new one, never a part."""
    aside = path.with_name(f".{path.name}.part")
    with open(aside, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(aside, path)


class WorkFiles:
    def __init__(self, work: Path):
        self.work = work
        self.checkpoints = work / "checkpoints"
        self.artifacts = work / "artifacts"
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._held = None
        self._state: dict[str, Any] = {
            "pid": os.getpid(),
            "status": "starting",
            "step": 0,
            "total_steps": None,
            "heartbeat": time.time(),
            "error": None,
        }

    def take(self) -> bool:
        """@returns False: another process works on this folder"""
        self._held = open(self.work / ".lock", "w")
        try:
            fcntl.flock(self._held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    @property
    def status(self) -> str:
        return self._state["status"]

    def set(self, **changes: Any) -> None:
        with self._lock:
            self._state.update(changes, heartbeat=time.time())
            write_whole(self.work / "state.json", json.dumps(self._state))

    def beat(self) -> None:
        """Shows from now on that the process lives, also while a step takes minutes. Whether it gets on is told by `step`."""

        def tick() -> None:
            while not self._ended.wait(HEARTBEAT_SECONDS):
                try:
                    self.set()
                except OSError:
                    pass  # A full disk is told of by whoever writes something that matters.

        threading.Thread(target=tick, daemon=True).start()

    def end(self, status: str, error: dict[str, str] | None = None) -> None:
        self._ended.set()
        self.set(status=status, error=error)

    def wish(self) -> str | None:
        """What the control file asks for: `pause`, `cancel` or nothing."""
        try:
            text = (self.work / "control").read_text().strip()
        except FileNotFoundError:
            return None
        return text if text in ("pause", "cancel") else None

    def add_metrics(self, line: dict[str, Any]) -> None:
        with open(self.work / "metrics.jsonl", "a", encoding="utf-8") as file:
            file.write(json.dumps(line, allow_nan=False) + "\n")
