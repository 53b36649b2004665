"""How one answer leads to the next request: the links of the OpenAPI document."""

from __future__ import annotations

from typing import Any, Final, NamedTuple


class Link(NamedTuple):
    """Where a value of an answer goes on."""

    name: str
    operation: str
    """Of the following request: its ``operationId``."""
    parameter: str
    value: str
    """JSON pointer into the body."""
    said: str


def _follow(operation: str, parameter: str = "cursor") -> tuple[Link, ...]:
    return (
        Link("next", operation, parameter, "/next", "The following page."),
        Link("changes", operation, parameter, "/cursor", "What changed after this answer."),
        Link("live", "stream", "after", "/cursor", "What the wire says after this answer."),
    )


_ARTICLE: Final = "/items/0/article_id"
_STORY: Final = "/items/0/story_id"
_MEMBER: Final = "/articles/0/article_id"
LINKS: Final[dict[str, tuple[Link, ...]]] = {
    "list_articles": (
        *_follow("list_articles"),
        Link("article", "show_article", "article_id", _ARTICLE, "One of them, whole."),
        Link("history", "show_history", "article_id", _ARTICLE, "What one of them was."),
        Link("story", "show_story", "story_id", _STORY, "The story that it is in."),
    ),
    "show_article": (
        Link("history", "show_history", "article_id", "/article_id", "What it was."),
        Link("story", "show_story", "story_id", "/story_id", "The story that it is in."),
        Link("provenance", "show_provenance", "article_id", "/article_id", "What made it so."),
        Link("relations", "show_relations", "article_id", "/article_id", "What it stands to."),
        Link("then", "list_articles", "at", "/seq", "The list when this was said."),
    ),
    "show_provenance": (
        Link("article", "show_article", "article_id", "/article_id", "It as it stands."),
        Link("event", "events", "from", "/items/0/seq", "The first of the events, whole."),
    ),
    "show_relations": (
        Link(
            "other",
            "show_article",
            "article_id",
            "/relations/0/article/article_id",
            "One of the others.",
        ),
    ),
    "show_history": (
        Link("article", "show_article", "article_id", "/article_id", "It as it stands."),
    ),
    "list_stories": (
        *_follow("list_stories"),
        Link("story", "show_story", "story_id", _STORY, "One of them with its articles."),
    ),
    "show_story": (
        Link(
            "article",
            "show_article",
            "article_id",
            "/articles/0/article_id",
            "One of its articles.",
        ),
        Link("into", "show_story", "story_id", "/merged_into", "The story that it went into."),
    ),
    "list_changes": (
        *_follow("list_changes"),
        Link("articles", "list_articles", "cursor", "/cursor", "Articles that changed after it."),
        Link("events", "events", "cursor", "/cursor", "The events after it, each one."),
    ),
    "list_rate_changes": _follow("list_rate_changes"),
    "latest_rates": (
        Link("changes", "list_rate_changes", "cursor", "/cursor", "What changed after it."),
        Link("live", "stream", "after", "/cursor", "What the wire says after this answer."),
        Link("then", "latest_rates", "at", "/items/0/seq", "As they were when one of them came."),
    ),
    "events": (
        Link("next", "events", "from", "/next", "The following page."),
        Link("live", "stream", "after", "/cursor", "The stream from here on."),
    ),
}
"""By the operation that answers."""


def add(operation: dict[str, Any]) -> None:
    """Put the links of an operation into its answer."""
    if found := LINKS.get(operation["operationId"]):
        operation["responses"]["200"]["links"] = {
            link.name: {
                "operationId": link.operation,
                "parameters": {link.parameter: f"$response.body#{link.value}"},
                "description": link.said,
            }
            for link in found
        }
