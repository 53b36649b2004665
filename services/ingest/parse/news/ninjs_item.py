"""One item of ninjs, whatever its version. Source: the schemas of ninjs 1.3 to 3.3.

Names are folded: ``bodytext`` is ``body_text`` of 1.x and ``bodyText`` of others.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from services.ingest.parse.feeds.draft import NO_TEXT, Attached, Draft, Named, Text
from services.ingest.parse.feeds.urls import absolute
from services.ingest.parse.news.fields import Said
from services.ingest.parse.news.inline import html_of_nitf
from services.ingest.parse.news.item import Item, Linked
from services.ingest.parse.news.renditions import Rendition, widest
from services.ingest.parse.news.words import (
    MARKED_UP,
    NITF_TYPES,
    Value,
    author_of,
    main_of,
    without_revision,
)
from shared.news import TagKind

_TAGS: Final[tuple[tuple[TagKind, tuple[str, ...]], ...]] = (
    ("subject", ("subjects", "subject")),
    ("person", ("people", "person")),
    ("organisation", ("organisations", "organisation", "organizations", "organization")),
    ("place", ("places", "place")),
    ("event", ("events", "event")),
    ("object", ("objects", "object")),
    ("genre", ("genres", "genre")),
)
"""2.x and 3.x, then 1.x."""
_FORMS: Final = {
    "xhtml": "application/xhtml+xml", "html": "text/html", "nitf": "nitf", "text": "text/plain",
}  # fmt: skip
"""What 1.x says of a body by its name."""
_CHANGED: Final = ("versioncreated", "updated")
_AUTHOR: Final = frozenset({"creator", "author"})
"""What a person is to an item who wrote it, and is no subject of it."""
_NEWS: Final = "newscontent"
"""Source: AP Media API ``signals``: what lacks it is not to be published."""


def item_of(one: Said) -> Item:
    """What an object of ninjs says."""
    item_id, revision = _id(one)
    linked = _linked(one)
    signals = [*_signals(one, "signals"), *_signals(one, "signal")]
    return Item(
        draft=_draft(one, item_id),
        kind=one.text("type").lower(),
        pubstatus=_pubstatus(one),
        embargo=_embargo(one),
        urgency=one.text("urgency"),
        ednote=_ednote(one),
        slugline=one.text("slugline", "slug"),
        located=_located(one),
        dateline=one.text("dateline"),
        version=one.text("version") or revision,
        signals=signals,
        is_test=bool(signals) and _NEWS not in signals and _is_of_ap(one),
        associations=[made for made, _ in linked],
        media=[*_media(one), *(attached for _, each in linked for attached in each)],
    )


def _draft(one: Said, item_id: str) -> Draft:
    copyrights = one.text("copyrightnotice") or _named_holder(one)
    return Draft(
        where=one.where or "the item",
        line=None,
        base=absolute(one.text("url"), None),
        item_id=item_id,
        url=one.text("url", "link"),
        canonical_url=one.text("canonicalurl"),
        title=Text(_headline(one), "loose"),
        content=_body(one),
        summary=_description(one),
        authors=_authors(one),
        categories=one.texts("keywords"),
        tags=list(_tags(one)),
        published=one.text("firstpublished", "firstcreated", "contentcreated", *_CHANGED),
        updated=one.text(*_CHANGED),
        language=one.text("language"),
        rights=Text(" ".join(dict.fromkeys(filter(None, [copyrights, *_rights(one)]))), "plain"),
    )


def _id(one: Said) -> tuple[str, str]:
    """What identifies the item over its versions, and the number of a revision in it.

    The ``uri``; but an address of AP has the version in it, and ``altids`` the item's own id.
    """
    uri = one.text("uri", "guid", "urn")
    if not uri or uri.startswith(("http://", "https://")):
        alternates = [each for each in one.objects("altids") if each.value("itemid") is not None]
        uri = (alternates[0].text("itemid") if alternates else "") or uri
    return without_revision(uri or one.text("itemid"))


def _signals(one: Said, name: str) -> list[str]:
    """Texts (AP, dpa), or objects with a code (Superdesk)."""
    value = one.value(name)
    listed = value if isinstance(value, list) else [value]
    if any(isinstance(each, dict) for each in listed):
        return [each.text("code", "qcode", "uri", "name") for each in one.objects(name)]
    return one.texts(name)


def _is_of_ap(one: Said) -> bool:
    return any(each.value("itemid") is not None for each in one.objects("altids"))


def _pubstatus(one: Said) -> str:
    value = one.value("pubstatus")
    if value is None or isinstance(value, str):
        return one.text("pubstatus")
    return "unreadable"


def _embargo(one: Said) -> str | None:
    """``embargoed`` of 1.x and 2.x, ``embargoedUntil`` of 3.x; null and false are none."""
    for name in ("embargoeduntil", "embargoed"):
        value = one.value(name)
        if value is not None and value is not False:
            return one.text(name)
    return None


def _ednote(one: Said) -> str:
    """Source: ninjs ``edNote``; dpa has a list of ``ednotes``."""
    return one.text("ednote") or " ".join(
        text for each in one.objects("ednotes") if (text := each.text("ednote", "value"))
    )


def _located(one: Said) -> str:
    if isinstance(one.value("located"), dict | list):
        return next((text for each in one.objects("located") if (text := each.text("name"))), "")
    return one.text("located")


def _headline(one: Said) -> str:
    values = [
        Value(each.text("value"), each.text("role"), each.text("contenttype"))
        for each in one.objects("headlines")
    ]
    return main_of(values) or one.text("headline", "title")


def _body(one: Said) -> Text:
    """The body with markup before the plain one; of each kind the main one."""
    values = [
        Value(each.text("value"), each.text("role"), each.text("contenttype"))
        for each in one.objects("bodies")
    ]
    values += [Value(text, "", _FORMS.get(form, "")) for form, text in one.beginning("body")]
    values.append(Value(one.text("articlehtml"), "", "text/html"))  # dpa
    if not any(value.text for value in values):
        values.append(Value(one.text("body")))
    return _best(values)


def _description(one: Said) -> Text:
    values = [
        Value(each.text("value"), each.text("role"), each.text("contenttype"))
        for each in one.objects("descriptions")
    ]
    values += [Value(text, "", _FORMS.get(form, "")) for form, text in one.beginning("description")]
    alone = one.text("description", "teaser", "abstract", "summary")
    return _best([*values, Value(alone)] if alone else values)


def _best(values: list[Value]) -> Text:
    marked = [value for value in values if _type(value) in MARKED_UP]
    if html := main_of(marked):
        return Text(html)
    if nitf := main_of([value for value in values if _type(value) in NITF_TYPES]):
        return Text(html_of_nitf(nitf))
    if undeclared := main_of([value for value in values if not value.media_type]):
        return Text(undeclared)
    text = main_of([value for value in values if _type(value).startswith("text/")])
    return Text(text, "plain") if text else NO_TEXT


def _type(value: Value) -> str:
    return value.media_type.partition(";")[0].strip().lower()


def _authors(one: Said) -> list[str]:
    """``by`` (1.x: ``byline``, AP: ``bylines``), else who is named as a creator."""
    written = one.text("by", "byline")
    if written:
        return [author_of(written)]
    found = [author_of(each.text("by", "name")) for each in one.objects("bylines")]
    people = [*one.objects("people"), *one.objects("person")]
    found += [each.text("name") for each in one.objects("creators", "authors")]
    found += [each.text("name") for each in people if _is_author(each)]
    return [name for name in found if name]


def _is_author(person: Said) -> bool:
    return not _AUTHOR.isdisjoint(person.texts("rel"))


def _named_holder(one: Said) -> str:
    holder = one.text("copyrightholder")
    return f"© {holder}" if holder else ""


def _rights(one: Said) -> Iterator[str]:
    """Paragraphs: terms, what ``rightsInfo`` says, and who the information is from."""
    yield one.text("creditline")
    yield one.text("usageterms")
    for each in one.objects("rightsinfo"):
        notice = each.text("copyrightnotice") or _named_holder(each)
        yield from (notice, each.text("usageterms"), each.text("encodedrights"))
        yield each.text("linkedrights")
    sources = [each.text("name") for each in one.objects("infosources", "infosource")]
    if named := ", ".join(dict.fromkeys(name for name in sources if name)):
        yield f"Sources: {named}"


def _tags(one: Said) -> Iterator[Named]:
    for kind, names in _TAGS:
        for each in one.objects(*names):
            if kind == "person" and _is_author(each):
                continue
            code = each.text("uri", "qcode") or each.text("code", "literal")
            scheme = "" if each.value("uri") or each.value("qcode") else each.text("scheme")
            relevance = each.text("relevance")
            yield Named(kind, each.text("name"), scheme, code, relevance, each.where)
            yield from _symbols(kind, each)
    for each in one.objects("categories"):  # dpa
        yield Named("subject", each.text("name"), "", each.text("qcode"), "", each.where)


def _symbols(kind: TagKind, named: Said) -> Iterator[Named]:
    """The same by its tickers; the vocabulary of a ticker is its exchange.

    Source: ninjs 1.x ``organisation/symbols``, 2.x and 3.x ``organisations/symbols``.
    """
    for symbol in named.objects("symbols") if kind == "organisation" else []:
        ticker = symbol.text("ticker")
        if ticker:
            exchange = symbol.text("exchange")
            yield Named(kind, named.text("name"), exchange, ticker, "", symbol.where)


def _linked(one: Said) -> list[tuple[Linked, list[Attached]]]:
    """What came with the item, each with the best of its renditions."""
    found = []
    for name, each in one.named("associations"):
        attached = _media(each)
        item_id, _ = _id(each)
        linked = Linked(
            rel=name or each.text("rel"),
            item_id=item_id,
            url=attached[0].url if attached else each.text("url", "href"),
            headline=_headline(each),
        )
        found.append((linked, attached))
    return found


def _media(one: Said) -> list[Attached]:
    """The best of its renditions; empty: it has none that has an address."""
    renditions = [
        Rendition(each.text("href"), each.text("contenttype", "mimetype"), each.text("width"))
        for _, each in one.named("renditions")
    ]
    caption = (_description(one).value or _headline(one)) if renditions else ""
    best = widest(renditions, caption)
    return [best] if best else []
