"""Lets a process run that says what it does, kills it in the middle, and keeps what it had said."""

import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
Facts = list[list[str]]
"""The words of each whole line."""


def said_until_killed(module: str, *arguments: str, after_s: float, begins: bool = False) -> tuple[float, Facts]:
    """Run a module, kill it, and return the moment and what it had said.

    Args:
        module: Is run as a program.
        arguments: Of it.
        after_s: How long it lives.
        begins: Its time begins with its first line.
    """
    command = [sys.executable, "-m", module, *arguments]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = [process.stdout.readline()] if begins else []
        # The pipe is emptied meanwhile; a full one would stop the process.
        reader = threading.Thread(target=lambda: said.extend(process.stdout or ()))
        reader.start()
        killer = threading.Timer(after_s, process.send_signal, [signal.SIGKILL])
        killer.start()
        process.wait()
        killed = time.monotonic()
        reader.join()
        killer.join()
    assert process.returncode == -signal.SIGKILL, "it ended by itself"
    return killed, [line.split() for line in said if line.endswith("\n")]
