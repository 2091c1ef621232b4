"""Where answers come from: an OpenAI-compatible endpoint, without its key."""

import re
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


def clean_address(text: str) -> str:
    """A typed base URL as it is kept: nothing around it, no slash at its end.

    Raises:
        ValueError: No request can be sent there; the text is a sentence for people.
    """
    url = text.strip().rstrip("/")
    try:
        origin_of(url)
    except ValueError as error:
        raise ValueError("the address must begin with http:// or https:// and name a server") from error
    # What follows would be read as another server by one library or another, or keep a secret in the settings.
    if re.search(r"[\s\\\x00-\x1f\x7f]", url):
        raise ValueError("the address must not contain spaces or backslashes")
    if "@" in urlsplit(url).netloc:
        raise ValueError("the address must not contain a name or password; give the key separately")
    if "?" in url or "#" in url:
        raise ValueError("the address must end before a ? or #")
    return url
