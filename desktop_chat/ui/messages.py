"""The words for people: what went wrong, and what can be done about it."""

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from desktop_chat.domain.blocks import Notice
from desktop_chat.domain.errors import ChatError, FeedProblem, FeedRefused, ProviderError, QueryError
from desktop_chat.ui.actions.ids import ActionId


@dataclass(frozen=True, slots=True)
class Explanation:
    """An error as a person reads it."""

    title: str
    """A few words."""
    text: str
    """One sentence; says what helps, where something does."""
    actions: tuple[ActionId, ...]
    """What to offer, the best first."""
    detail: str
    """For the curious: what the server or the system said. May be empty."""


def tr(text: str, **values: object) -> str:
    """Translate a sentence of this module and fill in its `{names}`."""
    translated = QCoreApplication.translate("messages", text)
    return translated.format(**values) if values else translated


_AGAIN = (ActionId.MESSAGE_REGENERATE,)
_GO_ON = (ActionId.MESSAGE_CONTINUE, ActionId.MESSAGE_REGENERATE)
_SETUP = (ActionId.APP_ENDPOINTS, ActionId.MESSAGE_REGENERATE)
_MODEL = (ActionId.MESSAGE_REPLY_WITH, ActionId.MESSAGE_REGENERATE)
_OTHER = (ActionId.MESSAGE_REPLY_WITH, ActionId.APP_ENDPOINTS, ActionId.MESSAGE_REGENERATE)

_WORDS: dict[str, tuple[str, str, tuple[ActionId, ...]]] = {
    "Unreachable": (
        "No connection",
        "The server could not be reached, or the connection broke. Check that it runs and that the network works.",
        (ActionId.MESSAGE_REGENERATE, ActionId.MESSAGE_REPLY_WITH, ActionId.APP_ENDPOINTS),
    ),
    "NameNotFound": (
        "Address not found",
        "There is no server of that name. Check the base URL for a typo.",
        _SETUP,
    ),
    "ProxyUnusable": (
        "Proxy not usable",
        "The proxy of the system settings cannot be used. Change it there, or except this server from it.",
        _AGAIN,
    ),
    "CertificateRejected": (
        "Certificate not trusted",
        "The server's certificate is not trusted, has expired or belongs to another name, or it speaks http only.",
        _SETUP,
    ),
    "KeyRejected": (
        "Key not accepted",
        "The server does not accept the API key, or wants one and none is set. Check or type it anew.",
        _SETUP,
    ),
    "AccessDenied": (
        "Not allowed",
        "The key is known, but it may not use this model or address.",
        _OTHER,
    ),
    "ModelNotFound": (
        "Model not found",
        "The server has no such model, or nothing at this address. Choose another model or check the base URL.",
        _OTHER,
    ),
    "PromptTooLong": (
        "Conversation too long",
        "The conversation does not fit this model. Delete messages, or choose a model with more room.",
        _MODEL,
    ),
    "RateLimited": (
        "Too many requests",
        "The server asks for a pause. Wait a little and try again.",
        _AGAIN,
    ),
    "QuotaExceeded": (
        "No credit left",
        "The account of this key has no credit. Trying again does not help until that is settled with the provider.",
        _SETUP,
    ),
    "ServerBusy": (
        "The server has a problem",
        "The server is overloaded or has an error of its own. Try again in a while.",
        _AGAIN,
    ),
    "RequestRejected": (
        "Request not accepted",
        "The server does not accept the request. Its own words are in the details.",
        _MODEL,
    ),
    "TimedOut": (
        "No answer in time",
        "The server fell silent for longer than the limit of this endpoint.",
        (ActionId.MESSAGE_REGENERATE, ActionId.APP_ENDPOINTS),
    ),
    "BadReply": (
        "Answer not readable",
        "The server answered something that is not the OpenAI protocol. Check the base URL.",
        _SETUP,
    ),
    "StreamError": (
        "The server broke off",
        "The server reported an error in the middle of its answer. What came is kept.",
        _GO_ON,
    ),
    "Interrupted": (
        "Answer interrupted",
        "The answer ended without being complete. What came is kept.",
        _GO_ON,
    ),
    "TooManyRounds": (
        "Too many tool calls",
        "The model kept calling tools, so the turn was ended. What came is kept.",
        _GO_ON,
    ),
    "StoreError": (
        "Not saved",
        "The conversation could not be read or written. It is kept in memory, and writing is tried again.",
        (),
    ),
    "StoreFull": (
        "Disk full",
        "There is no room to save. Nothing is lost as long as this window is open: free some space.",
        (),
    ),
    "StoreReadOnly": (
        "Folder not writable",
        "The folder of the conversations cannot be written. Nothing is lost as long as this window is open.",
        (),
    ),
    "StoreBusy": (
        "In use",
        "Another program uses the file of the conversations. Nothing is lost: it is tried again until that ends.",
        (),
    ),
    "StoreTooNew": (
        "Written by a newer version",
        "A newer Desktop Chat wrote these conversations: here they can be read and exported. What is new is not kept.",
        (),
    ),
    "StoreDamaged": (
        "Conversations not readable",
        "The file of the conversations is damaged, at least in part. It is kept where Preferences > Storage shows.",
        (),
    ),
    "StoreRecovered": (
        "Conversations recovered",
        "The file of the conversations was damaged. What could be read is here again; the damaged file is kept.",
        (),
    ),
    "StoreExchanged": (
        "Another file was there",
        "Another file had taken the place of the conversations. Yours are in use again, and the other one is kept.",
        (),
    ),
    "SecretsError": ("Key not available", "The key could not be read or kept.", (ActionId.APP_ENDPOINTS,)),
    "NoKeyring": (
        "No keyring",
        "This computer offers no keyring. The key is kept until the program ends, and never in a file.",
        (ActionId.APP_ENDPOINTS,),
    ),
    "KeyringLocked": (
        "Keyring locked",
        "The keyring is locked. Unlock it and try again, or type the key for this run.",
        (ActionId.MESSAGE_REGENERATE, ActionId.APP_ENDPOINTS),
    ),
    "KeyringDenied": (
        "Keyring refused",
        "The keyring did not give the key to Desktop Chat. Allow it, or type the key for this run.",
        (ActionId.MESSAGE_REGENERATE, ActionId.APP_ENDPOINTS),
    ),
    "ToolError": ("The tool failed", "The tool could not do what was asked; the model was told.", ()),
    "PictureFailed": ("No picture", "The picture could not be loaded or shown.", ()),
    "SettingsError": ("Not possible", "A setting cannot be used.", (ActionId.CONVERSATION_SETTINGS,)),
    "FeedRefused": ("Updates", "Whether there is a newer version cannot be said.", ()),
    "QueryError": ("Not understood", "A part of the search is not understood.", ()),
    "ImportFailed": ("Cannot be imported", "The file cannot be opened or read.", ()),
    "ExportFailed": (
        "Not exported",
        "The file could not be written. Choose another place, or free some space.",
        (),
    ),
}

_UNKNOWN = (
    "Something went wrong",
    "The program met something it did not expect. The log has the details.",
    _AGAIN,
)

_QUERIES = {
    "role": "“{part}” is not understood: it is user, assistant, system or tool.",
    "has": "“{part}” is not understood: it is code, image, tool or file.",
    "date": "“{part}” is not understood: a date looks like 2026-01-31.",
}

_FEEDS = {
    FeedProblem.NO_FEED: "This build names no feed of new versions. Its publisher can tell you the address and the key.",
    FeedProblem.NOT_HTTPS: "The feed is not asked: its address does not begin with https.",
    FeedProblem.UNREACHABLE: "The feed could not be read.",
    FeedProblem.TOO_LARGE: "What the address of the feed sends is too large for a feed.",
    FeedProblem.NO_NOTICE: "What the address of the feed sends is not a feed of this program.",
    FeedProblem.NO_KEY: "The key of the feed is not an Ed25519 public key in base64.",
    FeedProblem.NOT_SIGNED: "The feed is not signed with its key. Somebody may have changed it on the way.",
    FeedProblem.EXPIRED: "The feed has expired: its publisher has not renewed it, or somebody holds a newer one back.",
    FeedProblem.OLDER: "The feed is older than one that was seen before. Somebody may hold a newer one back.",
    FeedProblem.NOT_KEPT: "What the feed said could not be remembered: the disk cannot be written.",
}
_SPEAKS_FOR_ITSELF = ("SettingsError", "ToolError")
"""Errors whose own text is a sentence for people."""


def explain(error: Exception | Notice) -> Explanation:
    """Say what an error means and what can be done about it.

    Args:
        error: What was raised, or what a reply kept of it.
    """
    if isinstance(error, Notice):
        names = [error.code]
        detail, said, retry_after_s = error.detail, error.detail, error.retry_after_s
    else:
        names = [kind.__name__ for kind in type(error).__mro__]
        said = str(error)
        detail = error.detail if isinstance(error, ProviderError) else said
        retry_after_s = error.retry_after_s if isinstance(error, ProviderError) else None
    name = next((n for n in names if n in _WORDS), "")
    title, text, actions = _WORDS.get(name, _UNKNOWN)
    sentence = tr(text)
    if name in _SPEAKS_FOR_ITSELF and said:
        sentence = said
    if isinstance(error, FeedRefused):
        sentence, detail = tr(_FEEDS[error.problem]), error.detail
    if isinstance(error, QueryError) and error.reason in _QUERIES:
        sentence = tr(_QUERIES[error.reason], part=error.part)
    if name in ("RateLimited", "QuotaExceeded", "ServerBusy") and retry_after_s:
        sentence = tr("{sentence} The server says: in {wait}.", sentence=sentence, wait=span_text(retry_after_s))
    return Explanation(tr(title), sentence, actions, _with_facts(error, detail))


_ACTS = {
    "rename": "rename",
    "pin": "pin",
    "unpin": "unpin",
    "move": "move",
    "tag": "add tag",
    "untag": "remove tag",
    "archive": "archive",
    "unarchive": "unarchive",
    "trash": "delete conversation",
    "restore": "restore conversation",
    "branch": "branch",
    "import": "import",
    "add_folder": "new folder",
    "rename_folder": "rename folder",
    "move_folder": "move folder",
    "remove_folder": "remove folder",
    "edit_message": "edit",
    "delete_message": "delete message",
    "restore_message": "restore message",
    "choose_version": "change of version",
    "reply": "new version",
}


def act_text(act: str) -> str:
    """What an act of the library or of a conversation is called in `Undo …`; empty for one that is not known."""
    return tr(_ACTS[act]) if act in _ACTS else ""


def span_text(seconds: float) -> str:
    """A time span in words, e.g. `4 s`, `2 min`, `1 h 5 min`."""
    if seconds < 90:
        return tr("{n} s", n=max(1, round(seconds)))
    minutes = round(seconds / 60)
    if minutes < 90:
        return tr("{n} min", n=minutes)
    hours, minutes = divmod(minutes, 60)
    return tr("{hours} h {minutes} min", hours=hours, minutes=minutes) if minutes else tr("{n} h", n=hours)


def retry_text(error: Exception, attempt: int, of: int, wait_s: float, *, needs_consent: bool = False) -> str:
    """One line about a retry that is counted down, or that waits for the person."""
    title = explain(error).title
    if needs_consent:
        return tr("{title}: the server asks to wait {wait}", title=title, wait=span_text(wait_s))
    if wait_s <= 0:
        return tr("{title}: retry {n} of {of}", title=title, n=attempt, of=of)
    return tr("{title}: retry {n} of {of} in {wait}", title=title, n=attempt, of=of, wait=span_text(wait_s))


def _with_facts(error: Exception | Notice, detail: str) -> str:
    lines = [detail] if detail else []
    if isinstance(error, ProviderError | Notice):
        if error.status is not None:
            lines.append(tr("HTTP status {status}", status=error.status))
        if error.request_id:
            lines.append(tr("Request id {name}", name=error.request_id))
    elif not isinstance(error, ChatError):
        lines.insert(0, type(error).__name__)
    return "\n".join(lines)
