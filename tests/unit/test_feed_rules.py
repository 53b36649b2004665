"""The judge of feeds finds what is wrong: each fault in a feed that is right but for it."""

from __future__ import annotations

import pytest

from tests.feed_rules import faults

ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><id>urn:xx:1</id><title>News</title>
<updated>2026-03-02T06:10:00Z</updated>
<link rel="self" href="https://a.example/feed"/>
<entry><id>urn:xx:2</id><title type="text">Snow</title>
<updated>2026-03-02T06:10:00.5+05:00</updated>
<author><name>A</name></author><link rel="alternate" type="text/html" href="https://a.example/2"/>
<category term="snow" label="Snow"/><content type="html">&lt;p&gt;Snow.&lt;/p&gt;</content></entry>
</feed>"""
RSS = """<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"
xmlns:dc="http://purl.org/dc/elements/1.1/"
xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>News</title>
<link>https://a.example/</link><description>News</description>
<atom:link rel="self" href="https://a.example/feed"/>
<item><title>Snow</title><guid isPermaLink="false">urn:xx:2</guid>
<pubDate>Mon, 02 Mar 2026 04:30:00 GMT</pubDate><category>Snow</category>
<description>Snow.</description><content:encoded>Snow.</content:encoded></item></channel></rss>"""
JSON = """{"version":"https://jsonfeed.org/version/1.1","title":"News","items":[{"id":"urn:xx:2",
"url":"https://a.example/2","content_html":"<p>Snow.</p>","date_modified":"2026-03-02T06:10:00Z",
"authors":[{"name":"A"}],"tags":["Snow"],"_x":{}}]}"""
SECOND = (
    "<entry><id>urn:xx:2</id><title/><updated>2026-03-02T06:10:00Z</updated>"
    "<author><name>A</name></author><content/></entry>"
)
"""An entry with the id of the first."""
BEHIND = "<content:encoded/><description>Snow.</description>"
WHOLE = {"atom": ATOM, "rss": RSS, "json": JSON}


@pytest.mark.parametrize(("form", "text"), WHOLE.items())
def test_a_feed_that_is_right_has_no_fault(form: str, text: str) -> None:
    assert faults(form, text.encode()) == []


@pytest.mark.parametrize(
    ("form", "there", "instead"),
    [
        ("atom", "<id>urn:xx:1</id>", ""),
        ("atom", "<id>urn:xx:1</id>", "<id>x</id>"),
        ("atom", "<id>urn:xx:1</id>", "<id>urn:xx:1</id><id>urn:xx:3</id>"),
        ("atom", "<title>News</title>", ""),
        ("atom", "2026-03-02T06:10:00Z", "2026-03-02"),
        ("atom", "2026-03-02T06:10:00Z", "2026-03-02t06:10:00z"),
        ("atom", "2026-03-02T06:10:00Z", "2026-02-30T06:10:00Z"),
        ("atom", ' rel="self"', ' rel="next"'),
        ("atom", 'href="https://a.example/2"', 'href="/2"'),
        ("atom", 'href="https://a.example/2"', 'href="https://a.example/a b"'),
        ("atom", 'href="https://a.example/2"', 'href="https://a.example/%"'),
        ("atom", 'href="https://a.example/2"', ""),
        ("atom", "<author><name>A</name></author>", ""),
        ("atom", "<author><name>A</name></author>", "<author>A</author>"),
        ("atom", 'term="snow"', ""),
        ("atom", ' type="text">Snow', ' type="text/plain">Snow'),
        ("atom", ' type="text">Snow', ">Snow<b/>"),
        ("atom", "<entry>", '<entry xml:lang="">'),
        ("atom", "<entry>", "<entry><published/>"),
        ("atom", "<entry>", "<entry><pubDate>2026</pubDate>"),
        ("atom", "</entry>", '<link href="https://a.example/3" type="text/html"/></entry>'),
        ("atom", "</feed>", SECOND + "</feed>"),
        ("atom", '<content type="html">&lt;p&gt;Snow.&lt;/p&gt;</content>', '<content src="x"/>'),
        ("atom", "<entry>", '<entry xml:lang="RU">'),
        ("atom", "News</title>", "News\x7f</title>"),
        ("atom", ' type="text">Snow', ' type="text"> '),
        ("atom", "<name>A", "<name> "),
        ("atom", "2026-03-02T06:10:00Z", "2026-03-01T06:10:00Z"),
        ("atom", 'rel="self"', 'rel="self" type="text/html"'),
        ("atom", 'type="text/html"', 'type="html"'),
        ("atom", "&lt;p&gt;Snow", "&lt;script&gt;Snow"),
        ("atom", "&lt;p&gt;Snow", "&lt;p onclick='x'&gt;Snow"),
        ("atom", "&lt;p&gt;Snow", "&lt;a href='/2'&gt;Snow"),
        ("rss", "Snow.</content", "&lt;iframe&gt;</content"),
        ("rss", "Snow.</description", "&lt;a href='javascript:x'&gt;x&lt;/a&gt;</description"),
        ("rss", "04:30:00", "24:30:00"),
        ("rss", "<category>", "<atom:updated>2026-03-02</atom:updated><category>"),
        ("rss", "<category>", "<dc:language>RU</dc:language><category>"),
        ("rss", "<category>", "<dc:creator/><category>"),
        ("rss", "<pubDate>Mon, 02 Mar 2026 04:30:00 GMT</pubDate>", "<dc:date>2.3.2026</dc:date>"),
        ("rss", 'rel="self"', 'rel="self" type="application/atom+xml"'),
        ("json", '"title":"News"', '"title":"News\\u0000"'),
        ("json", '"tags":["Snow"]', '"tags":["\\ud800"]'),
        ("json", "<p>Snow.</p>", "<img src='https://a.example/x'>"),
        ("json", "<p>Snow.</p>", "<a href='/2'>Snow.</a>"),
        ("json", "2026-03-02T06:10:00Z", "2026-02-30T06:10:00Z"),
        ("json", '"_x":{}', '"external_url":"https://a.example/2"'),
        ("json", '"_x":{}', '"language":"RU"'),
        ("rss", 'version="2.0"', 'version="0.91"'),
        ("rss", "<description>News</description>", ""),
        ("rss", "<description>News</description>", "<description>News</description><language/>"),
        ("rss", "<link>https://a.example/</link>", "<link>/</link>"),
        ("rss", "<link>https://a.example/</link>", ""),
        ("rss", ' rel="self"', ' rel="next"'),
        ("rss", "<title>Snow</title>", "<title>Snow</title><title>Snow</title>"),
        ("rss", "<title>Snow</title>", "<headline>Snow</headline>"),
        ("rss", "<title>Snow</title>", "<author>A. Serik</author>"),
        ("rss", "<title>Snow</title>", "<dc:date>2026-03-02</dc:date>"),
        ("rss", 'isPermaLink="false"', ""),
        ("rss", 'isPermaLink="false"', 'isPermaLink="no"'),
        ("rss", "Mon, 02 Mar", "Tue, 02 Mar"),
        ("rss", "Mon, 02 Mar 2026 04:30:00 GMT", "2026-03-02T04:30:00Z"),
        ("rss", "<category>Snow</category>", "<category/>"),
        ("rss", "<description>Snow.</description>", BEHIND),
        ("json", "/1.1", "/1"),
        ("json", '"title":"News",', ""),
        ("json", '"id":"urn:xx:2",', ""),
        ("json", '"id":"urn:xx:2"', '"id":2'),
        ("json", '"content_html":"<p>Snow.</p>",', ""),
        ("json", "2026-03-02T06:10:00Z", "2026-03-02"),
        ("json", '[{"name":"A"}]', '["A"]'),
        ("json", '["Snow"]', '["Snow","Snow"]'),
        ("json", '"_x":{}', '"_x":1'),
        ("json", '"_x":{}', '"summary":""'),
        ("json", '"_x":{}}', '"_x":{}},{"id":"urn:xx:2","content_text":"x"}'),
    ],
)  # fmt: skip
def test_a_feed_that_is_wrong_in_one_place_is_found_out(
    form: str, there: str, instead: str
) -> None:
    text = WHOLE[form]
    assert there in text

    assert faults(form, text.replace(there, instead, 1).encode()) != []
