"""``make score-rates DATA=dir``: recorded documents of banks, read by us and a second time.

The second reading is regular expressions for each bank over the raw text, written from the
documents and sharing nothing with the parsers; and some figures copied by hand. Each file of
``manifest.jsonl`` in the directory names its ``file`` and ``bank``.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Final, NamedTuple

from services.ingest.parse import parse
from services.ingest.parse.document import Arrival

SEEN_ON = date(2026, 11, 22)
"""No recording is of a later day."""
NEVER: Final = r"(?!)()"
"""A pattern of what a bank does not write."""


class Figure(NamedTuple):
    """One rate, every part as text."""

    as_of: str
    base: str
    quote: str
    value: str
    nominal: str
    change: str = ""
    valid_days: str = ""


HAND: Final = """
nbkr_live-000.xml  2026-05-24 USD KGS   87.4500    1
nbkr_live-000.xml  2026-05-24 EUR KGS  101.5076    1
nbkr_live-000.xml  2026-05-24 CNY KGS   12.8707    1
nbkr_live-000.xml  2026-05-24 KZT KGS    0.1859    1
nbkr_live-000.xml  2026-05-24 RUB KGS    1.2263    1
nbkr_live-001.xml  2026-05-23 JPY KGS    5.4969   10      . 7
nbkr_live-001.xml  2026-05-23 BYR KGS    0.3402  100      . 7
nbkr_live-001.xml  2026-05-23 UZS KGS    0.0073    1      . 7
nbkr_live-001.xml  2026-05-23 IRR KGS    0.0007   10      . 7
nbkr_live-001.xml  2026-05-23 TMT KGS   24.9857    1      . 7
nbk-000.xml        2026-04-01 USD KZT    478.77    1  -2.77
nbk-000.xml        2026-04-01 AMD KZT     12.72   10  -0.08
nbk-000.xml        2026-04-01 UZS KZT      3.93  100  -0.02
nbk-000.xml        2026-04-01 HUF KZT     14.23   10   0.02
nbk-000.xml        2026-04-01 JPY KZT         3    1  -0.02
nbt-000.xml        2026-05-18 USD TJS    9.3450    1
nbt-000.xml        2026-05-18 RUB TJS    0.1277    1
nbt-000.xml        2026-05-18 UZS TJS    0.0780  100
nbt-000.xml        2026-05-18 KGS TJS    1.0686   10
nbt-000.xml        2026-05-18 IRR TJS    0.0071 1000
cbu-000.json       2026-04-01 USD UZS  12194.21    1  -16.5
cbu-000.json       2026-04-01 EUR UZS  13984.32    1 -51.89
cbu-000.json       2026-04-01 ZAR UZS    711.46    1   0.45
cbr-000.xml        2026-04-25 AUD RUB   53.8359    1
cbr-000.xml        2026-04-25 BYN RUB   26.7960    1
cbr-000.xml        2026-04-25 DZD RUB   57.0006  100
cbr-000.xml        2026-04-25 JPY RUB   47.2636  100
cbr-000.xml        2026-04-25 MMK RUB   35.9654 1000
ecb_recent-000.csv 2026-02-17 EUR AUD    1.6776    1
ecb_recent-000.csv 2026-03-05 EUR AUD     1.649    1
ecb_recent-000.csv 2026-03-18 EUR ZAR   19.4174    1
nbu-000.json       2026-03-01 TND UAH    15.093    1
nbu-000.json       2026-03-01 THB UAH   13.9116   10
nbu-000.json       2026-03-01 VND UAH    1.6565 1000
nbu-000.json       2026-03-01 XAU UAH 223871.54    1
nbu-000.json       2026-03-16 AZN UAH   25.9621    1
"""
"""Copied by eye: file, day, base, quote, value, nominal, change, for how many days it is valid.

A point is nothing; of files that are not there nothing is asked.
"""


class Form(NamedTuple):
    """How a bank writes: patterns of a rate, and within a rate of its parts, in group 1 each."""

    quote: str
    rate: str
    code: str
    value: str
    nominal: str
    day: str
    """Of the whole document; a rate may have its own."""
    own_day: str = NEVER
    change: str = NEVER
    valid_days: str = NEVER
    mark: str = "."
    """Between the units and the decimals of a value."""
    nominal_unsaid: str = ""
    """What a rate without a nominal is a price of; nothing where each must say it."""


def _tag(name: str) -> str:
    return rf"<{name}>\s*(.*?)\s*</{name}>"


def _field(name: str) -> str:
    return rf'"{name}"\s*:\s*"?([^",\s}}]*)'


_VALCURS: Final = Form(
    quote="RUB",
    rate=r"<(?:Valute|Record)\b[^>]*>.*?</(?:Valute|Record)>",
    code=_tag("CharCode"),
    value=_tag("Value"),
    nominal=_tag("Nominal"),
    day=r'<ValCurs[^>]*\bDate="([^"]+)"',
    own_day=r'^<\w+[^>]*\bDate="([^"]+)"',
    mark=",",
)
FORMS: Final = {
    "nbkr": Form(
        quote="KGS",
        rate=r'<Currency\s+ISOCode="\w+"\s*>.*?</Currency>',
        code=r'ISOCode="(\w+)"',
        value=_tag("Value"),
        nominal=_tag("Nominal"),
        day=r'<CurrencyRates[^>]*\bDate="([^"]+)"',
        valid_days=_tag("ValidFor"),
        mark=",",
    ),
    "nbk": Form(
        quote="KZT",
        rate=r"<item>.*?</item>",
        code=_tag("title"),
        value=_tag("description"),
        nominal=_tag("quant"),
        day=r"<date>\s*([^<\s]+)",
        own_day=_tag("pubDate"),
        change=_tag("change"),
    ),
    "nbt": _VALCURS._replace(quote="TJS"),
    "cbr": _VALCURS,
    "cbu": Form(
        quote="UZS",
        rate=r"\{[^{}]*\}",
        code=_field("Ccy"),
        value=_field("Rate"),
        nominal=_field("Nominal"),
        day=NEVER,
        own_day=_field("Date"),
        change=_field("Diff"),
    ),
    "cbt": Form(
        quote="TMT",
        rate=r'<rate\s+code="\w+"\s*>.*?</rate>',
        code=r'code="(\w+)"',
        value=_tag("rate_tmt"),
        nominal=_tag("multiplier"),
        day=r"<date>\s*([^<\s]+)",
    ),
    "nbu": Form(
        quote="UAH",
        rate=r"\{[^{}]*\}",
        code=_field("cc"),
        value=_field("rate"),
        nominal=_field("units"),
        day=NEVER,
        own_day=_field("exchangedate"),
        nominal_unsaid="1",
    ),
}


def by_hand(file: str) -> set[Figure]:
    """What was copied of a file."""
    rows = (line.split() for line in HAND.splitlines())
    return {
        Figure(*("" if part == "." else part for part in row[1:]))
        for row in rows
        if row[:1] == [file]
    }


def second_reading(bank: str, text: str) -> Iterator[Figure]:
    """The rates of a document by regular expressions alone."""
    name = re.split(r"[_-]", bank)[0]
    return _ecb(text) if name == "ecb" else _by_form(FORMS[name], text)


def _by_form(form: Form, text: str) -> Iterator[Figure]:
    day = _first(form.day, text)
    for found in re.finditer(form.rate, text, re.DOTALL):
        rate = found[0]
        yield Figure(
            as_of=_iso(_first(form.own_day, rate) or day),
            base=_first(form.code, rate),
            quote=form.quote,
            value=_first(form.value, rate).replace(form.mark, "."),
            nominal=_first(form.nominal, rate) or form.nominal_unsaid,
            change=_first(form.change, rate).lstrip("+"),
            valid_days=_first(form.valid_days, rate),
        )


def _ecb(text: str) -> Iterator[Figure]:
    if text.lstrip("\ufeff \r\n").startswith("<"):
        day = ""
        for time, code, value in re.findall(
            r"<Cube\s+(?:time=[\"']([^\"']+)|currency=[\"'](\w+)[\"']\s+rate=[\"']([^\"']+))", text
        ):
            day = time or day
            if code:
                yield Figure(day, "EUR", code, value, "1")
        return
    # Whatever columns there are, currency, day and value follow each other.
    for code, day, value in re.findall(
        r"^(?:EXR[^,]*,)?D,([A-Z]{3})(?:,EUR,SP00,A)?,(\d{4}-\d\d-\d\d),([0-9.]+)",
        text,
        re.MULTILINE,
    ):
        yield Figure(day, "EUR", code, value, "1")


def _first(pattern: str, text: str) -> str:
    found = re.search(pattern, text, re.DOTALL)
    return found[1] if found else ""


def _iso(day: str) -> str:
    return "-".join(reversed(day.split("."))) if "." in day else day


def our_reading(data: bytes) -> tuple[set[Figure], list[str]]:
    """The rates of a document by our parsers, and what they said was wrong."""
    parsed = parse(data, Arrival(SEEN_ON))
    found = {
        Figure(
            rate.as_of or "",
            rate.base,
            rate.quote,
            rate.value,
            str(rate.nominal),
            rate.change or "",
            str(rate.valid_days or ""),
        )
        for rate in parsed.rates
    }
    return found, [f"{one.reason} at {one.where}: {one.detail}" for one in parsed.problems]


def score(folder: Path) -> tuple[int, int, list[str]]:
    """Rates that both readings have, rates that there are, and every difference as a line."""
    right = total = 0
    differences: list[str] = []
    for line in (folder / "manifest.jsonl").read_text("utf-8").splitlines():
        record = json.loads(line)
        name = record["file"]
        data = (folder / name).read_bytes()
        text = data.decode("windows-1251" if b"windows-1251" in data[:100] else "utf-8")
        expected = set(second_reading(record["bank"], text))
        ours, problems = our_reading(data)
        right += len(ours & expected)
        total += len(ours | expected)
        differences += [f"{name}: missing {tuple(one)}" for one in sorted(expected - ours)]
        differences += [f"{name}: too many {tuple(one)}" for one in sorted(ours - expected)]
        copied = by_hand(name)
        differences += [f"{name}: by hand {tuple(one)}" for one in sorted(copied - ours)]
        differences += [f"{name}: {problem}" for problem in problems]
        sys.stdout.write(f"{name}: {len(ours & expected)} of {len(ours | expected)} rates,")
        sys.stdout.write(f" {len(copied & ours)} of {len(copied)} by hand\n")
    return right, total, differences


def main() -> int:
    """Print the score; exit code 1: there is a difference."""
    if len(sys.argv) != 2:
        sys.stderr.write("expected one directory: make score-rates DATA=dir\n")
        return 2
    right, total, differences = score(Path(sys.argv[1]))
    sys.stdout.write("".join(f"{line}\n" for line in differences))
    sys.stdout.write(f"{right} of {total} rates are the same in both readings\n")
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main())
