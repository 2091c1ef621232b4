"""Conversations of other programs, read into ours.

To add a format:

1. Write `importing/my_format.py`: how a file of it is recognised (`fits`), where its
   conversations are (`items`; `documents` and `array_in` of `reader.py` do for most), and
   what one becomes (`convert`: an `Outline` with an `Entry` for each message;
   `Left.picture` takes a picture over or says what stands for it).
2. Name it here. The first that fits is taken, so the more particular one stands in front.
3. Put a file of the true shape, with versions of a message, into `tests/importing/files/`;
   the tests there run over `READERS` and ask for it.
"""

from desktop_chat.importing.chatbox import CHATBOX
from desktop_chat.importing.chatgpt import CHATGPT
from desktop_chat.importing.claude import CLAUDE
from desktop_chat.importing.gemini import GEMINI
from desktop_chat.importing.jan import JAN
from desktop_chat.importing.librechat import LIBRECHAT
from desktop_chat.importing.lm_studio import LM_STUDIO
from desktop_chat.importing.open_webui import OPEN_WEBUI
from desktop_chat.importing.openai_messages import OPENAI_MESSAGES
from desktop_chat.importing.ours import OURS
from desktop_chat.importing.reader import Reader
from desktop_chat.importing.witsy import WITSY

READERS: tuple[Reader, ...] = (
    OURS,
    CHATGPT,
    CLAUDE,
    GEMINI,
    OPEN_WEBUI,
    LIBRECHAT,
    LM_STUDIO,
    JAN,
    WITSY,
    CHATBOX,
    OPENAI_MESSAGES,
)
