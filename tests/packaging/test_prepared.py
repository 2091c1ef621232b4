"""What is prepared when the program is frozen."""

import dataclasses
import marshal
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import prepared
from desktop_chat.runtime import prepared as used

ERRORS = """
import sys
sys.path.insert(0, sys.argv[1]) if len(sys.argv) > 1 else None
import PySide6.QtCore
print("shibokensupport.feature" in sys.modules)
from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QColor
for call in (lambda: QTimer(1, 2, 3), lambda: QColor([]), lambda: QObject().setObjectName(4)):
    try:
        call()
    except TypeError as error:
        print(error)
from PySide6.support.signature import get_signature
print(get_signature(QObject.setObjectName))
"""


def run(*arguments: str) -> str:
    return subprocess.run([sys.executable, *arguments], capture_output=True, text=True, check=True).stdout


def test_a_wrong_argument_is_explained_as_ever(tmp_path: Path) -> None:
    # A copy of the small package, with what is prepared in it: it is looked for there.
    import shiboken6

    package = Path(shiboken6.__file__).parent
    copy = tmp_path / "shiboken6"
    copy.mkdir()
    for path in package.iterdir():
        if path.is_file():
            shutil.copy2(path, copy)
    prepared.bring_support(copy / "files.dir")

    prepared_too, *words = run("-c", ERRORS, str(tmp_path)).splitlines()
    ever, *words_as_ever = run("-c", ERRORS).splitlines()

    assert (prepared_too, ever) == ("False", "True"), "loaded only once it is asked for"
    assert words == words_as_ever and len(words) > 3


def test_dataclasses_take_what_was_compiled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def compiled(source: str) -> object:
        asked.append(source)
        return compile(source, "<string>", "exec")

    monkeypatch.setattr(dataclasses, "exec", prepared.runner(compiled), raising=False)
    first = dataclasses.make_dataclass("Made", ["a", "b"], frozen=True, order=True)
    table = {source: marshal.dumps(compile(source, "<string>", "exec"), 2) for source in asked}
    assert len(table) > 3
    (tmp_path / used.FILE).write_bytes(marshal.dumps(table, 2))
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)

    used.use()
    second = dataclasses.make_dataclass("Made", ["a", "b"], frozen=True, order=True)
    other = dataclasses.make_dataclass("Other", ["unheard_of"])

    assert repr(second(1, 2)) == repr(first(1, 2)) == "Made(a=1, b=2)"
    assert second(1, 2) < second(1, 3) and hash(second(1, 2)) == hash(second(1, 2))
    assert other(5).unheard_of == 5
    with pytest.raises(dataclasses.FrozenInstanceError):
        second(1, 2).a = 3


def test_a_checkout_has_nothing_prepared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(dataclasses, "exec", raising=False)

    used.use()

    assert not hasattr(dataclasses, "exec")
