"""The figures of a turn, worked out from what was measured and reported.

No Qt here. Where a server reports usage its figures are taken as they are; where it does
not (yet), deltas are counted instead and the figure says that it is an estimate.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from desktop_chat.domain.blocks import ToolCall, ToolResult
from desktop_chat.domain.changes import CallState
from desktop_chat.domain.draft import Draft
from desktop_chat.domain.ids import MessageId
from desktop_chat.domain.message import Ended, Message, Role, Round
from desktop_chat.domain.usage import Usage, total

if TYPE_CHECKING:
    from desktop_chat.core.session import Session

SHORTEST_SPAN_MS = 20
"""Below this a rate would be a matter of chance: everything came in one piece."""
SERIES_SAMPLES = 480
"""Two minutes at four samples a second; a longer series is thinned out."""
SMOOTHING_MS = 1000
NEVER_RAN = (None, CallState.ARRIVING, CallState.ASKING, CallState.DENIED)


@dataclass(frozen=True, slots=True)
class CallFigures:
    """A tool call as the inspector shows it, running or long past."""

    call: ToolCall
    state: CallState | None
    """`None`: it was never answered and nothing waits for it now."""
    is_own: bool
    started_ms: int
    duration_ms: int
    result: ToolResult | None


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn as measured: the running one, or the last of the shown path."""

    message_id: MessageId
    rounds: tuple[Round, ...]
    calls: tuple[CallFigures, ...]
    elapsed_ms: int
    is_running: bool
    ended: Ended | None = None
    model: str = ""
    endpoint_name: str = ""

    @property
    def first_token_ms(self) -> int | None:
        """From the beginning of the turn to the first token of any kind."""
        return next((r.first_token_ms for r in self.rounds if r.first_token_ms is not None), None)

    @property
    def is_estimate(self) -> bool:
        """True if any request with output has no reported completion tokens."""
        return any(r.deltas and (r.usage is None or r.usage.completion_tokens is None) for r in self.rounds)

    @property
    def tokens(self) -> int:
        """Completion tokens of all requests; deltas where they were not reported."""
        return sum(_tokens_of(round_) for round_ in self.rounds)

    @property
    def tokens_per_second(self) -> float | None:
        """Tokens over the time in which they came; waiting and tools do not count."""
        tokens = span_ms = 0
        for round_ in self.rounds:
            if round_.first_token_ms is not None:
                tokens += _tokens_of(round_)
                span_ms += max(0, self.end_of(round_) - round_.first_token_ms)
        return tokens * 1000 / span_ms if span_ms >= SHORTEST_SPAN_MS else None

    @property
    def usage(self) -> Usage:
        """What the server reported for the turn, added up."""
        return total(r.usage for r in self.rounds if r.usage is not None)

    def end_of(self, round_: Round) -> int:
        """When the request ended; now if it runs, its last trace if it was cut off."""
        if round_.ended_ms is not None:
            return round_.ended_ms
        if self.is_running and round_ is self.rounds[-1]:
            return self.elapsed_ms
        return round_.first_token_ms if round_.first_token_ms is not None else round_.started_ms


@dataclass(frozen=True, slots=True)
class Span:
    """A bar of the timeline."""

    number: int
    """Of a request, counted from 1; 0 for a tool call."""
    name: str
    """Of the tool; empty for a request."""
    started_ms: int
    first_token_ms: int | None
    ended_ms: int
    is_running: bool
    state: CallState | None
    tries: int = 1


def draft_of(session: Session | None) -> Draft | None:
    """The reply that is being written, if one is."""
    return session.draft if session is not None and session.is_running else None


def turn_of(session: Session | None, message_id: MessageId | None = None) -> Turn | None:
    """The turn to show: the running one, else that of a reply that was asked for, else of the last, else none."""
    if session is None:
        return None
    draft = draft_of(session)
    if draft is not None:
        message = draft.message()
    else:
        path = session.conversation.path()
        # Looked for from the end: nobody may wait for ten thousand.
        found = next((m for m in reversed(path) if m.id == message_id), None) if message_id else None
        if found is None or found.role is not Role.ASSISTANT:
            found = next((m for m in reversed(path) if m.role is Role.ASSISTANT), None)
        if found is None:
            return None
        message = found
    calls = calls_of(message, session)
    elapsed_ms = session.elapsed_ms if session.is_running else _span_of(message.rounds, calls)
    return Turn(
        message.id,
        message.rounds,
        calls,
        elapsed_ms,
        session.is_running,
        message.ended,
        message.model,
        message.endpoint_name,
    )


def calls_of(message: Message, session: Session) -> tuple[CallFigures, ...]:
    """The tool calls of a reply, in order, with what the session knows of each."""
    results = message.results
    found = []
    for block in message.blocks:
        if not isinstance(block, ToolCall):
            continue
        status = session.calls.get(block.call_id)
        result = results.get(block.call_id)
        if status is None:
            found.append(_from_message(block, result))
        else:
            shown = status.result or result
            found.append(
                CallFigures(
                    block,
                    status.state,
                    status.is_own,
                    status.started_ms or 0,
                    status.duration_ms or (shown.duration_ms if shown is not None else 0),
                    shown,
                )
            )
    return tuple(found)


def spans_of(turn: Turn) -> list[Span]:
    """Requests and tool calls of a turn in the order in which they began."""
    spans = [
        Span(
            number,
            "",
            round_.started_ms,
            round_.first_token_ms,
            turn.end_of(round_),
            turn.is_running and round_.ended_ms is None,
            None,
            round_.tries,
        )
        for number, round_ in enumerate(turn.rounds, 1)
    ]
    for call in turn.calls:
        if call.state in NEVER_RAN:
            continue
        if not (turn.rounds or call.started_ms or call.duration_ms or is_busy(call)):
            continue  # Came with an import: when it ran, and how long, is not known.
        ended_ms = turn.elapsed_ms if is_busy(call) else call.started_ms + call.duration_ms
        spans.append(
            Span(0, call.call.name, call.started_ms, None, max(ended_ms, call.started_ms), is_busy(call), call.state)
        )
    return sorted(spans, key=lambda span: span.started_ms)


def is_busy(call: CallFigures) -> bool:
    """True while the tool, or the person in its place, is at work."""
    return call.state in (CallState.RUNNING, CallState.ANSWERING)


class Series:
    """Tokens over time: samples of (ms, deltas so far), from which the chart takes rates."""

    def __init__(self) -> None:
        self.samples: list[tuple[int, int]] = []

    def note(self, elapsed_ms: int, deltas: int) -> None:
        """Add a sample; older ones are thinned out when there are many."""
        if self.samples and elapsed_ms <= self.samples[-1][0]:
            return
        self.samples.append((elapsed_ms, deltas))
        if len(self.samples) > SERIES_SAMPLES:
            self.samples = [*self.samples[:-1:2], self.samples[-1]]

    def rates(self) -> list[tuple[int, float]]:
        """Tokens per second at each sample, over the second before it."""
        rates: list[tuple[int, float]] = []
        before = 0
        for at, (ms, deltas) in enumerate(self.samples):
            if at == 0:
                rates.append((ms, 0.0))
                continue
            while before + 1 < at and ms - self.samples[before + 1][0] >= SMOOTHING_MS:
                before += 1
            then_ms, then_deltas = self.samples[before]
            rates.append((ms, max(0.0, (deltas - then_deltas) * 1000 / (ms - then_ms))))
        return rates


def steps_of(turn: Turn) -> list[tuple[int, float]]:
    """The rate of each request as a level line: all that is known of a turn nobody watched."""
    steps: list[tuple[int, float]] = []
    for round_ in turn.rounds:
        if round_.first_token_ms is None:
            continue
        ended_ms = turn.end_of(round_)
        span_ms = ended_ms - round_.first_token_ms
        if span_ms < SHORTEST_SPAN_MS:
            continue
        rate = _tokens_of(round_) * 1000 / span_ms
        steps += [(round_.first_token_ms, 0.0), (round_.first_token_ms, rate), (ended_ms, rate), (ended_ms, 0.0)]
    return steps


def deltas_of(rounds: Sequence[Round]) -> int:
    """How many pieces of output came so far."""
    return sum(round_.deltas for round_ in rounds)


def _tokens_of(round_: Round) -> int:
    reported = round_.usage.completion_tokens if round_.usage is not None else None
    return round_.deltas if reported is None else reported


def _span_of(rounds: Iterable[Round], calls: Iterable[CallFigures]) -> int:
    ends = [r.ended_ms or r.first_token_ms or r.started_ms for r in rounds]
    ends += [call.started_ms + call.duration_ms for call in calls]
    return max(ends, default=0)


def _from_message(call: ToolCall, result: ToolResult | None) -> CallFigures:
    if result is None:
        return CallFigures(call, None, False, 0, 0, None)
    state = CallState.FAILED if result.is_error else CallState.DONE
    return CallFigures(call, state, False, result.started_ms, result.duration_ms, result)
