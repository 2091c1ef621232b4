"""SDK exceptions and the error bodies of common servers to domain errors.

Whatever a server says may hold the key (OpenAI repeats a wrong one), so every text goes
through `mask` before it leaves this module.
"""

import email.utils
import json
import re
import socket
import ssl
import time
from collections.abc import Iterator, Mapping
from typing import Any

import httpx2
import openai

from desktop_chat.domain import errors

DETAIL_CHARACTERS = 2_000

_TOO_LONG = re.compile(
    r"context_length_exceeded|exceed_context_size|maximum context length|context (?:length|size|window)"
    r"|prompt is too long|input is too long|too many (?:input )?tokens|reduce the length|max_model_len"
    r"|exceeds the maximum (?:number of tokens|length)",
    re.IGNORECASE,
)
_NO_CREDIT = re.compile(
    r"insufficient[ _](?:quota|credit|balance|funds)|billing_hard_limit|billing_not_active|out of credits"
    r"|exceeded your current quota",
    re.IGNORECASE,
)
_NO_MODEL = re.compile(
    r"model_not_found|model[^.]{0,80}(?:not found|does not exist|not exist|not available)|unknown model|no such model",
    re.IGNORECASE,
)
_BAD_KEY = re.compile(r"invalid_api_key|api[ _]key (?:not valid|is invalid|not found)|incorrect api key", re.IGNORECASE)
_WAIT = re.compile(r"(?:try again|retry) in ([\d.]+) ?(ms|s)\b", re.IGNORECASE)
_KEY_LIKE = re.compile(
    r"\b(?:sk|gsk|xai|hf|pk|AIza)(?:[-_][A-Za-z0-9_\-*]{4,}|[A-Za-z0-9_\-*]{16,})|(?<=Bearer )\S+", re.IGNORECASE
)
"""Without a dash only long ones: `skipping` is a word."""


def mask(text: str, key: str = "") -> str:
    """Take keys out of a text: this one, and whatever looks like one."""
    if len(key) >= 4:
        text = text.replace(key, "•••")
    return _KEY_LIKE.sub("•••", text)


def from_exception(error: BaseException, *, key: str = "", url: str = "") -> errors.ProviderError:
    """Map anything the SDK or the HTTP library raises before or while an answer comes.

    Args:
        error: What was raised.
        key: Taken out of every text.
        url: What was asked, for the text.
    """
    if isinstance(error, errors.ProviderError):
        return error
    if isinstance(error, openai.APIStatusError):
        return from_status(error.status_code, error.body, error.response.headers, key=key, text=_text_of(error))
    if isinstance(error, openai.APIConnectionError | httpx2.HTTPError | OSError):
        return _of_connection(error, key=key, url=url)
    if isinstance(error, UnicodeEncodeError):
        return errors.RequestRejected("the text holds half a character, which cannot be sent")
    if isinstance(error, httpx2.InvalidURL | ValueError) and not isinstance(error, openai.OpenAIError):
        return errors.RequestRejected(f"the address cannot be used: {mask(str(error), key)}")
    if isinstance(error, openai.APIError) and not isinstance(error, openai.APIResponseValidationError):
        return reported(error.body or error.message, key=key)
    return errors.BadReply(mask(f"{type(error).__name__}: {error}", key))


def from_status(
    status: int, body: object, headers: Mapping[str, str], *, key: str = "", text: str = ""
) -> errors.ProviderError:
    """Map an answer with an error status.

    Args:
        status: The HTTP status.
        body: The decoded body, or a part of it, or its text.
        headers: Of the answer; names without regard to case.
        key: Taken out of every text.
        text: The whole body as text, where known.
    """
    said = _said(body) or text
    signs = f"{text} {said} {_plain(body)}"
    detail = mask(said or f"status {status}", key)[:DETAIL_CHARACTERS]
    if 300 <= status < 400:
        detail = f"the server redirects to {headers.get('location', 'nowhere')}; this was not followed"
    kind = _kind(status, signs)
    return kind(
        f"{status}: {detail}",
        detail=detail,
        status=status,
        request_id=headers.get("x-request-id", ""),
        retry_after_s=_retry_after(headers, signs),
    )


def reported(body: object, *, key: str = "", request_id: str = "") -> errors.ProviderError:
    """Map an error that stands where an answer should be, under status 200."""
    said = _said(body) or "the server reported an error without a text"
    signs = f"{said} {_plain(body)}"
    code = body.get("code") if isinstance(body, dict) else None
    status = int(code) if isinstance(code, int | str) and str(code).isdecimal() and 400 <= int(code) < 600 else None
    kind = _kind(status, signs) if status else next((k for r, k in _BY_WORDS if r.search(signs)), errors.StreamError)
    detail = mask(said, key)[:DETAIL_CHARACTERS]
    wait_s = _retry_after({}, signs)
    return kind(detail, detail=detail, status=status, request_id=request_id, retry_after_s=wait_s)


_BY_WORDS: tuple[tuple[re.Pattern[str], type[errors.ProviderError]], ...] = (
    (_TOO_LONG, errors.PromptTooLong),
    (_NO_CREDIT, errors.QuotaExceeded),
    (_BAD_KEY, errors.KeyRejected),
    (_NO_MODEL, errors.ModelNotFound),
)

_BY_STATUS: dict[int, type[errors.ProviderError]] = {
    401: errors.KeyRejected,
    402: errors.QuotaExceeded,
    403: errors.AccessDenied,
    404: errors.ModelNotFound,
    408: errors.ServerBusy,
    409: errors.ServerBusy,
    425: errors.ServerBusy,
    429: errors.RateLimited,
}


def _kind(status: int, signs: str) -> type[errors.ProviderError]:
    if status < 400:
        return errors.BadReply
    if status == 429:
        # Gemini says "exceeded your current quota" for limits per minute.
        is_quota = _NO_CREDIT.search(signs) and "RESOURCE_EXHAUSTED" not in signs
        return errors.QuotaExceeded if is_quota else errors.RateLimited
    if status in (400, 403, 413, 422) or status >= 500:
        found = next((kind for words, kind in _BY_WORDS if words.search(signs)), None)
        # An overloaded server may mention a model; only a prompt that is too long stays too long.
        if found is not None and (status < 500 or found is errors.PromptTooLong):
            return found
    return _BY_STATUS.get(status, errors.ServerBusy if status >= 500 else errors.RequestRejected)


def _of_connection(error: BaseException, *, key: str, url: str) -> errors.ProviderError:
    chain = list(_causes(error))
    detail = mask(f"{_deepest_text(chain)}{f' ({url})' if url else ''}", key)
    for cause in chain:
        if isinstance(cause, errors.ProviderError):
            return cause
        if isinstance(cause, socket.gaierror):
            # "Try again" means that no name server was reached: the network is away, not the name.
            kind = errors.Unreachable if cause.errno == socket.EAI_AGAIN else errors.NameNotFound
            return kind(detail)
        if isinstance(cause, ssl.SSLError):
            return errors.CertificateRejected(detail)
        if isinstance(cause, httpx2.ProxyError):
            wants_password = "407" in str(cause)
            return (errors.ProxyUnusable if wants_password else errors.Unreachable)(f"the proxy answered: {detail}")
        if isinstance(cause, httpx2.TooManyRedirects):
            return errors.BadReply(f"the server redirects in circles{f' ({url})' if url else ''}")
        if isinstance(cause, httpx2.ReadTimeout):
            return errors.TimedOut(detail)
        if isinstance(cause, httpx2.UnsupportedProtocol | httpx2.LocalProtocolError):
            return errors.RequestRejected(detail)
    return errors.Unreachable(detail)


def _causes(error: BaseException) -> Iterator[BaseException]:
    step: BaseException | None = error
    while step is not None:
        yield step
        if isinstance(step, BaseExceptionGroup):
            step = step.exceptions[0]
        else:
            step = step.__cause__ or step.__context__


def _deepest_text(chain: list[BaseException]) -> str:
    return next((str(cause) for cause in reversed(chain) if str(cause)), type(chain[0]).__name__)


def _said(body: object) -> str:
    """The sentence in an error body, whichever way the server packs it."""
    if isinstance(body, str):
        return body.strip()
    if isinstance(body, list):
        return "; ".join(filter(None, (_said(item) for item in body)))
    if not isinstance(body, dict):
        return ""
    for name in ("message", "msg", "error", "detail", "error_description"):
        said = _said(body.get(name))
        if said:
            return said
    return ""


def _text_of(error: openai.APIStatusError) -> str:
    try:
        return error.response.text[:DETAIL_CHARACTERS]
    except (httpx2.ResponseNotRead, httpx2.StreamError):
        return ""


def _plain(body: object) -> str:
    return json.dumps(body, ensure_ascii=False, default=str)[:DETAIL_CHARACTERS] if body else ""


def _retry_after(headers: Mapping[str, Any], signs: str) -> float | None:
    for name, unit_s in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        try:
            wait_s = float(headers.get(name, "")) * unit_s
        except ValueError:
            continue
        return wait_s if 0 <= wait_s < float("inf") else None
    date = email.utils.parsedate_tz(headers.get("retry-after", ""))
    if date is not None:
        return max(0.0, email.utils.mktime_tz(date) - time.time())
    found = _WAIT.search(signs)
    try:
        return float(found[1]) * (0.001 if found[2].lower() == "ms" else 1.0) if found else None
    except ValueError:
        return None
