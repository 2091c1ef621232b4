"""The built-in tools, one file each.

To add one:

1. Write `tools/my_tool.py` with a class that fits `core.ports.Tool`: `spec`, `is_harmless`,
   `summary(arguments)` (one sentence for the person who decides), `run(arguments)`.
   What cannot be done is a `ToolError` with words for the model.
2. Put an instance into `TOOLS`. The preferences list it, `tests/tools/test_contract.py` checks it.
3. Test what is its own in `tests/tools/test_my_tool.py`.
"""

from desktop_chat.core.ports import Tool
from desktop_chat.tools.calculator import Calculator
from desktop_chat.tools.current_time import CurrentTime

TOOLS: tuple[Tool, ...] = (CurrentTime(), Calculator())
