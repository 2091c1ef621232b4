"""The command line: which front door is opened, and what must be told before any of them.

`--version` and `--help` answer without importing Qt; so do `ask` and the commands of the library.
"""

import os
import sys
from collections.abc import Sequence

from desktop_chat import __version__

USAGE = """\
usage: desktop-chat [--verbose[=TOPICS]]
       desktop-chat ask [--endpoint NAME | --base-url URL] [--model M] [--system S] [--no-save] PROMPT
       desktop-chat export | import | backup | verify [...]
       desktop-chat --self-test | --version | --help

Without arguments the window opens. `ask` prints one answer as text. `export` and `import` move
conversations, `backup` copies all of them and goes back to a copy, `verify` looks whether they
are sound; each says more with `--help`.

  --verbose[=TOPICS]  log details of turn, store, wire, ui (comma separated), or of all
  --self-test         run the whole program against its demo endpoint and print the result as JSON
  --self-test start   open the window, print what the start has cost, and end
  --self-test keyring keep something in the keyring, read it, have it forgotten
  --version           print the version
  --help              print this

DESKTOP_CHAT_HOME=DIR keeps every file of the program below DIR.
"""

NO_DISPLAY = (
    "Desktop Chat needs a display: start it from a desktop session, under a virtual screen "
    "(xvfb-run desktop-chat), or use it in the terminal: desktop-chat ask PROMPT"
)
OLD_PYTHON = (
    "PySide6 {qt} does not work with Python {python}: use Python 3.12 or newer, or PySide6 6.11 "
    "(pip install 'PySide6-Essentials==6.11.3')"
)
USAGE_ERROR = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program; returns its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    first = given[0] if given else ""
    if first in ("--version", "-V"):
        return _say(f"desktop-chat {__version__}")
    if first in ("--help", "-h"):
        return _say(USAGE.rstrip())
    # After the answers above, because the rest starts other programs or loads libraries.
    from desktop_chat.runtime.children import restore_library_paths

    restore_library_paths()
    if first == "ask":
        from desktop_chat import stdio

        return stdio.main(given[1:])
    if first in ("export", "import", "backup", "verify"):
        from desktop_chat import command_line

        return command_line.main(first, given[1:])
    if first == "--self-test":
        _hurry()  # As before the window is opened: a measured start must be the real one.
        from desktop_chat import selftest

        return selftest.main(given[1:])
    return _open_window(given)


def _open_window(given: Sequence[str]) -> int:
    verbose: list[str] = []
    for argument in given:
        name, _, value = argument.partition("=")
        if name != "--verbose":
            return _complain(f"desktop-chat: unknown argument {argument!r}\n{USAGE.rstrip()}")
        verbose = value.split(",") if value else ["all"]
    if problem := _no_window_because():
        return _complain(problem)
    _hurry()
    from desktop_chat import app

    return app.run(verbose=verbose)


def _hurry() -> None:
    """Leave out of the start of the window what can be left out of it."""
    from desktop_chat.runtime import enums, garbage, later, prepared

    garbage.pause()
    later.put_off()
    prepared.use()
    enums.make_quickly()


def _no_window_because() -> str:
    if sys.version_info < (3, 12):
        # Imports no Qt library yet, only the package that has its version.
        import PySide6

        if tuple(map(int, PySide6.__version__.split(".")[:2])) >= (6, 12):
            return OLD_PYTHON.format(qt=PySide6.__version__, python="{}.{}".format(*sys.version_info[:2]))
    if sys.platform.startswith(("linux", "freebsd")):
        named = os.environ.get("QT_QPA_PLATFORM", "")
        if not named and not _display_answers():
            return NO_DISPLAY
    return ""


def _display_answers() -> bool:
    if os.environ.get("WAYLAND_DISPLAY"):
        return True
    display = os.environ.get("DISPLAY", "")
    host, _, number = display.rpartition(":")
    if not number:
        return False
    if host not in ("", "unix"):
        return True  # Another computer's; Qt will find out.
    import socket

    name = f"/tmp/.X11-unix/X{number.partition('.')[0]}"  # noqa: S108 - where X servers listen
    for address in (name, f"\0{name}"):
        with socket.socket(socket.AF_UNIX) as connection:
            if connection.connect_ex(address) == 0:
                return True
    return False


def _say(text: str) -> int:
    if sys.stdout is not None:  # A windowed build on Windows has none.
        sys.stdout.write(text + "\n")
    return 0


def _complain(text: str) -> int:
    if sys.stderr is not None:
        sys.stderr.write(text + "\n")
    return USAGE_ERROR


if __name__ == "__main__":
    sys.exit(main())
