"""Documents of banks for tests: what stands around the few figures that a test is about."""

from __future__ import annotations

import json
from datetime import date

from services.ingest.parse import parse
from services.ingest.parse.document import Arrival, Parsed

OBSERVED_ON = date(2026, 3, 2)


def read(document: str | bytes, asked_on: date | None = None, url: str | None = None) -> Parsed:
    """A document as observed on OBSERVED_ON."""
    data = document.encode() if isinstance(document, str) else document
    return parse(data, Arrival(OBSERVED_ON, url=url, asked_on=asked_on))


def nbkr(*quoted: tuple[str, str], day: str = "02.03.2026", nominal: str = "1") -> str:
    """A daily file of pairs of a code and a value."""
    inside = "".join(
        f'<Currency ISOCode="{code}"><Nominal>{nominal}</Nominal><Value>{value}</Value></Currency>'
        for code, value in quoted
    )
    return f'<CurrencyRates Name="Daily Exchange Rates" Date="{day}">{inside}</CurrencyRates>'


def nbk(value: str = "501.4", quant: str = "1", index: str = "", change: str = "0.00") -> str:
    """A file with one rate of the dollar."""
    return (
        "<rates><date>02.03.2026</date><item><title>USD</title>"
        f"<description>{value}</description><quant>{quant}</quant>"
        f"<index>{index}</index><change>{change}</change></item></rates>"
    )


def cbu(**changed: object) -> str:
    """A list with one rate of the dollar."""
    said = {"Code": "840", "Ccy": "USD", "Nominal": "1", "Rate": "12080.50", "Diff": "0"}
    return json.dumps([{**said, "Date": "02.03.2026", **changed}])


def ecb(*days: tuple[str, str]) -> str:
    """A file of days with a rate of the dollar."""
    inside = "".join(
        f'<Cube time="{day}"><Cube currency="USD" rate="{rate}"/></Cube>' for day, rate in days
    )
    return f'<e:Envelope xmlns:e="urn:gesmes"><Cube>{inside}</Cube></e:Envelope>'


def values(parsed: Parsed) -> list[tuple[str | None, str, str, int, str]]:
    """Day, base, quote, nominal and value of each rate."""
    return [(r.as_of, r.base, r.quote, r.nominal, r.value) for r in parsed.rates]


def reasons(parsed: Parsed) -> list[tuple[str, str]]:
    """What was wrong, and where."""
    return [(problem.reason, problem.where) for problem in parsed.problems]
