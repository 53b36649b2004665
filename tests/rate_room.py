"""Rates as several sources quote them, and what the wire makes of them, without a log."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from services.enrichment.rate_memory import RateMemory, name_of
from services.enrichment.rates import say
from shared.events import QuoteEvent, RateAccepted, RateDisputed, RateEvent, RateObserved
from shared.news import Rate
from shared.testing import builders


def day(number: int) -> str:
    """The n-th day from 1 January 2026, from 0."""
    return (date(2026, 1, 1) + timedelta(days=number)).isoformat()


def quoted(
    source: str, pair: str, value: str, as_of: str = "2026-03-02", **more: object
) -> RateObserved:
    """A rate of a bank: ``quoted("nbkr", "USD/KGS", "87.4500")``."""
    base, quote = pair.split("/")
    said = {"kind": "official", **more}
    rate = builders.rate(source=source, base=base, quote=quote, value=value, as_of=as_of, **said)
    return RateObserved(rate=rate)


@dataclass
class RateRoom:
    """Takes in what sources and operators say."""

    memory: RateMemory = field(default_factory=RateMemory)
    wire: list[QuoteEvent] = field(default_factory=list)

    def hear(self, *events: RateEvent) -> list[QuoteEvent]:
        """Take in events; what the wire says because of the last one."""
        said: list[QuoteEvent] = []
        for event in events:
            said = say(event, self.memory)
            self.wire += said
        return said

    def history(self, source: str, pair: str, values: Iterable[str]) -> None:
        """Good rates of the days from 1 January 2026 on."""
        for number, value in enumerate(values):
            (said,) = self.hear(quoted(source, pair, value, day(number)))
            assert not isinstance(said, RateDisputed)

    def rules(self, rate: Rate) -> list[str]:
        """By which rules a rate is doubted, as the wire said last."""
        series = self.memory.series_of(rate)
        return [one.rule for one in series.disputes_by_as_of.get(rate.as_of, ())]

    def standing(self, rate: Rate) -> str | None:
        """The last value of a rate's series that stands, with its ``as_of``."""
        series = self.memory.series[name_of(rate)]
        if not series.good_as_ofs:
            return None
        good = series.good_by_as_of[series.good_as_ofs[-1]]
        return f"{good.value} {good.as_of}"


def accepted(observed: RateObserved, value: str | None = None) -> RateAccepted:
    """An operator takes a rate for right."""
    rate = observed.rate
    return RateAccepted(
        source=rate.source, kind=rate.kind, base=rate.base, quote=rate.quote, as_of=rate.as_of,
        value=value or rate.value, reason="Asked the bank.", by="operator", who="aigul",
        observed_at=builders.OBSERVED_AT,
    )  # fmt: skip
