"""A list of articles for feed readers, of the documents that the views keep."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import orjson

from services.api import front, typeset
from services.api.queries import Listed
from services.api.syndication.filters import Parameters, parameters_of
from services.api.syndication.items import Category, Item, Listing
from services.api.syndication.links import Format, Site, limited, original
from services.api.syndication.query import FeedQuery
from services.api.syndication.texts import clean, line
from services.api.words import names

DOCUMENTS_CHARACTERS_MAX: Final = 1_000_000
"""Of one feed, after its first article: more than a hundred articles of 700 words have with tags.

It is made in one go, and nobody else is answered meanwhile.
"""
_COUNTRY: Final = "iso3166:"
_IN_WORDS: Final = {
    "text": {"full": "with a text", "none": "without a text"},
    "copies": {"shown": "with copies"},
    "from": {"": "from "},
    "to": {"": "until "},
}
"""Of conditions that no article knows; empty: before a value."""
NAME: Final = "Newswire"
"""Of the desk, in titles."""


def listing(
    rows: Iterable[Listed], query: FeedQuery, site: Site, form: Format, at: datetime
) -> Listing:
    """The feed of these rows; ``at`` is when the views last changed, for one without articles."""
    documents = [orjson.loads(one) for one in few(row.document for row in rows)]
    items = tuple(item_of(document, site) for document in documents)
    parameters = parameters_of(query)
    everything = [*parameters, *limited(query)]
    return Listing(
        id=site.feed_id(parameters),
        title=_title(parameters, documents),
        self_url=site.feed(form, everything),
        page_url=site.page(parameters),
        language=query.language[0] if len(set(query.language)) == 1 else "",
        updated_at=max((item.updated_at for item in items), default=at),
        items=items,
        hub=site.hub_of(everything),
    )


def changed_at(document: Mapping[str, Any], published: datetime | None) -> datetime:
    """When it last became another: as its source says; of a revision, when we saw that.

    Sources that correct in silence leave their time as it was, and readers would miss it.
    """
    observed = datetime.fromisoformat(document["observed_at"])
    said = _instant(document.get("updated_at"))
    changed = observed if document["revision"] > 1 else said or published or observed
    return max(changed, published or changed)


def few(documents: Iterable[str]) -> Iterator[str]:
    """Documents as long as there is room for them."""
    characters = 0
    for document in documents:
        is_first = characters == 0
        characters += len(document)
        if characters > DOCUMENTS_CHARACTERS_MAX and not is_first:
            return
        yield document


def _title(parameters: Parameters, documents: Sequence[Mapping[str, Any]]) -> str:
    """As the page of the same list is called."""
    parts = [_name(name, value, documents) for name, value in parameters]
    return " – ".join([*parts, NAME])


def _name(name: str, value: str, documents: Sequence[Mapping[str, Any]]) -> str:
    """A condition in words: the articles of the list know what sources and tags are called."""
    match name:
        case "q":
            return f"Search: {line(value)}"
        case "language":
            return typeset.language_name(value) or value
        case "source":
            own = (one for one in documents if one["source"] == value)
            return next((line(front.credit_of(one)) for one in own), "") or value
        case "story":
            first = line(typeset.one_line(documents[-1]["headline"])) if documents else ""
            return f"Story: {first or value}"
        case "tag":
            labels = (label for one in documents for label in front.labels(one))
            named = (label.name for label in labels if label.tag == value)
            return next(named, "") or names.country(value.removeprefix(_COUNTRY)) or value
        case _:
            return _IN_WORDS[name].get(value) or _IN_WORDS[name][""] + value


def item_of(document: Mapping[str, Any], site: Site) -> Item:
    """An article as feeds offer it."""
    summary, paragraphs = _shown(document)
    credit = line(front.credit_of(document)) or str(document["source"])
    published = _instant(document.get("published_at"))
    return Item(
        id=f"urn:newswire:article:{document['article_id']}",
        page_url=site.article(document["article_id"]),
        original_url=original([document.get("canonical_url"), document.get("url")]),
        headline=line(typeset.one_line(document["headline"])) or credit,
        language=front.lang(document),
        source=document["source"],
        credit=credit,
        authors=tuple(filter(None, (line(one) for one in document["authors"]))),
        published_at=published,
        day=None if published else document.get("published_on") or document.get("listed_on"),
        updated_at=changed_at(document, published),
        summary=summary,
        lead=typeset.shortened(summary or next(iter(paragraphs), ""), front.LEAD_CHARACTERS_MAX),
        paragraphs=paragraphs,
        is_whole=document.get("display") is None,
        categories=_categories(document),
        rights=clean(document.get("rights") or "") or None,
    )  # fmt: skip


def _categories(document: Mapping[str, Any]) -> tuple[Category, ...]:
    """All tags, the most relevant first."""
    found = front.labels(document)
    return tuple(Category(line(one.tag), line(one.name) or line(one.tag)) for one in found)


def _shown(document: Mapping[str, Any]) -> tuple[str, tuple[str, ...]]:
    """Summary and paragraphs, by the one rule that pages have."""
    summary, paragraphs = front.shown_text(document)
    return clean(summary or ""), tuple(filter(None, map(clean, paragraphs)))


def _instant(iso: str | None) -> datetime | None:
    return datetime.fromisoformat(iso) if iso else None
