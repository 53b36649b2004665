"""For how long a feed says that it need not be read again."""

from __future__ import annotations

from typing import Final

from services.ingest.parse.feeds.parts import Part
from services.ingest.parse.limits import REFRESH_SECONDS_MAX

_SECONDS_BY_PERIOD: Final = {
    "hourly": 3_600, "daily": 86_400, "weekly": 604_800, "monthly": 2_592_000,
    "yearly": 31_536_000,
}  # fmt: skip
_DIGITS_MAX: Final = 6


def refresh_s(channel: Part) -> int | None:
    """Seconds; None: it does not say.

    Source: RSS 2.0 ``<ttl>``, in minutes; RSS 1.0 Syndication, ``updatePeriod`` divided by
    ``updateFrequency``. The longer one counts: a source that asks for rest is given it.
    """
    ttl = _number(channel.text_at("ttl")) * 60
    period = _SECONDS_BY_PERIOD.get(channel.text_at("sy:updateperiod").lower(), 0)
    often = _number(channel.text_at("sy:updatefrequency")) or 1
    longest = max(ttl, period // often)
    return min(longest, REFRESH_SECONDS_MAX) or None


def _number(text: str) -> int:
    """A whole number of minutes or times; 0: it is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _DIGITS_MAX else 0
