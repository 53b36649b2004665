"""Pages that are made to cost time or memory, or to say what they should not."""

from __future__ import annotations

import time
from datetime import date
from typing import Final

import pytest

from services.ingest.parse.document import Arrival, Parsed
from services.ingest.parse.kinds import Kind, read

ARRIVAL: Final = Arrival(date(2026, 11, 1), "https://ledger.example/news/story")
TEXT: Final = (
    b"<p>The road to the pass is open again, and buses run every hour until evening.</p>" * 3
)
HEAD: Final = b"<html><head><title>Road open again</title></head><body><h1>Road open again</h1>"
SECONDS_MAX: Final = 4.0
"""Each takes a tenth of it at rest; what grows with the square takes minutes."""


def timed(data: bytes, kind: Kind = "page") -> Parsed:
    began = time.process_time()
    parsed = read(kind, data, ARRIVAL)
    assert time.process_time() - began < SECONDS_MAX
    return parsed


@pytest.mark.parametrize("kind", ["any", "page", "list", "feed"])
@pytest.mark.parametrize(
    "data",
    [
        pytest.param(HEAD + b"<div>" * 200_000, id="deep"),
        pytest.param(HEAD + b"<div>" * 240 + b"<a href=/x>A link </a>" * 25_000, id="links"),
        pytest.param(HEAD + b"<table><tr><td>" * 80 + b"<a href=/x>A link" * 25_000, id="tables"),
        pytest.param(HEAD + b"<div " + b" ".join(b"a%d=1" % n for n in range(90_000)), id="attrs"),
        pytest.param(HEAD + b'<p title="' + b"x" * 1_500_000 + b'">' + TEXT, id="attribute"),
        pytest.param(HEAD + b"<!--" * 400_000, id="comments"),
        pytest.param(HEAD + b"<script>" * 200_000, id="scripts"),
        pytest.param(HEAD + b"<script type=application/ld+json>" * 50_000, id="open data"),
        pytest.param(HEAD + b"<p>x</p>" + b"<script " * 200_000, id="open scripts"),
        pytest.param(HEAD + b"<p>x</p>" + b"<title " * 200_000, id="open titles"),
        pytest.param(HEAD + b"<" * 1_500_000, id="less than"),
        pytest.param(HEAD + b"&amp" * 400_000, id="references"),
        pytest.param(HEAD + b"<a href='/-a" + b"-a" * 900_000 + b"'>x</a>", id="slug"),
        pytest.param(HEAD + b"<h1>" * 20_000 + b"x" * 1_000_000, id="headings"),
        pytest.param(HEAD + b"<title>" + b" | " * 500_000, id="title"),
        pytest.param(b"<p>" * 600_000, id="paragraphs"),
    ],
)
def test_a_hostile_page_costs_little(data: bytes, kind: Kind) -> None:
    timed(data, kind)


def test_what_is_above_many_links_and_times_is_looked_at_once() -> None:
    deep = HEAD + b"<div class='a b c'>" * 200
    timed(deep + b"<a href=/2026/10/30/a-b-c-d>Road open</a>" * 12_000, "list")
    timed(deep + b"<time datetime=2026-10-30>x</time>" * 12_000, "feed")


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"[" * 100_000, id="deep"),
        pytest.param(b'{"a":' * 80_000, id="objects"),
        pytest.param(b'{"@type": "NewsArticle", "headline": ' + b"9" * 400_000 + b"}", id="number"),
        pytest.param(b'{"@type": ["NewsArticle", {"a": 1}, null], "author": [[[]]]}', id="shapes"),
        pytest.param(b'{"@type": "NewsArticle", "@id": "#a", "author": {"@id": "#a"}}', id="loop"),
        pytest.param(b'{"@type": "NewsArticle", "headline": "\\ud800"}', id="half a character"),
        pytest.param(b"[" + b'{"@type": "Article"},' * 20_000 + b"{}]", id="many"),
    ],
)
def test_hostile_json_ld_leaves_the_text_as_it_is(data: bytes) -> None:
    script = b'<script type="application/ld+json">' + data + b"</script>"
    parsed = timed(HEAD + script + TEXT + b"</body>")

    assert parsed.articles[0].paragraphs[0].startswith("The road to the pass")


def test_of_two_headlines_under_one_name_the_last_stands() -> None:
    node = b'{"@type": "NewsArticle", "headline": "One thing", "headline": "Another thing"}'
    parsed = timed(HEAD + b'<script type="application/ld+json">' + node + b"</script>" + TEXT)

    assert parsed.articles[0].headline == "Another thing"


def test_nothing_that_runs_is_left_in_the_markup() -> None:
    text = TEXT.replace(b"<p>", b"<p onclick=alert(1)><a href=javascript:alert(1)>a</a> ")
    entry = timed(HEAD + text + b"<script>alert(1)</script>").articles[0]

    assert entry.body_html
    assert "onclick" not in entry.body_html
    assert "javascript" not in entry.body_html
    assert "alert" not in " ".join(entry.paragraphs)


def test_a_script_in_a_text_of_json_ld_is_text_or_nothing() -> None:
    body = b"<img src=x onerror=alert(1)>" + TEXT + b"<\\/script>"
    node = b'{"@type": "NewsArticle", "headline": "<b onload=x>Road</b>", "articleBody": "%s"}'
    script = b'<script type="application/ld+json">' + node % body + b"</script>"
    entry = timed(HEAD + script + b"</body>").articles[0]

    assert "onerror" not in (entry.body_html or "")
    assert entry.headline == "<b onload=x>Road</b>"  # plain text, which every page escapes


def test_elements_in_each_other_are_refused_only_in_great_number() -> None:
    links = b"<a href=/x>A link in the list</a>"
    parsed = timed(HEAD + b"<div>" * 100 + TEXT + links * 3_000)
    deeper = timed(HEAD + b"<div>" * 100 + TEXT + links * 10_000)

    assert parsed.articles[0].headline == "Road open again"
    assert [one.reason for one in deeper.problems] == ["unsupported"]
    assert "too deep" in deeper.problems[0].detail


def test_a_page_above_its_limit_is_refused() -> None:
    parsed = timed(HEAD + b" " * 2_097_152)

    assert [one.reason for one in parsed.problems] == ["too-large"]
