"""The two commands say in one sentence what is missing."""

import importlib.metadata
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "packaging"))

import bootstrap


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems always have a display")
def test_without_a_display_run_names_the_ways_out_and_ends_with_2() -> None:
    answer = subprocess.run(
        [sys.executable, ROOT / "packaging" / "bootstrap.py", "run"],
        env={"PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert answer.returncode == 2
    assert answer.stderr.count("\n") == 1
    assert "xvfb-run" in answer.stderr and "ask" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_an_unknown_task_prints_the_manual() -> None:
    answer = subprocess.run(
        [sys.executable, ROOT / "packaging" / "bootstrap.py", "dance"], capture_output=True, text=True, check=False
    )

    assert answer.returncode == 2
    assert "bootstrap.py run" in answer.stderr


def test_a_missing_library_is_named_by_its_package() -> None:
    found = bootstrap.missing_packages({"libc.so.6": ("libc6",), "libnot-there.so.9": ("libnot-there9",)})

    assert found == ["libnot-there9"]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="apt is Debian's")
def test_who_may_not_install_gets_the_line_to_type(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "LIBRARIES", {"libnot-there.so.9": ("libnot-there9",)})
    monkeypatch.setattr(bootstrap.os, "geteuid", lambda: 1000)
    monkeypatch.setattr(bootstrap.shutil, "which", lambda name: "/usr/bin/" + name if name == "apt-get" else None)

    with pytest.raises(bootstrap.SetupError, match="sudo apt-get install libnot-there9"):
        bootstrap.bring_libraries(screen=False)


def test_the_stamp_changes_with_the_requirements(tmp_path: Path) -> None:
    file = tmp_path / "app.txt"
    file.write_text("a==1")
    before = bootstrap.stamp_of([file])
    file.write_text("a==2")

    assert bootstrap.stamp_of([file]) != before


@pytest.mark.parametrize("arguments", [["ask", "hi"], ["--version"], ["--self-test"], ["--help"]])
def test_what_opens_no_window_needs_no_display(arguments: list[str]) -> None:
    assert not bootstrap.needs_window(arguments)
    assert bootstrap.needs_window([])


def test_what_is_installed_is_what_is_pinned() -> None:
    pins = (ROOT / "packaging" / "requirements" / "app.txt").read_text(encoding="utf-8")

    assert f"openai=={importlib.metadata.version('openai')}" in pins
