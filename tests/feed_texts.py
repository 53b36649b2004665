"""What validators say of the parts of a feed that no grammar looks into: texts, dates, languages.

As the W3C feed validator has it, besides what RFC 4287, RSS 2.0 and JSON Feed 1.1 demand.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final

from lxml import etree, html

_NAMES: Final = {
    "a": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
}
_LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{1,8})*")
_INSTANT: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})"
)
_W3C_DATE: Final = re.compile(rf"[0-9]{{4}}(-[0-9]{{2}}(-[0-9]{{2}})?)?|{_INSTANT.pattern}")
_MEDIA_TYPE: Final = re.compile(r"[a-z]+/[a-z0-9.+-]+")
_CONTROL: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]"
)
_ELEMENTS: Final = frozenset({"p", "a"})
"""All that a text of ours needs; the validator warns of scripts, frames, styles and forms."""
_MEDIA_TYPES: Final = {"atom": "application/atom+xml", "rss": "application/rss+xml"}


def faults_of_texts(suffix: str, data: bytes) -> Iterator[str]:
    """What is wrong with the texts, dates and languages of a feed."""
    if suffix == "json":
        yield from _of_json(json.loads(data.decode()))
        return
    root = etree.fromstring(data)
    yield from _of_control(root.itertext())
    yield from _of_links(root, _MEDIA_TYPES[suffix])
    if suffix == "atom":
        yield from _of_atom(root)
    else:
        yield from _of_rss(root)


def _of_atom(root: etree._Element) -> Iterator[str]:
    for part in root.iter():
        if part.get(_LANG) is not None and not _LANGUAGE.fullmatch(part.get(_LANG, "")):
            yield f"xml:lang: {part.get(_LANG)!r} is no tag in its usual form"
    for text in root.findall("a:entry/*[@type='html']", _NAMES):
        yield from _of_html(text.text or "")
    for name in root.findall(".//a:author/a:name", _NAMES):
        if not (name.text or "").strip():
            yield "3.2.1: a person has a name"
    for entry in root.findall("a:entry", _NAMES):
        if not (entry.findtext("a:title", "", _NAMES)).strip():
            yield "4.2.14: an entry has a title that is not blank"
    own = root.findtext("a:updated", "", _NAMES)
    entries = [one.text or "" for one in root.findall("a:entry/a:updated", _NAMES)]
    yield from _of_newest(own, entries)


def _of_rss(root: etree._Element) -> Iterator[str]:
    yield from _of_forms(root, "dc:date", _W3C_DATE)
    yield from _of_forms(root, "a:updated", _INSTANT)
    yield from _of_forms(root, "dc:language", _LANGUAGE)
    yield from _of_forms(root, "dc:creator", re.compile(r"(?s).*\S.*"))
    for part in (*root.iter("description"), *root.iter(f"{{{_NAMES['content']}}}encoded")):
        if part.getparent() is not None and part.getparent().tag == "item":
            yield from _of_html(part.text or "")
    for said in (*root.iter("pubDate"), *root.iter("lastBuildDate")):
        try:
            parsedate_to_datetime(said.text or "")
        except ValueError:
            yield f"{said.text!r} is no date of the calendar"


def _of_forms(root: etree._Element, name: str, form: re.Pattern[str]) -> Iterator[str]:
    for said in root.findall(f".//{name}", _NAMES):
        if not form.fullmatch(said.text or ""):
            yield f"{name}: {said.text!r} is not of its form"


def _of_json(document: dict[str, Any]) -> Iterator[str]:
    """Source: JSON Feed 1.1: whatever a reader shows is text, and each text has characters."""
    yield from _of_control(_strings(document))
    for item in document["items"]:
        yield from _of_html(item.get("content_html", ""))
        for name in ("date_published", "date_modified"):
            if name in item:
                yield from _of_calendar(item[name])
        if item.get("url") and item["url"] == item.get("external_url"):
            yield "external_url: it is another page than url"
    for one in (document, *document["items"]):
        if not _LANGUAGE.fullmatch(one.get("language", "en")):
            yield f"language: {one['language']!r} is no tag in its usual form"


def _of_html(text: str) -> Iterator[str]:
    """Markup that every reader takes: few elements, links that are absolute, nothing active."""
    if not text.strip():
        return
    for part in html.fragments_fromstring(f"<div>{text}</div>")[0].iterdescendants():
        if part.tag not in _ELEMENTS:
            yield f"markup: {part.tag!r} is no element that a text needs"
        for name, value in part.attrib.items():
            if (part.tag, name) != ("a", "href") or not re.match(r"https?://[^/]", str(value)):
                yield f"markup: {name}={value!r} is no link of the web"


def _of_links(root: etree._Element, own_type: str) -> Iterator[str]:
    for link in root.iter(f"{{{_NAMES['a']}}}link"):
        media_type = link.get("type")
        if media_type is not None and not _MEDIA_TYPE.fullmatch(media_type):
            yield f"link: {media_type!r} is no media type"
        if link.get("rel") == "self" and media_type not in {own_type, None}:
            yield f"link: the feed itself is {own_type}"
        if not link.get("href"):
            yield "link: it leads somewhere"


def _of_newest(own: str, entries: Iterable[str]) -> Iterator[str]:
    """A feed is not older than what stands in it."""
    for said in (own, *entries):
        yield from _of_calendar(said)
    instants = [_instant(one) for one in entries]
    if (mine := _instant(own)) and any(one > mine for one in instants if one):
        yield "4.2.15: an entry is newer than its feed"


def _of_calendar(text: str) -> Iterator[str]:
    if _instant(text) is None:
        yield f"{text!r} is no instant of the calendar"


def _instant(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text) if _INSTANT.fullmatch(text) else None
    except ValueError:
        return None


def _of_control(texts: Iterable[object]) -> Iterator[str]:
    for text in texts:
        if found := _CONTROL.search(str(text)):
            yield f"{found[0]!r} is no character of a text"


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _strings(one)
    elif isinstance(value, list):
        for one in value:
            yield from _strings(one)
