"""What an article names: countries, regions, places, currencies, commodities, people, bodies.

A pure step. Nothing is inferred: a place does not bring its country with it. What a name means is
read from its surroundings, by the words and points of the gazetteers' tables; code only compares.
"""

from __future__ import annotations

from collections import defaultdict

from services.enrichment.gazetteers.names import Matcher
from services.enrichment.steps.names.evidence import found_in
from services.enrichment.steps.names.resolving import mentions, readings
from services.enrichment.steps.names.tagging import CREATOR, SPANS_MAX, TAGS_MAX, Mention, tag
from services.enrichment.steps.names.texts import HITS_MAX, texts
from shared.news import Article, Tag

__all__ = ["CREATOR", "HITS_MAX", "SPANS_MAX", "TAGS_MAX", "names"]


def names(article: Article, gazetteer_matcher: Matcher) -> tuple[Tag, ...]:
    """The tags of an article, most relevant first, at most ``TAGS_MAX``."""
    read = tuple(texts(article, gazetteer_matcher))
    context = gazetteer_matcher.context
    by_entry: defaultdict[tuple[str, str], list[Mention]] = defaultdict(list)
    found = found_in(article, context)
    for mention in mentions(list(readings(read, context)), found, context):
        by_entry[mention.entry.scheme, mention.entry.code].append(mention)
    counted = filter(None, map(_counted, by_entry.values()))
    tags = (tag(told, running=len(read) - 1) for told in counted)
    return tuple(sorted(tags, key=lambda t: (-t.relevance, t.scheme, t.code))[:TAGS_MAX])


def _counted(told: list[Mention]) -> list[Mention]:
    """A doubtful mention counts where the article names the same entry and is never refused it."""
    verdicts = {mention.verdict for mention in told}
    if verdicts == {"named", "possible"}:
        return told
    return [mention for mention in told if mention.verdict == "named"]
