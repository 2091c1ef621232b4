"""Names of models out of whatever a server lists."""

from desktop_chat.domain.errors import BadReply


def model_names(listing: object) -> list[str]:
    """Read the answer to `GET /models`: OpenAI's form, Ollama's, or a bare list; ids may hold slashes.

    Raises:
        BadReply: It is none of these.
    """
    if isinstance(listing, dict):
        listing = next((listing[name] for name in ("data", "models") if isinstance(listing.get(name), list)), None)
    if not isinstance(listing, list):
        raise BadReply("the list of models has no form we know")
    names = (item if isinstance(item, str) else _name(item) for item in listing)
    return list(dict.fromkeys(name for name in names if name))


def _name(item: object) -> str:
    if not isinstance(item, dict):
        return ""
    return next((item[n] for n in ("id", "name", "model") if isinstance(item.get(n), str) and item[n]), "")
