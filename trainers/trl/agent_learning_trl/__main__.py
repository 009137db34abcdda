import argparse
import os
import sys

# Nothing is ever fetched: models are files, and a run must not depend on a network.
for name in ("HF_HUB_OFFLINE", "HF_DATASETS_OFFLINE", "HF_HUB_DISABLE_TELEMETRY"):
    os.environ[name] = "1"
os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")


def main() -> int:
    parser = argparse.ArgumentParser(prog="agent_learning_trl")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("check", help="print, as JSON, whether all that is needed is installed")
    run = commands.add_parser("run", help="train what the folder's run.json says, or go on with it")
    run.add_argument("work")
    arguments = parser.parse_args()
    if arguments.command == "check":
        from .check import check

        return check()
    from .run import run as run_work

    return run_work(arguments.work)


if __name__ == "__main__":
    sys.exit(main())
