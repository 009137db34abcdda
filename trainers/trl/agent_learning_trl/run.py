import json
import os
import signal
import sys
import traceback
from pathlib import Path

from .failures import Cancelled, RunFailure, Terminated, explain
from .run_config import RunConfig, read_run_config
from .work_files import WorkFiles

FAILED = 1
TAKEN = 75
TERMINATED = 128 + signal.SIGTERM


class _Stop:
    """SIGTERM: before training it ends the process at once, while training at the end of the step, with a checkpoint."""

    def __init__(self) -> None:
        self.asked = False
        self.training = False
        self._before = signal.signal(signal.SIGTERM, self._take)

    def end(self) -> None:
        signal.signal(signal.SIGTERM, self._before)

    def _take(self, *_: object) -> None:
        self.asked = True
        if not self.training:
            raise Terminated("start")


def run(work: str) -> int:
    """Trains, or goes on. @returns the exit status: 0 finished or cancelled, 1 failed (state.json says why), 143 SIGTERM, 75 taken"""
    files = WorkFiles(Path(work).resolve())
    if not files.work.is_dir():
        print(f"There is no folder {files.work}", file=sys.stderr)
        return FAILED
    if not files.take():
        print("Another process works on this folder.", file=sys.stderr)
        return TAKEN
    status = FAILED
    stop = _Stop()
    try:
        files.set()
        files.beat()
        _train(files, stop)
        files.end("finished")
        return 0
    except Cancelled:
        files.end("cancelled")
        return 0
    except Terminated as what:
        status = TERMINATED
        error = {
            "kind": "infrastructure",
            "message": f"The trainer was asked to stop (SIGTERM) at its {what}. Started again it goes on from there.",
        }
    except BaseException as failure:
        traceback.print_exc()
        error = explain(failure)
    finally:
        stop.end()
    files.end("failed", error)
    return status


def _train(files: WorkFiles, stop: _Stop) -> None:
    config = read_run_config(files.work)
    # These take seconds to load; what is wrong with the run's settings should show before.
    import torch

    from .adapter_gguf import check_exportable
    from .artifacts import write_artifacts
    from .base_model import load_tokenizer, prepare_base
    from .checkpoints import last_complete, run_digest, step_of
    from .trainers import Material, make_trainer
    from .watched import Watch

    threads = os.environ.get("AGENT_LEARNING_TRAINER_THREADS")
    if threads:
        torch.set_num_threads(int(threads))
    watch = Watch(files, lambda: stop.asked)
    watch.wait()
    names = [os.path.relpath(path, files.work) for path in (config.train, config.validation) if path is not None]
    digest = run_digest(files.work, ["run.json", *names])
    checkpoint = last_complete(files.checkpoints, digest)

    base = prepare_base(config.base_model)
    if config.export_gguf and config.method != "reward":
        check_exportable(json.loads((base / "config.json").read_text()))
    tokenizer = load_tokenizer(base)
    train, validation = _rows(config, base, tokenizer)
    material = Material(config, base, tokenizer, train, validation, files.checkpoints)
    trainer = make_trainer(material, watch, digest)

    stop.training = True
    if checkpoint is not None:
        print(f"Goes on from {checkpoint.name}", flush=True)
        files.set(step=step_of(checkpoint))
    result = trainer.train(resume_from_checkpoint=None if checkpoint is None else str(checkpoint))
    metrics = {**watch.metrics, **{name: value for name, value in result.metrics.items() if name != "total_flos"}}
    if config.method == "embedding" and validation is not None:
        from .embedding import measure_retrieval

        model = trainer.accelerator.unwrap_model(trainer.model)
        metrics["retrieval"] = measure_retrieval(model, tokenizer, validation, config.hyperparameters.batch_size)
    write_artifacts(trainer, config, base, files, metrics)


def _rows(config: RunConfig, base: Path, tokenizer):
    from .base_model import room_of
    from .rows import check_lengths, read_rows
    from .trainers import completion_room

    limit = min(config.hyperparameters.max_length, room_of(base))
    if config.method == "grpo":
        limit -= completion_room(config)
    if config.method != "embedding" and not tokenizer.chat_template:
        raise RunFailure("data", "base_model has no chat template, so it is not known how it is told who speaks")
    read = []
    for path in (config.train, config.validation):
        if path is None:
            read.append(None)
            continue
        rows = read_rows(path, config.method)
        check_lengths(rows, tokenizer, limit, path)
        read.append(rows)
    return read
