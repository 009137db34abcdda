"""What every trainer does beside training: tells how far it is, obeys the control file, and stops where numbers end."""

import math
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from transformers import TrainerCallback

from .checkpoints import seal
from .failures import Cancelled, RunFailure, Terminated
from .work_files import WorkFiles

_POLL_SECONDS = 0.2
# Numbers of a log line that say nothing of the learning.
_DULL = ("total_flos", "num_input_tokens_seen")


class Watch(TrainerCallback):
    def __init__(self, files: WorkFiles, terminated: Callable[[], bool]):
        self.files = files
        self.terminated = terminated
        self.metrics: dict[str, Any] = {}

    def on_train_begin(self, args, state, control, **_):
        self.files.set(status="running", step=state.global_step, total_steps=state.max_steps)
        self._obey(state, control)

    def on_step_end(self, args, state, control, **_):
        self.files.set(step=state.global_step)
        self._obey(state, control)

    def on_log(self, args, state, control, logs=None, **_):
        if not logs:
            return
        values = {name: value for name, value in logs.items() if isinstance(value, int | float) and name not in _DULL}
        bad = [name for name, value in values.items() if not math.isfinite(value)]
        line = {"step": state.global_step, "time": time.time()}
        line.update({name: None if name in bad else value for name, value in values.items()})
        self.files.add_metrics(line)
        fatal = [name for name in bad if name in ("loss", "grad_norm", "eval_loss")]
        if fatal:
            raise RunFailure(
                "numeric",
                f"At step {state.global_step} {' and '.join(fatal)} was not a number any more: a smaller learning_rate usually helps.",
            )
        self.metrics.update({name: value for name, value in values.items() if name not in bad})

    def on_save(self, args, state, control, **_):
        if self.terminated():
            raise Terminated(f"checkpoint-{state.global_step}")
        if self.files.wish() == "pause":
            self.wait()

    def wait(self) -> None:
        """Stays as long as the control file says so."""
        before = self.files.status
        while self.files.wish() == "pause":
            if self.files.status != "paused":
                self.files.set(status="paused")
            if self.terminated():
                raise Terminated("pause")
            time.sleep(_POLL_SECONDS)
        if self.files.wish() == "cancel":
            raise Cancelled
        if self.files.status == "paused":
            self.files.set(status=before)

    def _obey(self, state, control) -> None:
        wish = self.files.wish()
        if wish == "cancel":
            raise Cancelled
        # What is paused or stopped is kept first: nobody knows what becomes of the process.
        if wish == "pause" or self.terminated():
            if state.global_step == 0:
                self.on_save(None, state, control)
            else:
                control.should_save = True


def watched(trainer_class: type) -> type:
    """A trainer of that class whose checkpoints are sealed."""

    class Watched(trainer_class):
        def __init__(self, *arguments, files: WorkFiles, digest: dict[str, str], **named):
            self._files = files
            self._digest = digest
            super().__init__(*arguments, **named)

        def _save_checkpoint(self, model, trial):
            aside = self._files.checkpoints / ".part"
            shutil.rmtree(aside, ignore_errors=True)
            aside.mkdir(parents=True)
            kept = self.args.output_dir
            self.args.output_dir = str(aside)
            try:
                super()._save_checkpoint(model, trial)
                seal(aside / f"checkpoint-{self.state.global_step}", self._files.checkpoints, self._digest)
            finally:
                self.args.output_dir = kept
                # Also what a full disk left of it.
                shutil.rmtree(aside, ignore_errors=True)

        def create_model_card(self, *_, **__):
            pass

    Watched.__name__ = trainer_class.__name__
    return Watched
