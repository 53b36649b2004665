"""Recorded pushes: a partner's lines, read as the push door reads them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import orjson

from services.ingest.domain import Observation
from services.ingest.publish import Publisher
from services.ingest.pushed import read_pushed
from shared.log import Appended, Stale, Unchanged
from shared.news import Rate
from shared.testing.memory_log import MemoryLog

SEEN = datetime(2026, 3, 3, 6, 40, tzinfo=UTC)
ARTICLE = {"id": "irt-1", "headline": "Ice Leaves the Irtysh", "body": ["It left."]}
RATE = {"base": "USD", "quote": "KZT", "value": "501.40", "as_of": "2026-03-03"}


def lines(*said: object) -> bytes:
    """One value a line."""
    return b"".join(orjson.dumps(one) + b"\n" for one in said)


def test_articles_and_rates_are_read_in_their_order() -> None:
    taken, problems = read_pushed(lines(RATE, ARTICLE), "irtysh-telegraph", SEEN)

    assert problems == []
    rate, article = taken
    assert isinstance(rate, Rate)
    assert isinstance(article, Observation)
    assert (rate.source, rate.value, rate.observed_at) == ("irtysh-telegraph", "501.40", SEEN)
    assert article.article.headline == "Ice Leaves the Irtysh"
    assert article.article.observed_at == SEEN + timedelta(microseconds=1)


async def test_the_later_of_two_versions_in_one_file_is_a_revision() -> None:
    later = {**ARTICLE, "headline": "Ice Leaves the Irtysh at Last"}
    log, body = MemoryLog(), lines(ARTICLE, RATE, later, {**RATE, "value": "502.00"})

    for expected in ([Appended] * 4, [Stale, Stale, Unchanged, Unchanged]):
        taken, _ = read_pushed(body, "irtysh-telegraph", SEEN)
        outcomes = [await Publisher(log, lambda: SEEN).publish_run([each]) for each in taken]
        assert [type(one) for (one,) in outcomes] == expected


def test_a_line_that_the_push_door_would_reject_costs_only_itself() -> None:
    headless = {"id": "irt-2", "body": ["It left."]}
    taken, problems = read_pushed(
        lines(headless, ARTICLE, [1]) + b"{half", "irtysh-telegraph", SEEN
    )

    assert len(taken) == 1
    assert [(one.reason, one.where) for one in problems] == [
        ("event-invalid", "line 1"), ("event-invalid", "line 3"), ("event-invalid", "line 4"),
    ]  # fmt: skip
    assert problems[0].detail.startswith("headline: ")


def test_a_push_for_another_source_is_rejected() -> None:
    taken, problems = read_pushed(lines({**ARTICLE, "source": "other"}), "irtysh-telegraph", SEEN)

    assert taken == []
    assert "source" in problems[0].detail
