"""What a process that parses may say, and what is taken for nothing that one of ours says."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from services.ingest import framing
from services.ingest.framing import Unintelligible
from services.ingest.parse import parse
from services.ingest.parse.document import Arrival, ArticleEntry, Parsed, RateEntry
from shared.news import Association, Media
from tests.feeds import rss

DATA = rss("<item><title>Snow</title><link>https://courier.example/1</link></item>").encode()
PARSED = parse(DATA, Arrival(date(2026, 3, 2)))
RATE = RateEntry("USD", "KZT", "501.40", 1, None, 1, 1)


def taken(parsed: Parsed) -> Parsed:
    return framing.parsed_of(framing.parsed_bytes(parsed), DATA)


def with_entry(**changes: object) -> Parsed:
    entry: ArticleEntry = replace(PARSED.articles[0], **changes)  # type: ignore[arg-type]
    return replace(PARSED, articles=(entry,))


def test_what_a_process_says_is_what_it_read() -> None:
    assert taken(replace(PARSED, rates=(RATE,))) == replace(PARSED, rates=(RATE,))


@pytest.mark.parametrize(
    "parsed",
    [
        pytest.param(with_entry(headline=""), id="no headline"),
        pytest.param(with_entry(headline="a" * 2_001), id="long headline"),
        pytest.param(with_entry(paragraphs=("",)), id="empty paragraph"),
        pytest.param(with_entry(urgency=10), id="urgency"),
        pytest.param(with_entry(url="javascript:x"), id="script"),
        pytest.param(with_entry(canonical_url="//courier.example/1"), id="relative"),
        pytest.param(with_entry(media=(Media(url="file:///etc/passwd"),)), id="file"),
        pytest.param(
            with_entry(associations=(Association(rel="related", url="data:,x"),)), id="data"
        ),
        pytest.param(replace(PARSED, rates=(replace(RATE, value="NaN"),)), id="no number"),
        pytest.param(replace(PARSED, rates=(replace(RATE, nominal=0),)), id="no nominal"),
        pytest.param(replace(PARSED, rates=(replace(RATE, as_of="soon"),)), id="no day"),
        pytest.param(replace(PARSED, sha256="0" * 64), id="another document"),
    ],
)
def test_what_the_log_would_refuse_is_refused_where_it_costs_its_document_alone(
    parsed: Parsed,
) -> None:
    with pytest.raises(Unintelligible):
        taken(parsed)
