"""Uses what was compiled when the program was frozen: the functions of its dataclasses.

`dataclasses` writes a function of source for everything a class gets, and compiles it, at
every start: a tenth of it. `packaging/prepared.py` has compiled these sources; what is not
among them, and everything in a checkout, is compiled as ever.
"""

import marshal
import sys
from pathlib import Path
from typing import Any

FILE = "prepared.bin"


def use() -> None:
    """From now on; to be called before the first dataclass is made."""
    folder = getattr(sys, "_MEIPASS", None)
    file = Path(folder) / FILE if folder else None
    if file is None or not file.is_file():
        return
    # Only here: others may put off what it brings.
    import dataclasses

    compiled: dict[str, bytes] = marshal.loads(file.read_bytes())  # noqa: S302 - a part of the program

    def run(source: str, names: dict[str, Any] | None = None, made: dict[str, Any] | None = None) -> None:
        code = compiled.get(source)
        exec(source if code is None else marshal.loads(code), names, made)  # noqa: S102, S302 - as dataclasses does

    dataclasses.exec = run  # type: ignore[attr-defined]
