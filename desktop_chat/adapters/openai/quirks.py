"""What an endpoint cannot do, learned from its refusals; kept for this run.

`stream_options` is also remembered by the preferences (`Endpoint.sends_stream_options`),
which hear of it through the event `OptionDropped`.
"""

from desktop_chat.domain.endpoint import Endpoint

STREAM_OPTIONS = "stream_options"
MAX_TOKENS = "max_tokens"
MAX_COMPLETION_TOKENS = "max_completion_tokens"

_SIGNS = {STREAM_OPTIONS: ("stream_options", "include_usage"), MAX_TOKENS: (MAX_COMPLETION_TOKENS,)}
"""Words in an error that mean: not this parameter."""

_REFUSALS = frozenset({400, 422})


class Quirks:
    """By address and not by id: an endpoint that moves is another endpoint."""

    def __init__(self) -> None:
        self._refused: dict[str, set[str]] = {}

    def refused(self, endpoint: Endpoint) -> frozenset[str]:
        """Parameters that are not sent to this endpoint."""
        known = self._refused.get(endpoint.base_url, set())
        return frozenset(known if endpoint.sends_stream_options else known | {STREAM_OPTIONS})

    def learn(self, endpoint: Endpoint, sent: frozenset[str], status: int, complaint: str) -> str:
        """Find out which of the parameters that were sent the server complains about.

        Returns:
            Its name, from now on refused; empty if the complaint is about something else.
        """
        if status not in _REFUSALS:
            return ""
        for name, signs in _SIGNS.items():
            if name in sent and any(sign in complaint for sign in signs):
                self._refused.setdefault(endpoint.base_url, set()).add(name)
                return name
        return ""
