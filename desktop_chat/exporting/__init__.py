"""Conversations written for people and for other programs.

To add a format:

1. Write `exporting/my_format.py`: conversations in, chunks of bytes out; no files, no
   dialogs. `each` of `format.py` makes a format of what writes one conversation as text;
   `parts.py` gives the blocks in reading order.
2. Name it here.
3. Run `pytest tests/exporting --update-golden` and read the new file in
   `tests/exporting/golden/`: the tests run over `FORMATS` with a conversation of all blocks.

PDF is made of the transcript's boxes, so it lives in the ui.
"""

from desktop_chat.exporting.format import Format
from desktop_chat.exporting.html import HTML
from desktop_chat.exporting.markdown import MARKDOWN
from desktop_chat.exporting.openai_messages import OPENAI_LINES, OPENAI_MESSAGES
from desktop_chat.exporting.ours import JSON, JSON_LINES
from desktop_chat.exporting.plain import PLAIN

FORMATS: tuple[Format, ...] = (MARKDOWN, HTML, PLAIN, JSON, JSON_LINES, OPENAI_MESSAGES, OPENAI_LINES)
