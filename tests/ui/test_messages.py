"""Every expected error has words for people."""

from pathlib import Path

import pytest

from desktop_chat.domain import errors
from desktop_chat.domain.blocks import Notice
from desktop_chat.ui.actions.ids import ActionId
from desktop_chat.ui.messages import explain, retry_text, span_text

KINDS = [
    kind
    for kind in vars(errors).values()
    if isinstance(kind, type)
    and issubclass(kind, errors.ChatError)
    and kind not in (errors.ChatError, errors.ProviderError)
]
UNKNOWN = explain(RuntimeError()).title


def made(kind: type[Exception]) -> Exception:
    if issubclass(kind, errors.StoreRecovered):
        return kind(Path("conversations.damaged-1.sqlite"), 3, 12, (), Path("conversations.damaged-1.txt"))
    if issubclass(kind, errors.StoreExchanged):
        return kind(Path("conversations.other-1.sqlite"))
    if issubclass(kind, errors.QueryError):
        return kind("date", "before:soon")
    if issubclass(kind, errors.FeedRefused):
        return kind(next(iter(errors.FeedProblem)))
    return kind("technical detail")


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_expected_error_has_words_of_its_own(kind: type[Exception]) -> None:
    explanation = explain(made(kind))

    assert explanation.title != UNKNOWN
    assert explanation.text.strip()[-1] in ".?" or explanation.text == "technical detail"


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_a_notice_says_the_same_as_its_error(kind: type[Exception]) -> None:
    assert explain(Notice(kind.__name__, "technical detail")).title == explain(made(kind)).title


def test_what_the_server_said_is_in_the_detail() -> None:
    error = errors.RequestRejected("bad", detail="temperature must be at most 2", status=400, request_id="req_1")

    detail = explain(error).detail

    assert "temperature must be at most 2" in detail
    assert "400" in detail
    assert "req_1" in detail
    assert explain(Notice("RequestRejected", error.detail, status=400, request_id="req_1")).detail == detail


def test_the_wait_the_server_asks_for_is_said() -> None:
    assert "20 s" in explain(errors.RateLimited("slow down", retry_after_s=20)).text


def test_a_subclass_nobody_wrote_words_for_has_those_of_its_kind() -> None:
    class DiskOnFire(errors.StoreError):
        """Of the future."""

    assert explain(DiskOnFire()).title == explain(errors.StoreError()).title


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.2, "1 s"), (4, "4 s"), (89, "89 s"), (120, "2 min"), (3600, "60 min"), (7500, "2 h 5 min")]
)
def test_spans_are_said_as_people_say_them(seconds: float, text: str) -> None:
    assert span_text(seconds) == text


@pytest.mark.parametrize("kind", [errors.Unreachable, errors.AccessDenied, errors.ModelNotFound])
def test_where_a_server_or_model_is_of_no_use_another_one_can_be_chosen(kind: type[errors.ProviderError]) -> None:
    offered = {ActionId.MESSAGE_REGENERATE, ActionId.MESSAGE_REPLY_WITH, ActionId.APP_ENDPOINTS}

    assert set(explain(kind("no")).actions) == offered


def test_a_retry_is_counted() -> None:
    assert retry_text(errors.ServerBusy(), 2, 3, 4.0) == "The server has a problem: retry 2 of 3 in 4 s"
