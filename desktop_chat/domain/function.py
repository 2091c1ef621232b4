"""A function the person offers to models and answers by hand."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OwnFunction:
    """Name, description and parameters as they are sent; the person types the result."""

    name: str
    """Letters, digits, `_` and `-`, at most 64: what the OpenAI API accepts."""
    description: str
    parameters_json: str
    """A JSON schema of type object, as typed."""
    is_on: bool = True
