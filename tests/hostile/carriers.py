"""Documents of every format that carry hostile texts in every field that has words."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from html import escape
from typing import Any, Final, TypeVar

from tests.prose import spoken_of

T = TypeVar("T")

AT_A_TIME: Final = 12
"""Texts of one article; a feed of RSS has two."""
_CONTROLS: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_SPACES: Final = re.compile(r"\s+")
_NAMESPACES: Final = (
    'xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/"'
)


def groups(texts: Sequence[str], size: int = AT_A_TIME) -> list[Sequence[str]]:
    """So many texts at a time, the last of them filled up."""
    filled = [*texts, *[texts[0]] * (-len(texts) % size)]
    return [filled[n : n + size] for n in range(0, len(filled), size)]


def _filled(
    item: Callable[[int, Sequence[str], str], T],
    texts_by_number: Sequence[Sequence[str]],
    addresses: Sequence[str],
) -> list[T]:
    """An item for each group of texts; the addresses come in turn."""
    return [
        item(number, some, addresses[number % len(addresses)])
        for number, some in enumerate(texts_by_number)
    ]


def rss(texts: Sequence[str], addresses: Sequence[str]) -> bytes:
    """An item for two texts, which stand in all of its fields; its links lead astray."""
    items = "".join(_filled(_rss_item, groups(texts, 2), addresses))
    channel = f"<title>{_xml(texts[0])}</title><link>https://r.example/</link>"
    return f'<rss version="2.0" {_NAMESPACES}><channel>{channel}{items}</channel></rss>'.encode()


def _rss_item(number: int, two: Sequence[str], address: str) -> str:
    (said, other), url = map(_xml, two), _xml(address)
    return (
        f"<item><guid isPermaLink='false'>r-{number}</guid><title>R{number} {said}</title>"
        f"<link>{url}</link><comments>{url}</comments><enclosure url='{url}' type='{said}'/>"
        f"<author>{said}</author><dc:creator>{other}</dc:creator><category>{other}</category>"
        f"<source url='{url}'>{said}</source><dc:rights>{other}</dc:rights>"
        f"<media:content url='https://r.example/{number}.jpg' type='image/jpeg'>"
        f"<media:description>{other}</media:description></media:content>"
        f"<description>Summary {number} {other}</description>"
        f"<content:encoded>{_cdata(_prose(f'R{number}', two))}</content:encoded></item>"
    )


def atom(texts: Sequence[str], addresses: Sequence[str]) -> bytes:
    """An entry for twelve texts, in each type of text that Atom has."""
    entries = "".join(_filled(_atom_entry, groups(texts), addresses))
    begin = '<feed xmlns="http://www.w3.org/2005/Atom"><id>urn:a</id>'
    return f"{begin}<title type='html'>{_xml(texts[0])}</title>{entries}</feed>".encode()


def _atom_entry(number: int, some: Sequence[str], address: str) -> str:
    said, url = [_xml(text) for text in some], _xml(address)
    return (
        f"<entry><id>urn:a:{number}</id><title type='text'>A{number} {said[0]}</title>"
        f"<link href='{url}'/><link rel='canonical' href='{url}'/>"
        f"<link rel='enclosure' href='{url}' title='{said[1]}'/>"
        f"<author><name>{said[2]}</name><uri>{url}</uri></author>"
        f"<category term='{said[3]}' label='{said[3]}'/><rights type='html'>{said[4]}</rights>"
        f"<summary type='html'>Summary {number} {said[5]}</summary>"
        f"<content type='html'>{_xml(_prose(f'A{number}', some))}</content></entry>"
    )


def json_feed(texts: Sequence[str], addresses: Sequence[str]) -> bytes:
    """An item for twelve texts; JSON carries characters that XML cannot."""
    items = [
        {
            "id": f"j-{number}",
            "url": addresses[number % len(addresses)],
            "external_url": addresses[(number + 1) % len(addresses)],
            "image": addresses[(number + 2) % len(addresses)],
            "title": f"J{number} {some[0]}",
            "summary": f"Summary {number} {some[1]}",
            "authors": [{"name": some[2], "url": some[2]}],
            "tags": [some[3]],
            "language": some[4],
            "attachments": [{"url": some[5], "mime_type": some[5], "title": some[5]}],
            "content_html": _prose(f"J{number}", some),
        }
        for number, some in enumerate(groups(texts))
    ]
    said = {"version": "https://jsonfeed.org/version/1.1", "title": texts[0], "items": items}
    return json.dumps(said).encode()


def ninjs(texts: Sequence[str], addresses: Sequence[str]) -> bytes:
    """An item for twelve texts, one a line."""
    items = _filled(_ninjs_item, groups(texts), addresses)
    return b"".join(json.dumps(item).encode() + b"\n" for item in items)


def _ninjs_item(number: int, some: Sequence[str], address: str) -> dict[str, Any]:
    return {
        "uri": f"urn:n:{number}",
        "type": "text",
        "url": address,
        "headlines": [{"value": f"N{number} {some[0]}", "contentType": "text/html"}],
        "slug": some[1],
        "by": some[2],
        "subjects": [{"name": some[3], "uri": some[3], "rel": some[3]}],
        "ednote": some[4],
        "located": some[5],
        "usageterms": some[0],
        "descriptions": [{"role": "summary", "value": f"Summary {number} {some[1]}"}],
        "bodies": [{"contentType": "text/html", "value": _prose(f"N{number}", some)}],
        "associations": [{"name": some[2], "uri": some[2], "headlines": [{"value": some[2]}]}],
        "renditions": [{"name": "main", "href": address, "contentType": some[3]}],
    }


def newsml_g2(texts: Sequence[str], addresses: Sequence[str]) -> bytes:
    """A news item for twelve texts, the text of some of them as elements."""
    items = "".join(_filled(_g2_item, groups(texts), addresses))
    begin = '<newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/">'
    return f"{begin}<itemSet>{items}</itemSet></newsMessage>".encode()


def _g2_item(number: int, some: Sequence[str], address: str) -> str:
    said = [_xml(text) for text in some]
    live = (
        '<p onclick="window.hostile=1">Live <a href="javascript:window.hostile=1">link</a></p>'
        '<script>window.hostile=1</script><svg onload="window.hostile=1"/>'
    )
    inside = "".join(f"<p>{text}</p>" for text in said) + live
    return (
        f'<newsItem guid="urn:g:{number}" version="1"><rightsInfo><usageTerms>{said[4]}'
        f'</usageTerms></rightsInfo><itemMeta><itemClass qcode="ninat:text"/>'
        f"<edNote>{said[5]}</edNote><title>{said[0]}</title></itemMeta><contentMeta>"
        f"<headline>G{number} {said[0]}</headline><slugline>{said[1]}</slugline>"
        f"<by>{said[2]}</by><creditline>{said[3]}</creditline><dateline>{said[4]}</dateline>"
        f'<subject qcode="a:{number}"><name>{said[3]}</name></subject>'
        f"<description>Summary {number} {said[5]}</description></contentMeta><contentSet>"
        f'<inlineXML contenttype="application/xhtml+xml"><html xmlns="http://www.w3.org/1999/xhtml">'
        f"<body>{inside}</body></html></inlineXML>"
        f'<remoteContent href="{_xml(address)}" contenttype="image/jpeg"/></contentSet></newsItem>'
    )


def pushed(texts: Sequence[str]) -> bytes:
    """An article for twelve texts, one a line, as a partner sends it."""
    return b"".join(
        json.dumps(_pushed(number, some)).encode() + b"\n"
        for number, some in enumerate(groups(texts))
    )


def _pushed(number: int, some: Sequence[str]) -> dict[str, Any]:
    return {
        "id": f"p-{number}",
        "url": f"https://p.example/{number}",
        "headline": f"P{number} {some[0]}",
        "summary": f"Summary {number} {some[1]}",
        "authors": [f"a {some[2]}"],
        "categories": [f"c {some[3]}"],
        "dateline": some[4],
        "ednote": some[5],
        "rights": some[0],
        "credit": some[1],
        "slugline": some[2],
        "located": some[3],
        "source_version": f"v {some[4]}",
        "body_html": _prose(f"P{number}", some),
        "media": [{"url": f"https://p.example/{number}.jpg", "caption": some[5]}],
        "declared_tags": [{"kind": "subject", "name": f"t {some[0]}", "scheme": some[1]}],
        "associations": [{"rel": f"r {some[2]}", "headline": some[3], "item_id": some[4]}],
    }


def page(number: int, texts: Sequence[str]) -> bytes:
    """An article page; the texts stand between paragraphs that are what they seem."""
    data = {
        "@context": "https://schema.org", "@type": "NewsArticle",
        "headline": f"W{number} {texts[0]}", "author": [{"@type": "Person", "name": texts[1]}],
        "keywords": texts[2],
        "articleSection": texts[3], "description": texts[4],
        "image": f"https://w.example/{number}",
    }  # fmt: skip
    meta = "".join(
        f'<meta property="{name}" content="{escape(text)}">'
        for name, text in zip(("og:title", "og:description", "og:image"), texts, strict=False)
    )
    said = json.dumps(data).replace("</", "<\\/").replace("<!--", "<\\u0021--")
    script = f'<script type="application/ld+json">{said}</script>'
    told = [f"<p>{_sentence(f'W{number}', n)}</p>\n{one}\n" for n, one in enumerate(texts)]
    head = f"<!doctype html><html lang=en><head><title>W{number}</title>{meta}{script}</head>"
    body = f"<body><article><h1>W{number} road</h1>{''.join(told)}</article></body></html>"
    return (head + body).encode("utf-8", "replace")


def printed(texts: Sequence[str]) -> bytes:
    """A front page in plain text: a headline and a paragraph for each text."""
    lines = (_SPACES.sub(" ", _CONTROLS.sub("", text)) for text in texts)
    blocks = (
        f"Carpet Fair Opens in Town {number} {line}\n\n{_sentence(f'T{number}', 0)} {line}\n"
        for number, line in enumerate(lines)
    )
    return "\n".join(blocks).encode()


def in_encodings(script: str) -> dict[str, bytes]:
    """A script in feeds and pages whose bytes are not what they seem."""
    said = f"<script>{script}</script>"
    utf7 = f"+ADw-script+AD4-{script}+ADw-/script+AD4-"
    item = f"<item><title>E {_xml(said)}</title><description>{_xml(said)} text</description></item>"
    feed = f"<rss version='2.0'><channel><title>E</title>{item}</channel></rss>"
    hidden = feed.replace(_xml(said), utf7)
    bad = {"lt": b"\xc0\xbc", "three": b"\xe0\x80\xbc", "high": b"\xbc", "lead": b"\x81\x22"}
    found = {
        "utf-16.xml": feed.encode("utf-16"),
        "utf-16-be.xml": feed.encode("utf-16-be"),
        "utf-32.xml": feed.encode("utf-32"),
        "utf-7.xml": f'<?xml version="1.0" encoding="utf-7"?>{hidden}'.encode(),
        "ebcdic.xml": f'<?xml version="1.0" encoding="cp037"?>{feed}'.encode("cp037"),
        "shift.xml": f'<?xml version="1.0" encoding="shift_jis"?>{feed}'.encode(),
        "escape.xml": f'<?xml version="1.0" encoding="iso-2022-jp"?>{feed}'.encode("iso2022_jp"),
        "wrong.xml": f'<?xml version="1.0" encoding="windows-1251"?>{feed}'.encode(),
    }
    return found | {
        f"overlong-{name}.xml": feed.replace("&lt;", "LESS").encode().replace(b"LESS", data)
        for name, data in bad.items()
    }


def page_in_utf7(script: str) -> bytes:
    """A page that is all ASCII to who does not believe what it declares."""
    said = f"+ADw-script+AD4-{script}+ADw-/script+AD4-"
    text = "".join(f"<p>{_sentence('W99', place)} {said}</p>" for place in range(9))
    head = "<html><head><meta charset=utf-7><title>W99 road open</title></head>"
    return f"{head}<body><article><h1>W99 road open</h1>{text}</article></body></html>".encode()


def _prose(name: str, texts: Sequence[str]) -> str:
    marked = "".join(f"<p>{_sentence(name, place)} {one}" for place, one in enumerate(texts))
    return f"{marked}<p>Behind them {name}."


def _sentence(name: str, place: int) -> str:
    said = spoken_of(f"{name} {place}", 6)
    return f"The road to pass {name} is open again: {said}; {place} buses run every hour until six."


def _xml(text: str) -> str:
    return escape(_CONTROLS.sub("", text))


def _cdata(text: str) -> str:
    kept = _CONTROLS.sub("", text).replace("]]>", "]]]]><![CDATA[>")
    return f"<![CDATA[{kept}]]>"
