"""A draft of any feed to an entry: what is kept of it, and what it must not exceed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Final

from services.ingest.parse.attached import each_once, media_type_of
from services.ingest.parse.datelines import dateline_of
from services.ingest.parse.document import ArticleEntry, Listed
from services.ingest.parse.feeds.dates import When, read_when
from services.ingest.parse.feeds.draft import Attached, Draft
from services.ingest.parse.feeds.folding import Picture
from services.ingest.parse.feeds.markup import Prose
from services.ingest.parse.feeds.tags import tags_of
from services.ingest.parse.feeds.taking import Reading, Taking
from services.ingest.parse.feeds.text import beginning, title
from services.ingest.parse.limits import (
    ARTICLE_BYTES_MAX,
    AUTHORS_MAX,
    CATEGORIES_MAX,
    DATE_AHEAD_DAYS_MAX,
    HEADLINE_OF_TEXT_CHARACTERS_MAX,
    MARKUP_CHARACTERS_MAX,
    MEDIA_MAX,
)
from services.ingest.parse.problems import shown
from shared.news import Media, Precision

_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,8}")


def entry_of(draft: Draft, reading: Reading) -> ArticleEntry | Listed | None:
    """The entry that a draft is, within the limits of the log; None: it is none, and why is noted.

    An entry without a title is headed by the beginning of its summary or text; one with neither
    is listed.
    """
    entry = Taking(reading, draft.where, draft.item_id or draft.url, draft.base)
    url = entry.address(draft.url, "the link")
    base = draft.text_base or url or draft.base
    body = _body(entry, draft, base)
    if body is None:
        return None
    headline = entry.title(draft.title)
    if not headline and not body.paragraphs:
        return _listed(entry, draft, url, body)
    summary = _summary(entry, draft, body)
    published = when_of(entry, draft.published)
    return ArticleEntry(
        headline=headline
        or beginning(summary or body.paragraphs[0], HEADLINE_OF_TEXT_CHARACTERS_MAX),
        paragraphs=body.paragraphs,
        dateline=dateline_of(body.paragraphs[0]) if body.paragraphs else None,
        line=draft.line,
        source_item_id=entry.code(draft.item_id, "an id") or None,
        url=url,
        canonical_url=entry.address(draft.canonical_url, "the original link"),
        summary=summary,
        body_html=body.html,
        authors=entry.lines(draft.authors, AUTHORS_MAX, "authors"),
        declared_language=language_of(draft.language),
        categories=entry.lines(map(title, draft.categories), CATEGORIES_MAX, "categories"),
        declared_tags=tags_of(entry, draft.tags),
        media=media_of(entry, draft.media, body.pictures),
        published_at=published.at if published else None,
        published_on=published.day if published else None,
        published_precision=_precision(published) if published else None,
        published_offset_min=published.offset_min if published else None,
        updated_at=changed_at(entry, draft.updated),
        rights=entry.note(draft.rights, "the rights"),
    )


def _body(entry: Taking, draft: Draft, base: str | None) -> Prose | None:
    """The text of an entry; None: it is longer than is taken."""
    body = entry.prose(draft.content, base, "an article")
    if not body.paragraphs and body.is_whole:
        body = entry.prose(draft.summary, base, "an article").with_pictures(body.pictures)
    if not body.is_whole:
        return None
    html = body.html or ""
    if not html:
        return body
    if len(html) <= MARKUP_CHARACTERS_MAX and _bytes(html, *body.paragraphs) <= ARTICLE_BYTES_MAX:
        return body
    most = f"{MARKUP_CHARACTERS_MAX} characters of markup, {ARTICLE_BYTES_MAX} bytes with the text"
    entry.problem("text-too-long", f"expected at most {most}, came more; the markup was left out")
    return body.without_markup()


def _bytes(*texts: str) -> int:
    return sum(len(text.encode()) for text in texts)


def _summary(entry: Taking, draft: Draft, body: Prose) -> str | None:
    """What stands beside the text; None: it is the text."""
    if not draft.content.value:
        return None
    summary = entry.note(draft.summary, "a summary")
    return None if summary == " ".join(body.paragraphs) else summary


def language_of(declared: str) -> str | None:
    """A language tag; None: it is none. Source: RFC 5646 2.1; ``ru_RU`` is meant as ``ru-RU``."""
    tag = declared.strip().replace("_", "-")
    return tag if _LANGUAGE.fullmatch(tag) else None


def media_of(
    entry: Taking, attached: Iterable[Attached], pictures: Iterable[Picture] = ()
) -> tuple[Media, ...]:
    """What was attached, then what stands in the text; each address once, within the limits."""
    found = each_once(
        (_media(entry, one, url) for one in attached
         if (url := entry.address(one.url, "an attachment"))),
        (_media(entry, one, one.url) for one in pictures),
    )  # fmt: skip
    return tuple(entry.few(found, MEDIA_MAX, "pictures and attachments"))


def _media(entry: Taking, one: Attached | Picture, url: str) -> Media:
    caption = entry.line(title(one.caption), "a caption")
    return Media(url=url, media_type=media_type_of(one.media_type), caption=caption or None)


def when_of(entry: Taking, said: str) -> When | None:
    """An instant or a day that a feed names; None: it names none that can be believed."""
    if not said:
        return None
    when = read_when(said, entry.reading.zone)
    if when is None or _precision(when) is None:
        entry.problem("date-unreadable", f"expected a date of RFC 822 or 3339, came {shown(said)}")
        return None
    day = when.at.date() if when.at else when.day
    if day and (day - entry.reading.observed_on).days > DATE_AHEAD_DAYS_MAX:
        expected = f"expected a date up to the day after {entry.reading.observed_on}"
        entry.problem("date-in-future", f"{expected}, came {shown(said)}")
        return None
    return when


def _precision(when: When) -> Precision | None:
    """None: it is known to the month or to the year only, which is no day of publication."""
    match when.precision:
        case "month" | "year":
            return None
        case precision:
            return precision


def changed_at(entry: Taking, said: str) -> datetime | None:
    """When the source changed it; a day alone does not tell which of two changes is the later."""
    when = when_of(entry, said)
    if when is None or when.at:
        return when.at if when else None
    came = f"came {shown(said)}; when it was changed is not taken"
    entry.problem("date-unreadable", f"expected an instant with its offset, {came}")
    return None


def _listed(entry: Taking, draft: Draft, url: str | None, body: Prose) -> Listed | None:
    """What is offered without a headline and a text; None: nothing at all is said."""
    published = when_of(entry, draft.published)
    listed = Listed(
        url=url,
        media=media_of(entry, draft.media, body.pictures),
        source_item_id=entry.code(draft.item_id, "an id") or None,
        where=draft.where,
        authors=entry.lines(draft.authors, AUTHORS_MAX, "authors"),
        categories=entry.lines(map(title, draft.categories), CATEGORIES_MAX, "categories"),
        declared_language=language_of(draft.language),
        published_at=published.at if published else None,
        published_on=published.day if published else None,
        updated_at=changed_at(entry, draft.updated),
    )
    if not listed.url and not listed.media:
        came = f"came {shown(draft.item_id)} with none of them"
        entry.problem("article-without-text", f"expected a title, a text, a link or media, {came}")
    says = (url, listed.media, draft.item_id, draft.authors, draft.categories, draft.published)
    return listed if any(says) or draft.updated else None
