"""What page is being made, in which language: of one request, and of whatever it calls.

A variable of the request's context, not a parameter: every text of a page is in the same language,
from the template down to the sentence about a doubted rate. Without a request it is English.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Final

from services.api.words.languages import ENGLISH, Language


@dataclass(frozen=True, slots=True)
class Place:
    """A page, as it was asked for."""

    language: Language
    path: str
    """Without the language in front of it; decoded, and as hostile as a client likes."""
    query: bytes
    """As it came."""


_FRONT: Final = Place(ENGLISH, "/", b"")
_PLACE: Final[ContextVar[Place]] = ContextVar("place", default=_FRONT)


def here() -> Place:
    """The page that is being made."""
    return _PLACE.get()


def language() -> Language:
    """The language that it is made in."""
    return _PLACE.get().language


@contextmanager
def at(place: Place) -> Iterator[None]:
    """Speak so while this lasts."""
    token = _PLACE.set(place)
    try:
        yield
    finally:
        _PLACE.reset(token)
