"""The part of the wire that a page follows, from where the page stands. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from urllib.parse import urlencode

_ARTICLES: Final = (
    "article.published",
    "article.released",
    "article.updated",
    "article.corrected",
    "article.refiled",
    "article.canceled",
    "article.withheld",
)
_STORIES: Final = ("story.grew", "story.merged", "story.split", "story.closed")


def of_list(cursor: str, chosen: Sequence[tuple[str, str]]) -> str:
    """The stream of a list of articles; a language is looked at by the page itself."""
    return _stream(cursor, [one for one in chosen if one[0] != "language"])


def of_article(cursor: str, source: str) -> str:
    """The stream of a page of one article: the page knows which events are about it."""
    return _stream(cursor, [*_types(_ARTICLES), ("source", source)])


def of_story(cursor: str) -> str:
    """The stream of a page of one story and its articles, whatever their sources."""
    return _stream(cursor, _types(_ARTICLES + _STORIES))


def _types(names: Sequence[str]) -> list[tuple[str, str]]:
    return [("type", name) for name in names]


def _stream(cursor: str, chosen: Sequence[tuple[str, str]]) -> str:
    return "/v1/stream?" + urlencode([*chosen, ("after", cursor)])
