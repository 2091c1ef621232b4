"""What is done once, when the program is frozen, instead of at every start of it.

Three things, found by measuring the start, and each a tenth of it:

* Shiboken carries its Python part as source in a string. Here it is compiled, and laid where
  Shiboken looks for it first, with a `loader` that loads the rest when it is asked for.
* `dataclasses` writes a function of source for everything a class gets, and compiles it. What
  the start defines is compiled here; `runtime/prepared.py` gives it to `dataclasses` by its source.
* PyInstaller keeps every module compressed. What the start needs is kept as it is.

    python packaging/prepared.py CODE NAMES    starts the program, and writes these two files
"""

import dataclasses
import importlib.util
import json
import marshal
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Container, Iterator
from pathlib import Path
from types import CodeType
from typing import Any

HERE = Path(__file__).resolve().parent
SUPPORT = "shiboken6/files.dir"
"""Where Shiboken looks, below the folder of the build, before it takes what it carries."""
LOADER = "shibokensupport/signature/loader.py"
COMPLETE = "shibokensupport/signature/complete.py"
FILE = "prepared.bin"
PLAIN = 2
"""The form of `marshal` that does not depend on how often something is referred to."""


def bring_support(folder: Path) -> list[tuple[str, str, str]]:
    """Compile the Python part of Shiboken into a folder; entries for PyInstaller."""
    found = []
    for name, source in sorted(support_sources().items()):
        target = folder / Path(name).with_suffix(".pyc")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(
            importlib.util.MAGIC_NUMBER + bytes(12) + marshal.dumps(compile(source, name, "exec"), PLAIN)
        )
        found.append((f"{SUPPORT}/{Path(name).with_suffix('.pyc').as_posix()}", str(target), "DATA"))
    return found


def support_sources() -> dict[str, bytes]:
    """The files of Shiboken's Python part, with our loader in the place of its own.

    Raises:
        SystemExit: This release of Shiboken carries them in another way.
    """
    import PySide6.QtCore  # noqa: F401 - loads them

    carried = getattr(getattr(sys.modules.get("shibokensupport.signature.loader"), "__loader__", None), "zfile", None)
    if carried is None or LOADER not in carried.namelist():
        raise SystemExit("Shiboken carries its Python part in another way; see packaging/prepared.py")
    names = [name for name in carried.namelist() if name.startswith("shibokensupport/") and name.endswith(".py")]
    sources = {name: bytes(carried.read(name)) for name in names}
    sources[COMPLETE] = sources[LOADER]
    sources[LOADER] = (HERE / "shiboken" / "loader.py").read_bytes()
    return sources


def record(folder: Path) -> tuple[list[tuple[str, str, str]], set[str]]:
    """Start the program in a process of its own; entries for PyInstaller, and the modules that were loaded."""
    code, names = folder / FILE, folder / "started.json"
    with tempfile.TemporaryDirectory(prefix="desktop-chat-freeze-") as home:
        places = {"DESKTOP_CHAT_HOME": home, "PYTHONPATH": str(HERE.parent), "QT_QPA_PLATFORM": "offscreen"}
        subprocess.run([sys.executable, "-O", __file__, code, names], env={**os.environ, **places}, check=True)
    return [(FILE, str(code), "DATA")], set(json.loads(names.read_text(encoding="utf-8")))


def main(code_file: Path, names_file: Path) -> None:
    """Start the program as a person does; write what it wanted compiled and loaded until its first paint."""
    compiled: dict[str, bytes] = {}

    def keep(source: str) -> CodeType:
        code = compile(source, "<string>", "exec", dont_inherit=True)
        compiled[source] = marshal.dumps(code, PLAIN)
        return code

    dataclasses.exec = runner(keep)  # type: ignore[attr-defined]
    from desktop_chat.runtime import later

    later.put_off()
    from desktop_chat import app

    def painted() -> Iterator[None]:
        code_file.write_bytes(marshal.dumps(dict(sorted(compiled.items())), PLAIN))
        names_file.write_text(json.dumps(sorted(sys.modules)), encoding="utf-8")
        os._exit(0 if compiled else 1)  # What comes after the first paint is of no interest here.

    later.fetch = painted
    app.run()
    raise SystemExit("the program ended before its first paint")


def plain_writer(writer: Any, plain: Container[str]) -> Any:
    """PyInstaller's writer of modules, which leaves these modules uncompressed."""

    class Writer(writer):  # type: ignore[misc]
        @classmethod
        def _write_entry(cls, file: Any, entry: Any, code: Any) -> Any:
            cls._COMPRESSION_LEVEL = 0 if entry[0] in plain else super()._COMPRESSION_LEVEL
            return super()._write_entry(file, entry, code)

    return Writer


def runner(code_of: Callable[[str], CodeType]) -> Callable[..., None]:
    """An `exec` for the module `dataclasses` that asks somebody else for the compiled code."""

    def run(source: str, names: dict[str, Any] | None = None, made: dict[str, Any] | None = None) -> None:
        exec(code_of(source), names, made)

    return run


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
