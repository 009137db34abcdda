import json
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

REQUIREMENTS = Path(__file__).parent.parent / "requirements.txt"
OLDEST_PYTHON = (3, 11)


def pinned() -> dict[str, str]:
    """The versions that this package was tested with."""
    lines = REQUIREMENTS.read_text().split()
    return dict(line.split("==") for line in lines if not line.startswith("pytest"))


def check() -> int:
    """Prints {"ok", "versions", "missing"}. Imports nothing big: it answers at once."""
    versions = {"python": ".".join(map(str, sys.version_info[:3]))}
    missing = []
    if sys.version_info < OLDEST_PYTHON:
        missing.append(f"Python 3.11 or newer (this is {versions['python']})")
    for name, wanted in pinned().items():
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            missing.append(f"{name} {wanted}")
            continue
        # What follows a plus says for which processor it was built.
        if versions[name].split("+")[0] != wanted:
            missing.append(f"{name} {wanted} (found {versions[name]})")
    print(json.dumps({"ok": not missing, "versions": versions, "missing": missing}))
    return 0 if not missing else 1
