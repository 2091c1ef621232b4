"""The command line answers without a window, and says in one sentence what keeps it from opening one."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from desktop_chat import __version__
from desktop_chat.__main__ import NO_DISPLAY

ROOT = Path(__file__).parent.parent


def start(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "desktop_chat", *arguments],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.mark.parametrize("argument", ["--version", "--help"])
def test_simple_questions_are_answered_without_qt(argument: str) -> None:
    code = (
        "import sys; from desktop_chat.__main__ import main; code = main(sys.argv[1:]);"
        "sys.exit(code or any(n.partition('.')[0] in ('PySide6', 'shiboken6', 'qasync', 'asyncio') for n in sys.modules))"
    )

    ended = subprocess.run([sys.executable, "-c", code, argument], cwd=ROOT, capture_output=True, text=True, timeout=60)

    assert ended.returncode == 0
    assert "desktop-chat" in ended.stdout


def test_the_version_is_that_of_the_package() -> None:
    assert start("--version").stdout.strip() == f"desktop-chat {__version__}"


def test_an_unknown_argument_is_a_usage_error() -> None:
    ended = start("--colour")

    assert ended.returncode == 2
    assert "--colour" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only X11 and Wayland can be absent")
@pytest.mark.parametrize("display", ["", ":4711"], ids=["none named", "nobody there"])
def test_without_a_display_one_sentence_names_the_ways_out(display: str) -> None:
    ended = start(QT_QPA_PLATFORM="", WAYLAND_DISPLAY="", DISPLAY=display)

    assert ended.returncode == 2
    assert ended.stderr.strip() == NO_DISPLAY


def test_an_unknown_log_topic_is_said(tmp_path: Path) -> None:
    ended = start("--verbose=weather", DESKTOP_CHAT_HOME=str(tmp_path))

    assert ended.returncode == 1
    assert "weather" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")

    ended = start(DESKTOP_CHAT_HOME=str(blocked))

    assert ended.returncode == 1
    assert "cannot write" in ended.stderr
    assert "Traceback" not in ended.stderr
