"""A draft of any feed to an entry: what is kept of it, and what it must not exceed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from services.ingest.parse.datelines import dateline_of
from services.ingest.parse.document import ArticleEntry, Reason
from services.ingest.parse.feeds.dates import When, read_when
from services.ingest.parse.feeds.draft import Attached, Draft, Text
from services.ingest.parse.feeds.folding import Picture
from services.ingest.parse.feeds.markup import Prose, plain, prose_of
from services.ingest.parse.feeds.text import beginning, folded, reference_free, title
from services.ingest.parse.feeds.urls import absolute
from services.ingest.parse.limits import (
    ARTICLE_BYTES_MAX,
    ARTICLE_CHARACTERS_MAX,
    ARTICLE_PARAGRAPHS_MAX,
    AUTHORS_MAX,
    CATEGORIES_MAX,
    DATE_AHEAD_DAYS_MAX,
    ENTRY_LINE_CHARACTERS_MAX,
    HEADLINE_OF_TEXT_CHARACTERS_MAX,
    MARKUP_CHARACTERS_MAX,
    MARKUP_TAGS_MAX,
    MEDIA_MAX,
    SUMMARY_CHARACTERS_MAX,
)
from services.ingest.parse.problems import Problems, shown
from shared.news import Media, Precision

_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,8}")
_MEDIA_TYPE: Final = re.compile(r"[a-z0-9][a-z0-9.+-]{0,63}/[a-z0-9][a-z0-9.+-]{0,63}")


@dataclass(slots=True)
class Reading:
    """What the entries of one feed share; one object lives as long as one parse."""

    observed_on: date
    problems: Problems
    tags_left: int = MARKUP_TAGS_MAX
    zone: str | None = None
    """IANA name of the clock of a source that writes times without an offset; None: unknown."""

    def prose(self, text: Text, base: str | None) -> Prose:
        """A text read, at the cost of the tags in it."""
        match text.kind:
            case "html":
                prose = prose_of(text.value, base, self.tags_left)
                self.tags_left -= prose.tags
                return prose
            case "loose":
                return plain(title(text.value))
            case "plain":
                return plain(text.value)


@dataclass(frozen=True, slots=True)
class _Entry:
    """A draft on its way, with where to report about it."""

    draft: Draft
    reading: Reading

    def prose(self, text: Text, base: str | None, what: str) -> Prose:
        """A text read; what is longer than is taken is left out, and said."""
        prose = self.reading.prose(text, base)
        if not prose.is_whole:
            most = f"{ARTICLE_CHARACTERS_MAX} characters and {ARTICLE_PARAGRAPHS_MAX} paragraphs"
            limit = f"expected at most {most} in {what}, and {MARKUP_TAGS_MAX} tags in a feed"
            came = f"came {shown(self.draft.item_id or self.draft.url)} with more"
            self.problem("text-too-long", f"{limit}, {came}; it was left out")
        return prose

    def problem(self, reason: Reason, detail: str) -> None:
        self.reading.problems.add(reason, self.draft.where, detail)

    def line(self, text: str, what: str) -> str:
        """A text on one line; what is too long for the log is cut, and said."""
        return self.cut(folded(text), ENTRY_LINE_CHARACTERS_MAX, what)

    def cut(self, text: str, characters_max: int, what: str) -> str:
        if len(text) <= characters_max:
            return text
        expected = f"expected at most {characters_max} characters in {what}"
        self.problem("text-too-long", f"{expected}, came {shown(text)}; it was cut")
        return beginning(text, characters_max)

    def lines(self, texts: Iterable[str], count_max: int, what: str) -> tuple[str, ...]:
        """Each text once, in order, empty ones left out."""
        found = dict.fromkeys(line for text in texts if (line := self.line(text, what)))
        return tuple(self.few(list(found), count_max, what))

    def few(self, found: Sequence[str], count_max: int, what: str) -> Sequence[str]:
        if len(found) > count_max:
            expected = f"expected at most {count_max} of {what}, came more"
            self.problem("too-many-entries", f"{expected}; the rest was left out")
        return found[:count_max]

    def address(self, reference: str, what: str) -> str | None:
        url = absolute(reference, self.draft.base) if reference else None
        if reference and url is None:
            expected = f"expected an http or https address in {what}"
            self.problem("url-unusable", f"{expected}, came {shown(folded(reference))}")
        return url


def entry_of(draft: Draft, reading: Reading) -> ArticleEntry | None:
    """The entry that a draft is, within the limits of the log; None: it is none, and why is noted.

    An entry without a title is headed by the beginning of its text; one with neither is none.
    """
    entry = _Entry(draft, reading)
    url = entry.address(draft.url, "the link")
    base = draft.text_base or url or draft.base
    body = _body(entry, base)
    if body is None:
        return None
    headline = entry.line(_headline(entry), "a title")
    if not headline and not body.paragraphs:
        came = f"came {shown(draft.item_id or draft.url)} with neither"
        entry.problem("article-without-text", f"expected a title or a text, {came}")
        return None
    published = _when(entry, draft.published)
    return ArticleEntry(
        headline=headline or beginning(body.paragraphs[0], HEADLINE_OF_TEXT_CHARACTERS_MAX),
        paragraphs=body.paragraphs,
        dateline=dateline_of(body.paragraphs[0]) if body.paragraphs else None,
        line=draft.line,
        source_item_id=_item_id(entry),
        url=url,
        canonical_url=entry.address(draft.canonical_url, "the original link"),
        summary=_summary(entry, body),
        body_html=body.html,
        authors=entry.lines(draft.authors, AUTHORS_MAX, "authors"),
        declared_language=_language(draft.language),
        categories=entry.lines(map(title, draft.categories), CATEGORIES_MAX, "categories"),
        media=_media(entry, body.pictures),
        published_at=published.at if published else None,
        published_on=published.day if published else None,
        published_precision=_precision(published) if published else None,
        published_offset_min=published.offset_min if published else None,
        updated_at=_updated(entry),
        rights=_note(entry, draft.rights, "the rights"),
    )


def _body(entry: _Entry, base: str | None) -> Prose | None:
    """The text of an entry; None: it is longer than is taken."""
    draft = entry.draft
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


def _headline(entry: _Entry) -> str:
    text = entry.draft.title
    if text.kind == "html":
        return " ".join(entry.prose(text, None, "a title").paragraphs)
    return reference_free(text.value) if text.kind == "plain" else title(text.value)


def _summary(entry: _Entry, body: Prose) -> str | None:
    """What stands beside the text; None: it is the text."""
    if not entry.draft.content.value:
        return None
    summary = _note(entry, entry.draft.summary, "a summary")
    return None if summary == " ".join(body.paragraphs) else summary


def _note(entry: _Entry, text: Text, what: str) -> str | None:
    prose = entry.prose(text, None, what)
    return entry.cut(" ".join(prose.paragraphs), SUMMARY_CHARACTERS_MAX, what) or None


def _item_id(entry: _Entry) -> str | None:
    """The source's own id as it stands there; one that is too long would be cut into another's."""
    item_id = folded(entry.draft.item_id)
    if len(item_id) <= ENTRY_LINE_CHARACTERS_MAX:
        return item_id or None
    expected = f"expected at most {ENTRY_LINE_CHARACTERS_MAX} characters in an id"
    entry.problem("text-too-long", f"{expected}, came {shown(item_id)}; it was left out")
    return None


def _language(declared: str) -> str | None:
    """Source: RFC 5646 2.1; ``ru_RU`` is meant as ``ru-RU``."""
    tag = declared.strip().replace("_", "-")
    return tag if _LANGUAGE.fullmatch(tag) else None


def _media(entry: _Entry, pictures: Sequence[Picture]) -> tuple[Media, ...]:
    """What was attached, then what stands in the text; each address once."""
    found: dict[str, Media] = {}
    for one in entry.draft.media:
        if url := entry.address(one.url, "an attachment"):
            found.setdefault(url, _attached(entry, one, url))
    for picture in pictures:
        one = Attached(picture.url, picture.media_type, picture.caption)
        found.setdefault(picture.url, _attached(entry, one, picture.url))
    few = entry.few(list(found), MEDIA_MAX, "pictures and attachments")
    return tuple(found[url] for url in few)


def _attached(entry: _Entry, one: Attached, url: str) -> Media:
    kind = one.media_type.partition(";")[0].strip().lower()
    caption = entry.line(title(one.caption), "a caption")
    return Media(
        url=url,
        media_type=kind if _MEDIA_TYPE.fullmatch(kind) else None,
        caption=caption or None,
    )


def _when(entry: _Entry, said: str) -> When | None:
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


def _updated(entry: _Entry) -> datetime | None:
    """When the source changed it; a day alone does not tell which of two changes is the later."""
    when = _when(entry, entry.draft.updated)
    if when is None or when.at:
        return when.at if when else None
    came = f"came {shown(entry.draft.updated)}; when it was changed is not taken"
    entry.problem("date-unreadable", f"expected an instant with its offset, {came}")
    return None
