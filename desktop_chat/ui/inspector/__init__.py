"""The pane on the right that shows how a conversation runs: one tab per subject.

To add a tab:

1. Write `ui/inspector/my_tab.py` with a widget that has the methods of `dock.Tab`.
2. Name it in `TABS`, where it shall stand.
3. Nothing else: `tests/ui/inspector/test_tabs.py` runs over `TABS`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from desktop_chat.ui.inspector.units import tr

if TYPE_CHECKING:
    from desktop_chat.ui.inspector.branches_tab import BranchesTab
    from desktop_chat.ui.inspector.tools_tab import ToolsTab
    from desktop_chat.ui.inspector.turn_tab import TurnTab
    from desktop_chat.ui.inspector.usage_tab import UsageTab

    TabClass = type[TurnTab] | type[ToolsTab] | type[UsageTab] | type[BranchesTab]


class TabKind(NamedTuple):
    """A tab that can be looked at."""

    title: Callable[[], str]
    """A word for the tab bar."""
    load: Callable[[], TabClass]
    """Its widget class."""


# Each is imported when it is looked at for the first time: the window is on screen before that.


def _turn() -> TabClass:
    from desktop_chat.ui.inspector.turn_tab import TurnTab

    return TurnTab


def _tools() -> TabClass:
    from desktop_chat.ui.inspector.tools_tab import ToolsTab

    return ToolsTab


def _usage() -> TabClass:
    from desktop_chat.ui.inspector.usage_tab import UsageTab

    return UsageTab


def _branches() -> TabClass:
    from desktop_chat.ui.inspector.branches_tab import BranchesTab

    return BranchesTab


TURN = TabKind(lambda: tr("Turn"), _turn)
BRANCHES = TabKind(lambda: tr("Branches"), _branches)
TABS = (TURN, TabKind(lambda: tr("Tools"), _tools), TabKind(lambda: tr("Usage"), _usage), BRANCHES)
