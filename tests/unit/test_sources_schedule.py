"""When a source is read again, and when it counts as quiet."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from services.ingest.sources.health import judged, silent_after_s, with_news
from services.ingest.sources.schedule import first_at, interval_s, next_at, spread
from shared.house_events import SourceQuiet, SourceRecovered
from shared.polls import GAPS_MAX, Poll

NOW = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
HOUR = 3600


@pytest.mark.parametrize(
    ("every", "said", "gaps", "seconds"),
    [
        pytest.param(60, 7200, (9000,) * 5, 60, id="the operator's stands"),
        pytest.param(None, 3600, (9000,) * 5, 3600, id="what the source says"),
        pytest.param(None, 7 * 86_400, (), 86_400, id="a source that says a week: a day"),
        pytest.param(None, 0, (), 900, id="max-age=0 says nothing"),
        pytest.param(None, 300, (1200,) * 3, 600, id="half of its rhythm"),
        pytest.param(None, None, (60,) * 9, 300, id="a busy one: not more than each five minutes"),
        pytest.param(None, None, (86_400,) * 9, 7200, id="a slow one: its hour is not known"),
        pytest.param(None, None, (1200, 1200), 900, id="two gaps are no rhythm"),
        pytest.param(None, None, (), 900, id="nothing known"),
    ],
)
def test_the_interval(
    every: int | None, said: int | None, gaps: tuple[int, ...], seconds: int
) -> None:
    assert interval_s(every, said, gaps) == seconds


@pytest.mark.parametrize(
    ("failures", "retry_after", "hours"),
    [(0, None, 1), (1, None, 2), (2, None, 4), (4, None, 16), (9, None, 24), (0, 7200, 2),
     (3, 60, 8), (1, 10**9, 168)],
)  # fmt: skip
def test_a_failing_source_is_left_alone_and_a_wish_is_kept(
    failures: int, retry_after: int | None, hours: int
) -> None:
    assert next_at(NOW, HOUR, failures, retry_after) == NOW + timedelta(hours=hours)


def test_an_interval_above_a_day_is_kept_by_a_failing_source() -> None:
    assert next_at(NOW, 604_800, 3) == NOW + timedelta(days=7)


def test_sources_are_spread_and_each_has_its_own_moment() -> None:
    moments = [first_at(f"source-{n}", NOW, 30) for n in range(200)]

    assert min(moments) >= NOW
    assert max(moments) < NOW + timedelta(seconds=30)
    assert len(set(moments)) > 190
    assert first_at("source-1", NOW, 30) == moments[1]
    assert NOW <= spread(NOW, "a", 600) <= NOW + timedelta(seconds=30)


def test_a_rhythm_is_of_the_last_gaps() -> None:
    poll = Poll("a")
    for hours in range(20):
        poll = with_news(poll, NOW + timedelta(hours=hours))

    assert poll.gaps_s == (HOUR,) * GAPS_MAX
    assert poll.new_at == NOW + timedelta(hours=19)
    assert silent_after_s(poll) == 6 * HOUR


def test_a_source_of_unknown_rhythm_is_silent_after_two_days() -> None:
    assert silent_after_s(Poll("a", gaps_s=(60, 60))) == 48 * HOUR


def test_silence_is_said_once_and_its_end_too() -> None:
    poll = Poll("a", new_at=NOW, gaps_s=(2 * HOUR,) * 3)
    before = judged(poll, NOW + timedelta(hours=7))
    quiet, (event,) = judged(poll, NOW + timedelta(hours=9))
    again = judged(quiet, NOW + timedelta(hours=10))
    back, (end,) = judged(with_news(quiet, NOW + timedelta(hours=11)), NOW + timedelta(hours=11))

    assert before == (poll, [])
    assert isinstance(event, SourceQuiet)
    assert (event.reason, event.since) == ("silent", NOW)
    assert event.detail == "expected something new within 8 hours, came nothing"
    assert again == (quiet, [])
    assert end == SourceRecovered(
        source="a", reason="silent", since=NOW, observed_at=NOW + timedelta(hours=11)
    )
    assert (back.quiet, back.quiet_since) == (None, None)


def test_a_source_that_cannot_be_read_for_an_hour_is_failing() -> None:
    poll = Poll("a", failures=3, failing_since=NOW, problem="timeout: no answer", new_at=NOW)

    assert judged(poll, NOW + timedelta(minutes=59)) == (poll, [])
    assert judged(replace(poll, failures=2), NOW + timedelta(hours=2))[1] == []
    quiet, (event,) = judged(poll, NOW + timedelta(hours=1))
    assert isinstance(event, SourceQuiet)
    assert (event.reason, event.since) == ("failing", NOW)
    assert event.detail == "it could not be read 3 times in a row: timeout: no answer"
    assert quiet.quiet == "failing"


def test_a_failing_source_that_is_read_again_may_still_be_silent() -> None:
    poll = Poll("a", new_at=NOW, quiet="failing", quiet_since=NOW + timedelta(days=1))

    after, events = judged(poll, NOW + timedelta(days=3))

    assert [type(event) for event in events] == [SourceRecovered, SourceQuiet]
    assert (after.quiet, after.quiet_since) == ("silent", NOW)


def test_a_source_that_never_offered_anything_is_not_silent() -> None:
    assert judged(Poll("a"), NOW + timedelta(days=400))[1] == []
