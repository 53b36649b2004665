"""Every form in which a bank publishes, and the rates in it, copied by hand from the document."""

from datetime import date
from pathlib import Path

import pytest

from services.ingest.parse import parse
from services.ingest.parse.document import Arrival, RateEntry
from services.ingest.parse.rates.bank_files import claims

FOLDER = Path(__file__).parents[1] / "golden" / "bank_files"
OBSERVED_ON = date(2026, 3, 2)

EXPECTED: dict[str, tuple[str, list[str]]] = {
    "nbkr_daily.xml": (
        "nbkr",
        [
            "2026-03-03 1 USD = 88.1200 KGS",
            "2026-03-03 1 EUR = 102.0405 KGS",
            "2026-03-03 1 KZT = 0.1810 KGS",
        ],
    ),
    "nbkr_weekly.xml": (
        "nbkr",
        [
            "2026-02-28 10 JPY = 5.6100 KGS for 7 days",
            "2026-02-28 100 BYR = 0.3390 KGS for 7 days",
            "2026-02-28 1 UZS = 0.0070 KGS for 7 days",
        ],
    ),
    "nbk_day.xml": (
        "nbk",
        [
            "2026-03-02 1 USD = 501.4 KZT by 1.15",
            "2026-03-02 10 AMD = 13.10 KZT by -0.04",
            "2026-03-02 100 UZS = 4 KZT by 0.00",
        ],
    ),
    "nbk_all.xml": (
        "nbk",
        [
            "2026-03-02 1 USD = 501.4 KZT by 1.15",
            "2026-03-02 1000 IRR = 11.9 KZT by -0.02",
        ],
    ),
    "nbt_day.xml": (
        "nbt",
        [
            "2026-03-02 1 USD = 9.4100 TJS",
            "2026-03-02 1 RUB = 0.1190 TJS",
            "2026-03-02 100 UZS = 0.0770 TJS",
        ],
    ),
    "nbt_series.xml": (
        "nbt",
        [
            "2026-02-27 1 USD = 9.4020 TJS",
            "2026-02-28 1 USD = 9.4050 TJS",
            "2026-03-01 1 USD = 9.4050 TJS",
        ],
    ),
    "cbr_day.xml": (
        "cbr",
        [
            "2026-03-03 1 USD = 81.5020 RUB",
            "2026-03-03 1000000 IRR = 58.1230 RUB",
            "2026-03-03 1 XDR = 1110.9004 RUB",
        ],
    ),
    "cbr_series.xml": (
        "cbr",
        ["2026-03-03 10 CNY = 118.8650 RUB", "2026-03-04 1 CNY = 11.8865 RUB"],
    ),
    "cbu.json": (
        "cbu",
        [
            "2026-03-02 1 USD = 12080.50 UZS by -7.5",
            "2026-03-02 10 VND = 4.60 UZS by 0",
            "2026-03-02 1 TJS = 1283.79 UZS by 0.41",
        ],
    ),
    "cbt_2026.xml": (
        "cbt",
        ["2026-03-02 1 USD = 3.5 TMT", "2026-03-02 10000 IRR = 0.0270 TMT"],
    ),
    "cbt_2021.xml": ("cbt", ["2021-03-02 100 RUB = 4.7221 TMT"]),
    "ecb_daily.xml": (
        "ecb",
        ["2026-03-02 1 EUR = 1.1600 USD", "2026-03-02 1 EUR = 181.05 JPY"],
    ),
    "ecb_90_days.xml": (
        "ecb",
        [
            "2026-02-27 1 EUR = 1.1575 USD",
            "2026-02-27 1 EUR = 143.50 ISK",
            "2026-03-02 1 EUR = 1.1600 USD",
            "2026-03-02 1 EUR = 143.50 ISK",
        ],
    ),
    "ecb_api.csv": (
        "ecb",
        [
            "2026-02-27 1 EUR = 180.5 JPY",
            "2026-02-27 1 EUR = 1.1575 USD",
            "2026-03-02 1 EUR = 181.05 JPY",
        ],
    ),
    "ecb_api_all_columns.csv": (
        "ecb",
        ["2026-03-02 1 EUR = 0.85830 GBP", "2026-03-02 1 EUR = 1.1600 USD"],
    ),
    "nbu_site.json": (
        "nbu",
        [
            "2026-02-28 1 XAU = 222000.50 UAH",
            "2026-02-28 1000 VND = 1.6500 UAH",
            "2026-03-01 10 THB = 13.9200 UAH",
        ],
    ),
    "nbu_statistics.json": (
        "nbu",
        ["2026-03-02 1 USD = 43.2010 UAH", "2026-03-02 1 JPY = 0.27650 UAH"],
    ),
}


def said(rate: RateEntry) -> str:
    """A rate on one line."""
    assert (rate.kind, rate.occurrences) == ("official", 1)
    change = "" if rate.change is None else f" by {rate.change}"
    assert not change or rate.change_unit == "absolute"
    valid = "" if rate.valid_days is None else f" for {rate.valid_days} days"
    return f"{rate.as_of} {rate.nominal} {rate.base} = {rate.value} {rate.quote}{change}{valid}"


@pytest.mark.parametrize("name", EXPECTED)
def test_a_bank_is_read_as_it_publishes(name: str) -> None:
    data = (FOLDER / name).read_bytes()
    parsed = parse(data, Arrival(OBSERVED_ON))
    bank, rates = EXPECTED[name]

    assert (parsed.format, parsed.problems, parsed.articles) == (bank, (), ())
    assert [said(rate) for rate in parsed.rates] == rates


def test_every_document_of_the_folder_is_expected() -> None:
    assert sorted(EXPECTED) == sorted(file.name for file in FOLDER.iterdir())


@pytest.mark.parametrize("name", [name for name in EXPECTED if not name.endswith(".csv")])
def test_a_document_that_was_cut_off_gives_no_rate(name: str) -> None:
    data = (FOLDER / name).read_bytes().rstrip()
    for share in (0.5, 0.8, 0.95):
        # An RSS that ends before its first nominal could be one of news: its source says the bank.
        bank = "nbk" if name == "nbk_all.xml" else None
        parsed = parse(data[: int(len(data) * share)], Arrival(OBSERVED_ON, bank=bank))

        assert (parsed.rates, parsed.articles) == ((), ())
        assert parsed.problems


@pytest.mark.parametrize("name", [name for name in EXPECTED if name.endswith(".csv")])
def test_a_table_that_was_cut_off_gives_the_rates_of_its_whole_lines(name: str) -> None:
    data = (FOLDER / name).read_bytes()
    header = data.index(b"\n") + 1
    _, rates = EXPECTED[name]
    for length in range(header, len(data)):
        parsed = parse(data[:length], Arrival(OBSERVED_ON))

        assert {said(rate) for rate in parsed.rates} <= set(rates)


@pytest.mark.parametrize("name", [name for name in EXPECTED if name.endswith(".xml")])
def test_marks_blanks_and_comments_around_and_inside_change_nothing(name: str) -> None:
    data = (FOLDER / name).read_bytes()
    whole = parse(data, Arrival(OBSERVED_ON))
    text = data.decode("cp1251" if b"windows-1251" in data else "utf-8")
    bare = text[text.index("?>") + 2 :].strip()
    spaced = bare.replace("><", "> \n <!-- no rate --> <").replace("</Value>", "\t\n</Value>")
    for other in (
        b"\xef\xbb\xbf" + bare.encode(),
        b"\r\n \n" + data,
        b"<!-- " + b"a licence " * 500 + b"-->\n" + bare.encode(),
        spaced.encode(),
        bare.replace("<Value>", "<Value><![CDATA[").replace("</Value>", "]]></Value>").encode(),
    ):
        parsed = parse(other, Arrival(OBSERVED_ON))

        assert parsed.problems == ()
        assert [said(rate) for rate in parsed.rates] == [said(rate) for rate in whole.rates]


@pytest.mark.parametrize(
    ("name", "day"), [("nbk_day.xml", date(2026, 3, 2)), ("cbr_series.xml", None)]
)
def test_a_document_is_of_a_day_where_all_its_rates_are(name: str, day: date | None) -> None:
    data = (FOLDER / name).read_bytes()

    assert parse(data, Arrival(OBSERVED_ON)).listed_on == day


def test_a_rate_knows_its_line() -> None:
    parsed = parse((FOLDER / "nbkr_daily.xml").read_bytes(), Arrival(OBSERVED_ON))
    moved = parse(b"\n\n" + (FOLDER / "nbkr_daily.xml").read_bytes(), Arrival(OBSERVED_ON))
    table = parse((FOLDER / "ecb_api.csv").read_bytes(), Arrival(OBSERVED_ON))

    assert [rate.line for rate in parsed.rates] == [3, 7, 11]
    assert [rate.line for rate in moved.rates] == [5, 9, 13]
    assert [rate.line for rate in table.rates] == [2, 4, 3]


@pytest.mark.parametrize(
    "document",
    [
        (
            b"<rss><channel><item><title>Tenge firms</title>"
            b"<description>478.77</description></item></channel></rss>"
        ),
        (
            b"<rss><channel><item><title>USD</title><description>It rose.</description></item>"
            b"</channel></rss>"
        ),
        (
            b"<rss><channel><item><title>A format</title><description><![CDATA[<item>"
            b"<title>USD</title><quant>1</quant></item>]]></description></item></channel></rss>"
        ),
        b"<feed xmlns='http://www.w3.org/2005/Atom'><title>USD</title></feed>",
        b"<soap:Envelope xmlns:soap='urn:x'><Cube/></soap:Envelope>",
        b'{"version":"https://jsonfeed.org/version/1.1"}',
        b'[{"cc":"USD"}]',
        b"FREQ,CURRENCY,OBS_VALUE\nD,USD,1",
        b"<html><body>87,45</body></html>",
        b"KGS/USD = 0.01143 -0%",
        b"",
    ],
)
def test_what_is_no_document_of_rates_is_left_to_others(document: bytes) -> None:
    assert not claims(document)
