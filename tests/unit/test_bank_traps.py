"""What banks do to those who read them, and what is made of it."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from services.ingest import observe
from services.ingest.domain import Nothing, decide_rate, rate_hash, rate_value
from services.ingest.observe import Sighting, Source
from services.ingest.parse import parse
from services.ingest.parse.document import Arrival
from services.ingest.parse.limits import RATES_MAX
from services.ingest.parse.rates.bank_files import BANKS, bank_at, read_as
from tests.bank_files import OBSERVED_ON, cbu, ecb, nbk, nbkr, read, reasons, values

FOLDER = Path(__file__).parents[1] / "golden" / "bank_files"
PAGE = b"<!DOCTYPE html><html><head><title>Currency</title></head><body>87,45</body></html>"
XHTML = b"<?xml version='1.0'?><!DOCTYPE html PUBLIC 'x' 'y'><html><body><p>87,45</p></body></html>"


# --- days ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("day", ["02.03.2026", "03.03.2026", "09.03.2026"])
def test_a_bank_is_believed_a_day_up_to_a_week_ahead(day: str) -> None:
    parsed = read(nbkr(("USD", "88,12"), day=day))

    assert [rate.as_of for rate in parsed.rates] == ["-".join(reversed(day.split(".")))]
    assert parsed.problems == ()


@pytest.mark.parametrize(
    ("day", "reason"),
    [
        ("10.03.2026", "date-in-future"),
        ("03.03.2062", "date-in-future"),
        ("31.02.2026", "date-unreadable"),
        ("03.03.0206", "date-unreadable"),
        ("31.12.1989", "date-unreadable"),
        ("", "date-unreadable"),
    ],
)
def test_a_day_that_cannot_be_meant_is_refused_once_with_its_rates(day: str, reason: str) -> None:
    parsed = read(nbkr(("USD", "88,12"), ("EUR", "102,04"), day=day))

    assert parsed.rates == ()
    assert reasons(parsed) == [(reason, "line 1")]


def test_another_day_than_was_asked_is_taken_under_its_own_and_said() -> None:
    parsed = read(nbkr(("USD", "88,12"), day="02.03.2026"), asked_on=date(1999, 1, 1))

    assert [rate.as_of for rate in parsed.rates] == ["2026-03-02"]
    assert reasons(parsed) == [("another-day", "the document")]
    assert "1999-01-01" in parsed.problems[0].detail
    assert "2026-03-02" in parsed.problems[0].detail


def test_the_day_that_was_asked_is_nothing_to_say() -> None:
    days = ecb(("2026-03-02", "1.16"), ("2026-02-27", "1.15"))

    assert read(nbkr(("USD", "88,12")), asked_on=OBSERVED_ON).problems == ()
    assert read(days, asked_on=date(2026, 2, 27)).problems == ()


def test_a_value_carried_over_a_weekend_is_a_rate_of_each_day() -> None:
    parsed = read(ecb(("2026-03-01", "1.1600"), ("2026-02-28", "1.1600")))

    assert values(parsed) == [
        ("2026-02-28", "EUR", "USD", 1, "1.1600"),
        ("2026-03-01", "EUR", "USD", 1, "1.1600"),
    ]


# --- values --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("0", "rate-not-positive"),
        ("0,0000", "rate-not-positive"),
        ("-87,45", "rate-not-positive"),
        ("−0,5", "rate-not-positive"),
        ("+87,45", "rate-unreadable"),
        ("", "rate-unreadable"),
        ("-", "rate-unreadable"),
        ("NaN", "rate-unreadable"),
        ("Infinity", "rate-unreadable"),
        ("8,7E+1", "rate-unreadable"),
        ("1" * 21, "rate-out-of-range"),
        ("0," + "0" * 20 + "1", "rate-out-of-range"),
    ],
)
def test_a_value_that_is_none_is_a_problem_with_its_currency(value: str, reason: str) -> None:
    parsed = read(nbkr(("EUR", "102,04"), ("USD", value)))

    assert [rate.base for rate in parsed.rates] == ["EUR"]
    assert reasons(parsed) == [(reason, "line 1")]
    assert "USD" in parsed.problems[0].detail


@pytest.mark.parametrize("rate", [float("nan"), float("inf"), 1e-7, None, True, [], "", "0", {}])
def test_a_json_value_that_is_none_is_a_problem(rate: object) -> None:
    parsed = read(cbu(Rate=rate))

    assert parsed.rates == ()
    assert [problem.where for problem in parsed.problems] == ["item 1"]


def test_a_json_number_keeps_the_digits_that_stand_there() -> None:
    text = cbu(Rate="?").replace('"?"', "12080.5030000000000001")

    assert [rate.value for rate in read(text).rates] == ["12080.5030000000000001"]


@pytest.mark.parametrize("nominal", ["", "0", "-1", "1,5", "ten"])
def test_a_rate_for_who_knows_how_many_is_none(nominal: str) -> None:
    parsed = read(nbkr(("USD", "88,12"), nominal=nominal))

    assert (parsed.rates, reasons(parsed)) == ((), [("rate-unreadable", "line 1")])


def test_a_value_that_is_printed_twice_in_two_ways_is_not_chosen_from() -> None:
    text = nbkr(("USD", "88,12</Value><Value>88,13"), ("EUR", "102,04</Value><Value>102,04"))
    parsed = read(text)

    assert values(parsed) == [("2026-03-02", "EUR", "KGS", 1, "102.04")]
    assert reasons(parsed) == [("rate-unreadable", "line 1")]


# --- currencies ----------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["XYZ", "usd", "US", "", "840", "XXX", "KGS", "U$D"])
def test_a_code_of_no_foreign_currency_is_a_problem(code: str) -> None:
    parsed = read(nbkr((code, "88,12"), ("XDR", "119,52")))

    assert [rate.base for rate in parsed.rates] == ["XDR"]
    assert reasons(parsed) == [("currency-unknown", "line 1")]


def test_a_number_names_a_currency_only_where_there_is_no_code() -> None:
    valute = "<Valute ID='{}'>{}<Nominal>1</Nominal><Value>0.12</Value></Valute>".format
    text = "<ValCurs Date='2026-03-02'>{}</ValCurs>".format

    assert [r.base for r in read(text(valute(810, "<CharCode>RUB</CharCode>"))).rates] == ["RUB"]
    assert [r.base for r in read(text(valute(810, "<CharCode>USD</CharCode>"))).rates] == ["USD"]
    assert [r.base for r in read(text(valute(840, ""))).rates] == ["USD"]
    assert reasons(read(text(valute(999, "")))) == [("currency-unknown", "line 1")]
    assert [r.base for r in read(cbu(Ccy="", Code="036")).rates] == ["AUD"]


def test_prints_that_agree_are_one_rate_and_those_that_do_not_are_none() -> None:
    twice = read(nbkr(("USD", "88,12"), ("EUR", "102,04"), ("USD", "88,120")))
    apart = read(nbkr(("USD", "88,12"), ("EUR", "102,04"), ("USD", "88,13"), ("USD", "88,12")))

    assert [(rate.base, rate.value, rate.occurrences) for rate in twice.rates] == [
        ("USD", "88.12", 2),
        ("EUR", "102.04", 1),
    ]
    assert twice.problems == ()
    assert [rate.base for rate in apart.rates] == ["EUR"]
    assert reasons(apart) == [("rate-disagrees", "line 1")]
    assert "USD" in apart.problems[0].detail


# --- changes -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("index", "change", "expected"),
    [
        ("UP", "+1.15", "1.15"),
        ("UP", "1.15", "1.15"),
        ("DOWN", "-1.15", "-1.15"),
        ("DOWN", "1.15", "-1.15"),
        ("down", "1.15", "-1.15"),
        ("", "-1.15", "-1.15"),
        ("", "1.15", "1.15"),
        ("", "0.00", "0.00"),
        ("UP", "0.00", "0.00"),
        ("DOWN", "-0.00", "-0.00"),
        ("UP", "", None),
    ],
)
def test_a_change_has_the_printed_sign_else_that_of_its_index(
    index: str, change: str, expected: str | None
) -> None:
    parsed = read(nbk(index=index, change=change))

    assert [rate.change for rate in parsed.rates] == [expected]
    assert parsed.problems == ()


@pytest.mark.parametrize(
    ("index", "change"),
    [("UP", "-1.15"), ("DOWN", "+1.15"), ("", "much"), ("", "1e5"), ("", "1" * 21)],
)
def test_a_change_that_cannot_be_trusted_is_left_out(index: str, change: str) -> None:
    parsed = read(nbk(index=index, change=change))

    assert [(rate.value, rate.change) for rate in parsed.rates] == [("501.4", None)]
    assert reasons(parsed) == [("rate-incomplete", "line 1")]


def test_a_change_is_absolute_on_the_log() -> None:
    with_one, without = (_on_the_log(text) for text in (nbk(change="1.15"), nbkr(("USD", "88,12"))))

    assert (with_one.change, with_one.change_unit) == ("1.15", "absolute")
    assert (without.change, without.change_unit) == (None, None)
    assert (without.kind, without.as_of, without.as_of_precision) == (
        "official",
        "2026-03-02",
        "date",
    )


def test_days_of_validity_that_cannot_be_read_are_left_out() -> None:
    text = nbkr(("USD", "88,12")).replace("<Value>", "<ValidFor>a week</ValidFor><Value>")
    parsed = read(text)

    assert [(rate.value, rate.valid_days) for rate in parsed.rates] == [("88.12", None)]
    assert reasons(parsed) == [("rate-incomplete", "line 1")]


def test_another_nominal_is_no_other_rate() -> None:
    ten, hundred = (
        _on_the_log(nbkr(("JPY", value), nominal=nominal))
        for value, nominal in (("5,6100", "10"), ("56,10", "100"))
    )
    later = hundred.model_copy(update={"observed_at": datetime(2026, 3, 3, tzinfo=UTC)})

    assert (ten.nominal, ten.value) == (10, "5.6100")
    assert (hundred.nominal, hundred.value) == (100, "56.10")
    assert rate_value(ten) == rate_value(hundred)
    assert rate_hash(ten) == rate_hash(hundred)
    assert isinstance(decide_rate(ten, later), Nothing)


def _on_the_log(text: str) -> observe.Rate:
    seen = Sighting(read(text), Source("bank"), datetime(2026, 3, 2, tzinfo=UTC))
    return observe.rate(seen, seen.parsed.rates[0])


# --- documents -----------------------------------------------------------------------------------


@pytest.mark.parametrize("page", [PAGE, XHTML, b"\xef\xbb\xbf  " + PAGE])
@pytest.mark.parametrize("bank", BANKS)
def test_a_page_in_the_place_of_rates_is_said_to_be_one(bank: str, page: bytes) -> None:
    parsed = read_as(bank, page, Arrival(OBSERVED_ON))

    assert (parsed.rates, parsed.articles) == ((), ())
    assert reasons(parsed) == [("unsupported", "the document")]
    assert f"expected rates of {bank}, came an HTML page" in parsed.problems[0].detail


def test_a_source_that_declares_its_bank_gives_its_rates_or_a_problem() -> None:
    arrival = Arrival(OBSERVED_ON, bank="nbkr")

    assert parse(PAGE, arrival) == read_as("nbkr", PAGE, arrival)
    assert len(parse(nbkr(("USD", "88,12")).encode(), arrival).rates) == 1
    assert reasons(parse(cbu().encode(), arrival)) == [("unsupported", "the document")]
    assert reasons(parse(b"%PDF-\x00\x01\x02\x03", arrival)) == [("binary", "the document")]


def test_numbers_of_iso_4217_beside_a_year_that_comes_first_are_of_tajikistan() -> None:
    valute = "<Valute ID='978'><NumCode>978</NumCode><CharCode>EUR</CharCode>"
    inside = f"{valute}<Nominal>1</Nominal><Value>10.8</Value></Valute>"

    assert read(f"<ValCurs Date='2026-03-02'>{inside}</ValCurs>").format == "nbt"
    assert read(f"<ValCurs Date='02.03.2026'>{inside}</ValCurs>").rates == ()


@pytest.mark.parametrize(
    ("url", "bank"),
    [
        ("https://www.nbkr.kg/XML/daily.xml", "nbkr"),
        ("http://nationalbank.kz/rss/get_rates.cfm?fdate=01.04.2026", "nbk"),
        ("https://nationalbank.kz/rss/rates_all.xml?switch=russian", "nbk"),
        ("https://www.nbt.tj/en/kurs/export_xml.php?date=2026-05-18&export=xmlout", "nbt"),
        ("https://nbt.tj/ru/kurs/export_xml_dynamic.php?d1=2026-03-01", "nbt"),
        ("https://cbu.uz/en/arkhiv-kursov-valyut/json/all/2026-04-01/", "cbu"),
        ("https://cbt.tm/kurs/2026/23052026.xml", "cbt"),
        ("https://www.cbr.ru/scripts/XML_daily.asp?date_req=02/03/2026", "cbr"),
        ("https://www.ecb.europa.eu/stats/eurofxref/eurofxref-hist-90d.xml", "ecb"),
        ("https://data-api.ecb.europa.eu/service/data/EXR/D..EUR.SP00.A?format=csvdata", "ecb"),
        ("https://bank.gov.ua/NBU_Exchange/exchange_site?start=20260301&json", "nbu"),
        ("https://bank.gov.ua/NBUStatService/v1/statdirectory/exchange?json", "nbu"),
        ("https://www.nbkr.kg/index.jsp?lang=ENG", None),
        ("https://nationalbank.kz/en/news", None),
        ("https://courier.example/?from=https://www.nbkr.kg/XML/daily.xml", None),
        (None, None),
    ],
)
def test_an_address_of_rates_is_known(url: str | None, bank: str | None) -> None:
    assert bank_at(url) == bank


def test_what_comes_from_an_address_of_rates_is_rates_or_a_problem() -> None:
    url = "https://www.nbkr.kg/XML/daily.xml"
    feed = "<rss><channel><item><title>Bank closed</title></item></channel></rss>"

    for other in (PAGE.decode(), feed, "The bank is closed.\n\nIt opens at nine.", "[]", "", "{}"):
        parsed = read(other, url=url)
        assert (parsed.articles, parsed.rates, len(parsed.problems)) == ((), (), 1)
        assert parsed.problems[0].detail.startswith("expected rates of nbkr, came ")
    assert len(read(nbkr(("USD", "88,12")), url=url).rates) == 1
    assert reasons(read(cbu(), url=url)) == [("unsupported", "the document")]


@pytest.mark.parametrize(
    "document",
    [
        nbkr(),
        "<rates><date>10.01.2026</date><info>на выбранную дату информации нет.</info></rates>",
        "<ValCurs Date='2026-03-02' name='Foreign Currency Market'></ValCurs>",
        "<ValCurs>Error in parameters</ValCurs>",
        "<cbt_currency_rate><date>02.03.2026</date></cbt_currency_rate>",
        ecb(),
        "FREQ,CURRENCY,TIME_PERIOD,OBS_VALUE\n",
    ],
)
def test_a_document_without_a_rate_says_so(document: str) -> None:
    parsed = read(document)

    assert (parsed.rates, reasons(parsed)) == ((), [("empty", "the document")])


@pytest.mark.parametrize(
    "document",
    [
        # Moldova and Azerbaijan write ValCurs too; Russia's metals are by the gram.
        (
            "<ValCurs Date='02.03.2026'><Valute ID='44'><NumCode>978</NumCode>"
            "<CharCode>EUR</CharCode><Nominal>1</Nominal><Value>19.81</Value></Valute></ValCurs>"
        ),
        (
            "<ValCurs Date='02.03.2026'><ValType><Valute Code='USD'><Nominal>1</Nominal>"
            "<Value>1.7</Value></Valute></ValType></ValCurs>"
        ),
        "<Metall><Record Date='02.03.2026' Code='1'><Buy>10750,25</Buy></Record></Metall>",
        "<rates><rate code='USD'>1</rate></rates>",
    ],
)
def test_the_rates_of_another_bank_are_not_taken_for_those_of_one_we_know(document: str) -> None:
    parsed = read(document)

    assert parsed.rates == ()
    assert reasons(parsed) == [("unsupported", "the document")]


@pytest.mark.parametrize(
    "declared",
    ['<!ENTITY x "8">', '<!ENTITY x SYSTEM "file:///etc/hostname">', '<!ENTITY % x "y"> %x;'],
)
def test_entities_of_a_document_are_refused(declared: str) -> None:
    parsed = read(f"<!DOCTYPE CurrencyRates [{declared}]>" + nbkr(("USD", "8&x;,12")))

    assert (parsed.rates, len(parsed.problems)) == ((), 1)


def test_an_entity_that_nobody_declared_is_refused_also_with_a_document_type() -> None:
    for kind in ("", '<!DOCTYPE CurrencyRates SYSTEM "rates.dtd">'):
        parsed = read(kind + nbkr(("USD", "8&x;8,12")))

        assert (parsed.rates, len(parsed.problems)) == ((), 1)


def test_windows_1251_that_says_so_is_read_and_so_is_utf_8_that_says_it_is_that() -> None:
    name = "<Name>Доллар США</Name>"
    text = '<?xml version="1.0" encoding="windows-1251"?>' + nbkr(("USD", "88,12"))
    text = text.replace("<Nominal>", name + "<Nominal>")

    for encoding in ("cp1251", "utf-8"):
        parsed = read(text.encode(encoding))
        assert (values(parsed), parsed.problems) == (
            [("2026-03-02", "USD", "KGS", 1, "88.12")],
            (),
        )


def test_a_name_of_bad_bytes_costs_no_rate() -> None:
    text = nbkr(("USD", "88,12")).replace("<Nominal>", "<Name>NAME</Name><Nominal>")
    parsed = read(text.encode().replace(b"NAME", b"\xc4\xee\x98\x01"))

    assert (len(parsed.rates), parsed.problems) == (1, ())


def test_at_most_so_many_rates_are_taken_and_the_latest_stay() -> None:
    days = [f"{year}-{month:02}-{day:02}" for year in range(1990, 2026)
            for month in range(1, 13) for day in range(1, 29)]  # fmt: skip
    lines = [f"D,{code},{day},1.5" for code in ("USD", "GBP") for day in days]
    parsed = read("FREQ,CURRENCY,TIME_PERIOD,OBS_VALUE\n" + "\n".join(lines) + "\n")

    assert len(lines) == 24192
    assert (len(parsed.rates), parsed.rates[-1].as_of) == (RATES_MAX, "2025-12-28")
    assert reasons(parsed) == [("too-many-entries", "the document")]


# --- the table of the data API -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (",D,USD", ",M,USD", ["unsupported"]),
        (",EUR,SP00", ",USD,SP00", ["unsupported"]),
        ("SP00,A,", "NN00,A,", ["unsupported"]),
        ("USD,0", "USD,3", ["unsupported"]),
        (",1.1600,A", ",NaN,A", ["rate-unreadable"]),
        (",1.1600,A", ",0,A", ["rate-not-positive"]),
        (",1.1600,A", ",NaN,M", []),
        (",1.1600,A", ",,H", []),
        (",1.1600,A", ",,A", []),
        ("2026-03-02,1.1600", "2026-03,1.1600", ["date-unreadable"]),
    ],
)
def test_a_line_that_is_no_daily_rate_of_one_euro_gives_none(
    old: str, new: str, expected: list[str]
) -> None:
    head, british, holiday, dollar, *_ = (
        (FOLDER / "ecb_api_all_columns.csv").read_text().split("\n")
    )
    assert old in dollar
    parsed = read("\n".join([head, british, dollar.replace(old, new), ""]))

    assert [rate.quote for rate in parsed.rates] == ["GBP"]
    assert [problem.reason for problem in parsed.problems] == expected
    assert holiday


def test_rates_of_a_page_stand_as_they_did() -> None:
    (rate,) = read("• KGS/USD = 0.01143 -0%\n2 March 2026\n\nSnow\n\nThe pass is closed.").rates

    assert replace(rate, line=1) == rate
    assert (rate.kind, rate.as_of, rate.change_unit, rate.valid_days) == (
        "ticker",
        None,
        "percent",
        None,
    )
