"""What holds for any bytes that may be an item of an agency."""

import json
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from services.ingest import observe
from services.ingest.observe import Sighting, Source
from services.ingest.parse.document import Parsed
from services.ingest.parse.versions import compared
from shared.news import Article
from tests.feeds import read
from tests.news_items import GOLDEN

WHOLE = [path.read_bytes() for path in sorted(GOLDEN.iterdir())]
PIECES = st.sampled_from(
    [
        *(b"{", b"}", b"[", b"]", b'"', b",", b":", b"null", b"true", b"1e9", b"\n", b"\\ud800"),
        *(b"<newsItem>", b"</contentMeta>", b"<embargoed/>", b"<p>", b"</p>", b"<nitf>", b"&amp;"),
        *(b'"uri": "x",', b'"pubstatus": 5,', b'"embargoed": "",', b'"version": "-1",'),
        *(b'"associations": [[]],', b'"bodies": {"value": []},', b'"subject": {"code": {}},'),
        *(b"stat:canceled", b"medtop:", b"http://", b"\xff", b"\x00", "Снег".encode()),
    ]
)
NAMES = """
    uri guid altids type version pubStatus pubstatus embargoed embargoedUntil urgency headlines
    headline bodies body_html body_text descriptions byline by people subjects place associations
    renditions signal signals slugline located language rightsInfo infoSources edNote ednotes
    firstCreated versionCreated name value role contentType href code scheme relevance rel itemid
"""
JSON = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=20),
        st.sampled_from(["text", "picture", "usable", "canceled", "2026-03-01T00:00:00Z", "3"]),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(NAMES.split()), inner, max_size=8),
    ),
    max_leaves=25,
)  # fmt: skip


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A document of an agency with a few pieces put in, cut out or doubled."""
    data = bytearray(draw(st.sampled_from(WHOLE)))
    for _ in range(draw(st.integers(0, 6))):
        begin = draw(st.integers(0, len(data)))
        end = min(len(data), begin + draw(st.integers(0, 30)))
        doubled = st.just(bytes(data[begin:end]) * 2)
        data[begin:end] = draw(st.one_of(PIECES, st.binary(max_size=4), doubled))
    return bytes(data)


ITEMS = JSON.map(
    lambda value: json.dumps({"uri": "x", "type": "text", "headlines": value, "items": value})
)
ALONE = st.dictionaries(st.sampled_from(NAMES.split()), JSON, max_size=12).map(
    lambda said: json.dumps({"uri": "tag:1", "type": "text"} | said)
)
DOCUMENTS = st.one_of(mutated(), st.one_of(ITEMS, ALONE).map(str.encode))


def articles(parsed: Parsed) -> list[Article]:
    """What ingest makes of a document, by the types of the log."""
    sighting = Sighting(parsed, Source("agency"), datetime(2026, 3, 2, tzinfo=UTC))
    ids = [observe.own_id("agency", entry) for entry in parsed.articles]
    return [
        observe.article(sighting, entry, one or observe.article_id("agency", "slug:x"))
        for entry, one in zip(parsed.articles, ids, strict=True)
    ]


@given(DOCUMENTS)
def test_no_bytes_raise_and_the_same_bytes_give_the_same_articles(data: bytes) -> None:
    one, other = read(data), read(data)

    assert one == other
    assert one.articles or one.rates or one.problems or one.listed
    assert [a.content_hash for a in articles(one)] == [a.content_hash for a in articles(other)]


@given(DOCUMENTS)
def test_entries_are_within_what_the_log_takes(data: bytes) -> None:
    for article in articles(read(data)):
        assert Article.model_validate_json(article.model_dump_json()) == article


@given(DOCUMENTS)
def test_no_two_entries_of_a_document_are_one_article(data: bytes) -> None:
    own = [observe.own_id("agency", entry) for entry in read(data).articles]

    named = [one for one in own if one is not None]
    assert len(named) == len(set(named))


@given(ALONE)
def test_usable_is_what_has_no_doubt_about_it(document: str) -> None:
    said = json.loads(document)
    for entry in read(document).articles:
        if entry.pubstatus == "usable" and entry.embargoed_until is None:
            embargoes = [said.get("embargoed"), said.get("embargoedUntil")]
            assert all(one is None or one is False for one in embargoes)


@given(st.text("0123456789.-", max_size=12), st.text("0123456789.-", max_size=12))
def test_of_two_versions_at_most_one_is_later(one: str, other: str) -> None:
    assert compared(one, other) == -compared(other, one)
    assert compared(one, one) == 0


@given(st.integers(0, 10**29), st.integers(0, 10**29))
def test_numbers_are_compared_as_numbers(one: int, other: int) -> None:
    assert compared(str(one), str(other)) == (one > other) - (one < other)
