"""Mentions of one entry as the tag that goes on the wire."""

from __future__ import annotations

from typing import NamedTuple

from services.enrichment.gazetteers.matching import Hit
from services.enrichment.gazetteers.names import Entry
from services.enrichment.steps.names.texts import Text
from services.enrichment.steps.names.verdicts import Verdict
from shared.news import Tag

CREATOR = "gazetteer/2"
TAGS_MAX = 50
SPANS_MAX = 20
"""Spans kept for one tag: enough to show and to check, whatever the length of the article."""


class Mention(NamedTuple):
    """One name where it stands, for the entry that it means."""

    entry: Entry
    text: Text
    hit: Hit
    verdict: Verdict
    is_adjective: bool
    is_chosen: bool
    """Whether others bear the name too."""

    @property
    def weight(self) -> float:
        """An adjective is half a name."""
        return 0.5 if self.is_adjective else 1.0

    @property
    def confidence(self) -> int:
        """0–100."""
        if self.is_adjective:
            return 60
        is_plain = self.hit.spelling.rule in {None, "code"} and not self.is_chosen
        return 100 if is_plain else 80


def tag(mentions: list[Mention], *, running: int) -> Tag:
    """The tag of an entry; ``running``: how many texts there are besides the headline.

    Relevance is 40 for the headline, 20 for the lead (summary or first paragraph) and up to 40 for
    the share of summary and paragraphs that name it; half of each where only an adjective does.
    Confidence is 100 for a name that means nothing else, 80 for one that is told from others by a
    rule, 60 where there are adjectives only.
    """
    entry = mentions[0].entry
    return Tag(
        scheme=entry.scheme,
        code=entry.code,
        name=entry.name,
        kind=entry.kind,
        country=entry.country,
        latitude=entry.latitude,
        longitude=entry.longitude,
        relevance=_relevance(mentions, running),
        confidence=max(mention.confidence for mention in mentions),
        creator=CREATOR,
        spans=tuple(mention.text.span(mention.hit) for mention in mentions[:SPANS_MAX]),
    )


def _relevance(mentions: list[Mention], running: int) -> int:
    headline = lead = 0.0
    by_text: dict[int | None, float] = {}
    for mention in mentions:
        text, weight = mention.text, mention.weight
        if text.field == "headline":
            headline = max(headline, weight)
            continue
        lead = max(lead, weight if text.is_lead else 0.0)
        by_text[text.paragraph] = max(by_text.get(text.paragraph, 0.0), weight)
    spread = sum(by_text.values()) / running if running else 0.0
    return max(1, round(40 * headline + 20 * lead + 40 * spread))
