"""Every error the program expects, and who is asked to act.

* ChatError                  something outside went wrong; the program is fine
  - ProviderError            the server or the way to it
    · Unreachable            no connection, or it broke (retry helps)
    · NameNotFound           the host name does not resolve (check the address)
    · ProxyUnusable          the proxy of the system settings (change it, or except the server)
    · CertificateRejected    TLS failed (check the certificate)
    · KeyRejected            401 (open Preferences > Endpoints)
    · AccessDenied           403 (the key may not use this model or address)
    · ModelNotFound          404 (choose another model or check the base URL)
    · PromptTooLong          the conversation does not fit the model
    · RateLimited            429 (retry after `retry_after_s`)
    · QuotaExceeded          429 or 402 without credit (retry does not help)
    · ServerBusy             408, 409, 5xx (retry helps)
    · RequestRejected        any other 4xx (the server says why)
    · TimedOut               no first token, or a gap between tokens, beyond the limit
    · BadReply               the server answered something we cannot read
    · StreamError            the server reported an error in the middle of its answer
    · Interrupted            the stream ended without saying that it was complete
  - StoreError               the conversations cannot be read or written
    · StoreFull              no room on the disk
    · StoreReadOnly          the folder or file cannot be written
    · StoreBusy              another program holds the file
    · StoreTooNew            written by a newer version of the program
    · StoreExchanged         another file took its place while it was open; it was set aside
    · StoreDamaged           not a readable database
      StoreRecovered         as above; it was set aside, and what could be read is in a new one
  - SecretsError             keys cannot be read or kept
    · NoKeyring              no keyring on this computer
    · KeyringLocked          there, but locked or the unlocking was dismissed
    · KeyringDenied          the person or the system refused access
  - ToolError                a tool failed; the model is told, the turn goes on
  - PictureFailed            a picture could not be loaded or shown; `problem` says why
  - TooManyRounds            the model asked for tools again and again; the turn was ended
  - SettingsError            a value the person chose cannot be used
  - QueryError               a search has an operator with a value that is none
  - FeedRefused              the notice of new versions cannot be read or trusted; `problem` says why
  - ImportFailed             a file to be imported cannot be opened or read
  - ExportFailed             a file cannot be written where the person wants it

Anything else that escapes is a bug and goes to the crash dialog.
`str(error)` is for the log and may be technical; `ui/messages.py` has the words for people.
"""

from enum import StrEnum
from pathlib import Path


class ChatError(Exception):
    """Something outside went wrong; the program is fine."""


class ProviderError(ChatError):
    """The server or the way to it.

    Attributes:
        detail: What the server or the system said, keys masked; may be long.
        status: HTTP status, if there was an answer.
        request_id: The server's own name for the request, if it gave one.
        retry_after_s: Seconds the server asked us to wait, if it did.
    """

    retry_helps = False

    def __init__(
        self,
        message: str = "",
        *,
        detail: str = "",
        status: int | None = None,
        request_id: str = "",
        retry_after_s: float | None = None,
    ) -> None:
        super().__init__(message or detail)
        self.detail = detail or message
        self.status = status
        self.request_id = request_id
        self.retry_after_s = retry_after_s


class Unreachable(ProviderError):
    """No connection, or it broke."""

    retry_helps = True


class NameNotFound(ProviderError):
    """The host name does not resolve."""


class ProxyUnusable(ProviderError):
    """The proxy that the system settings name cannot be used, or wants a password."""


class CertificateRejected(ProviderError):
    """TLS failed: the certificate is not trusted, has expired or names another host."""


class KeyRejected(ProviderError):
    """401: the key is missing or wrong."""


class AccessDenied(ProviderError):
    """403: the key may not do this."""


class ModelNotFound(ProviderError):
    """404: no such model, or no such address."""


class PromptTooLong(ProviderError):
    """The conversation does not fit the model's context."""


class RateLimited(ProviderError):
    """429: too many requests; `retry_after_s` says how long to wait, if known."""

    retry_helps = True


class QuotaExceeded(ProviderError):
    """No credit left; waiting does not help."""


class ServerBusy(ProviderError):
    """408, 409 or 5xx: the server has a problem of its own."""

    retry_helps = True


class RequestRejected(ProviderError):
    """Any other 4xx: the server does not accept the request."""


class TimedOut(ProviderError):
    """No first token, or nothing between two tokens, within the endpoint's limit."""


class BadReply(ProviderError):
    """The server answered something that is not the protocol."""


class StreamError(ProviderError):
    """The server reported an error in the middle of its answer."""


class Interrupted(ProviderError):
    """The stream ended without a finish reason."""


class StoreError(ChatError):
    """The conversations cannot be read or written."""


class StoreFull(StoreError):
    """No room on the disk."""


class StoreReadOnly(StoreError):
    """The folder or file cannot be written."""


class StoreBusy(StoreError):
    """Another program holds the file."""


class StoreTooNew(StoreError):
    """Written by a newer version of the program."""


class StoreDamaged(StoreError):
    """Not a readable database."""


class StoreRecovered(StoreDamaged):
    """A damaged database was set aside, and everything readable of it is in a new one.

    Attributes:
        set_aside: The damaged file, as it was found.
        conversations: How many are there again.
        messages: How many are there again, whole.
        lost: What is not, as far as anything names it; technical.
        report: A text file that says the same.
    """

    def __init__(self, set_aside: Path, conversations: int, messages: int, lost: tuple[str, ...], report: Path) -> None:
        super().__init__(f"{set_aside.name}: {conversations} conversations and {messages} messages were read from it")
        self.set_aside = set_aside
        self.conversations = conversations
        self.messages = messages
        self.lost = lost
        self.report = report


class StoreExchanged(StoreError):
    """Another file took the name of the store while it was in use; ours is back, the other one set aside.

    Attributes:
        set_aside: The other file.
    """

    def __init__(self, set_aside: Path) -> None:
        super().__init__(f"another file took the place of the store; it is kept as {set_aside.name}")
        self.set_aside = set_aside


class SecretsError(ChatError):
    """Keys cannot be read or kept."""


class NoKeyring(SecretsError):
    """This computer offers no keyring we trust."""


class KeyringLocked(SecretsError):
    """The keyring is locked, or its unlocking was dismissed."""


class KeyringDenied(SecretsError):
    """Access to the keyring was refused."""


class ToolError(ChatError):
    """A tool could not do what was asked; the text is for the model."""


class PictureProblem(StrEnum):
    """Why a picture is not there."""

    ADDRESS = "address"
    """Not an address pictures are loaded from."""
    UNREACHABLE = "unreachable"
    REFUSED = "refused"
    """The server answered with another status than 200; `detail` is the status."""
    ELSEWHERE = "elsewhere"
    """The server sends one on to another host, `address`; nothing was asked of it."""
    TOO_SLOW = "too_slow"
    TOO_LARGE = "too_large"
    NO_PICTURE = "no_picture"
    """What came is not a picture that can be drawn."""
    GONE = "gone"
    """It belongs to the conversation, but its bytes are not in the store."""


class PictureFailed(ChatError):
    """A picture could not be loaded or shown.

    Attributes:
        problem: Why.
        detail: What the server or the system said.
        address: What it is about, if it is another address than the one that was asked for.
    """

    def __init__(self, problem: PictureProblem, *, detail: str = "", address: str = "") -> None:
        super().__init__(f"{problem}: {detail or address}")
        self.problem = problem
        self.detail = detail
        self.address = address


class TooManyRounds(ChatError):
    """The model asked for tools again and again; the turn was ended."""


class SettingsError(ChatError):
    """A value the person chose cannot be used; the text says why."""


class QueryError(ChatError):
    """A search has an operator with a value it cannot have.

    Attributes:
        reason: What the value should be: `role`, `has` or `date`.
        part: The operator and its value as they were typed.
    """

    def __init__(self, reason: str, part: str) -> None:
        super().__init__(f"{part} is no {reason}")
        self.reason = reason
        self.part = part


class FeedProblem(StrEnum):
    """Why there is no notice of new versions."""

    NO_FEED = "no_feed"
    """Neither the person nor this build names an address and a key."""
    NOT_HTTPS = "not_https"
    UNREACHABLE = "unreachable"
    TOO_LARGE = "too_large"
    NO_NOTICE = "no_notice"
    """What came is not a notice of this program."""
    NO_KEY = "no_key"
    """What is given as a key is none."""
    NOT_SIGNED = "not_signed"
    """Not by the key that is trusted."""
    EXPIRED = "expired"
    OLDER = "older"
    """Older than one that was seen before."""
    NOT_KEPT = "not_kept"
    """What was seen could not be remembered."""


class FeedRefused(ChatError):
    """The notice of new versions cannot be read or trusted.

    Attributes:
        problem: Why.
        detail: What the server or the system said.
    """

    def __init__(self, problem: FeedProblem, *, detail: str = "") -> None:
        super().__init__(f"{problem}: {detail}")
        self.problem = problem
        self.detail = detail


class ImportFailed(ChatError):
    """A file to be imported cannot be opened or read; the text names it and says why."""


class ExportFailed(ChatError):
    """A file cannot be written where the person wants it.

    Attributes:
        name: Of the file.
        reason: What the system said.
    """

    def __init__(self, name: str, reason: str = "") -> None:
        super().__init__(f"{name}: {reason}" if reason else name)
        self.name = name
        self.reason = reason
