"""Which feeds of ours a hub is to be told of, and when. It is told by ``step``, topic by topic.

W3C WebSub leaves to hubs how they are told; the form is the one that all take since PubSubHubbub
0.3, section 7.1. A topic that changes while it waits is told of once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlencode

from structlog.stdlib import BoundLogger

from services.ingest.websub.words import Poster
from shared.counts import Counts

FORMATS: Final = ("atom", "rss", "json")
"""Of each list; each has an address, and so is a topic, of its own."""
SETTLE_S: Final = 2.0
"""After a change: the views take it in within a second, and a hub that is told comes at once."""
GAP_S: Final = 10.0
"""Between two announcements of one topic."""
SOURCES_WAITING_MAX: Final = 100
"""Sources whose feeds wait; a hub is sent a form every two seconds, so they take ten minutes."""
RETRY_S: Final = 30.0
RETRY_S_MAX: Final = 3_600.0
"""Until a topic is tried again that the hub did not take: doubled each time, up to this."""
_DOUBLINGS_MAX: Final = 10


@dataclass(slots=True)
class _Waiting:
    """A topic that the hub is to be told of."""

    at_s: float
    """Not before this."""
    source: str | None
    failures: int = 0


@dataclass(slots=True)
class Announcer:
    """Tells one hub of our feeds: that of all articles, and that of each source."""

    hub: str
    site_url: str
    """Where readers reach the api, without a slash at its end."""
    poster: Poster
    now_s: Callable[[], float]
    """Monotonic."""
    logger: BoundLogger
    counts: Counts = field(default_factory=Counts)
    problem: str | None = None
    """Why the hub did not take the last form; None: it did."""
    _waiting: dict[str, _Waiting] = field(default_factory=dict)
    _told_at_s: dict[str, float] = field(default_factory=dict)

    def changed(self, source: str | None) -> None:
        """A list may be another one: of a source, and so of all articles; None: of these alone."""
        self._wait(None)
        if source is None:
            return
        waiting = {one.source for one in self._waiting.values() if one.source}
        if source not in waiting and len(waiting) >= SOURCES_WAITING_MAX:
            self.counts.add("announcements", "passed_over")
            return
        self._wait(source)

    async def step(self) -> bool:
        """Tell the hub of one topic that is due, all articles first; False: none is."""
        now_s = self.now_s()
        self._told_at_s = {
            topic: at_s for topic, at_s in self._told_at_s.items() if now_s - at_s < GAP_S
        }
        due = [(topic, one) for topic, one in self._waiting.items() if one.at_s <= now_s]
        if not due:
            return False
        await self._tell(*min(due, key=lambda each: (each[1].source is not None, each[1].at_s)))
        return True

    def _wait(self, source: str | None) -> None:
        for topic in topics(self.site_url, source):
            if topic not in self._waiting:
                at_s = self.now_s() + SETTLE_S
                if topic in self._told_at_s:
                    at_s = max(at_s, self._told_at_s[topic] + GAP_S)
                self._waiting[topic] = _Waiting(at_s, source)

    async def _tell(self, topic: str, one: _Waiting) -> None:
        del self._waiting[topic]  # what changes from here on is told of once more
        refused = await self.poster.post(self.hub, {"hub.mode": "publish", "hub.url": topic})
        now_s = self.now_s()
        self._told_at_s[topic] = now_s
        if refused is None:
            self.problem = None
            self.counts.add("announcements", "told")
            return
        self.problem = refused.detail
        self.counts.add("announcements", "failed")
        failures = one.failures + 1
        wait_s = min(RETRY_S * 2 ** min(failures - 1, _DOUBLINGS_MAX), RETRY_S_MAX)
        wait_s = max(wait_s, min(refused.retry_after_s or 0, RETRY_S_MAX))
        # Over what came meanwhile: a change does not shorten the pause of a hub that is away.
        self._waiting[topic] = _Waiting(now_s + wait_s, one.source, failures)
        self.logger.info(
            "hub_not_told", topic=topic, failures=failures, detail=refused.detail, again_in_s=wait_s
        )


def topics(site_url: str, source: str | None) -> list[str]:
    """The feeds of a list, as they name themselves (services.api.syndication.links)."""
    query = "" if source is None else f"?{urlencode({'source': source})}"
    return [f"{site_url}/feeds/articles.{form}{query}" for form in FORMATS]
