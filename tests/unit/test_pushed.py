"""Recorded pushes: a partner's lines, read as the push door reads them."""

from __future__ import annotations

from datetime import UTC, datetime

import orjson

from services.ingest.domain import Observation
from services.ingest.pushed import read_pushed
from shared.news import Rate

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
    assert article.article.observed_at == SEEN


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
