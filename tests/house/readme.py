"""The parts of README.md that are made from the sources: the module map and the table of keys.

python -m tests.house.readme     writes them anew
"""

import re
from collections import defaultdict

from desktop_chat.ui.actions.catalog import key_table
from tests.house.sources import ROOT, SOURCES

README = ROOT / "README.md"

FLOORS = (
    ("", "front doors"),
    ("runtime", "floor 0 · facts about this machine"),
    ("domain", "floor 0 · values and rules, standard library only"),
    ("markup", "floor 1 · text to structure"),
    ("settings", "floor 1 · what the person chose"),
    ("core", "floor 2 · what the program does"),
    ("adapters", "floor 3 · one outside thing each"),
    ("tools", "floor 3 · one file per tool"),
    ("exporting", "floor 3 · conversations written, one file per format"),
    ("importing", "floor 3 · conversations read, one file per format"),
    ("ui", "floor 4 · the only Qt"),
)


def module_map() -> str:
    """Every module with the first sentence of its docstring, floor by floor."""
    rooms: dict[str, list[str]] = defaultdict(list)
    for source in SOURCES:
        floor = source.name.split("/")[0] if "/" in source.name else ""
        if source.path.name == "__init__.py" and source.name.count("/") != 0 and not has_code(source.text):
            continue
        sentence = source.docstring.partition("\n")[0].rstrip(".")
        rooms[floor].append(f"{source.name:<36} {sentence}")
    lines = ["```"]
    for floor, title in FLOORS:
        lines += [
            f"{floor + '/' if floor else 'desktop_chat/'}  — {title}",
            *(f"  {line}" for line in rooms[floor]),
            "",
        ]
    return "\n".join([*lines[:-1], "```"])


def has_code(text: str) -> bool:
    """Whether a package file holds more than its docstring."""
    return re.search(r"^\w", text, re.MULTILINE) is not None


def with_parts(text: str) -> str:
    """The page with both parts made anew."""
    for name, part in (("map", module_map()), ("keys", key_table())):
        pattern = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
        text = pattern.sub(lambda match, part=part: f"{match[1]}{part}\n{match[2]}", text)  # type: ignore[misc]
    return text


if __name__ == "__main__":
    README.write_text(with_parts(README.read_text(encoding="utf-8")), encoding="utf-8")
