"""The rules of the house. Each failure says what to do instead."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.house.sources import PACKAGE, ROOT, SOURCES, Source

MAY_START_TASKS = {"core/session.py", "core/saver.py", "ui/aio.py"}
MAY_CATCH_ALL = {"app.py", "ui/aio.py", "core/toolbox.py", "core/session.py", "stdio.py"}
MAY_PRINT = {"__main__.py", "stdio.py", "selftest.py"}
MAY_STYLE = ("ui/theme/",)
FORBIDDEN_CALLS = {
    "processEvents": "return to the loop instead: spawn a task or start a timer",
    "exec": "open dialogs with open() and listen to their signals; a nested loop loses tasks",
    "exec_": "open dialogs with open() and listen to their signals; a nested loop loses tasks",
}
MAY_NEST = {"ui/transcript/copying/drag_out.py"}
"""Qt drags in no other way. It begins with an event of the mouse, never within a task, so no task loses its wake-up;
`tests/ui/transcript/copying/test_drag_out.py` holds it to that."""
MAY_RUN_CODE = {"runtime/prepared.py"}
"""Runs what `dataclasses` would run; nothing with a window."""
MAY_KEEP_A_PAINTER = {"ui/transcript/paper/printing.py"}
"""Paints in many steps with others between them; ends it in a `finally`."""
FORBIDDEN_NAMES = {
    "QThread": "put blocking work into an executor and await it",
    "asyncSlot": "use ui/aio.py spawn",
    "asyncClose": "end in app.py's orderly shutdown",
}
TREE = {"chosen", "children", "deleted"}
CHANGES = {"add", "append", "clear", "discard", "extend", "pop", "remove", "setdefault", "update"}
ids = [source.name for source in SOURCES]


def nodes(source: Source, *kinds: type[ast.AST]) -> Iterator[ast.AST]:
    return (node for node in ast.walk(source.tree) if isinstance(node, kinds))


@pytest.mark.parametrize("source", SOURCES, ids=ids)
def test_a_module_opens_with_one_sentence(source: Source) -> None:
    first = source.docstring.partition("\n")[0]

    assert first.endswith("."), f"{source.name}: the first docstring line is one sentence that ends with a full stop"


@pytest.mark.parametrize("source", SOURCES, ids=ids)
def test_modules_and_functions_stay_small(source: Source) -> None:
    lines = len(source.text.splitlines())
    assert lines <= 400, f"{source.name} has {lines} lines: find the second subject in it and give it a module"

    for node in nodes(source, ast.FunctionDef, ast.AsyncFunctionDef):
        length = (node.end_lineno or 0) - node.lineno + 1
        assert length <= 60, f"{source.name}: {node.name} has {length} lines: name its steps"


@pytest.mark.parametrize("source", SOURCES, ids=ids)
def test_tasks_start_only_where_somebody_owns_them(source: Source) -> None:
    if source.name in MAY_START_TASKS:
        return
    for node in nodes(source, ast.Call):
        name = called(node)
        if name == "create_task" and isinstance(node.func, ast.Attribute) and is_task_group(node.func.value):
            continue
        assert name not in ("create_task", "ensure_future"), (
            f"{source.name}:{node.lineno}: start tasks with ui/aio.py spawn, a TaskGroup, or in {sorted(MAY_START_TASKS)}"
        )


@pytest.mark.parametrize("source", SOURCES, ids=ids)
def test_errors_are_caught_narrowly(source: Source) -> None:
    for node in nodes(source, ast.ExceptHandler):
        name = ast.unparse(node.type) if node.type else ""
        passes_on = isinstance(node.body[-1], ast.Raise) and node.body[-1].exc is None
        if name in ("", "Exception", "BaseException") and not passes_on:
            assert source.name in MAY_CATCH_ALL, f"{source.name}:{node.lineno}: catch the error you can act on"
        is_silent = all(isinstance(statement, ast.Pass) for statement in node.body)
        assert not is_silent, (
            f"{source.name}:{node.lineno}: except with a bare pass: use contextlib.suppress or say why"
        )


@pytest.mark.parametrize("source", SOURCES, ids=ids)
def test_what_hurts_the_loop_is_not_called(source: Source) -> None:
    for node in nodes(source, ast.Call):
        name = called(node)
        may_nest = name == "exec" and source.name in MAY_NEST | MAY_RUN_CODE
        assert name not in FORBIDDEN_CALLS or may_nest, (
            f"{source.name}:{node.lineno}: {name}: {FORBIDDEN_CALLS.get(name)}"
        )
        if source.name not in MAY_PRINT:
            assert name != "print", f"{source.name}:{node.lineno}: print: use a logger of runtime/log.py"
    for node in nodes(source, ast.Name, ast.Attribute):
        name = node.id if isinstance(node, ast.Name) else node.attr
        assert name not in FORBIDDEN_NAMES, f"{source.name}:{node.lineno}: {name}: {FORBIDDEN_NAMES.get(name)}"


@pytest.mark.parametrize("source", [s for s in SOURCES if s.name.startswith(("core/", "ui/"))], ids=lambda s: s.name)
def test_an_open_conversation_changes_its_tree_itself(source: Source) -> None:
    for node in nodes(source, ast.Attribute, ast.Subscript, ast.Call):
        if isinstance(node, ast.Call):
            changed = node.func.value if isinstance(node.func, ast.Attribute) and node.func.attr in CHANGES else None
        else:
            changed = node if not isinstance(node.ctx, ast.Load) else None
        place = changed.value if isinstance(changed, ast.Subscript) else changed
        is_tree = isinstance(place, ast.Attribute) and place.attr in TREE and ast.unparse(place.value) != "self"
        assert not is_tree, f"{source.name}:{node.lineno}: the path is kept: ask a method of `Conversation` for it"


@pytest.mark.parametrize("source", [s for s in SOURCES if s.name.startswith("ui/")], ids=lambda s: s.name)
def test_colours_and_style_sheets_live_in_the_theme(source: Source) -> None:
    if source.name.startswith(MAY_STYLE):
        return
    for node in nodes(source, ast.Constant):
        if not isinstance(node.value, str):
            continue
        assert not re.fullmatch(r"#[0-9a-fA-F]{3,8}", node.value), (
            f"{source.name}:{node.lineno}: a colour literal: take it from the theme's tokens"
        )
    for node in nodes(source, ast.Call):
        assert called(node) not in ("setPixelSize", "setPointSize", "setPointSizeF"), (
            f"{source.name}:{node.lineno}: a font size: take theme.font(role)"
        )
        if called(node) == "setStyleSheet":
            assert not isinstance(node.args[0], ast.Constant), (
                f"{source.name}:{node.lineno}: a style sheet: write it into resources/qss"
            )


@pytest.mark.parametrize("source", [s for s in SOURCES if s.name.startswith("ui/")], ids=lambda s: s.name)
def test_painters_end_with_what_they_paint(source: Source) -> None:
    if source.name in MAY_KEEP_A_PAINTER:
        return
    ends = [item.context_expr for node in nodes(source, ast.With) for item in node.items]
    for node in nodes(source, ast.Call):
        assert called(node) not in ("QPainter", "QStylePainter") or node in ends, (
            f"{source.name}:{node.lineno}: a painter that outlives an error ends the process: with QPainter(…) as painter"
        )


@pytest.mark.parametrize("source", [s for s in SOURCES if s.name.startswith("ui/")], ids=lambda s: s.name)
def test_the_ui_thread_never_reads_or_writes_files(source: Source) -> None:
    blocking = {"read_text", "write_text", "read_bytes", "write_bytes", "open", "sleep", "getaddrinfo", "urlopen"}
    allowed = {"ui/theme/apply.py", "ui/theme/icons.py", "ui/state.py"}
    if source.name in allowed:
        return  # Small files of our own, read once at start; state.py writes in an executor.
    for node in nodes(source, ast.Call):
        if called(node) not in blocking:
            continue
        is_builtin = isinstance(node.func, ast.Name)
        is_io = is_builtin or called(node) != "open"
        assert not is_io, f"{source.name}:{node.lineno}: {called(node)} blocks the UI thread: await it in an executor"


@pytest.mark.parametrize("source", [s for s in SOURCES if s.name.startswith("ui/")], ids=lambda s: s.name)
def test_sentences_for_people_go_through_tr(source: Source) -> None:
    if source.name in ("ui/messages.py", "ui/actions/catalog.py"):
        return
    shown = {
        "setText",
        "setWindowTitle",
        "setToolTip",
        "setPlaceholderText",
        "setAccessibleName",
        "addAction",
        "addRow",
    }
    for node in nodes(source, ast.Call):
        if called(node) not in shown:
            continue
        for argument in node.args:
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                assert not re.search(r"[A-Za-z]{2}", argument.value), (
                    f"{source.name}:{node.lineno}: {argument.value!r} is read by people: wrap it in tr()"
                )


def test_the_core_leaves_qt_alone() -> None:
    code = (
        "import sys, desktop_chat.core.session, desktop_chat.wiring, desktop_chat.stdio;"
        "sys.exit(any(n.partition('.')[0] in ('PySide6', 'shiboken6', 'qasync') for n in sys.modules))"
    )

    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_heavy_libraries_wait_until_the_window_is_painted() -> None:
    code = (
        "import sys, desktop_chat.app;"
        "heavy = {'openai', 'httpx2', 'mcp', 'keyring', 'pygments', 'pydantic', 'markdown_it'};"
        "sys.exit(' '.join(heavy & set(sys.modules)) or 0)"
    )
    answer = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False, capture_output=True, text=True)

    assert answer.returncode == 0, f"imported with the app: {answer.stderr}"


def test_imports_keep_to_the_floors() -> None:
    answer = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as main; main()", "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert answer.returncode == 0, answer.stdout[-3000:] + answer.stderr[-1000:]


def test_no_room_is_a_drawer() -> None:
    drawers = {"util", "utils", "helpers", "common", "managers", "controllers", "misc"}
    found = [p for p in PACKAGE.rglob("*") if p.stem in drawers]

    assert not found, f"{found}: if a function has no home, its subject is missing"


def test_the_top_level_is_what_was_agreed() -> None:
    answer = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if answer.returncode != 0:
        pytest.skip("not a checkout")
    top = {line.split("/")[0] for line in answer.stdout.splitlines()}
    agreed = {
        "pyproject.toml",
        "README.md",
        "desktop_chat",
        "resources",
        "tests",
        "packaging",
        "LICENSE",
        "CHANGELOG.md",
    }

    assert {name for name in top if not name.startswith(".")} <= agreed


def called(node: ast.AST) -> str:
    assert isinstance(node, ast.Call)
    if isinstance(node.func, ast.Name):
        return node.func.id
    return node.func.attr if isinstance(node.func, ast.Attribute) else ""


def is_task_group(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and ("group" in node.id or node.id == "tg")
