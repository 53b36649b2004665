"""Whether a feed is what its specification says, judged without the code that made it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, Final

from jsonschema import Draft202012Validator
from lxml import etree

from tests.feed_texts import faults_of_texts

_DATA: Final = Path(__file__).parent / "data" / "feeds"
_ATOM: Final = etree.RelaxNG(etree.parse(_DATA / "atom.rng"))
_JSON: Final = Draft202012Validator(
    json.loads((_DATA / "json-feed.schema.json").read_text("utf-8"))
)
_NAMES: Final = {
    "a": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
}
_URI: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:([!#$&-;=?@A-Z\[\]_a-z~]|%[0-9A-Fa-f]{2})+")
_URN: Final = re.compile(
    r"urn:[A-Za-z0-9][A-Za-z0-9-]{1,31}:([A-Za-z0-9()+,.:=@;$_!*'-]|%[0-9A-Fa-f]{2})+"
)
"""Source: RFC 2141, which validators of feeds go by; RFC 8141 takes more."""
_WEB: Final = re.compile(r"https?://[^/]+")
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{1,8})*")
_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS: Final = (
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
)  # fmt: skip
_RFC822: Final = re.compile(
    rf"({'|'.join(_DAYS)}), ([0-9]{{2}}) ({'|'.join(_MONTHS)}) ([0-9]{{4}}) "
    r"[0-9]{2}:[0-9]{2}:[0-9]{2} (?:GMT|[+-][0-9]{4})"
)
_ONCE_IN_CHANNEL: Final = (
    "title", "link", "description", "language", "copyright", "managingEditor", "webMaster",
    "pubDate", "lastBuildDate", "generator", "docs", "cloud", "ttl", "image", "rating",
    "textInput", "skipHours", "skipDays",
)  # fmt: skip
_ONCE_IN_ITEM: Final = (
    "title", "link", "description", "author", "comments", "guid", "pubDate", "source",
)  # fmt: skip


def faults(suffix: str, data: bytes) -> list[str]:
    """What is wrong with a feed of this format; nothing, when it is as it must be."""
    judge = {"atom": _of_atom, "rss": _of_rss, "json": _of_json}[suffix]
    return [*judge(data), *faults_of_texts(suffix, data)]


def _of_atom(data: bytes) -> Iterator[str]:
    """Source: RFC 4287; the clause is named where a grammar cannot say it."""
    tree = etree.fromstring(data)
    if not _ATOM.validate(tree):
        yield from (f"{one.line}: {one.message}" for one in _ATOM.error_log)
    yield from _of_addresses(tree)
    yield from _repeated("4.2.6 atom:id", tree.xpath("a:entry/a:id/text()", namespaces=_NAMES))
    if len(tree.findall("a:link[@rel='self']", _NAMES)) != 1:
        yield "4.1.1: a feed should have one link to itself"
    has_author = tree.find("a:author", _NAMES) is not None
    for part in (tree, *tree.findall("a:entry", _NAMES)):
        said = [
            (link.get("type"), link.get("hreflang"))
            for link in part.findall("a:link", _NAMES)
            if link.get("rel", "alternate") == "alternate"
        ]
        yield from _repeated("4.1.1, 4.1.2 alternate", said)
        if part is tree:
            continue
        if part.find("a:content", _NAMES) is None and not said:
            yield "4.1.2: an entry without content has a link to an alternate"
        if not has_author and part.find("a:author", _NAMES) is None:
            yield "4.1.2: an entry has an author where its feed has none"


def _of_rss(data: bytes) -> Iterator[str]:
    """Source: RSS 2.0.11; the Best Practices Profile of the RSS Advisory Board."""
    root = etree.fromstring(data)
    channels = root.findall("channel")
    if root.tag != "rss" or root.get("version") != "2.0" or len(channels) != 1 or len(root) != 1:
        yield "expected rss, version 2.0, with one channel and nothing else"
        return
    channel = channels[0]
    yield from _of_addresses(root)
    yield from _of_children(channel, {*_ONCE_IN_CHANNEL, "category", "item"}, _ONCE_IN_CHANNEL)
    for name in ("title", "link", "description"):
        if not (channel.findtext(name) or "").strip():
            yield f"a channel has a {name}"
    if len(channel.findall("a:link[@rel='self']", _NAMES)) != 1:
        yield "profile: a channel has one atom:link to itself"
    if not _LANGUAGE.fullmatch(channel.findtext("language", "en")):
        yield "language: expected a tag"
    items = channel.findall("item")
    yield from _repeated("guid", [item.findtext("guid") for item in items])
    for item in items:
        yield from _of_item(item)
    for said in (*root.iter("pubDate"), *root.iter("lastBuildDate")):
        yield from _of_date(said.text or "")


def _of_item(item: etree._Element) -> Iterator[str]:
    yield from _of_children(item, {*_ONCE_IN_ITEM, "category", "enclosure"}, _ONCE_IN_ITEM)
    if not (item.findtext("title") or item.findtext("description") or "").strip():
        yield "an item has a title or a description"
    guid = item.find("guid")
    if guid is None or guid.get("isPermaLink") not in {"true", "false", None}:
        yield "profile: an item has a guid"
    elif guid.get("isPermaLink") != "false" and not _WEB.match(guid.text or ""):
        yield "a guid that is a permanent link is an address"
    if "@" not in item.findtext("author", "@"):
        yield "an author is a mail address"
    if item.find("pubDate") is not None and item.find("dc:date", _NAMES) is not None:
        yield "profile: one date of publication"
    names = [child.tag for child in item]
    encoded = f"{{{_NAMES['content']}}}encoded"
    if names.count(encoded) > 1:
        yield "profile: content:encoded once"
    if encoded in names and names.index(encoded) < names.index("description"):
        yield "profile: the description comes before content:encoded"
    for category in item.findall("category"):
        if not (category.text or "").strip() or category.get("domain") == "":
            yield "a category says something"


def _of_children(part: etree._Element, known: set[str], once: tuple[str, ...]) -> Iterator[str]:
    own = [str(child.tag) for child in part if not str(child.tag).startswith("{")]
    yield from (f"{name} is no element of RSS here" for name in own if name not in known)
    yield from (f"{name} comes twice" for name in once if own.count(name) > 1)


def _of_date(text: str) -> Iterator[str]:
    """Source: RFC 822 5.1, with a year of four digits; the day of the week is the date's."""
    found = _RFC822.fullmatch(text)
    if found is None:
        yield f"expected a date of RFC 822, came {text!r}"
        return
    name, day, month, year = found.groups()
    on = date(int(year), _MONTHS.index(month) + 1, int(day))
    if _DAYS[on.weekday()] != name:
        yield f"{text!r} is another day of the week"


def _of_addresses(root: etree._Element) -> Iterator[str]:
    found = [str(value) for value in root.xpath("//@href | //@uri")]
    found += [part.text or "" for part in root.iter("link", "docs", f"{{{_NAMES['a']}}}id")]
    found += [part.text or "" for part in root.iter("guid")]
    yield from (f"{one!r} is no absolute URI" for one in found if not _URI.fullmatch(one))
    urns = [one for one in found if one.startswith("urn:")]
    yield from (f"{one!r} is no URN" for one in urns if not _URN.fullmatch(one))


def _of_json(data: bytes) -> Iterator[str]:
    """Source: JSON Feed 1.1."""
    document: Any = json.loads(data.decode())
    yield from (f"{one.json_path}: {one.message}" for one in _JSON.iter_errors(document))
    yield from _repeated("id", [item.get("id") for item in document["items"]])


def _repeated(what: str, found: list[Any]) -> Iterator[str]:
    if len(set(found)) < len(found):
        yield f"{what} comes twice"


def opml_faults(data: bytes) -> list[str]:
    """What is wrong with a list of subscriptions; nothing, when it is as it must be.

    Source: OPML 2.0: head and body, at least one outline, of which one of the type rss has text
    and xmlUrl.
    """
    return list(_of_opml(etree.fromstring(data)))


def _of_opml(root: etree._Element) -> Iterator[str]:
    if (root.tag, root.get("version")) != ("opml", "2.0"):
        yield "expected opml, version 2.0"
    if [child.tag for child in root] != ["head", "body"]:
        yield "expected head, then body"
    yield from _of_date(root.findtext("head/dateCreated") or "")
    outlines = root.findall("body/outline")
    if not outlines:
        yield "a body has an outline"
    for one in outlines:
        if not (one.get("text") or "").strip() or one.get("type") != "rss" or len(one):
            yield "a subscription has a text, and the type rss"
        for name in ("xmlUrl", *({"htmlUrl"} & set(one.attrib))):
            if not (_URI.fullmatch(one.get(name, "")) and _WEB.match(one.get(name, ""))):
                yield f"{name} is an address"
