"""Articles for agencies, of the documents that the views keep. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

import orjson

from services.api import front, typeset
from services.api.exports.item import NewsItem, Subject
from services.api.queries import Listed
from services.api.syndication.links import original
from services.api.syndication.listing import changed_at
from services.api.syndication.texts import clean, line

_VOCABULARIES: Final = {
    "medtop": "http://cv.iptc.org/newscodes/mediatopic/",
    "iso3166": "http://cvx.iptc.org/iso3166-1a2/",
    "iso3166-2": "http://cvx.iptc.org/iso3166-2/",
    "iso4217": "http://cvx.iptc.org/iso4217a/",
    "geonames": "http://sws.geonames.org/",
}
"""Of the schemes that are not ours, as the catalogue of IPTC has them."""


def item_of(row: Listed) -> NewsItem:
    """An article of the views, or the notice that stands in its place."""
    document = orjson.loads(row.document)
    if row.status != "usable":
        return _notice(document)
    summary, paragraphs = front.shown_text(document)
    published = _instant(document.get("published_at"))
    credit = line(front.credit_of(document)) or str(document["source"])
    return NewsItem(
        id=f"urn:newswire:article:{document['article_id']}",
        version=document["version"],
        status="usable",
        changed_at=changed_at(document, published),
        published_at=published,
        day="" if published else document.get("published_on") or document.get("listed_on") or "",
        headline=line(typeset.one_line(document["headline"])) or credit,
        language=front.lang(document),
        source=document["source"],
        credit=credit,
        by=", ".join(filter(None, (line(one) for one in document["authors"]))),
        summary=clean(summary or ""),
        paragraphs=tuple(filter(None, map(clean, paragraphs))),
        is_whole=document.get("display") is None,
        subjects=tuple(_subject(tag) for tag in document["tags"]),
        copy_of=f"urn:newswire:article:{row.copy_of}" if row.copy_of else None,
        **_said(document),
    )


def _said(document: Mapping[str, Any]) -> dict[str, Any]:
    """What an article may say or not."""
    return {
        "rights": clean(document.get("rights") or ""),
        "urgency": document.get("urgency"),
        "note": clean(document.get("ednote") or ""),
        "slugline": line(document.get("slugline") or ""),
        "located": line(document.get("located") or ""),
        "dateline": line(document.get("dateline") or ""),
        "original_url": original([document.get("canonical_url"), document.get("url")]),
    }


def _notice(document: Mapping[str, Any]) -> NewsItem:
    """That an article was taken back, and why; nothing else of it."""
    return NewsItem(
        id=f"urn:newswire:article:{document['article_id']}",
        version=document["version"],
        status=document["status"],
        changed_at=datetime.fromisoformat(document["observed_at"]),
        source=document["source"],
        note=clean(document["reason"]),
    )


def _subject(tag: Mapping[str, Any]) -> Subject:
    scheme, code = line(tag["scheme"]), line(tag["code"])
    longitude, latitude = tag.get("longitude"), tag.get("latitude")
    vocabulary = _VOCABULARIES.get(scheme)
    return Subject(
        kind=tag["kind"],
        tag=f"{scheme}:{code}",
        uri=f"{vocabulary}{code}" if vocabulary else f"urn:newswire:tag:{scheme}:{code}",
        name=line(tag["name"]) or f"{scheme}:{code}",
        relevance=tag["relevance"],
        confidence=tag["confidence"],
        method=line(tag["creator"]),
        point=None if longitude is None or latitude is None else (longitude, latitude),
    )


def _instant(iso: str | None) -> datetime | None:
    return datetime.fromisoformat(iso).astimezone(UTC) if iso else None
