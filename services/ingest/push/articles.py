"""From a pushed article to an observation of its source. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Final

from services.ingest.domain import Observation
from services.ingest.identity import article_id
from services.ingest.parse.attached import listed, media_type_of
from services.ingest.parse.feeds.markup import Picture, Prose, prose_of
from services.ingest.parse.feeds.text import beginning
from services.ingest.parse.feeds.urls import absolute, address_key
from services.ingest.parse.limits import (
    ARTICLE_CHARACTERS_MAX,
    ARTICLE_PARAGRAPHS_MAX,
    MARKUP_CHARACTERS_MAX,
)
from services.ingest.push.items import NotTaken, Seen, invalid, read
from services.ingest.push.schemas import PushedArticle, PushedAssociation, PushedTag
from shared.envelope import article_hash
from shared.faults import Fault, came
from shared.hashing import text_hash
from shared.instants import AHEAD_MAX, too_far_ahead
from shared.news import Article, Association, DeclaredTag, Media

TAGS_MAX: Final = 20_000
"""Tags of one ``body_html``; a long story has hundreds, and each costs 5 µs."""
_CAPTION_CHARACTERS_MAX: Final = 2_000
_ADDRESS: Final = "expected an http or https address"


def observation(seen: Seen) -> Observation | NotTaken:
    """The observation that an item is, or why it is none."""
    found = read(PushedArticle, seen)
    if isinstance(found, NotTaken):
        return found
    pushed, source = found
    prose = prose_of(pushed.body_html or "", _url(pushed), TAGS_MAX)
    if faults := list(_faults(pushed, prose, seen.observed_at)):
        return invalid(*faults)
    plain = _article(pushed, prose, source, seen)
    hashed = plain.model_copy(update={"content_hash": article_hash(plain)})
    return Observation(
        hashed,
        declares_usable=pushed.pubstatus == "usable",
        declared_change=pushed.change,
    )


def _article(pushed: PushedArticle, prose: Prose, source: str, seen: Seen) -> Article:
    body = pushed.body or prose.paragraphs
    url = _url(pushed)
    key = f"id:{pushed.id}" if pushed.id else f"url:{address_key(url or '')}"
    return Article(
        article_id=article_id(source, key),
        source=source,
        credit=pushed.credit or None,
        source_item_id=pushed.id or None,
        url=url,
        headline=pushed.headline,
        summary=pushed.summary or None,
        body=body,
        body_html=prose.html,
        authors=pushed.authors,
        declared_language=pushed.language,
        categories=pushed.categories,
        dateline=pushed.dateline or None,
        media=_media(pushed, prose.pictures),
        published_at=_utc(pushed.published_at),
        published_on=pushed.published_on,
        updated_at=_utc(pushed.updated_at),
        observed_at=seen.observed_at,
        pubstatus=pushed.pubstatus or "usable",
        embargoed_until=_utc(pushed.embargoed_until),
        urgency=pushed.urgency,
        ednote=pushed.ednote or None,
        slugline=pushed.slugline or None,
        located=pushed.located or None,
        source_version=pushed.source_version or None,
        declared_tags=tuple(map(_tag, pushed.declared_tags)),
        associations=tuple(map(_association, pushed.associations)),
        rights=pushed.rights or None,
        revision=1,
        document=seen.document,
        content_hash="",
        text_hash=text_hash(pushed.headline, body),
    )


def _faults(pushed: PushedArticle, prose: Prose, now: datetime) -> Iterator[Fault]:
    """What is wrong with an article besides its form."""
    if not pushed.id and not pushed.url:
        yield Fault("id", "expected an id or a url that the article keeps, came neither")
    if pushed.url and _url(pushed) is None:
        yield Fault("url", f"{_ADDRESS}, came {came(pushed.url)}")
    for index, one in enumerate(pushed.media):
        if absolute(one.url, None) is None:
            yield Fault(f"media[{index}].url", f"{_ADDRESS}, came {came(one.url)}")
    yield from _unnamed(pushed)
    most = f"expected at most {ARTICLE_CHARACTERS_MAX} characters"
    if (length := sum(map(len, pushed.body))) > ARTICLE_CHARACTERS_MAX:
        yield Fault("body", f"{most}, came {length}")
    if not prose.is_whole:
        parts = f"{ARTICLE_PARAGRAPHS_MAX} paragraphs and {TAGS_MAX} tags"
        yield Fault("body_html", f"{most}, {parts}, came more")
    if len(prose.html or "") > MARKUP_CHARACTERS_MAX:
        yield Fault("body_html", f"expected at most {MARKUP_CHARACTERS_MAX} characters, came more")
    yield from _future(pushed, now)


def _unnamed(pushed: PushedArticle) -> Iterator[Fault]:
    """Tags and associations that say nothing, or lead where nobody may follow."""
    for index, tag in enumerate(pushed.declared_tags):
        if not (tag.name or tag.code):
            yield Fault(f"declared_tags[{index}]", "expected a name or a code, came neither")
    for index, one in enumerate(pushed.associations):
        if one.url and absolute(one.url, None) is None:
            yield Fault(f"associations[{index}].url", f"{_ADDRESS}, came {came(one.url)}")
        if not (one.item_id or one.url or one.headline):
            expected = "expected an item_id, a url or a headline, came none of them"
            yield Fault(f"associations[{index}]", expected)


def _future(pushed: PushedArticle, now: datetime) -> Iterator[Fault]:
    """Times that nobody can have published or changed it at yet."""
    for name, instant in (
        ("published_at", pushed.published_at),
        ("updated_at", pushed.updated_at),
    ):
        if instant and (doubt := too_far_ahead(instant, now)):
            yield Fault(name, doubt)
    latest = (now + AHEAD_MAX).date()
    if pushed.published_on and pushed.published_on > latest:
        said = pushed.published_on.isoformat()
        yield Fault("published_on", f"expected a day up to {latest.isoformat()}, came {said}")
    if pushed.published_on and pushed.published_at:
        yield Fault("published_on", "expected published_on or published_at, came both")


def _url(pushed: PushedArticle) -> str | None:
    return absolute(pushed.url, None) if pushed.url else None


def _utc(instant: datetime | None) -> datetime | None:
    return instant.astimezone(UTC) if instant else None


def _tag(tag: PushedTag) -> DeclaredTag:
    return DeclaredTag(
        kind=tag.kind,
        scheme=tag.scheme or None,
        code=tag.code or None,
        name=tag.name or None,
        relevance=tag.relevance,
    )


def _association(one: PushedAssociation) -> Association:
    return Association(
        rel=one.rel,
        item_id=one.item_id or None,
        url=absolute(one.url, None) if one.url else None,
        headline=one.headline or None,
    )


def _media(pushed: PushedArticle, pictures: Sequence[Picture]) -> tuple[Media, ...]:
    attached = (
        _medium(absolute(one.url, None) or one.url, one.media_type, one.caption)
        for one in pushed.media
    )
    pictured = (
        _medium(
            one.url,
            media_type_of(one.media_type),
            beginning(one.caption, _CAPTION_CHARACTERS_MAX - 1),
        )
        for one in pictures
    )
    return listed(attached, pictured)


def _medium(url: str, media_type: str | None, caption: str | None) -> Media:
    return Media(url=url, media_type=media_type or None, caption=caption or None)
