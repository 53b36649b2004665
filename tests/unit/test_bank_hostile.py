"""Documents made to harm whoever reads rates: read in time, and with few words."""

import time

import pytest

from tests.bank_files import nbkr, read

SECONDS_MAX = 40.0  # of the processor, under coverage; by the square it would be minutes
"""Of processor time, traced by coverage too; without it none takes three. Squares take hours."""
BYTES = 4_800_000


def many(text: str, before: str = "", after: str = "") -> str:
    return before + text * (BYTES // len(text)) + after


@pytest.mark.parametrize(
    "document",
    [
        many("<rates>"),
        many("<a/>", "<ValCurs>", "</ValCurs>"),
        many("<Currency ISOCode='USD'/>", "<CurrencyRates Date='02.03.2026'>", "</CurrencyRates>"),
        many("<Value>1</Value>", "<ValCurs><Valute ID='840'>", "</Valute></ValCurs>"),
        many("<item><title>", "<rss><quant>"),
        many("<title> ", "<rss><quant><item>"),
        many(" ", "<rss><channel><item><quant>1</quant><title>", "</title></item></channel></rss>"),
        many("<!-- ", "<rates>"),
        many("<?a?>", "", "<rates/>"),
        many(" ", "", "<rates/>"),
        many(
            "1 234 ", "<ValCurs Date='2026-03-02'><Valute ID='840'><CharCode>USD</CharCode><Value>"
        ),
        nbkr(("USD", many("1 234 "))),
        nbkr(("USD", many("0"))),
        nbkr(("USD", many("1,"))),
        nbkr(("USD", "1"), nominal=many("0", after="x")),
        nbkr(("USD", "1"), day=many(" 00:00")),
        nbkr((many("U"), "1")),
        many("A,", "CURRENCY,TIME_PERIOD,OBS_VALUE,")[: BYTES // 2] + "\n" * (BYTES // 2),
        many("D,USD,2026-03-02,1\n", "FREQ,CURRENCY,TIME_PERIOD,OBS_VALUE\n"),
        many('"', "FREQ,CURRENCY,TIME_PERIOD,OBS_VALUE\n"),
        many("[", '[{"Ccy":"","Rate":"","Nominal":"","x":'),
        many("1", '[{"Ccy":"USD","Nominal":"1","Date":"02.03.2026","Rate":', "}]"),
        many("{},", '[{"Ccy":"","Rate":"","Nominal":""},', "{}]"),
    ],
    ids=lambda document: document[:40],
)
def test_a_hostile_document_is_read_in_time(document: str) -> None:
    begin = time.process_time()
    parsed = read(document[:4_999_999])

    assert time.process_time() - begin < SECONDS_MAX
    assert 0 < len(parsed.problems) + len(parsed.rates) <= 201
    assert all(len(problem.detail) < 400 for problem in parsed.problems)


@pytest.mark.parametrize(
    ("document", "came"),
    [
        (b'[{"Ccy":"\\ud800","Rate":"12","Nominal":"1","Date":"02.03.2026"}]', "\ufffd"),
        (b'[{"Ccy":"USD","Rate":"1\\u00002","Nominal":"1","Date":"02.03.2026"}]', "1\ufffd2"),
        (nbkr(("USD", "1\x9b2")).encode(), "1\ufffd2"),
        (
            b"CURRENCY,TIME_PERIOD,OBS_VALUE,OBS_STATUS\nUSD,2026-03-02,1\x1b2,A\n" + b"\n" * 200,
            "1\ufffd2",
        ),
    ],
)
def test_what_cannot_be_seen_is_no_part_of_a_number_and_of_no_problem(
    document: bytes, came: str
) -> None:
    parsed = read(document)

    assert parsed.rates == ()
    assert f"“{came}”" in parsed.problems[0].detail
