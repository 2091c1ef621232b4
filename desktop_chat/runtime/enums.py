"""Makes the enumerations of Qt quickly, while the program starts.

PySide makes a Python enumeration of each of Qt's: 300 of them with 3,500 members until the
first paint. Python 3.11 takes 13 µs for every member, a tenth of the start. Here the class is
made by Python, empty, and its members are put in as Python would have done it; what is in any
way special is left to Python. `tests/runtime/test_enums.py` compares both, for all of Qt.
"""

import sys
from collections.abc import Iterable, Mapping
from enum import Enum, EnumType, Flag, IntEnum, IntFlag
from typing import Any

KINDS = (Enum, Flag, IntEnum, IntFlag)
_by_python = EnumType._create_  # type: ignore[attr-defined]


def make_quickly() -> None:
    """From now on plain enumerations are made here; only where Python is slow at it and known."""
    if sys.version_info[:2] == (3, 11):
        EnumType._create_ = _create  # type: ignore[attr-defined]


def make_as_ever() -> None:
    """Leave it to Python again."""
    EnumType._create_ = _by_python  # type: ignore[attr-defined]


def _create(cls: Any, class_name: str, names: Any, *, type: Any = None, **more: Any) -> Any:  # noqa: A002 - its name there
    if type is None and cls in KINDS and more.get("module") is not None:
        pairs = list(names.items()) if isinstance(names, Mapping) else names
        if isinstance(pairs, list) and _are_plain(cls, pairs):
            return _filled(_by_python(cls, class_name, (), **more), pairs)
    return _by_python(cls, class_name, names, type=type, **more)


def _are_plain(cls: Any, pairs: Iterable[Any]) -> bool:
    """True if each is a name that means nothing yet, with a number."""
    return all(
        pair.__class__ is tuple
        and len(pair) == 2
        and pair[1].__class__ is int
        and pair[0].__class__ is str
        and pair[0][:1] != "_"
        and not hasattr(cls, pair[0])
        for pair in pairs
    ) and len({pair[0] for pair in pairs}) == len(list(pairs))


def _filled(made: Any, pairs: list[tuple[str, int]]) -> Any:
    names, by_name, by_value = made._member_names_, made._member_map_, made._value2member_map_
    is_flag, is_number = issubclass(made, Flag), issubclass(made, int)
    mask, singles = 0, 0
    for name, value in pairs:
        is_single = value > 0 and value & (value - 1) == 0
        member = by_value.get(value)
        if member is None:
            member = int.__new__(made, value) if is_number else object.__new__(made)
            member.__dict__.update(_value_=value, _name_=name, __objclass__=made, _sort_order_=len(names))
            by_value[value] = member
            if is_single or not is_flag:
                names.append(name)
        by_name[name] = member
        type.__setattr__(made, name, member)
        mask |= value
        singles |= value if is_single else 0
    if is_flag:
        made._flag_mask_, made._singles_mask_, made._all_bits_ = mask, singles, 2 ** mask.bit_length() - 1
        values = [by_name[name]._value_ for name in names]
        if values != sorted(values):
            made._iter_member_ = made._iter_member_by_def_
    return made
