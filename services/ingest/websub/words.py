"""What subscribing needs of the world, and what a hub may be told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Refused:
    """A hub did not take a form."""

    detail: str
    """One sentence for an operator, without secrets."""
    retry_after_s: int | None = None
    """For so long it asked not to be asked; None: it did not say."""


class Poster(Protocol):
    """Sends forms to hubs, guarded as fetching is. Never raises for what the world does."""

    async def post(self, url: str, form: Mapping[str, str]) -> Refused | None:
        """Post a form, to that address alone: its secret is for nobody else; None: it was taken."""
        ...


class Deliver(Protocol):
    """Takes what a hub sent: read behind the fence and published like a poll."""

    async def __call__(self, source: str, body: bytes, media_type: str | None) -> None:
        """Publish a document of a source; Unavailable: not now, and it is tried again."""
        ...


@dataclass(frozen=True, slots=True)
class Intent:
    """What a hub asks us to confirm, or tells us. Source: WebSub 5.2, 5.3."""

    mode: str
    topic: str
    challenge: str = field(default="", repr=False)
    lease: str = ""
    """Seconds, as they came."""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Delivery:
    """What a hub sends. Source: WebSub section 7."""

    body: bytes
    media_type: str | None
    signatures: tuple[str, ...]
    """The ``X-Hub-Signature`` fields."""
    links: tuple[str, ...] = ()
    """The Link fields."""
