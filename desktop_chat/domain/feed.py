"""Feed: how one part tells others what happened, without knowing them."""

from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Feed(Generic[T]):
    """Calls every subscriber, in the order in which they came, with what is published.

    A subscriber that raises stops the others from hearing: a feed does not hide bugs.
    """

    def __init__(self) -> None:
        self._subscribers: list[Callable[[T], None]] = []

    def subscribe(self, subscriber: Callable[[T], None]) -> Callable[[], None]:
        """Begin to listen.

        Returns:
            A function that ends it; calling it twice is harmless.
        """
        self._subscribers.append(subscriber)

        def unsubscribe() -> None:
            if subscriber in self._subscribers:
                self._subscribers.remove(subscriber)

        return unsubscribe

    def publish(self, item: T) -> None:
        """Tell everybody who listens now."""
        for subscriber in tuple(self._subscribers):
            subscriber(item)
