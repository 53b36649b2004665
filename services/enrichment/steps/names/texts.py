"""The texts of an article with the names in them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from services.enrichment.gazetteers.matching import Hit, hits
from services.enrichment.gazetteers.names import Matcher
from shared.news import Article, Span

Field: TypeAlias = Literal["headline", "summary", "body"]


@dataclass(frozen=True, slots=True)
class Text:
    """One text of an article, with the hits found in it, left to right."""

    field: Field
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


HITS_MAX = 5_000
"""Names looked at in an article, the first ones: a list of all towns is tagged in half a second."""


def texts(article: Article, found_by: Matcher) -> Iterator[Text]:
    """Headline, summary and paragraphs, in that order."""
    left = HITS_MAX
    fields = list(_fields(article))
    found = hits([text for _, _, text in fields], found_by)
    for (field, paragraph, text), every in zip(fields, found, strict=True):
        yield Text(field, paragraph, text, tuple(every[:left]))
        left -= min(left, len(every))


def _fields(article: Article) -> Iterator[tuple[Field, int | None, str]]:
    yield "headline", None, article.headline
    if article.summary is not None:
        yield "summary", None, article.summary
    for number, paragraph in enumerate(article.body):
        yield "body", number, paragraph
