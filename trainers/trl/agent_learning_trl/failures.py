import errno
from typing import Literal

Kind = Literal["data", "numeric", "infrastructure", "internal"]

# What a machine does to a program, as against what the program or its data do.
_MACHINE = {errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS, errno.ENOMEM, errno.EMFILE, errno.ENFILE}
# Writers in C++ and Rust tell of the same in words.
_MACHINE_WORDS = ("no space left", "disk quota", "os error 28", "pytorchstreamwriter", "can't allocate memory", "out of memory")


class RunFailure(Exception):
    """A failure that is understood: its message is for the people who started the run."""

    def __init__(self, kind: Kind, message: str):
        super().__init__(message)
        self.kind: Kind = kind


class Cancelled(Exception):
    """Somebody asked the run to end."""


class Terminated(Exception):
    """The process was asked to end (SIGTERM); the run can go on later."""


def explain(error: BaseException) -> dict[str, str]:
    """@returns {"kind", "message"}: `infrastructure` is worth another attempt, the others are not"""
    if isinstance(error, RunFailure):
        return {"kind": error.kind, "message": str(error)}
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, MemoryError):
            return {"kind": "infrastructure", "message": "There is not enough memory: use a smaller batch_size or max_length."}
        if isinstance(cause, OSError) and cause.errno == errno.ENOSPC or _says_full(cause):
            return {"kind": "infrastructure", "message": f"The disk is full: {cause}"}
        if isinstance(cause, OSError) and cause.errno in _MACHINE or _says_machine(cause):
            return {"kind": "infrastructure", "message": str(cause)}
        cause = cause.__cause__ or cause.__context__
    return {"kind": "internal", "message": f"{type(error).__name__}: {error}"}


def _says_full(error: BaseException) -> bool:
    text = str(error).lower()
    return "no space left" in text or "os error 28" in text


def _says_machine(error: BaseException) -> bool:
    text = str(error).lower()
    return any(words in text for words in _MACHINE_WORDS)
