"""What holds for any bytes that may be an item of an agency."""

import json

from hypothesis import given
from hypothesis import strategies as st

from services.ingest.parse.versions import compared
from tests.any_bytes import fits_the_log, is_read_alike_twice, mutated, names_each_article_once
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


ITEMS = JSON.map(
    lambda value: json.dumps({"uri": "x", "type": "text", "headlines": value, "items": value})
)
ALONE = st.dictionaries(st.sampled_from(NAMES.split()), JSON, max_size=12).map(
    lambda said: json.dumps({"uri": "tag:1", "type": "text"} | said)
)
DOCUMENTS = st.one_of(mutated(WHOLE, PIECES), st.one_of(ITEMS, ALONE).map(str.encode))


@given(DOCUMENTS)
def test_no_bytes_raise_and_the_same_bytes_give_the_same_articles(data: bytes) -> None:
    is_read_alike_twice(data)


@given(DOCUMENTS)
def test_entries_are_within_what_the_log_takes(data: bytes) -> None:
    fits_the_log(data)


@given(DOCUMENTS)
def test_no_two_entries_of_a_document_are_one_article(data: bytes) -> None:
    names_each_article_once(data)


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
