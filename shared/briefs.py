"""What of an article a list shows: enough for a line with its headline, and not its text. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

LEAD_CHARACTERS_MAX: Final = 300
"""Of the lead: two lines under a headline. A paragraph may be as long as an article."""
MEMBERS: Final = (
    "article_id", "source", "credit", "headline", "url", "canonical_url", "language",
    "published_at", "published_on", "listed_on", "updated_at", "observed_at", "display",
    "urgency", "revision", "status", "version", "seq", "event_id", "event_type",
)  # fmt: skip
"""Members that are taken over as they are."""
TAG_MEMBERS: Final = ("scheme", "code", "name", "kind", "relevance")
"""Of each tag; what speaks for it is in the whole article."""


def brief(document: Mapping[str, Any]) -> dict[str, Any]:
    """An article's document in brief."""
    return {
        **{name: document[name] for name in MEMBERS},
        "lead": lead(document),
        "tags": [{name: tag[name] for name in TAG_MEMBERS} for tag in document["tags"]],
    }


def lead(document: Mapping[str, Any]) -> str | None:
    """The summary, else the beginning of the text; None: there is neither, or none may be shown."""
    if document["display"] == "headline":
        return None
    text = document["summary"] or next(iter(document["body"]), None)
    if text is None or len(text) <= LEAD_CHARACTERS_MAX:
        return text
    kept = text[: LEAD_CHARACTERS_MAX - 1]
    at_a_word = kept.rpartition(" ")[0]
    return f"{at_a_word or kept}…"
