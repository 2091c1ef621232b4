"""What can be said of a base URL while it is typed."""

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from desktop_chat.ui.preferences.form import tr

ENDINGS = ("/chat/completions", "/completions", "/models", "/responses")


@dataclass(frozen=True, slots=True)
class Hint:
    """A remark about an address, and what it would be if the hint were followed."""

    text: str
    better: str = ""


def request_url(base_url: str) -> str:
    """Where the questions go; empty if the address names no server."""
    return f"{base_url.rstrip('/')}/chat/completions" if host_of(base_url) else ""


def host_of(base_url: str) -> str:
    """Host and port as a person knows the server by; empty if there is none."""
    try:
        parts = urlsplit(base_url.strip())
        return parts.netloc.rsplit("@", 1)[-1] if parts.scheme in ("http", "https") and parts.hostname else ""
    except ValueError:
        return ""


def hint_for(base_url: str, *, has_key: bool) -> Hint | None:
    """The most useful remark about an address, if there is one."""
    base_url = base_url.strip().rstrip("/")
    if not base_url:
        return None
    if "://" not in base_url:
        scheme = "http" if _is_near(base_url.split("/")[0].rsplit(":", 1)[0]) else "https"
        return Hint(tr("Begin with http:// or https://."), f"{scheme}://{base_url}")
    if not host_of(base_url):
        return None
    for ending in ENDINGS:
        if base_url.endswith(ending):
            return Hint(
                tr("Leave out {ending}: it is added to every request.").format(ending=ending),
                base_url.removesuffix(ending),
            )
    if not re.search(r"/v\d+(/|$)", urlsplit(base_url).path):
        return Hint(tr("Most servers want /v1 at the end."), f"{base_url}/v1")
    if has_key and base_url.startswith("http://") and not _is_near(urlsplit(base_url).hostname or ""):
        return Hint(tr("The key travels unencrypted over http."), "https" + base_url[len("http") :])
    return None


def _is_near(host: str) -> bool:
    if host == "localhost" or host.endswith((".localhost", ".local", ".lan")):
        return True
    try:
        address = ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return address.is_loopback or address.is_private
