"""What a look at a source changes in what is known of it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from services.ingest.fetch.words import Failed, Fetched, Unmodified, Validators
from services.ingest.parse.document import Listed, Parsed
from services.ingest.parse.problems import UNKNOWN_FORMAT
from services.ingest.sources.config import SourceConfig
from services.ingest.sources.health import with_news
from services.ingest.sources.schedule import interval_s, next_at, spread
from shared.polls import CLOSED_MAX, Poll

CLAIM_S: Final = 300
"""A source that is being read is not read again so soon, should we be killed meanwhile."""
PAGES_MAX: Final = 10
"""Of a list, read in one look; the others in the next."""
PAGE_AGAIN_S: Final = 21_600
"""A page that is still listed is read again after six hours: it may have been corrected."""
PAGES_KNOWN_MAX: Final = 400
"""Of one source, remembered; a list has some dozens."""


@dataclass(frozen=True, slots=True)
class Look:
    """One look at one source: what is known of it, how it is read, and when."""

    config: SourceConfig
    poll: Poll
    now: datetime

    @property
    def address(self) -> str:
        """Where it is to be read now."""
        return self._moved_to or self.config.url_on(self.config.day_at(self.now))

    @property
    def _moved_to(self) -> str | None:
        """Where its publisher said that it is; None: at the address that the operator wrote."""
        if self.config.is_dated or is_rewritten(self.config, self.poll):
            return None
        return self.poll.moved_to

    @property
    def validators(self) -> Validators:
        """By which the publisher knows what we have; none for another address."""
        if self.poll.url != self.address:
            return Validators()
        return Validators(self.poll.etag, self.poll.last_modified)

    def claimed(self) -> Poll:
        """The poll while it is under way."""
        is_other = self.poll.url != self.address
        poll = replace(self.poll, body_sha256=None) if is_other else self.poll
        return replace(
            poll,
            url=self.address,
            configured_url=self.config.url,
            moved_to=self._moved_to,
            etag=self.validators.etag,
            last_modified=self.validators.last_modified,
            polled_at=self.now,
            next_at=self.now + timedelta(seconds=CLAIM_S),
        )

    def failed(self, failed: Failed) -> Poll:
        """It could not be fetched. Where nothing was sent, that is no failure of this source's."""
        if failed.status is None and failed.reason in {"too-many-requests", "host-busy"}:
            interval = interval_s(self.config.every, None, self.poll.gaps_s)
            waits = failed.retry_after_s or interval
            at = self.now + timedelta(seconds=waits)
            problem = f"{failed.reason}: {failed.detail}"[:500]
            return replace(self.claimed(), next_at=at, problem=problem)
        return self._failing(f"{failed.reason}: {failed.detail}", failed.retry_after_s)

    def unreadable(self, parsed: Parsed) -> Poll:
        """It was fetched, and is nothing that is expected of it."""
        detail = next((one.detail for one in parsed.problems), "nothing in it can be read")
        return self._failing(detail, None)

    def _failing(self, problem: str, retry_after_s: int | None) -> Poll:
        poll = self.claimed()
        failures = poll.failures + 1
        interval = interval_s(self.config.every, None, poll.gaps_s)
        return replace(
            poll,
            failures=failures,
            failing_since=poll.failing_since or self.now,
            problem=problem[:500],
            next_at=next_at(self.now, interval, failures, retry_after_s),
        )

    def unmodified(self, answer: Unmodified) -> Poll:
        """It has nothing new."""
        return self._ok(
            replace(self.claimed(), moved_to=answer.moved_to or self._moved_to),
            answer.validators,
            answer.max_age_s,
        )

    def read(self, answer: Fetched, refresh_s: int | None, *, is_new: bool) -> Poll:
        """It was read; ``refresh_s`` is what the document says of being read again."""
        poll = replace(
            self.claimed(),
            body_sha256=sha256(answer.body).hexdigest(),
            moved_to=answer.moved_to or self._moved_to,
        )
        said = max(filter(None, (refresh_s, answer.max_age_s)), default=None)
        return self._ok(with_news(poll, self.now) if is_new else poll, answer.validators, said)

    def _ok(self, poll: Poll, validators: Validators, said_s: int | None) -> Poll:
        interval = interval_s(self.config.every, said_s, poll.gaps_s)
        return replace(
            poll,
            etag=validators.etag,
            last_modified=validators.last_modified,
            ok_at=self.now,
            new_at=poll.new_at or self.now,
            failures=0,
            failing_since=None,
            problem=None,
            next_at=spread(next_at(self.now, interval), self.config.id, interval),
        )


def with_beside(after: Poll, latest: Poll) -> Poll:
    """The poll after a look, with what was noted of the source while it was under way.

    A hub may have sent something new, the source may have been judged, a host have asked us to
    leave it alone.
    """
    kept = replace(after, quiet=latest.quiet, quiet_since=latest.quiet_since, closed=latest.closed)
    if latest.new_at is None or (after.new_at is not None and latest.new_at <= after.new_at):
        return kept
    return _to_be_read_whole(replace(kept, new_at=latest.new_at, gaps_s=latest.gaps_s))


def with_delivery(poll: Poll, now: datetime) -> Poll:
    """The poll of a source of which a hub has just sent something new.

    The next look asks for all of the feed and reads it: what a hub sent may have been an older
    state of it, and its publisher would say that nothing has changed since our last look.
    """
    return _to_be_read_whole(with_news(poll, now))


def with_closed(poll: Poll, host: str, seconds: int, now: datetime) -> Poll:
    """The poll with a host that is to be left alone for so long."""
    closed = {**dict(closed_hosts(poll, now)), host: int(now.timestamp()) + seconds}
    return replace(poll, closed=tuple(closed.items())[-CLOSED_MAX:])


def closed_hosts(poll: Poll, now: datetime) -> list[tuple[str, int]]:
    """Hosts that are still to be left alone, and until when, in POSIX seconds."""
    return [(host, until) for host, until in poll.closed if until > now.timestamp()]


def _to_be_read_whole(poll: Poll) -> Poll:
    return replace(poll, etag=None, last_modified=None, body_sha256=None)


def is_rewritten(config: SourceConfig, poll: Poll) -> bool:
    """Whether the operator has written another address since the source was read last."""
    return poll.configured_url not in (None, config.url)


def is_unreadable(config: SourceConfig, parsed: Parsed) -> bool:
    """Whether a document is nothing that is expected of its source."""
    if config.format == "rates" or config.bank:
        # A bank has no rates of a holiday, and says so with an empty list.
        is_holiday = any(one.reason == "empty" for one in parsed.problems)
        return not parsed.rates and not is_holiday
    return parsed.format == UNKNOWN_FORMAT


def pages_due(poll: Poll, listed: Iterable[Listed], now: datetime) -> list[str]:
    """Addresses of listed pages that are to be read now, at most PAGES_MAX; unknown ones first."""
    read_at = dict(poll.pages)
    urls = list(dict.fromkeys(one.url for one in listed if one.url))
    unknown = [url for url in urls if _key(url) not in read_at]
    again = [
        url
        for url in urls
        if (at := read_at.get(_key(url))) and now.timestamp() - at > PAGE_AGAIN_S
    ]
    return (unknown + again)[:PAGES_MAX]


def with_pages(poll: Poll, urls: Sequence[str], now: datetime) -> Poll:
    """The poll with these pages read now; the latest are remembered."""
    keys = {_key(url) for url in urls}
    kept = [page for page in poll.pages if page[0] not in keys]
    added = [(_key(url), int(now.timestamp())) for url in urls]
    return replace(poll, pages=(*kept, *added)[-PAGES_KNOWN_MAX:])


def _key(url: str) -> str:
    return sha256(url.encode()).hexdigest()[:16]
