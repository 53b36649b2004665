"""Items of agencies made to harm whoever reads them: time in proportion, limits, no expansion."""

import json
import time
from collections.abc import Callable

import pytest

from tests.feeds import read
from tests.news_items import g2, ninjs

SECONDS_MAX = 40.0  # of the processor, under coverage; by the square it would be minutes
"""Of processor time, traced by coverage too; without it none takes three. Squares take hours."""
BYTES = 4_800_000


def many(text: str) -> str:
    return text * (BYTES // len(text))


def set_of(inside: str) -> str:
    return g2(inside=f"<contentSet>{inside}</contentSet>")


HARMFUL: dict[str, Callable[[], str | bytes]] = {
    "many items": lambda: json.dumps([{"uri": "x", "type": "text"}] * 150_000),
    "many lines": lambda: many('{"uri": "x", "type": "text"}\n'),
    "many broken lines": lambda: ninjs() + b"\n" + many("{\n").encode(),
    "many subjects": lambda: ninjs(subjects=[{"name": str(n)} for n in range(200_000)]),
    "many names": lambda: ninjs(**{f"body_{n}": "x" for n in range(200_000)}),
    "many associations": lambda: ninjs(associations={str(n): {"uri": "x"} for n in range(150_000)}),
    "many renditions": lambda: ninjs(renditions=[{"href": "http://a.example/"}] * 100_000),
    "many ids": lambda: ninjs(altids=[{"itemid": "x"}] * 200_000, uri="http://a.example/"),
    "many bodies": lambda: ninjs(bodies=[{"role": "x", "value": "<p>"}] * 100_000),
    "wrong bodies": lambda: ninjs(bodies=[1] * 1_000_000),
    "a long NITF": lambda: ninjs(
        bodies=[{"contentType": "application/nitf+xml", "value": "<nitf>" + many("<media>x")}]
    ),
    "envelopes in envelopes": lambda: '{"uri": 1,"type": "text","a":' + many('{"item":'),
    "many nearly words": lambda: "{" + many('"uri"   ') + "}",
    "many spaces": lambda: '{"uri":1,"type":' + many(" ") + "5}",
    "many blanks first": lambda: many(" ") + '{"uri": "x", "type": "text"}',
    "many media in NITF": lambda: set_of(
        "<inlineXML><nitf><body.content>" + many("<media/>x") + "</body.content></nitf></inlineXML>"
    ),
    "many texts": lambda: set_of(many("<inlineXML><body><p>x</p></body></inlineXML>")),
    "many subjects of G2": lambda: g2(content=many('<subject qcode="a:b"/>')),
    "many links": lambda: g2(meta=many('<link rel="a:b" residref="c"/>')),
    "many catalogs": lambda: g2(inside=many('<catalog><scheme alias="a" uri="b"/></catalog>')),
    "a long code": lambda: g2(content=f'<subject qcode="{many("a:")}"/>'),
    "a long urn": lambda: g2().replace("tag:agency", "urn:newsml:a:20260302:" + many("1:")),
    "other items": lambda: (
        '<newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/"><itemSet>'
        + many("<conceptItem/>")
        + "</itemSet></newsMessage>"
    ),
}


@pytest.mark.parametrize("name", HARMFUL)
def test_no_document_takes_more_time_than_its_size(name: str) -> None:
    document = HARMFUL[name]()
    begin = time.process_time()
    parsed = read(document)

    assert time.process_time() - begin < SECONDS_MAX
    assert len(parsed.problems) <= 200
