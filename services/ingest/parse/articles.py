"""Blocks to articles: each headline with the paragraphs up to the next one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from services.ingest.parse.blocks import Block
from services.ingest.parse.datelines import dateline_of
from services.ingest.parse.document import ArticleEntry
from services.ingest.parse.limits import (
    ARTICLE_CHARACTERS_MAX,
    ARTICLE_PARAGRAPHS_MAX,
    ARTICLES_MAX,
)
from services.ingest.parse.outline import Part, outlined
from services.ingest.parse.problems import Problems, shown


def articles_of(blocks: Sequence[Block], problems: Problems) -> tuple[ArticleEntry, ...]:
    """The articles of a page, in order; every block that is in none of them has its problem."""
    parts = outlined(blocks, problems)
    _report_loose(parts, problems)
    drafts = [draft for draft in _drafts(parts) if _is_taken(draft, problems)]
    if len(drafts) > ARTICLES_MAX:
        line, rest = drafts[ARTICLES_MAX][0].block.line, len(drafts) - ARTICLES_MAX
        detail = f"expected at most {ARTICLES_MAX} articles, came {rest} more; split the document"
        problems.add_at(line, "too-many-entries", detail)
    return tuple(_article(draft, n) for n, draft in enumerate(drafts[:ARTICLES_MAX], 1))


def _report_loose(parts: Sequence[Part], problems: Problems) -> None:
    """One problem for all the text that stands before the first headline."""
    loose = [part.block for part in parts if part.role == "loose"]
    if loose:
        blocks = "one block has" if len(loose) == 1 else f"{len(loose)} blocks have"
        came = f"came {shown(loose[0].text)}; {blocks} no headline to stand under"
        problems.add_at(loose[0].line, "no-headline", f"expected a headline, {came}")


def _drafts(parts: Sequence[Part]) -> Iterator[list[Part]]:
    """Each headline with the parts below it."""
    draft: list[Part] = []
    for part in parts:
        match part.role:
            case "headline" | "bare-headline":
                if draft:
                    yield draft
                draft = [part]
            case "paragraph" | "subhead" | "label":
                draft.append(part)
            case "loose":
                pass
    if draft:
        yield draft


def _is_taken(draft: Sequence[Part], problems: Problems) -> bool:
    """Whether the draft is an article; if not, why is noted."""
    headline, *text = draft
    came = f"came {shown(headline.block.text)}"
    if not any(part.role in {"paragraph", "subhead"} for part in text):
        detail = f"expected a paragraph below the headline, {came} alone"
        problems.add_at(headline.block.line, "article-without-text", detail)
        return False
    characters = sum(len(part.block.text) for part in text)
    if characters > ARTICLE_CHARACTERS_MAX:
        detail = f"expected at most {ARTICLE_CHARACTERS_MAX} characters, {came} with {characters}"
        problems.add_at(headline.block.line, "text-too-long", detail)
        return False
    if len(text) > ARTICLE_PARAGRAPHS_MAX:
        detail = f"expected at most {ARTICLE_PARAGRAPHS_MAX} paragraphs, {came} with {len(text)}"
        problems.add_at(headline.block.line, "text-too-long", detail)
        return False
    return True


def _article(draft: Sequence[Part], position: int) -> ArticleEntry:
    headline, *text = draft
    return ArticleEntry(
        headline=headline.block.text,
        paragraphs=tuple(part.block.text for part in text),
        position=position,
        dateline=_dateline(text),
        line=headline.block.line,
    )


def _dateline(text: Sequence[Part]) -> str | None:
    """Of the first paragraph; a byline or a subhead may stand before it."""
    for part in text:
        if part.role != "label" and (dateline := dateline_of(part.block.text)):
            return dateline
        if part.role == "paragraph":
            break
    return None
