"""What a feed says of an entry, in the words that all feeds share and not yet judged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from shared.news import TagKind

TextKind = Literal["plain", "loose", "html"]
"""How a text is written: as it is to be read; so, but in the wild as HTML too; as HTML."""


class Text(NamedTuple):
    """A text and how it is written."""

    value: str = ""
    kind: TextKind = "html"
    base: str | None = None
    """What addresses in it are relative to, where it says so itself."""


NO_TEXT: Final = Text()
"""What stands for a text that there is none of."""


class Attached(NamedTuple):
    """A picture, sound or film that an entry comes with, by its address as it stands there."""

    url: str
    media_type: str = ""
    caption: str = ""


class Named(NamedTuple):
    """A subject, person, organisation, place, event, object or genre. Empty texts: not said."""

    kind: TagKind
    name: str = ""
    scheme: str = ""
    code: str = ""
    relevance: str = ""
    where: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One entry of a feed. An empty text stands for what the entry does not say."""

    where: str
    """For a person: ``line 12``, ``items[3]``."""
    line: int | None
    base: str | None = None
    """What addresses of the entry are relative to."""
    text_base: str | None = None
    """What addresses in its text are relative to; None: the entry's own address."""
    item_id: str = ""
    url: str = ""
    canonical_url: str = ""
    title: Text = NO_TEXT
    content: Text = NO_TEXT
    summary: Text = NO_TEXT
    """It is the text of an entry that has no content."""
    authors: Sequence[str] = ()
    categories: Sequence[str] = ()
    tags: Sequence[Named] = ()
    """What it is declared to be about, with the vocabularies that its source names."""
    media: Sequence[Attached] = ()
    published: str = ""
    updated: str = ""
    language: str = ""
    rights: Text = NO_TEXT


@dataclass(frozen=True, slots=True, kw_only=True)
class AboutDraft:
    """What a feed says of itself. An empty text stands for what it does not say."""

    base: str | None = None
    """What its addresses are relative to."""
    title: Text = NO_TEXT
    description: Text = NO_TEXT
    url: str = ""
    own_url: str = ""
    own_id: str = ""
    language: str = ""
    authors: Sequence[str] = ()
    published: str = ""
    updated: str = ""
    rights: Text = NO_TEXT
    hubs: Sequence[str] = ()
    pictures: Sequence[str] = ()
    """Addresses of pictures that stand for it, the best first."""
    refresh_s: int | None = None
