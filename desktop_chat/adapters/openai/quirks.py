"""What an endpoint or one of its models cannot do, learned from refusals; kept for this run.

`stream_options` is also remembered by the preferences (`Endpoint.sends_stream_options`),
which hear of it through the event `OptionDropped`.
"""

import re

from desktop_chat.domain.endpoint import Endpoint

STREAM_OPTIONS = "stream_options"
MAX_TOKENS = "max_tokens"
MAX_COMPLETION_TOKENS = "max_completion_tokens"
TOOLS = "tools"
NO_REASONING = "no reasoning"
"""Not a parameter: requests that leave out what the model thought before it called tools."""

_SIGNS = {
    STREAM_OPTIONS: re.compile(r"stream_options|include_usage"),
    MAX_TOKENS: re.compile(MAX_COMPLETION_TOKENS),
    # Ollama, OpenRouter, vLLM, llama.cpp without --jinja, Groq and others, in this order.
    TOOLS: re.compile(
        r"does not support tools|support tool use|enable-auto-tool-choice|tools param requires"
        r"|(?:tool|function)[ _-]?(?:s|use|calls|calling)?['`\"]? (?:is|are) not (?:supported|enabled|available)"
        r"|(?:does not|doesn't|not) support(?:ed)? (?:tool|function)",
        re.IGNORECASE,
    ),
    # DeepSeek and Kimi, once tools have answered.
    NO_REASONING: re.compile(
        r"reasoning_content\b.{0,80}\b(?:missing|must be|required)|missing\b.{0,20}\breasoning_content", re.IGNORECASE
    ),
}
"""Words in an error that mean: not this parameter."""

_OF_A_MODEL = frozenset({TOOLS, NO_REASONING})

_REFUSALS = {TOOLS: frozenset({400, 404, 422, 500, 501})}
_USUAL_REFUSALS = frozenset({400, 422})


class Quirks:
    """By address and not by id: an endpoint that moves is another endpoint. Tools and reasoning are a matter of the model."""

    def __init__(self) -> None:
        self._refused: dict[tuple[str, str], set[str]] = {}

    def refused(self, endpoint: Endpoint, model: str) -> frozenset[str]:
        """Parameters that are not sent to this endpoint for this model."""
        known = {name for key in ("", model) for name in self._refused.get((endpoint.base_url, key), ())}
        return frozenset(known if endpoint.sends_stream_options else known | {STREAM_OPTIONS})

    def learn(self, endpoint: Endpoint, model: str, sent: frozenset[str], status: int, complaint: str) -> str:
        """Find out which of the parameters that were sent the server complains about.

        Returns:
            Its name, from now on refused; empty if the complaint is about something else.
        """
        for name, signs in _SIGNS.items():
            if name in sent and status in _REFUSALS.get(name, _USUAL_REFUSALS) and signs.search(complaint):
                self._refused.setdefault((endpoint.base_url, model if name in _OF_A_MODEL else ""), set()).add(name)
                return name
        return ""
