"""``make score-rates DATA=dir``: recorded documents of banks, read by us and a second time.

The second reading is a regular expression for each bank over the raw text, written from the
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
from typing import NamedTuple

from services.ingest.parse import parse
from services.ingest.parse.document import Arrival

SEEN_ON = date(2026, 11, 22)
"""No recording is of a later day."""


class Figure(NamedTuple):
    """One rate, every part as text."""

    as_of: str
    base: str
    quote: str
    value: str
    nominal: str
    change: str = ""
    valid_days: str = ""


HAND: dict[str, tuple[Figure, ...]] = {
    "nbkr_live-000.xml": (
        Figure("2026-05-24", "USD", "KGS", "87.4500", "1"),
        Figure("2026-05-24", "EUR", "KGS", "101.5076", "1"),
        Figure("2026-05-24", "CNY", "KGS", "12.8707", "1"),
        Figure("2026-05-24", "KZT", "KGS", "0.1859", "1"),
        Figure("2026-05-24", "RUB", "KGS", "1.2263", "1"),
    ),
    "nbkr_live-001.xml": (
        Figure("2026-05-23", "JPY", "KGS", "5.4969", "10", valid_days="7"),
        Figure("2026-05-23", "BYR", "KGS", "0.3402", "100", valid_days="7"),
        Figure("2026-05-23", "UZS", "KGS", "0.0073", "1", valid_days="7"),
        Figure("2026-05-23", "IRR", "KGS", "0.0007", "10", valid_days="7"),
        Figure("2026-05-23", "TMT", "KGS", "24.9857", "1", valid_days="7"),
    ),
    "nbk-000.xml": (
        Figure("2026-04-01", "USD", "KZT", "478.77", "1", "-2.77"),
        Figure("2026-04-01", "AMD", "KZT", "12.72", "10", "-0.08"),
        Figure("2026-04-01", "UZS", "KZT", "3.93", "100", "-0.02"),
        Figure("2026-04-01", "HUF", "KZT", "14.23", "10", "0.02"),
        Figure("2026-04-01", "JPY", "KZT", "3", "1", "-0.02"),
    ),
    "nbt-000.xml": (
        Figure("2026-05-18", "USD", "TJS", "9.3450", "1"),
        Figure("2026-05-18", "RUB", "TJS", "0.1277", "1"),
        Figure("2026-05-18", "UZS", "TJS", "0.0780", "100"),
        Figure("2026-05-18", "KGS", "TJS", "1.0686", "10"),
        Figure("2026-05-18", "IRR", "TJS", "0.0071", "1000"),
    ),
    "cbu-000.json": (
        Figure("2026-04-01", "USD", "UZS", "12194.21", "1", "-16.5"),
        Figure("2026-04-01", "EUR", "UZS", "13984.32", "1", "-51.89"),
        Figure("2026-04-01", "ZAR", "UZS", "711.46", "1", "0.45"),
    ),
    "cbr-000.xml": (
        Figure("2026-04-25", "AUD", "RUB", "53.8359", "1"),
        Figure("2026-04-25", "BYN", "RUB", "26.7960", "1"),
        Figure("2026-04-25", "DZD", "RUB", "57.0006", "100"),
        Figure("2026-04-25", "JPY", "RUB", "47.2636", "100"),
        Figure("2026-04-25", "MMK", "RUB", "35.9654", "1000"),
    ),
    "ecb_recent-000.csv": (
        Figure("2026-02-17", "EUR", "AUD", "1.6776", "1"),
        Figure("2026-03-05", "EUR", "AUD", "1.649", "1"),
        Figure("2026-03-18", "EUR", "ZAR", "19.4174", "1"),
    ),
    "nbu-000.json": (
        Figure("2026-03-01", "TND", "UAH", "15.093", "1"),
        Figure("2026-03-01", "THB", "UAH", "13.9116", "10"),
        Figure("2026-03-01", "VND", "UAH", "1.6565", "1000"),
        Figure("2026-03-01", "XAU", "UAH", "223871.54", "1"),
        Figure("2026-03-16", "AZN", "UAH", "25.9621", "1"),
    ),
}
"""Copied from the documents by eye; of files that are not there nothing is asked."""


def second_reading(bank: str, text: str) -> Iterator[Figure]:
    """The rates of a document by regular expressions alone."""
    return READERS[re.split(r"[_-]", bank)[0]](text)


def _nbkr(text: str) -> Iterator[Figure]:
    day = _day_first(text, r'<CurrencyRates[^>]*\bDate="([^"]+)"')
    for code, inside in re.findall(
        r'<Currency\s+ISOCode="(\w+)"\s*>(.*?)</Currency>', text, re.DOTALL
    ):
        value = _tag(inside, "Value").replace(",", ".")
        yield Figure(day, code, "KGS", value, _tag(inside, "Nominal"), "", _tag(inside, "ValidFor"))


def _nbk(text: str) -> Iterator[Figure]:
    day = _day_first(text, r"<date>\s*([^<\s]+)")
    for inside in re.findall(r"<item>(.*?)</item>", text, re.DOTALL):
        printed = _tag(inside, "pubDate")
        change = _tag(inside, "change").lstrip("+")
        figures = _tag(inside, "description"), _tag(inside, "quant"), change
        yield Figure(_iso(printed) if printed else day, _tag(inside, "title"), "KZT", *figures)


def _valcurs(text: str, own: str) -> Iterator[Figure]:
    day = _day_first(text, r'<ValCurs[^>]*\bDate="([^"]+)"')
    for about, inside in re.findall(
        r"<(?:Valute|Record)\b([^>]*)>(.*?)</(?:Valute|Record)>", text, re.DOTALL
    ):
        its_day = re.search(r'\bDate="([^"]+)"', about)
        code = _tag(inside, "CharCode")
        value = _tag(inside, "Value").replace(",", ".")
        figures = value, _tag(inside, "Nominal")
        yield Figure(_iso(its_day[1]) if its_day else day, code, own, *figures)


def _cbt(text: str) -> Iterator[Figure]:
    day = _day_first(text, r"<date>\s*([^<\s]+)")
    for code, inside in re.findall(r'<rate\s+code="(\w+)"\s*>(.*?)</rate>', text, re.DOTALL):
        yield Figure(day, code, "TMT", _tag(inside, "rate_tmt"), _tag(inside, "multiplier"))


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


def _nbt(text: str) -> Iterator[Figure]:
    return _valcurs(text, "TJS")


def _cbr(text: str) -> Iterator[Figure]:
    return _valcurs(text, "RUB")


def _cbu(text: str) -> Iterator[Figure]:
    for row in re.findall(r"\{[^{}]*\}", text):
        figures = _field(row, "Rate"), _field(row, "Nominal"), _field(row, "Diff").lstrip("+")
        yield Figure(_iso(_field(row, "Date")), _field(row, "Ccy"), "UZS", *figures)


def _nbu(text: str) -> Iterator[Figure]:
    for row in re.findall(r"\{[^{}]*\}", text):
        figures = _field(row, "rate"), _field(row, "units") or "1"
        yield Figure(_iso(_field(row, "exchangedate")), _field(row, "cc"), "UAH", *figures)


READERS = {
    "nbkr": _nbkr,
    "nbk": _nbk,
    "nbt": _nbt,
    "cbr": _cbr,
    "cbu": _cbu,
    "cbt": _cbt,
    "ecb": _ecb,
    "nbu": _nbu,
}


def _tag(text: str, name: str) -> str:
    found = re.search(rf"<{name}>\s*(.*?)\s*</{name}>", text, re.DOTALL)
    return found[1] if found else ""


def _field(row: str, name: str) -> str:
    found = re.search(rf'"{name}"\s*:\s*"?([^",\s}}]*)', row)
    return found[1] if found else ""


def _day_first(text: str, pattern: str) -> str:
    found = re.search(pattern, text)
    return _iso(found[1]) if found else ""


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
        by_hand = set(HAND.get(name, ()))
        differences += [f"{name}: by hand {tuple(one)}" for one in sorted(by_hand - ours)]
        differences += [f"{name}: {problem}" for problem in problems]
        sys.stdout.write(f"{name}: {len(ours & expected)} of {len(ours | expected)} rates,")
        sys.stdout.write(f" {len(by_hand & ours)} of {len(by_hand)} by hand\n")
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
