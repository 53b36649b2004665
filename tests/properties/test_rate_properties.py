"""What holds for any document that may be of a bank, and for any rates that a bank may print."""

import json
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from services.ingest.parse import parse
from services.ingest.parse.document import Arrival
from services.ingest.parse.rates.bank_files import BANKS, read_as
from services.ingest.parse.rates.bank_files import parse as parse_rates
from services.ingest.parse.rates.numbers import read_change, read_decimal
from tests.any_bytes import mutated, rates
from tests.bank_files import OBSERVED_ON

FOLDER = Path(__file__).parents[1] / "golden" / "bank_files"
WHOLE = [file.read_bytes() for file in sorted(FOLDER.iterdir())]
PIECES = st.sampled_from(
    [
        *(b"<", b">", b"</", b"&", b"&x;", b"]]>", b"<![CDATA[", b"<!--", b"-->", b"<?", b"?>"),
        *(
            b'"',
            b"'",
            b"{",
            b"}",
            b"[",
            b"]",
            b",",
            b":",
            b"null",
            b"NaN",
            b"1e5",
            b"-",
            b"+",
            b".",
        ),
        *(
            b"0",
            b"1",
            b"999999999999999999999999",
            b"\xff",
            b"\x00",
            b"\n",
            b"\r",
            b"\xc2\xa0",
            b" ",
        ),
        *(
            b"<Value>",
            b"</Value>",
            b"<Nominal>",
            b"<item>",
            b"</item>",
            b"<quant>",
            b"Date=",
            b"USD",
        ),
        *(b"<!DOCTYPE a [", b"9999-12-31", b"31.12.9999", b"0001-01-01", b"<Cube time='x'>"),
    ]
)


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=8) | st.integers(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["Ccy", "Rate", "Nominal", "Date", "Diff"]), inner)
    ),
    max_leaves=8,
).map(lambda value: b'[{"Ccy":"USD","Rate":"1","Nominal":"1"},' + json.dumps(value).encode() + b"]")
DOCUMENTS = st.one_of(
    mutated(WHOLE, PIECES),
    JSON,
    st.binary().map(lambda data: b"<ValCurs>" + data),
    st.text().map(
        lambda text: ("CURRENCY,TIME_PERIOD,OBS_VALUE\n" + text).encode("utf-8", "replace")
    ),
)
SEEN_ON = st.sampled_from([OBSERVED_ON, date.max, date.min, date(1990, 1, 1)])


@settings(max_examples=400)
@given(DOCUMENTS, SEEN_ON)
def test_any_document_is_read_without_an_exception_and_the_log_takes_its_rates(
    data: bytes, seen_on: date
) -> None:
    arrival = Arrival(seen_on, asked_on=OBSERVED_ON)
    for parsed in (parse(data, arrival), read_as("nbkr", data, arrival)):
        assert len(parsed.problems) <= 200
        found = rates(parsed)
        assert all(Decimal(rate.value) > 0 for rate in found)
        days = [rate.as_of for rate in found if rate.kind == "official"]
        assert days == sorted(days)


@given(st.sampled_from(BANKS), st.sampled_from(WHOLE))
def test_a_declared_bank_is_the_only_one_that_is_taken(bank: str, data: bytes) -> None:
    parsed = read_as(bank, data, Arrival(OBSERVED_ON))

    assert (parsed.format == bank) == bool(parsed.rates)
    assert parsed.rates or parsed.problems


@settings(max_examples=300)
@given(st.binary(max_size=200), st.sampled_from([b"<rates>", b"[{", b"CURRENCY,", b"<rss>", b""]))
def test_the_reader_of_rates_itself_raises_for_no_bytes_that_it_claims(
    data: bytes, beginning: bytes
) -> None:
    document = beginning + data
    for bank in BANKS:
        read_as(bank, document, Arrival(OBSERVED_ON))


DIGITS = st.text("0123456789", min_size=1, max_size=9)
CODES = st.sampled_from(["USD", "EUR", "CNY", "GBP", "JPY", "TRY", "XDR", "XAU"])
NOMINALS = st.sampled_from([1, 10, 100, 1000, 10000])
DAYS = st.dates(date(1999, 1, 4), OBSERVED_ON)


@st.composite
def quotations(draw: st.DrawFn) -> list[tuple[str, str, int]]:
    """Codes, each once, with a value above zero, its mark a point, and a nominal."""
    codes = draw(st.lists(CODES, min_size=1, max_size=8, unique=True))
    values = st.tuples(DIGITS, DIGITS).map(".".join).filter(lambda text: text.strip("0.") != "")
    return [(code, draw(values), draw(NOMINALS)) for code in codes]


def written(bank: str, quoted: list[tuple[str, str, int]], day: date) -> str:
    """A document of a bank, by its own form."""
    dotted = f"{day:%d.%m.%Y}" if day.year > 999 else ""
    match bank:
        case "nbkr":
            rows = (
                f'<Currency ISOCode="{code}"><Nominal>{nominal}</Nominal>'
                f"<Value>{value.replace('.', ',')}</Value></Currency>"
                for code, value, nominal in quoted
            )
            return f'<CurrencyRates Date="{dotted}">{"".join(rows)}</CurrencyRates>'
        case "nbk":
            rows = (
                f"<item><title>{code}</title><description>{value}</description>"
                f"<quant>{nominal}</quant></item>"
                for code, value, nominal in quoted
            )
            return f"<rates><date>{dotted}</date>{''.join(rows)}</rates>"
        case "nbt":
            rows = (
                f'<Valute ID="840"><CharCode>{code}</CharCode><Nominal>{nominal}</Nominal>'
                f"<Value>{value}</Value></Valute>"
                for code, value, nominal in quoted
            )
            return f'<ValCurs Date="{day.isoformat()}">{"".join(rows)}</ValCurs>'
        case "cbr":
            rows = (
                f'<Valute ID="R01235"><CharCode>{code}</CharCode><Nominal>{nominal}</Nominal>'
                f"<Value>{value.replace('.', ',')}</Value></Valute>"
                for code, value, nominal in quoted
            )
            return f'<ValCurs Date="{dotted}">{"".join(rows)}</ValCurs>'
        case "cbt":
            rows = (
                f'<rate code="{code}"><multiplier>{nominal}</multiplier>'
                f"<rate_tmt>{value}</rate_tmt></rate>"
                for code, value, nominal in quoted
            )
            return f"<cbt_currency_rate><date>{dotted}</date>{''.join(rows)}</cbt_currency_rate>"
        case _:
            said = [
                {"Ccy": code, "Rate": value, "Nominal": str(nominal), "Date": dotted}
                for code, value, nominal in quoted
            ]
            return json.dumps(said)


OWN = {"nbkr": "KGS", "nbk": "KZT", "nbt": "TJS", "cbr": "RUB", "cbt": "TMT", "cbu": "UZS"}


@given(st.sampled_from(sorted(OWN)), quotations(), DAYS)
def test_no_digit_nominal_or_direction_is_lost(
    bank: str, quoted: list[tuple[str, str, int]], day: date
) -> None:
    parsed = parse(written(bank, quoted, day).encode(), Arrival(OBSERVED_ON))

    assert (parsed.format, parsed.problems) == (bank, ())
    assert [(r.base, r.value, r.nominal) for r in parsed.rates] == quoted
    assert {(r.quote, r.as_of, r.kind) for r in parsed.rates} == {
        (OWN[bank], day.isoformat(), "official")
    }


@given(quotations(), st.lists(DAYS, min_size=1, max_size=5, unique=True))
def test_the_euro_is_the_base_and_days_follow_the_calendar(
    quoted: list[tuple[str, str, int]], days: list[date]
) -> None:
    foreign = [(code, value) for code, value, _ in quoted if code != "EUR"]
    cubes = "".join(
        f'<Cube time="{day}">'
        + "".join(f'<Cube currency="{code}" rate="{value}"/>' for code, value in foreign)
        + "</Cube>"
        for day in days
    )
    document = f'<gesmes:Envelope xmlns:gesmes="urn:x"><Cube>{cubes}</Cube></gesmes:Envelope>'
    parsed = parse_rates(document.encode(), Arrival(OBSERVED_ON))

    assert [(r.as_of, r.base, r.quote, r.value, r.nominal) for r in parsed.rates] == [
        (day.isoformat(), "EUR", code, value, 1) for day in sorted(days) for code, value in foreign
    ]


@given(DIGITS, DIGITS, st.sampled_from([" ", "\u00a0", "\u202f"]), st.sampled_from(",."))
def test_thousands_apart_are_the_same_number(
    units: str, decimals: str, blank: str, mark: str
) -> None:
    units = units.lstrip("0") or "1"
    apart = f"{int(units):,}".replace(",", blank)
    other = "." if mark == "," else ","

    expected = f"{units}.{decimals}"
    assert read_decimal(f"{units}{mark}{decimals}", "," if mark == "," else ".") == expected
    assert read_decimal(f"{apart}{mark}{decimals}", "," if mark == "," else ".") == expected
    if len(units) > 3:
        grouped = f"{int(units):,}".replace(",", other)
        assert read_decimal(f"{grouped}{mark}{decimals}", ",") == expected
        assert read_decimal(f"{grouped}{mark}{decimals}", ".") == expected


@given(st.text(max_size=30))
def test_what_is_read_as_a_number_is_one(text: str) -> None:
    for mark in (",", "."):
        read = read_change(text, "," if mark == "," else ".")
        digits = [c for c in text if c in "0123456789"]
        assert read is None or [c for c in read.lstrip("-") if c != "."] in (digits, ["0", *digits])


@given(st.integers(0, 20))
def test_the_bank_is_believed_for_a_week(days: int) -> None:
    day = OBSERVED_ON + timedelta(days=days)
    parsed = parse(written("nbkr", [("USD", "88.12", 1)], day).encode(), Arrival(OBSERVED_ON))

    assert bool(parsed.rates) == (days <= 7)
