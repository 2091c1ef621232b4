"""Which proxy the system names for an address; the same for models, pictures and the feed of versions."""

import ipaddress
import urllib.request
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # Heavy; whoever asks has it already.
    import httpx2


def proxy_for(url: "httpx2.URL") -> str:
    """The system's proxy for an address; empty for none. This computer is never asked for through a proxy.

    The system may have to ask somebody itself.
    """
    if is_loopback(url.host) or urllib.request.proxy_bypass(f"{url.host}:{url.port}" if url.port else url.host):
        return ""
    proxies = urllib.request.getproxies()
    proxy = proxies.get(url.scheme) or proxies.get("all") or ""
    return proxy if not proxy or "://" in proxy else f"http://{proxy}"


def is_loopback(host: str) -> bool:
    """True for names and addresses of this computer."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
