"""When a source counts as quiet, and when it has recovered. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from statistics import median
from typing import Final

from services.ingest.sources.schedule import GAPS_MIN
from shared.house_events import SourceQuiet, SourceRecovered
from shared.polls import GAPS_MAX, Poll

SILENT_GAPS: Final = 4
"""So many times its usual gap without anything new is silence."""
SILENT_S_MIN: Final = 21_600
"""A night's rest is no silence."""
SILENT_S: Final = 172_800
"""Of a source whose rhythm is not known: two days, a weekend."""
SILENT_S_MAX: Final = 1_209_600
FAILING_S: Final = 3_600
"""A restart of a publisher's server takes minutes."""
FAILURES_MIN: Final = 3

Change = SourceQuiet | SourceRecovered


def with_news(poll: Poll, now: datetime) -> Poll:
    """The poll of a source that has just offered something new."""
    gap = int((now - poll.new_at).total_seconds()) if poll.new_at else 0
    gaps = (*poll.gaps_s, gap)[-GAPS_MAX:] if gap > 0 else poll.gaps_s
    return replace(poll, new_at=now, gaps_s=gaps)


def silent_after_s(poll: Poll) -> int:
    """After how many seconds without anything new a source is silent."""
    if len(poll.gaps_s) < GAPS_MIN:
        return SILENT_S
    usual = int(SILENT_GAPS * median(poll.gaps_s))
    return max(SILENT_S_MIN, min(usual, SILENT_S_MAX))


def judged(poll: Poll, now: datetime) -> tuple[Poll, list[Change]]:
    """The poll with what it counts as now, and what has changed in that.

    One that cannot be read is failing, whatever its silence; one that was failing and is read
    again may still be silent.
    """
    found = _failing(poll, now) or _silent(poll, now)
    reason = found.reason if found else None
    if reason == poll.quiet:
        return poll, []
    said: list[Change] = []
    if poll.quiet is not None and poll.quiet_since is not None:
        said.append(
            SourceRecovered(
                source=poll.source, reason=poll.quiet, since=poll.quiet_since, observed_at=now
            )
        )
    if found:
        said.append(found)
    since = found.since if found else None
    return replace(poll, quiet=reason, quiet_since=since), said


def _failing(poll: Poll, now: datetime) -> SourceQuiet | None:
    since = poll.failing_since
    if poll.failures < FAILURES_MIN or since is None or now - since < timedelta(seconds=FAILING_S):
        return None
    detail = f"it could not be read {poll.failures} times in a row: {poll.problem or 'no answer'}"
    return SourceQuiet(
        source=poll.source, reason="failing", since=since, detail=detail[:500], observed_at=now
    )


def _silent(poll: Poll, now: datetime) -> SourceQuiet | None:
    after = silent_after_s(poll)
    if poll.new_at is None or now - poll.new_at < timedelta(seconds=after):
        return None
    detail = f"expected something new within {_told(after)}, came nothing"
    return SourceQuiet(
        source=poll.source, reason="silent", since=poll.new_at, detail=detail, observed_at=now
    )


def _told(seconds: int) -> str:
    return f"{seconds / 3600:.0f} hours" if seconds < 172_800 else f"{seconds / 86_400:.0f} days"
