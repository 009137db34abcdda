import shutil
import signal
import time

import pytest
from conftest import rows_of

PATIENCE = 300


def wait_for(what, process=None):
    """As long as it takes: other work may keep this machine busy."""
    end = time.monotonic() + PATIENCE
    while not what():
        assert process is None or process.poll() is None, "the trainer ended"
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.01)


def checkpoints(work):
    folder = work.folder / "checkpoints"
    return sorted(path.name for path in folder.glob("checkpoint-*")) if folder.is_dir() else []


LONG = {"hyperparameters": {"epochs": 8, "learning_rate": 0.01, "save_steps": 2}}


@pytest.mark.parametrize("method", ["sft", "dpo"])
def test_killed_in_the_middle_it_ends_at_the_same_loss(make_work, method):
    straight = make_work(method, "straight", **LONG)
    assert straight.run() == 0, straight.state
    work = make_work(method, "killed", **LONG)
    process = work.start()
    wait_for(lambda: len(work.metrics) >= 4, process)
    process.kill()
    process.wait()
    assert work.state["status"] == "running"
    killed_at = max(work.losses)
    assert killed_at < 16
    assert work.run() == 0, work.state
    assert work.state["pid"] != process.pid
    # It went on, it did not start again.
    assert [line["step"] for line in work.metrics].count(1) == 1
    assert sorted(work.losses) == sorted(straight.losses)
    for step, loss in straight.losses.items():
        assert work.losses[step] == pytest.approx(loss, rel=0.01), step


def test_a_damaged_checkpoint_is_passed_over(make_work):
    work = make_work("sft", hyperparameters={"epochs": 2})
    assert work.run() == 0
    assert checkpoints(work) == ["checkpoint-3", "checkpoint-4"]
    shutil.rmtree(work.folder / "artifacts")
    with open(work.folder / "checkpoints" / "checkpoint-4" / "optimizer.pt", "r+b") as file:
        file.truncate(100)
    assert work.run() == 0
    assert [line["step"] for line in work.metrics if "loss" in line] == [1, 2, 3, 4, 4]
    losses = [line["loss"] for line in work.metrics if line["step"] == 4 and "loss" in line]
    assert losses[0] == pytest.approx(losses[1], rel=1e-4)
    assert (work.folder / "artifacts" / "manifest.json").exists()


def test_other_rows_do_not_go_on_from_a_checkpoint(make_work):
    work = make_work("sft")
    assert work.run() == 0
    work.write("train.jsonl", rows_of("sft", 5))
    assert work.run() == 1
    assert work.state["error"]["kind"] == "data"
    assert "train.jsonl changed" in work.state["error"]["message"]


def test_pause_and_going_on_and_cancelling(make_work):
    work = make_work("sft", **{"hyperparameters": {"epochs": 500, "save_steps": 1000}})
    process = work.start()
    try:
        wait_for(lambda: len(work.metrics) >= 1, process)
        work.control("pause")
        wait_for(lambda: work.state["status"] == "paused", process)
        step = work.state["step"]
        assert checkpoints(work) == [f"checkpoint-{step}"]
        work.control(None)
        wait_for(lambda: work.state["status"] == "running" and work.state["step"] > step, process)
        work.control("cancel")
        assert process.wait(PATIENCE) == 0
        assert work.state["status"] == "cancelled"
        assert work.state["error"] is None
    finally:
        process.kill()
        process.wait()


def test_sigterm_keeps_what_was_learned(make_work):
    work = make_work("sft", **{"hyperparameters": {"epochs": 500, "save_steps": 1000}})
    process = work.start()
    try:
        wait_for(lambda: len(work.metrics) >= 1, process)
        # A second process leaves the folder alone.
        assert work.start().wait(PATIENCE) == 75
        assert work.state["pid"] == process.pid
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) == 128 + signal.SIGTERM
    finally:
        process.kill()
        process.wait()
    state = work.state
    assert state["status"] == "failed"
    assert state["error"]["kind"] == "infrastructure"
    assert checkpoints(work) == [f"checkpoint-{state['step']}"]


def test_cancelled_before_it_starts(make_work):
    work = make_work("sft")
    work.control("cancel")
    assert work.run() == 0
    assert work.state["status"] == "cancelled"
