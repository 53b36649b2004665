"""The rates of a pair for feed readers: each value that stands, as its source published it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from services.api.syndication.items import Category, Item, Listing
from services.api.syndication.links import Format, Site
from services.api.syndication.listing import NAME
from services.api.syndication.query import RATES_DEFAULT, RatesFeedQuery
from services.api.syndication.texts import line
from shared.streams import rate_subject

_DAY_CHARACTERS: Final = len("2026-03-02")

Documents = Sequence[Mapping[str, Any]]


def of_pair(
    documents: Documents, pair: str, query: RatesFeedQuery, place: tuple[Site, Format, datetime]
) -> Listing:
    """The feed of these values of ``BASE-QUOTE``.

    ``place``: where it is, as what, when the views last changed.
    """
    site, form, at = place
    items = tuple(_item(document, site.pair(pair)) for document in documents)
    asked = [("source", query.source), ("kind", query.kind)]
    chosen = [(name, said) for name, said in asked if said]
    limit = [] if query.limit == RATES_DEFAULT else [("limit", str(query.limit))]
    named = "".join(f":{name}={said}" for name, said in chosen)
    return Listing(
        id=site.named(f"rates:{pair}{named}"),
        title=" – ".join([pair.replace("-", "/"), *(said for _, said in chosen), NAME]),
        self_url=site.feed_at(f"/feeds/rates/{pair}", form, [*chosen, *limit]),
        page_url=site.pair(pair),
        language="",
        updated_at=max((item.updated_at for item in items), default=at),
        items=items,
    )


def _item(document: Mapping[str, Any], page_url: str) -> Item:
    """A value under what it says; restated, it is the same item with another value."""
    base, quote, kind = document["base"], document["quote"], document["kind"]
    source, as_of = document["source"], document["as_of"]
    credit = line(document.get("credit") or "") or source
    priced = f"{document['nominal']} {base} = {document['value']} {quote}"
    told = f"{priced}. {credit}, {kind}, {as_of}."
    return Item(
        id=rate_subject(f"{source}:{kind}:{base}-{quote}", as_of),
        page_url=page_url,
        original_url=None,
        headline=priced,
        language="",
        source=source,
        credit=credit,
        authors=(),
        published_at=None,
        day=as_of[:_DAY_CHARACTERS],
        updated_at=datetime.fromisoformat(document["observed_at"]),
        summary="",
        lead=told,
        paragraphs=(told,),
        is_whole=True,
        categories=tuple(Category(f"iso4217:{code}", code) for code in (base, quote)),
        rights=None,
    )
