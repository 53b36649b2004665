"""Feeds with which fuzzing begins: what is rare in them, and what is broken.

Each reaches readers that the plain ones do not; a fuzzer seldom finds a date in words by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from tests import feeds

_RARE_ENTRIES: Final = (
    (
        "<entry><id>1</id><title type='text/plain' mode='escaped'>Snow &amp;lt;</title>"
        "<link rel='http://www.iana.org/assignments/relation/alternate' href='1'/>"
        "<link rel='enclosure' type='image/png' title='Pass' href='/a.png'/>"
        "<link rel='related' href='/2'/><author><email>a@courier.example</email></author>"
        "<author>Aigul</author><author><uri>/aigul</uri></author>"
        "<category term='weather' label='Weather'/><issued>2026-03</issued>"
        "<modified>2026</modified><content mode='base64' type='text/html'>PHA+VGhlIHBhc3M="
        "</content>"
        "</entry>"
    ),
    (
        "<entry xml:base='https://a.example/x/'><id>2</id><title type='xhtml'><b>Ice</b></title>"
        "<source><id>s</id><title>Wire</title><rights>R</rights></source>"
        "<content type='application/octet-stream'>PHA+PC9wPg==</content>"
        "<summary type='image/png'>iVBORw0KGgo=</summary><updated>2026-03-01</updated></entry>"
    ),
    (
        "<entry><id>3</id><content src='/3.html' type='text/html'/><published>2027-01-01T00:00:00Z"
        "</published><content type='xhtml'><p>No div</p></content></entry>"
    ),
    (
        "<entry><id>4</id><content type='application/xml'><a><b>c</b></a></content>"
        "<summary>No type and <b>an element</b></summary></entry>"
    ),
)
_RARE_ITEM: Final = (
    "<item><title>Pass</title><guid>https://courier.example/9</guid><source url='/s'>Wire</source>"
    "<media:group><media:title>Pass</media:title><media:content url='/a.jpg' type='image/jpeg; q'>"
    "<media:description type='html'>&lt;b>Snow</media:description></media:content>"
    "<media:content url='/a.jpg'/><media:thumbnail url='//a.example/t.jpg'/></media:group>"
    "<itunes:image href='/i.jpg'/><enclosure url=' /a b.mp3 ' length='x' type='?'/>"
    "<dc:date>2026-03-01T10:00+05:00</dc:date><dc:rights>R</dc:rights><dc:language>kk_KZ"
    "</dc:language><comments>/c</comments><feedburner:origLink>/o</feedburner:origLink></item>"
)
_BROKEN: Final = (
    (
        b"<rss><channel><item><title>A<link>/1</title><guid a='1' a='2'>1<p>x</p></item>"
        b"<item><title>&#0;&#x110000;&nosuch;&NotEqualTilde;& < ]]></title></nothing></item>"
        b"<item><description><![CDATA[open</description></item>"
    ),
    (
        b"<rss version=2.0 checked><channel><item><title>A</title><1x>y</1x><hr><img src=a></item>"
        b"<item><title>B</title><description>breaks o"
    ),
    b"<feed><author>Aigul<name>A</name><entry><title>A<entry><title>B</entry></feed> behind",
    b"\n<!-- a --><?php warning ?>\n<rss><channel><item><title>A</title></item></channel></rss>x",
    b"<RSS><Channel><Item><Title>A</Title></Item></Channel></RSS>",
    b"<rdf:RDF><channel/><item><title>A</title></item></rdf:RDF>",
    b"<html><body><p>No feed</p></body></html>",
    b"<rss><channel>" + b"<a>" * 300,
)
PROSE: Final = (
    "<p>One<br><br/>two &amp; <i>three</i> <a href='/1'>four</a></p> <p> </p>tail<p><img src='/p'>",
    (
        "<p>One <a href='/1'>two</a> &mdash; <b>three</b><br/>four <img src='/p' alt='q'></p>"
        "<p> <i>five</i> <a href='javascript:'>six</a><br />seven<img src=r> <em>eight</em></p>"
    ),
    "<div>a<div>b<span>c</span></div><ul><li>d<ol start=3><li>e</ul><dl><dt>f<dd>g</dl>",
    "<table><thead><tr><th colspan=2>h<tbody><tr><td>i<td>j</table><pre>\n k\n  l</pre>",
    "<blockquote><p>m</blockquote><figure><img srcset='/n 2x, /o 1x' alt=p><figcaption>q</figure>",
    "<h2>r</h2><h5>s</h5><hr>t<sub>u</sub><sup>v</sup><code>w</code><q>x</q><del>y</del>&shy;&zwj;",
    "<script>a</script><style>b</style><!-- c --><iframe src=d></iframe><video src=e poster=f>",
    "Plain text.\n\nIn two paragraphs, with https://courier.example/ and &lt;b&gt;.",
)
_DATES: Final = (
    "2 марта 2026 г., 10:15", "March 2nd, 2026 3 p.m. EST", "2026-W09-7", "1772445000", "2026-061",
    "Thu Nov 12 2020 17:00:00 GMT+0000 (Coordinated Universal Time)", "20260301T101500Z", "вчера",
    "Sun, 01 Mar 26 24:00:60 +0560", "03/04/2026", "2026-03", "2030-01-01", "1 наурыз 2026 жыл",
)  # fmt: skip


def _items(texts: Sequence[str], name: str) -> str:
    return "".join(
        f"<item><title>{number}</title><{name}><![CDATA[{text}]]></{name}></item>"
        for number, text in enumerate(texts)
    )


RARE_FEEDS: Final = (
    feeds.atom("".join(_RARE_ENTRIES), "<link href='/'/><rights>R</rights>").encode(),
    *(feeds.atom(one).encode() for one in _RARE_ENTRIES),
    f"<feed version='0.3' xmlns='http://purl.org/atom/ns#'>{_RARE_ENTRIES[0]}</feed>".encode(),
    f"<feed xmlns='urn:of-nobody'>{_RARE_ENTRIES[1]}</feed>".encode(),
    feeds.rss(_RARE_ITEM, "<image><url>/i</url></image><sy:updatePeriod>daily</sy:updatePeriod>")
    .replace("<rss ", "<rss xmlns:feedburner='http://rssnamespace.org/feedburner/ext/1.0' ")
    .encode(),
    feeds.rss(_items(PROSE, "description")).encode(),
    feeds.rss(_items(_DATES, "pubDate")).encode(),
    feeds.rss("<item><title>" + "a" * 3_000 + "</title><guid>" + "b" * 3_000 + "</guid></item>")
    .encode(),
    feeds.rss("<item><title>Снег</title></item>").encode("cp1251"),
    b"<?xml version='1.0' encoding='gb2312'?>" + feeds.rss("<item><title>雪</title></item>")
    .encode("gb18030"),
    *_BROKEN,
)  # fmt: skip
