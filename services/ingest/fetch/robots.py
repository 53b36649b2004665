"""What a publisher's robots.txt allows. Source: RFC 9309."""

from __future__ import annotations

import math
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Final

from protego import Protego

from services.ingest.fetch.urls import Target
from services.ingest.fetch.words import Failed, Fetched, Unmodified

ROBOTS_BYTES_MAX: Final = 512_000
"""Of a robots.txt, as RFC 9309 2.5 has it at least; the rest is not read."""
KEPT_S: Final = 86_400
"""A robots.txt is asked for again after a day (RFC 9309 2.4)."""
RETRY_S: Final = 600
"""One that could not be read is asked for again after ten minutes."""
CRAWL_DELAY_S_MAX: Final = 60.0
"""A longer pause that is asked for is not kept: one article a minute is slow enough."""
ORIGINS_MAX: Final = 500
"""Origins whose rules are remembered, those asked for last."""
AGENT: Final = "Newswire"
"""By this name a robots.txt may speak to us."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What one origin allows us."""

    robots: Protego | None
    """None: everything, or nothing where there is a ``refusal``."""
    refusal: str | None = None
    """Why nothing may be fetched though no rule says so."""

    def allow(self, target: Target) -> bool:
        """Whether a page may be fetched."""
        if self.robots is None:
            return self.refusal is None
        return self.robots.can_fetch(target.url, AGENT)

    @property
    def delay_s(self) -> float:
        """The pause between two requests that is asked for; 0: none."""
        delay_s = self.robots.crawl_delay(AGENT) if self.robots is not None else None
        if delay_s is None or not math.isfinite(delay_s):
            return 0.0
        return min(max(0.0, delay_s), CRAWL_DELAY_S_MAX)


def rules(outcome: Fetched | Unmodified | Failed) -> Rules:
    """What follows from how a robots.txt was answered.

    2xx: what it says. 4xx, and more redirects than are followed: all is allowed (RFC 9309 2.3.1.3).
    Whatever else went wrong, 429 among it: nothing is, until it can be read (2.3.1.4).
    """
    match outcome:
        case Fetched(body=body):
            return Rules(Protego.parse(body.decode("utf-8", "replace").removeprefix("\ufeff")))
        case Failed(reason="refused-by-publisher" | "gone" | "too-many-redirects"):
            return Rules(None)
        case Failed(reason=reason):
            return Rules(None, f"its robots.txt could not be read: {reason}")
        case Unmodified():
            return Rules(None, "its robots.txt could not be read: bad-answer")


@dataclass(slots=True)
class Remembered:
    """Rules by origin, for as long as they hold."""

    _kept: OrderedDict[str, tuple[Rules, float]] = field(default_factory=OrderedDict)

    def recall(self, origin: str, now_s: float) -> Rules | None:
        """The rules of an origin; None: not known, or to be asked for again."""
        found, until_s = self._kept.get(origin, (None, 0.0))
        if found is None or until_s <= now_s:
            return None
        self._kept.move_to_end(origin)
        return found

    def keep(self, origin: str, found: Rules, now_s: float) -> Rules:
        """The rules that hold from now on.

        Those that were found; where they could not be read, older ones that could.
        """
        older, _ = self._kept.pop(origin, (None, 0.0))
        holds = older if found.refusal and older is not None and not older.refusal else found
        self._kept[origin] = (holds, now_s + (RETRY_S if found.refusal else KEPT_S))
        if len(self._kept) > ORIGINS_MAX:
            self._kept.popitem(last=False)
        return holds
