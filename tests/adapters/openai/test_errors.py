"""Every error of the SDK, and the error bodies of common servers."""

import inspect
import socket
import ssl
from typing import Any

import httpx2
import openai
import pytest

from desktop_chat.adapters.openai.errors import from_exception, from_status, mask, reported
from desktop_chat.domain import errors
from tests.adapters.openai.asking import KEY

REQUEST = httpx2.Request("POST", "http://127.0.0.1/v1/chat/completions")


def sdk_exceptions() -> list[type[Exception]]:
    found = {
        value
        for value in list(vars(openai).values())
        if inspect.isclass(value) and issubclass(value, Exception) and not issubclass(value, Warning)
    }
    return sorted(found, key=lambda kind: kind.__name__)


def instance_of(kind: type[Exception]) -> Exception:
    error = kind.__new__(kind)
    Exception.__init__(error, f"said by {kind.__name__} with {KEY}")
    status = getattr(kind, "status_code", 500)
    response = httpx2.Response(status if isinstance(status, int) else 500, text=f"body {KEY}", request=REQUEST)
    fields: dict[str, Any] = {"request": REQUEST, "body": None, "message": f"text {KEY}", "response": response}
    for name, value in {**fields, "status_code": response.status_code, "request_id": None}.items():
        setattr(error, name, value)
    return error


@pytest.mark.parametrize("kind", sdk_exceptions(), ids=lambda kind: kind.__name__)
def test_each_exception_of_the_sdk_becomes_a_provider_error_without_the_key(kind: type[Exception]) -> None:
    error = from_exception(instance_of(kind), key=KEY)

    assert isinstance(error, errors.ProviderError)
    assert KEY not in f"{error} {error.detail}"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("BadRequestError", errors.RequestRejected),
        ("AuthenticationError", errors.KeyRejected),
        ("PermissionDeniedError", errors.AccessDenied),
        ("NotFoundError", errors.ModelNotFound),
        ("ConflictError", errors.ServerBusy),
        ("UnprocessableEntityError", errors.RequestRejected),
        ("RateLimitError", errors.RateLimited),
        ("InternalServerError", errors.ServerBusy),
        ("APIConnectionError", errors.Unreachable),
        ("APITimeoutError", errors.Unreachable),
        ("APIResponseValidationError", errors.BadReply),
        ("APIError", errors.StreamError),
        ("OpenAIError", errors.BadReply),
    ],
)
def test_the_common_ones_become_the_right_error(name: str, kind: type[errors.ProviderError]) -> None:
    assert type(from_exception(instance_of(getattr(openai, name)))) is kind


def caused(cause: BaseException) -> Exception:
    error = openai.APIConnectionError(request=REQUEST)
    error.__cause__ = httpx2.ConnectError(str(cause))
    error.__cause__.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("cause", "kind"),
    [
        (socket.gaierror(socket.EAI_NONAME, "Name or service not known"), errors.NameNotFound),
        (socket.gaierror(socket.EAI_AGAIN, "Temporary failure"), errors.Unreachable),
        (ssl.SSLCertVerificationError("self-signed certificate"), errors.CertificateRejected),
        (ssl.SSLError("wrong version number"), errors.CertificateRejected),
        (ConnectionRefusedError("refused"), errors.Unreachable),
        (ConnectionResetError("reset"), errors.Unreachable),
        (OSError("no route to host"), errors.Unreachable),
        (httpx2.ReadTimeout("slow"), errors.TimedOut),
    ],
    ids=lambda value: repr(value) if isinstance(value, Exception) else value.__name__,
)
def test_what_lies_behind_a_connection_error_decides(cause: Exception, kind: type[errors.ProviderError]) -> None:
    error = from_exception(caused(cause))

    assert type(error) is kind
    assert str(cause) in error.detail


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (400, {"message": "…", "code": "context_length_exceeded"}, errors.PromptTooLong),
        (400, {"code": 400, "message": "too long", "type": "exceed_context_size_error"}, errors.PromptTooLong),
        (400, {"message": "This model's maximum context length is 4096 tokens"}, errors.PromptTooLong),
        (400, {"object": "error", "message": "max_model_len=2048 is too small"}, errors.PromptTooLong),
        (413, "prompt is too long: 210000 tokens > 200000 maximum", errors.PromptTooLong),
        (500, {"error": "the request exceeds the available context size"}, errors.PromptTooLong),
        (429, {"message": "You exceeded your current quota", "code": "insufficient_quota"}, errors.QuotaExceeded),
        (429, {"message": "You exceeded your current quota", "status": "RESOURCE_EXHAUSTED"}, errors.RateLimited),
        (429, {"message": "Too many requests"}, errors.RateLimited),
        (402, {"message": "Payment required"}, errors.QuotaExceeded),
        (403, {"message": "Insufficient credits"}, errors.QuotaExceeded),
        (404, {"message": "model 'x' not found, try pulling it first"}, errors.ModelNotFound),
        (404, "<html>404</html>", errors.ModelNotFound),
        (400, {"message": "The model `x` does not exist", "code": "model_not_found"}, errors.ModelNotFound),
        (400, [{"error": {"message": "API key not valid. Please pass a valid API key."}}], errors.KeyRejected),
        (401, {"detail": "Unauthorized"}, errors.KeyRejected),
        (403, {"message": "Country not supported"}, errors.AccessDenied),
        (422, {"detail": [{"loc": ["body", "x"], "msg": "field required"}]}, errors.RequestRejected),
        (503, {"message": "Loading model"}, errors.ServerBusy),
        (503, {"message": "The model is not available right now"}, errors.ServerBusy),
        (529, {"message": "Overloaded"}, errors.ServerBusy),
        (418, "", errors.RequestRejected),
        (302, "", errors.BadReply),
    ],
)
def test_bodies_of_common_servers_are_understood(status: int, body: object, kind: type[errors.ProviderError]) -> None:
    error = from_status(status, body, httpx2.Headers())

    assert type(error) is kind
    assert error.status == status


def test_the_sentence_of_the_server_is_found_in_every_packing() -> None:
    assert from_status(422, {"detail": [{"msg": "field required"}]}, {}).detail == "field required"
    assert from_status(400, {"error": {"message": "no"}}, {}).detail == "no"
    assert from_status(400, "plain", {}).detail == "plain"


@pytest.mark.parametrize(
    ("headers", "text", "wait_s"),
    [
        ({"retry-after": "2"}, "", 2.0),
        ({"retry-after": "3600"}, "", 3600.0),
        ({"retry-after-ms": "1500", "retry-after": "9"}, "", 1.5),
        ({"retry-after": "Wed, 01 Jan 2020 00:00:00 GMT"}, "", 0.0),
        ({"retry-after": "soon"}, "", None),
        ({"retry-after": "-1"}, "", None),
        ({"retry-after": "inf"}, "", None),
        ({}, "Please try again in 20s.", 20.0),
        ({}, "Please try again in 250ms.", 0.25),
        ({}, "Later.", None),
    ],
)
def test_the_wait_the_server_asks_for_is_read(headers: dict[str, str], text: str, wait_s: float | None) -> None:
    assert from_status(429, {"message": text}, httpx2.Headers(headers)).retry_after_s == wait_s


def test_an_error_inside_a_stream_is_recognised_too() -> None:
    assert type(reported({"code": 429, "message": "slow"})) is errors.RateLimited
    assert type(reported({"message": "context length exceeded"})) is errors.PromptTooLong
    assert type(reported({"message": "crashed"})) is errors.StreamError
    assert type(reported("crashed")) is errors.StreamError
    assert str(reported({}))


@pytest.mark.parametrize(
    "text",
    [
        f"bad key {KEY}",
        "Incorrect API key provided: sk-proj-abc***xyz.",
        "header Authorization: Bearer abcdef123456 refused",
        "gsk_abcdefghij",
    ],
)
def test_keys_are_masked(text: str) -> None:
    masked = mask(text, KEY)

    assert "•••" in masked
    assert not any(secret in masked for secret in (KEY, "abc***xyz", "abcdef123456", "gsk_abc"))


@pytest.mark.parametrize("text", ["skipping the skeleton", "pkgconfig", "hfcache is full", "gskeletons"])
def test_words_that_begin_like_a_key_are_left_alone(text: str) -> None:
    assert mask(text) == text
