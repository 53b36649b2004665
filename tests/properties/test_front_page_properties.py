"""What holds for any bytes at all."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from services.ingest.parse import parse
from services.ingest.parse.document import Arrival, Parsed

OBSERVED_ON = date(2026, 1, 14)
LINES = st.sampled_from(
    [
        "",
        "\xa0",
        "KGS/USD = 0.0115 -0%",
        "KGS/USD = 0.0116",
        "KGS/USD = abc",
        "14 January 2026",
        "31 February 2026",
        "Herds Come Down Early",
        "Old habits",
        "By Aigerim Toleukhan",
        "OSH – The herds came down early.",
        "“We dug a well",
        "And then it rained”",
        "«Да», — сказал он.",
        '"Odd',
        "• hay",
        "shep\xad",
        "\ufffe",
        "x" * 161,
    ]
)
PAGES = st.lists(LINES, max_size=30).map("\n".join)


def read(data: bytes) -> Parsed:
    return parse(data, Arrival(OBSERVED_ON))


@given(st.one_of(st.binary(), st.text().map(str.encode), PAGES.map(str.encode)))
def test_no_bytes_raise_and_the_same_bytes_give_the_same_value(data: bytes) -> None:
    assert read(data) == read(data)


@given(st.one_of(st.binary(), st.text().map(str.encode), PAGES.map(str.encode)))
def test_a_document_gives_entries_or_a_problem(data: bytes) -> None:
    parsed = read(data)

    assert parsed.articles or parsed.rates or parsed.problems
    assert len(parsed.problems) <= 200


@given(PAGES)
def test_articles_are_whole_numbered_and_in_order(text: str) -> None:
    articles = read(text.encode()).articles

    assert [a.position for a in articles] == list(range(1, len(articles) + 1))
    assert [a.line for a in articles] == sorted({a.line for a in articles})
    assert all(a.headline and a.paragraphs and all(a.paragraphs) for a in articles)
    assert all(p == p.strip() for a in articles for p in (a.headline, *a.paragraphs))


@given(PAGES)
def test_each_pair_has_one_rate_and_every_print_is_counted(text: str) -> None:
    rates = read(text.encode()).rates

    assert len({(rate.base, rate.quote) for rate in rates}) == len(rates)
    assert sum(rate.occurrences for rate in rates) <= text.count("KGS/USD")


@given(PAGES)
def test_line_ends_do_not_matter(text: str) -> None:
    one, other = read(text.encode()), read(text.replace("\n", "\r\n").encode())

    assert (one.articles, one.rates, one.problems) == (other.articles, other.rates, other.problems)


@given(PAGES)
def test_no_text_is_invented_or_moved(text: str) -> None:
    taken = [p for a in read(text.encode()).articles for p in (a.headline, *a.paragraphs)]
    rest = "".join(text.replace("\xad", "").replace("\ufffe", "").split())

    for paragraph in taken:
        before, found, rest = rest.partition("".join(paragraph.split()))
        assert found, (paragraph, before)


@given(st.integers(min_value=1, max_value=3), PAGES)
def test_more_blank_lines_change_no_text(extra: int, text: str) -> None:
    spaced = text.replace("\n\n", "\n\n" + "\n" * extra)
    one, other = read(text.encode()), read(spaced.encode())

    assert [(a.headline, a.paragraphs, a.dateline) for a in one.articles] == [
        (a.headline, a.paragraphs, a.dateline) for a in other.articles
    ]
