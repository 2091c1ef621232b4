from dataclasses import replace

import pytest

from desktop_chat.domain.changes import CallState
from desktop_chat.domain.message import Round
from desktop_chat.domain.usage import Usage
from desktop_chat.ui.inspector.figures import Series, spans_of, steps_of, turn_of
from tests.ui.inspector.sessions import failed, finished, streaming, waiting_for_first_token


def test_reported_tokens_are_taken_as_they_are():
    turn = turn_of(finished())

    assert turn.tokens == 412
    assert not turn.is_estimate
    assert turn.first_token_ms == 182
    assert turn.elapsed_ms == 4820
    assert turn.usage == Usage(792, 512, 412, 88, 1204)


def test_the_rate_leaves_waiting_and_tools_out():
    turn = turn_of(finished())

    assert turn.tokens_per_second == pytest.approx(412 * 1000 / ((1310 - 182) + (4820 - 1900)))


def test_deltas_stand_in_until_usage_is_reported():
    turn = turn_of(streaming())

    assert turn.is_estimate
    assert turn.tokens == 112 + 40


def test_a_turn_without_output_has_neither_rate_nor_first_token():
    turn = turn_of(failed())

    assert (turn.first_token_ms, turn.tokens_per_second, turn.tokens) == (None, None, 0)
    assert not turn.is_estimate


def test_the_timeline_has_requests_and_tools_in_order():
    spans = spans_of(turn_of(finished()))

    assert [(span.number, span.name, span.started_ms, span.ended_ms) for span in spans] == [
        (1, "", 0, 1310),
        (0, "get_weather", 1310, 1722),
        (2, "", 1722, 4820),
    ]
    assert spans[1].state is CallState.DONE


def test_a_running_request_reaches_to_now():
    (span,) = spans_of(turn_of(waiting_for_first_token()))

    assert span.is_running
    assert span.ended_ms == 3210


def test_rates_are_taken_over_the_second_before():
    series = Series()
    for quarter in range(13):
        series.note(quarter * 250, quarter * 25)

    assert series.rates()[-1] == (3000, 100.0)


def test_a_gap_in_watching_becomes_its_average():
    series = Series()
    series.note(0, 0)
    series.note(10_000, 500)

    assert series.rates()[-1] == (10_000, 50.0)


def test_a_long_series_is_thinned_out_and_keeps_its_ends():
    series = Series()
    for quarter in range(10_000):
        series.note(quarter * 250, quarter)

    assert len(series.samples) <= 480
    assert series.samples[0] == (0, 0)
    assert series.samples[-1] == (9999 * 250, 9999)


def test_a_turn_nobody_watched_is_drawn_level_by_request():
    steps = steps_of(turn_of(finished()))

    assert [ms for ms, _ in steps] == [182, 182, 1310, 1310, 1900, 1900, 4820, 4820]


def test_a_reply_in_one_piece_has_no_rate():
    session = finished()
    message = session.conversation.messages["a1"]
    session.conversation.put(replace(message, rounds=(Round(0, 100, 100, "stop", None, deltas=1),)))

    assert turn_of(session).tokens_per_second is None
