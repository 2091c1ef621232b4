"""Enumerations that are made quickly are those that Python makes."""

import enum
import sys
from typing import Any

import pytest

from desktop_chat.runtime import enums

pytestmark = pytest.mark.skipif(sys.version_info[:2] != (3, 11), reason="left to Python there")

SHAPES = {
    "numbers in order": (enum.IntEnum, [("A", 0), ("B", 1), ("C", 5)]),
    "two names of one number": (enum.Enum, [("A", 1), ("B", 2), ("C", 1)]),
    "flags with a mask": (enum.Flag, [("A", 1), ("B", 4), ("Mask", 5), ("None_", 0)]),
    "flags out of order": (enum.IntFlag, [("B", 4), ("A", 1), ("C", 2)]),
    "flags of all bits": (enum.Flag, [("A", 0x80000000), ("All", 0xFFFFFFFF)]),
    "negative numbers": (enum.IntEnum, [("A", -1), ("B", -2)]),
    "a name that means something": (enum.IntFlag, [("A", 1), ("name", 2), ("real", 4)]),
    "names only": (enum.Enum, ["A", "B"]),
    "texts": (enum.Enum, [("A", "a")]),
    "nothing": (enum.Flag, []),
}


def described(made: Any) -> dict[str, object]:
    """All that can be seen of an enumeration."""
    kept = ("_member_names_", "_flag_mask_", "_singles_mask_", "_all_bits_", "_boundary_", "_member_type_")
    members = {
        name: (member.name, member.value, repr(member), str(member), member._sort_order_, hash(member))
        for name, member in made.__members__.items()
    }
    return {
        "kept": {name: getattr(made, name, None) for name in kept},
        "members": members,
        "in order": [member.name for member in made],
        "by value": {value: member.name for value, member in made._value2member_map_.items()},
        "as attributes": {name: vars(made)[name].__class__.__name__ == made.__name__ for name in members},
        "inside": sorted(name for name in vars(made) if name not in members),
        "place": (made.__module__, made.__qualname__, made.__mro__[1:]),
    }


@pytest.mark.parametrize(("kind", "names"), SHAPES.values(), ids=SHAPES)
def test_an_enumeration_is_the_same(kind: Any, names: Any) -> None:
    by_python = enums._by_python(kind, "Made", names, module="m", qualname="Q.Made")

    quickly = enums._create(kind, "Made", names, module="m", qualname="Q.Made")

    assert described(quickly) == described(by_python)


def test_flags_are_combined_as_ever() -> None:
    names = [("A", 1), ("B", 2), ("C", 8)]
    by_python = enums._by_python(enum.Flag, "Made", names, module="m")
    quickly = enums._create(enum.Flag, "Made", names, module="m")

    for made in (by_python, quickly):
        both = made.A | made.C
        assert repr(both) == "<Made.A|C: 9>"
        assert [member.name for member in both] == ["A", "C"]
        assert made.A in both and made.B not in both and ~both == made.B
        with pytest.raises(ValueError, match="invalid value 4"):
            made(4)


def test_all_enumerations_of_qt_are_the_same() -> None:
    from PySide6 import QtCore, QtGui, QtWidgets

    compared = 0
    for module in (QtCore, QtGui, QtWidgets):
        for outer in [getattr(module, name) for name in dir(module)]:
            for made in [outer, *vars(outer).values()] if isinstance(outer, type) else []:
                if not isinstance(made, enum.EnumType) or not made.__members__:
                    continue
                kind, more = made.__mro__[1], {"boundary": getattr(made, "_boundary_", None)}
                names = [(name, member.value) for name, member in made.__members__.items()]
                place = {"module": made.__module__, "qualname": made.__qualname__}
                by_python = enums._by_python(kind, made.__name__, names, **place, **more)
                quickly = enums._create(kind, made.__name__, names, **place, **more)
                assert described(quickly) == described(by_python), made
                compared += 1
    assert compared > 100


def test_it_is_what_python_asks_for_an_enumeration(monkeypatch: pytest.MonkeyPatch) -> None:
    filled: list[object] = []
    really = enums._filled
    monkeypatch.setattr(enums, "_filled", lambda made, pairs: filled.append(made) or really(made, pairs))
    enums.make_quickly()
    try:
        made = enum.IntFlag("Made", [("A", 1), ("B", 2)], module="m", qualname="Q.Made", boundary=enum.KEEP)
    finally:
        enums.make_as_ever()

    assert filled == [made] and made.A | made.B == 3 and repr(made(4)) == "<Made: 4>"
    assert enum.Enum._create_ == enums._by_python.__get__(enum.Enum)
