"""What is read out of the head of an answer."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.fetch import answers
from services.ingest.fetch.answers import Head
from services.ingest.fetch.urls import parse

NOW = datetime(2026, 3, 3, 12, 0, tzinfo=UTC)
BASE = parse("https://example.org/feed")


def head(*lines: str) -> Head:
    pairs = [line.partition(": ") for line in lines]
    return answers.head(200, [(name.encode(), value.encode("latin-1")) for name, _, value in pairs])


@pytest.mark.parametrize(
    ("lines", "age_s"),
    [
        (["Cache-Control: max-age=60"], 60),
        (['Cache-Control: public, MAX-AGE="60"'], 60),
        (["Cache-Control: public", "Cache-Control: max-age=60"], 60),
        (["Cache-Control: max-age=60, max-age=5"], 60),
        (["Cache-Control: max-age=60", "Age: 50"], 10),
        (["Cache-Control: max-age=60", "Age: 500"], 0),
        (["Cache-Control: max-age=60", "Age: -5"], 60),
        (["Cache-Control: max-age=60", "Expires: Tue, 03 Mar 2026 13:00:00 GMT"], 60),
        (["Cache-Control: max-age=99999999999999999999"], 604_800),
        (["Cache-Control: max-age=" + "9" * 5_000], 604_800),
        (["Cache-Control: s-maxage=60"], None),
        (["Cache-Control: no-cache"], None),
        (["Cache-Control: max-age=soon"], None),
        (["Cache-Control: max-age=-1"], None),
        (["Expires: Tue, 03 Mar 2026 12:10:00 GMT"], 600),
        (["Expires: Tue, 03 Mar 2026 12:10:00 GMT", "Date: Tue, 03 Mar 2026 12:09:00 GMT"], 60),
        (["Expires: Tuesday, 03-Mar-26 12:10:00 GMT"], 600),
        (["Expires: Tue Mar  3 12:10:00 2026"], 600),
        (["Expires: Tue, 03 Mar 2020 12:10:00 GMT"], 0),
        (["Expires: 0"], None),
        (["Expires: -1"], None),
        (["Expires: Tue, 03 Mar 99999 12:10:00 GMT"], None),
        (["Expires: Tue, 99 Mar 2026 12:10:00 GMT"], None),
        (["Expires: Tue, 03 Mar 2026 12:10:00 +9999"], None),
        ([], None),
    ],
)
def test_for_how_long_an_answer_is_fresh(lines: list[str], age_s: int | None) -> None:
    assert answers.max_age_s(head(*lines), NOW) == age_s


@pytest.mark.parametrize(
    ("line", "media_type", "charset"),
    [
        ("text/xml", "text/xml", None),
        ("Text/XML;charset=UTF-8", "text/xml", "UTF-8"),
        (' text/xml ; q=1 ; Charset = "windows-1251"', "text/xml", "windows-1251"),
        ("text/xml; charset=", "text/xml", None),
        ("text/xml; charset=\x1b[31m", "text/xml", None),
        ("text", None, None),
        ("", None, None),
        ("text/xml, text/html", None, None),
    ],
)
def test_media_type_and_encoding(line: str, media_type: str | None, charset: str | None) -> None:
    assert answers.media_type(head(f"Content-Type: {line}")) == media_type
    assert answers.charset(head(f"Content-Type: {line}")) == charset


@pytest.mark.parametrize(
    ("lines", "links"),
    [
        (["Link: <https://hub.example/>; rel=hub"], [("hub", "https://hub.example/")]),
        (['Link: </a,b>; title="x, y; rel=z"; rel="HUB self"'],
         [("hub", "https://example.org/a,b"), ("self", "https://example.org/a,b")]),
        (["Link: <a>; rel=self", "Link: <b>; rel=hub"],
         [("self", "https://example.org/a"), ("hub", "https://example.org/b")]),
        (["Link: <>; rel=self, <javascript:x>; rel=hub, <http://u:p@x/>; rel=hub, <c>; rel=hub"],
         [("hub", "https://example.org/c")]),
        (["Link: <a>, <b>; rev=x, nonsense, <c>; rel=hub"], []),
        (["Link: rel=hub"], []),
        (["Link: <a; rel=hub"], []),
        ([], []),
    ],
)  # fmt: skip
def test_links_are_absolute_and_in_order(lines: list[str], links: list[tuple[str, str]]) -> None:
    assert answers.links(head(*lines), BASE) == tuple(links)


def test_at_most_fifty_links_are_read() -> None:
    assert len(answers.links(head("Link: " + "<a>;rel=b," * 500), BASE)) == 50
    assert len(answers.links(head(f'Link: <a>;rel="{"b " * 500}"'), BASE)) == 50


@given(st.text(st.characters(max_codepoint=255), max_size=300))
def test_no_field_raises(text: str) -> None:
    fields = [
        "cache-control",
        "expires",
        "date",
        "age",
        "retry-after",
        "content-type",
        "link",
        "etag",
        "last-modified",
        "location",
        "content-encoding",
        "content-length",
    ]
    odd = Head(200, tuple((name, text) for name in fields))

    for read in (answers.max_age_s, answers.retry_after_s):
        assert (read(odd, NOW) or 0) >= 0
    for one in (answers.media_type, answers.charset, answers.codings, answers.declared_bytes):
        one(odd)
    answers.links(odd, BASE)
    answers.location(odd)
    answers.conditions(answers.validators(odd))


@pytest.mark.parametrize(
    "text", ["<a>" + "; a" * 3_000, "<a>" + " ;" * 5_000, "<a>;" + " " * 60_000, '<a>; a="' * 2_000,
             "," * 60_000, ", " * 30_000, ";charset=" * 7_000, "max-age=" * 8_000, "<" * 60_000]
)  # fmt: skip
def test_a_long_field_is_read_at_once(text: str) -> None:
    long = Head(200, tuple((name, text) for name in ("link", "cache-control", "content-type")))
    begun_s = time.perf_counter()

    answers.links(long, BASE)
    answers.max_age_s(long, NOW)
    answers.charset(long)
    answers.media_type(long)

    assert time.perf_counter() - begun_s < 0.5
