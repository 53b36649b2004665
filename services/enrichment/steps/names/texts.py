"""The texts of an article with the names in them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from services.enrichment.gazetteers.matching import Hit, hits
from services.enrichment.gazetteers.names import Matcher
from shared.news import Article, Span


@dataclass(frozen=True, slots=True)
class Text:
    """One text of an article, with the hits found in it, left to right."""

    field: Literal["headline", "summary", "body"]
    paragraph: int | None
    text: str
    hits: tuple[Hit, ...]

    @property
    def is_lead(self) -> bool:
        """The summary and the first paragraph are."""
        return self.field == "summary" or self.paragraph == 0

    def span(self, hit: Hit) -> Span:
        """Where a hit stands, in code points."""
        return Span(
            field=self.field,
            paragraph=self.paragraph,
            start=hit.start,
            end=hit.end,
            text=self.text[hit.start : hit.end],
        )


def texts(article: Article, found_by: Matcher) -> Iterator[Text]:
    """Headline, summary and paragraphs, in that order."""
    yield Text("headline", None, article.headline, hits(article.headline, found_by))
    if article.summary is not None:
        yield Text("summary", None, article.summary, hits(article.summary, found_by))
    for number, paragraph in enumerate(article.body):
        yield Text("body", number, paragraph, hits(paragraph, found_by))
