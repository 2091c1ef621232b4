"""Which actions can be done now: a pure function of what is shown."""

from collections.abc import Sequence
from dataclasses import dataclass

from desktop_chat.core.calls import CallStatus
from desktop_chat.core.ports import Row
from desktop_chat.core.session import Session
from desktop_chat.domain.changes import CallState
from desktop_chat.domain.ids import MessageId
from desktop_chat.domain.message import Ended, Message, Role
from desktop_chat.ui.actions.ids import ActionId

CUT_OFF = frozenset({Ended.STOPPED, Ended.INTERRUPTED, Ended.LENGTH, Ended.FAILED})
"""Endings after which a reply can go on."""

OPEN_STATES = frozenset({CallState.ARRIVING, CallState.ASKING, CallState.RUNNING, CallState.ANSWERING})

ALWAYS = frozenset(
    {
        ActionId.CONVERSATION_NEW,
        ActionId.CONVERSATION_NEW_TEMPORARY,
        ActionId.CONVERSATION_IMPORT,
        ActionId.CONVERSATION_SEARCH,
        ActionId.CONVERSATION_PREVIOUS,
        ActionId.CONVERSATION_NEXT,
        ActionId.FOLDER_NEW,
        ActionId.APP_PREFERENCES,
        ActionId.APP_ENDPOINTS,
        ActionId.APP_ABOUT,
        ActionId.APP_QUIT,
        ActionId.VIEW_SIDEBAR,
        ActionId.VIEW_SORT,
        ActionId.VIEW_INSPECTOR,
        ActionId.VIEW_MENU,
        ActionId.VIEW_TEXT_LARGER,
        ActionId.VIEW_TEXT_SMALLER,
        ActionId.VIEW_TEXT_RESET,
    }
)


@dataclass(frozen=True, slots=True)
class State:
    """What decides which actions can be done. The default is an empty window."""

    has_conversation: bool = False
    """One is shown, if only an empty one."""
    is_listed: bool = False
    """What is meant, the shown one or what the keyboard stands on in the list, is listed."""
    is_several: bool = False
    """More than one is meant."""
    is_archived: bool = False
    """All that are meant are in the archive."""
    is_trashed: bool = False
    """What is meant lies in the trash."""
    is_temporary: bool = False
    """It is never written."""
    stands_on_row: bool = False
    """The keyboard stands on a conversation of the list."""
    stands_on_folder: bool = False
    has_any: bool = False
    """There are conversations in the list."""
    has_endpoint: bool = False
    has_text: bool = False
    """Something stands in the composer."""
    is_running: bool = False
    is_waiting: bool = False
    """A retry is counted down or waits for consent."""
    can_undo: bool = False
    """Something in the conversation or in the list can be taken back."""
    can_redo: bool = False
    can_resume: bool = False
    asks: bool = False
    """A tool call waits for a decision."""
    wants_answer: bool = False
    """A call of the person's own function waits for its result."""
    has_open_call: bool = False
    has_own_message: bool = False
    """The person has written something that can be edited."""
    message: Role | None = None
    """Who wrote the current message; `None` if there is none."""
    message_is_draft: bool = False
    message_can_continue: bool = False
    has_older_version: bool = False
    has_newer_version: bool = False


def enable(state: State) -> frozenset[ActionId]:
    """The actions that can be done in this state."""
    quiet = not state.is_running and state.has_endpoint
    settled = state.message is not None and not state.message_is_draft
    rules = {
        ActionId.VIEW_COMPOSER: state.has_conversation,
        ActionId.CONVERSATION_SETTINGS: state.has_conversation,
        ActionId.CONVERSATION_OPEN: state.stands_on_row and state.is_listed and not state.is_several,
        ActionId.CONVERSATION_RENAME: state.is_listed and not state.is_several,
        ActionId.CONVERSATION_PIN: state.is_listed and not state.is_archived,
        ActionId.CONVERSATION_MOVE: state.is_listed and not state.is_archived,
        ActionId.CONVERSATION_TAGS: state.is_listed,
        ActionId.CONVERSATION_ARCHIVE: state.is_listed,
        ActionId.CONVERSATION_RESTORE: state.is_trashed,
        ActionId.FOLDER_MENU: state.stands_on_folder,
        ActionId.CONVERSATION_KEEP: state.is_temporary,
        ActionId.CONVERSATION_EXPORT: state.is_listed or state.is_trashed or state.has_any,
        ActionId.CONVERSATION_TRASH: state.is_listed,
        ActionId.CONVERSATION_PRINT: state.message is not None,
        ActionId.CONVERSATION_PDF: state.message is not None,
        ActionId.TURN_SEND: quiet and state.has_conversation and state.has_text,
        ActionId.TURN_STOP: state.is_running,
        ActionId.TURN_RETRY_NOW: state.is_waiting,
        ActionId.TURN_RESUME: quiet and state.can_resume,
        ActionId.EDIT_UNDO: state.can_undo,
        ActionId.EDIT_REDO: state.can_redo,
        ActionId.EDIT_FIND: state.message is not None,
        ActionId.EDIT_FIND_NEXT: state.message is not None,
        ActionId.EDIT_FIND_PREVIOUS: state.message is not None,
        ActionId.MESSAGE_PREVIOUS: state.message is not None,
        ActionId.MESSAGE_NEXT: state.message is not None,
        ActionId.MESSAGE_COPY: state.message is not None,
        ActionId.MESSAGE_EDIT: settled,
        ActionId.MESSAGE_EDIT_LAST: state.has_own_message,
        ActionId.MESSAGE_DELETE: settled,
        ActionId.MESSAGE_REGENERATE: quiet and settled,
        ActionId.MESSAGE_REPLY_WITH: quiet and settled,
        ActionId.MESSAGE_NEXT_CODE: state.message is not None,
        ActionId.MESSAGE_PREVIOUS_CODE: state.message is not None,
        ActionId.MESSAGE_NEXT_HEADING: state.message is not None,
        ActionId.MESSAGE_PREVIOUS_HEADING: state.message is not None,
        ActionId.MESSAGE_INSPECT: state.message is Role.ASSISTANT,
        ActionId.MESSAGE_BRANCH: state.message is not None,
        ActionId.MESSAGE_CONTINUE: quiet and settled and state.message_can_continue,
        ActionId.MESSAGE_PREVIOUS_VERSION: state.has_older_version and not state.is_running,
        ActionId.MESSAGE_NEXT_VERSION: state.has_newer_version and not state.is_running,
        ActionId.MESSAGE_ERROR_DETAILS: state.message is Role.ASSISTANT,
        ActionId.TOOL_ALLOW_ONCE: state.asks,
        ActionId.TOOL_ALLOW_IN_CONVERSATION: state.asks,
        ActionId.TOOL_DENY: state.asks or state.wants_answer,
        ActionId.TOOL_ANSWER: state.wants_answer,
        ActionId.TOOL_CANCEL: state.has_open_call,
    }
    return ALWAYS | {action for action, holds in rules.items() if holds}


@dataclass(frozen=True, slots=True)
class Around:
    """What is known besides the shown conversation."""

    can_undo: bool = False
    """Something in the list can be taken back."""
    can_redo: bool = False
    has_any: bool = False
    """There are conversations in the list."""
    has_text: bool = False
    """Something stands in the composer."""
    meant: Sequence[Row] = ()
    """The conversations that the keyboard stands on in the list, if it stands in the list."""
    stands_on_folder: bool = False


def state_of(session: Session | None, current_id: MessageId | None, around: Around) -> State:
    """Read the state off what is shown.

    Args:
        session: The conversation that is shown.
        current_id: The message the person has chosen; otherwise the last one counts.
        around: What is known besides.
    """
    if session is None:
        return State(can_undo=around.can_undo, can_redo=around.can_redo, has_any=around.has_any)
    path = session.conversation.path()
    message = _current_of(path, current_id)
    calls = [call for call in session.calls.values() if call.state in OPEN_STATES]
    draft = session.draft
    versions = session.conversation.versions(message.id) if message else ()
    place = versions.index(message.id) if message and versions else 0
    meant = around.meant
    is_trashed = any(row.trashed_at is not None for row in meant)
    return State(
        has_conversation=True,
        is_listed=not is_trashed and bool(meant or session.conversation.messages),
        is_several=len(meant) > 1,
        is_archived=all(row.archived for row in meant) if meant else session.conversation.archived,
        is_trashed=is_trashed,
        is_temporary=len(meant) < 2 and (meant[0].is_temporary if meant else session.is_temporary),
        stands_on_row=bool(meant),
        stands_on_folder=around.stands_on_folder,
        has_any=around.has_any,
        has_text=around.has_text,
        has_endpoint=session.endpoint is not None,
        is_running=session.is_running,
        is_waiting=session.waiting is not None,
        can_undo=session.can_undo or around.can_undo,
        can_redo=session.can_redo or around.can_redo,
        can_resume=bool(path) and path[-1].ended is Ended.WAITING,
        asks=any(call.state is CallState.ASKING for call in calls),
        wants_answer=any(call.state is CallState.ANSWERING for call in calls),
        has_open_call=bool(calls),
        has_own_message=any(m.role is Role.USER for m in path),
        message=message.role if message else None,
        message_is_draft=message is not None and draft is not None and draft.message_id == message.id,
        message_can_continue=message is not None and message.role is Role.ASSISTANT and message.ended in CUT_OFF,
        has_older_version=place > 0,
        has_newer_version=place + 1 < len(versions),
    )


def current_message(session: Session, current_id: MessageId | None) -> Message | None:
    """The message an action without a target is about: the chosen one, else the last."""
    return _current_of(session.conversation.path(), current_id)


def open_call(session: Session, *states: CallState) -> CallStatus | None:
    """The first tool call in one of these states (any open one by default)."""
    wanted = states or tuple(OPEN_STATES)
    return next((call for call in session.calls.values() if call.state in wanted), None)


def _current_of(path: Sequence[Message], current_id: MessageId | None) -> Message | None:
    chosen = next((m for m in path if m.id == current_id), None) if current_id is not None else None
    return chosen or (path[-1] if path else None)
