"""What PySide6 reads at the start."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_no_source_is_read_when_the_window_is_loaded() -> None:
    code = (
        "import linecache, sys; import desktop_chat.app;"
        "sys.exit(' '.join(name for name in linecache.cache if 'desktop_chat' in name) or 0)"
    )

    answer = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False, capture_output=True, text=True)

    assert answer.returncode == 0, answer.stderr
