"""Words and figures of the page: states of tool calls, endings, spans of time."""

from typing import assert_never

from PySide6.QtCore import QCoreApplication

from desktop_chat.domain.changes import CallState
from desktop_chat.domain.errors import PictureFailed, PictureProblem
from desktop_chat.domain.message import Ended
from desktop_chat.ui.numbers import count_text, decimal_text


def tr(text: str, **values: object) -> str:
    """Translate a phrase of the transcript and fill in its `{names}`."""
    translated = QCoreApplication.translate("Transcript", text)
    return translated.format(**values) if values else translated


def span(ms: float) -> str:
    """A measured time: `412 ms`, `2.1 s`, `48 s`, `3 min 5 s`."""
    if ms < 1000:
        return tr("{n} ms", n=count_text(round(ms)))
    if ms < 10_000:
        return tr("{n} s", n=decimal_text(ms / 1000, 1))
    seconds = round(ms / 1000)
    if seconds < 60:
        return tr("{n} s", n=seconds)
    return tr("{minutes} min {seconds} s", minutes=seconds // 60, seconds=seconds % 60)


def plain_address(href: str) -> str:
    """An address as it is shown, so that one sees where it leads.

    A host in other letters than ASCII is spelled out as it is looked up. A name before it
    (`https://bank.example@elsewhere.example`) is left out, as browsers do: it says nothing of the way.
    """
    scheme, mark, rest = href.partition("://")
    if not mark:
        return href
    end = min((at for sign in "/?#" if (at := rest.find(sign)) >= 0), default=len(rest))
    host, colon, port = rest[:end].rpartition("@")[2].partition(":")
    return f"{scheme}://{'.'.join(map(_in_ascii, host.split('.')))}{colon}{port}{rest[end:]}"


def _in_ascii(label: str) -> str:
    return label if label.isascii() else f"xn--{label.lower().encode('punycode').decode()}"


def call_sign(state: CallState) -> tuple[str, str]:
    """Sign and colour of a call's state; the word beside it is `call_word`."""
    return _SIGNS[state]


def call_word(state: CallState) -> str:
    """State of a call in a word or two."""
    match state:
        case CallState.ARRIVING:
            return tr("arriving…")
        case CallState.ASKING:
            return tr("asks for permission")
        case CallState.RUNNING:
            return tr("running…")
        case CallState.ANSWERING:
            return tr("waits for your result")
        case CallState.DONE:
            return tr("done")
        case CallState.FAILED:
            return tr("failed")
        case CallState.DENIED:
            return tr("not run")


def ended_words(ended: Ended | None) -> tuple[str, str]:
    """Sign and sentence for a reply that is not simply complete; both empty if it is."""
    match ended:
        case Ended.STOPPED:
            return "■", tr("Stopped")
        case Ended.INTERRUPTED:
            return "⚠", tr("Interrupted. What came is kept.")
        case Ended.LENGTH:
            return "⚠", tr("The limit of tokens was reached.")
        case Ended.FILTERED:
            return "⚠", tr("Cut off by the provider's content filter.")
        case Ended.WAITING:
            return "?", tr("Waits for your decision.")
        case Ended.FAILED | Ended.COMPLETE | None:
            return "", ""


def picture_words(failure: PictureFailed, host: str) -> str:
    """Why a picture is not shown, in one sentence."""
    match failure.problem:
        case PictureProblem.ADDRESS:
            return tr("No pictures are loaded from such an address.")
        case PictureProblem.UNREACHABLE:
            return tr("{host} could not be reached.", host=host)
        case PictureProblem.REFUSED:
            return tr("{host} does not give it ({status}).", host=host, status=failure.detail)
        case PictureProblem.ELSEWHERE:
            return tr("{host} points to another host.", host=host)
        case PictureProblem.TOO_SLOW:
            return tr("{host} took too long.", host=host)
        case PictureProblem.TOO_LARGE:
            return tr("It is too large to be shown.")
        case PictureProblem.NO_PICTURE:
            return tr("What is there is not a picture that can be shown.")
        case PictureProblem.GONE:
            return tr("It was not kept on this computer.")
        case _:
            assert_never(failure.problem)


_SIGNS = {
    CallState.ARRIVING: ("…", "secondary"),
    CallState.ASKING: ("?", "warn"),
    CallState.RUNNING: ("●", "accent"),
    CallState.ANSWERING: ("✎", "warn"),
    CallState.DONE: ("✓", "ok"),
    CallState.FAILED: ("✗", "bad"),
    CallState.DENIED: ("✗", "warn"),
}
