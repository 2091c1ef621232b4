"""Modules that are put off are in their place, empty, until somebody looks."""

import importlib
import subprocess
import sys
import threading
from pathlib import Path
from types import ModuleType

import pytest

from desktop_chat.runtime import later

SCRIPT = """
import sys
from desktop_chat.runtime import later
later.put_off()
import asyncio, dataclasses, logging.handlers
waiting = {name for name in later.PUT_OFF if type(sys.modules.get(name)).__name__ == "_Waiting"}
assert {"ssl", "inspect", "pickle"} <= waiting, waiting
import inspect
assert type(inspect).__name__ == "_Waiting", "a second import loads it"
asyncio.run(asyncio.sleep(0))
steps = sum(1 for _ in later.fetch())
assert steps and all(type(sys.modules[name]).__name__ == "module" for name in waiting)
import ssl, zipfile
assert ssl.create_default_context().check_hostname and sys.modules["ssl"] is ssl is asyncio.base_events.ssl
assert not any(type(finder).__module__ == later.__name__ for finder in sys.meta_path)
print("as it should be")
"""


def test_a_start_goes_without_and_everything_is_there_afterwards() -> None:
    answer = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=False)

    assert answer.stdout == "as it should be\n", answer.stderr


@pytest.fixture
def waiting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """A module of a file that is put off and has been imported."""
    (tmp_path / "put_off_here.py").write_text("import threading\nlasts = threading.Event().wait(0.05)\nvalue = 7\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(later, "PUT_OFF", ("put_off_here",))
    later.put_off()
    module = importlib.import_module("put_off_here")  # PySide looks into what `import` brings
    sys.meta_path.remove(later._finder)
    del sys.modules["put_off_here"]
    assert "value" not in vars(module)
    return module


def test_the_first_look_loads_it(waiting: ModuleType) -> None:
    assert waiting.value == 7
    assert type(waiting) is ModuleType
    with pytest.raises(AttributeError, match="nothing"):
        _ = waiting.nothing


def test_two_threads_that_look_at_once_both_see_all_of_it(waiting: ModuleType) -> None:
    seen: list[int] = []
    threads = [threading.Thread(target=lambda: seen.append(waiting.value)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert seen == [7] * 4


DATACLASSES = """
from desktop_chat.ui import features
import inspect
asked = []
inspect.signature = lambda made: asked.append(made) or "()"
from desktop_chat import app
assert not asked, f"without a docstring: {asked}"
"""


def test_every_dataclass_that_the_start_makes_has_a_docstring() -> None:
    """To write one, `dataclasses` looks at the source, and loads for it what is put off."""
    answer = subprocess.run([sys.executable, "-c", DATACLASSES], capture_output=True, text=True, check=False)

    assert answer.returncode == 0, answer.stderr
