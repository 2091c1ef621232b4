"""Stands where Shiboken looks for its `loader`, and loads the rest only once it is asked for.

What it stands in for (kept beside it as `complete`) reads and compiles 3,500 lines at every
start, so that a wrong argument can be explained and a signature be looked at. Both still
work; they are just not prepared for. `__feature__`, which changes the import statement, is
left out: nobody here writes it.

Qt's own `signature_bootstrap` imports this module; the C++ code of Shiboken calls its functions.
"""

import sys
from types import ModuleType
from typing import Any

import signature_bootstrap  # type: ignore[import-not-found]

# Looked up by the C++ code, so it has to be there.
from shibokensupport import signature  # type: ignore[import-not-found]
from shibokensupport.signature import mapping  # type: ignore[import-not-found]  # noqa: F401

signature.get_signature = signature_bootstrap.get_signature
signature.make_snake_case_name = signature_bootstrap.make_snake_case_name
_bootstrap = signature_bootstrap


def _complete() -> ModuleType:
    sys.modules.setdefault("signature_bootstrap", _bootstrap)
    from shibokensupport.signature import complete

    return complete  # type: ignore[no-any-return]


def pyside_type_init(*arguments: Any) -> Any:
    """The signatures of a type, the first time one of them is looked at."""
    return _complete().pyside_type_init(*arguments)


def create_signature(*arguments: Any) -> Any:
    """One signature."""
    return _complete().create_signature(*arguments)


def seterror_argument(*arguments: Any) -> Any:
    """The words of an error about arguments."""
    return _complete().seterror_argument(*arguments)


def make_helptext(*arguments: Any) -> Any:
    """The text that `help` shows."""
    return _complete().make_helptext(*arguments)


def finish_import(_module: ModuleType) -> None:
    """Nothing: there is nothing deprecated that would have to be mended."""


def feature_import(*_arguments: Any, **_named: Any) -> None:
    """Nothing: no module asks for features."""


def feature_imported(*_arguments: Any, **_named: Any) -> None:
    """Nothing: no module asks for features."""


def post_init() -> None:
    """Nothing: the import statement stays as it is."""
