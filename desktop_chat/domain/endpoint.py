"""Where answers come from: an OpenAI-compatible endpoint, without its key."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from desktop_chat.domain.ids import EndpointId

DEMO_ENDPOINT_ID = EndpointId("demo")
"""The endpoint built into the app; its base URL is known once its server runs."""

ENVIRONMENT_ENDPOINT_ID = EndpointId("environment")
"""The endpoint described by OPENAI_API_KEY and OPENAI_BASE_URL; its key is never stored."""

DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An endpoint as the person set it up. The key is elsewhere, bound to `origin`."""

    id: EndpointId
    name: str
    base_url: str
    """Up to and including the version, e.g. `http://127.0.0.1:8080/v1`."""
    model: str = ""
    """Used when a conversation names none."""
    connect_s: float = 10.0
    first_token_s: float | None = None
    """`None`: wait as long as it takes; slow local models need minutes."""
    between_tokens_s: float = 120.0
    sends_stream_options: bool = True
    """False once the endpoint has rejected `stream_options`; then usage is not asked for."""
    has_key: bool = False
    """The keyring has a key for its origin; it is not asked otherwise. Kept right by `core/endpoints.py`."""

    @property
    def origin(self) -> str:
        """Scheme, host and port that a key belongs to, e.g. `https://api.example.org:443`."""
        return origin_of(self.base_url)

    @property
    def origin_or_empty(self) -> str:
        """As `origin`; empty while the address is none."""
        try:
            return self.origin
        except ValueError:
            return ""


def origin_of(url: str) -> str:
    """Reduce a URL to scheme, host and port, all in lower case, the port always there.

    Raises:
        ValueError: The URL has no http(s) scheme or no host, or a port that is none.
    """
    parts = urlsplit(url)
    if parts.scheme not in DEFAULT_PORTS or not parts.hostname:
        raise ValueError(f"not an http(s) address: {url!r}")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{host}:{parts.port or DEFAULT_PORTS[parts.scheme]}"
