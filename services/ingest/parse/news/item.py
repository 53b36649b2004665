"""What an agency says of one item, in the words that its formats share and not yet judged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from services.ingest.parse.feeds.draft import Attached, Draft


class Linked(NamedTuple):
    """Another item that came with this one, or is referred to by it."""

    rel: str
    item_id: str = ""
    url: str = ""
    headline: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One item. An empty text stands for what it does not say."""

    draft: Draft
    """What it has in common with an entry of a feed."""
    kind: str = ""
    """``text``, ``picture``, …, lower case."""
    pubstatus: str = ""
    embargo: str | None = None
    """None: it says none. Empty: one without an end, until a version without it comes."""
    urgency: str = ""
    ednote: str = ""
    slugline: str = ""
    located: str = ""
    dateline: str = ""
    version: str = ""
    signals: Sequence[str] = ()
    is_test: bool = False
    """Its agency says that it is no news to publish."""
    associations: Sequence[Linked] = ()
    media: Sequence[Attached] = ()
    """Of the item and of what came with it."""
