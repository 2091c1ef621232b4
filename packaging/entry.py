"""Where the frozen app begins."""

import os
import sys
from pathlib import Path

PORTABLE_MARK = "portable.txt"


def portable_home(program: Path) -> Path | None:
    """The folder of a portable copy, which keeps its files beside itself."""
    return program.parent / "data" if (program.parent / PORTABLE_MARK).is_file() else None


if __name__ == "__main__":
    home = portable_home(Path(sys.executable))
    if home is not None:
        os.environ.setdefault("DESKTOP_CHAT_HOME", str(home))

    from desktop_chat.__main__ import main

    sys.exit(main())
