"""The pane on the right that shows how a conversation runs: one tab per subject.

To add a tab:

1. Write `ui/inspector/my_tab.py` with a widget that has the methods of `dock.Tab`.
2. Name it in `TABS`, where it shall stand.
3. Nothing else: `tests/ui/inspector/test_tabs.py` runs over `TABS`.
"""

from desktop_chat.ui.inspector.branches_tab import BranchesTab
from desktop_chat.ui.inspector.tools_tab import ToolsTab
from desktop_chat.ui.inspector.turn_tab import TurnTab
from desktop_chat.ui.inspector.usage_tab import UsageTab

TABS = (TurnTab, ToolsTab, UsageTab, BranchesTab)
