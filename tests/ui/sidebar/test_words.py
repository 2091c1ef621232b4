"""What the sidebar says of the trash stays true when the program runs for weeks."""

from time import time

from desktop_chat.core.ports import Row
from desktop_chat.domain.ids import ConversationId
from desktop_chat.ui.sidebar.words import DAY_S, KEPT_DAYS, trash_words


def test_nothing_is_said_to_be_kept_until_a_day_that_is_over() -> None:
    row = Row(ConversationId("a"), "Paris", 0.0, 0.0, trashed_at=time() - (KEPT_DAYS + 2) * DAY_S)

    assert trash_words(row).endswith("kept until the next start")
