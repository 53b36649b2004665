"""What is refused, what is dropped, and that each says so once."""

from datetime import date

import pytest

from services.ingest.parse import parse
from services.ingest.parse.document import Arrival, Parsed

OBSERVED_ON = date(2026, 1, 14)
PAGE = "Herds Come Down Early\n\nThe herds came down, чабан сказал.\n"


def read(data: bytes) -> Parsed:
    return parse(data, Arrival(OBSERVED_ON))


def problems(parsed: Parsed) -> list[tuple[str, str]]:
    return [(problem.reason, problem.where) for problem in parsed.problems]


@pytest.mark.parametrize("data", [b"", b"\n \r\n\t", b"\xef\xbb\xbf", "\xa0\n\u200b".encode()])
def test_a_page_without_a_visible_character_is_empty(data: bytes) -> None:
    parsed = read(data)

    assert (parsed.articles, parsed.rates) == ((), ())
    assert problems(parsed) == [("empty", "the document")]


def test_a_document_over_five_million_bytes_is_not_decoded() -> None:
    parsed = read(b"Herds\n\n" + b"x" * 5_000_000)

    assert parsed.format == "unknown"
    assert parsed.encoding is None
    assert problems(parsed) == [("too-large", "the document")]


@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x01\x07\x08",
        b"Herds\x00",
        b"abc\x00def",
        b"\x00",
        b"ab\x01c" * 9,
    ],
)
def test_bytes_that_are_no_text_are_binary(data: bytes) -> None:
    assert problems(read(data)) == [("binary", "the document")]


@pytest.mark.parametrize(
    "encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"]
)
@pytest.mark.parametrize("text", [PAGE, "Чабаны идут к реке и к дороге, снег лёг\n" * 3])
def test_wide_encodings_are_refused_with_advice(encoding: str, text: str) -> None:
    parsed = read(text.encode(encoding))

    assert problems(parsed) == [("undecodable", "the document")]
    assert "save it as UTF-8" in parsed.problems[0].detail


@pytest.mark.parametrize(
    "data",
    [
        b"<!DOCTYPE html><p>Herds",
        b"\xef\xbb\xbf <?xml version='1.0'?>",
        b"<note>x</note>",
        b'{"a": 1}',
        b"{}",
        b"[1, 2]",
        b'[{"a": 1}]',
        b"{\\rtf1",
        b"%PDF-1.7",
    ],
)
def test_markup_is_unsupported(data: bytes) -> None:
    parsed = read(data)

    assert parsed.format == "unknown"
    assert problems(parsed) == [("unsupported", "the document")]


def test_brackets_do_not_make_a_page_markup() -> None:
    parsed = read(b"[Updated] Herds Come Down Early\n\nThey came.")

    assert parsed.articles[0].headline == "[Updated] Herds Come Down Early"


def test_a_byte_order_mark_is_dropped() -> None:
    parsed = read(b"\xef\xbb\xbf" + PAGE.encode())

    assert parsed.articles[0].headline == "Herds Come Down Early"
    assert parsed.problems == ()


def test_another_encoding_is_undecodable() -> None:
    parsed = read(PAGE.encode("cp1251"))

    assert (parsed.articles, parsed.encoding) == ((), None)
    assert problems(parsed) == [("undecodable", "the document")]


def test_a_bad_byte_on_a_short_page_costs_only_itself() -> None:
    parsed = read(b"Herds Come Down Early\n\nSnow \xed\xa0\x80 fell.")

    assert parsed.articles[0].paragraphs == ("Snow \ufffd\ufffd\ufffd fell.",)
    assert problems(parsed) == [("undecodable", "line 3")]


def test_a_few_bad_lines_are_repaired_and_named() -> None:
    good = "\n\nThey came." * 20
    parsed = read(b"Herds Come Down Early\n\nSnow \xed\xa0\x80 fell.\x1b\n" + good.encode())

    assert parsed.articles[0].paragraphs[0] == "Snow \ufffd\ufffd\ufffd fell."
    assert problems(parsed) == [("undecodable", "line 3"), ("control-characters", "the document")]


def test_stray_control_characters_are_dropped_with_one_note() -> None:
    parsed = read((PAGE + "\nOne\x07 two\x85 three\ufffe four\U0001ffff.\tFive.").encode())

    assert parsed.articles[0].paragraphs[1] == "One two three four.\tFive."
    assert problems(parsed) == [("control-characters", "the document")]


def test_a_line_that_is_too_long_is_dropped() -> None:
    parsed = read(f"{PAGE}\n{'x' * 100_001}\n\nThe end.".encode())

    assert parsed.articles[0].paragraphs[1:] == ("The end.",)
    assert problems(parsed) == [("line-too-long", "line 5")]


def test_a_page_of_one_line_that_is_too_long_is_not_called_empty() -> None:
    assert problems(read(b"x" * 100_001)) == [("line-too-long", "line 1")]


def test_articles_after_the_five_hundredth_are_dropped() -> None:
    parsed = read(
        "\n\n".join(f"Herd Number {n} Comes Down\n\nIt came." for n in range(502)).encode()
    )

    assert len(parsed.articles) == 500
    assert problems(parsed) == [("too-many-entries", "line 2001")]
    assert "came 2 more" in parsed.problems[0].detail


def test_paragraphs_after_the_hundred_thousandth_are_dropped() -> None:
    article = b"Herds Come Down Early %d\n\n" + b"A.\n\n" * 9_999
    parsed = read(b"".join(article % number for number in range(10)) + b"B.\n\n" * 3)

    assert [len(each.paragraphs) for each in parsed.articles] == [9_999] * 10
    assert problems(parsed) == [("too-many-entries", "line 200001")]


def test_an_article_of_more_paragraphs_than_the_log_takes_is_dropped() -> None:
    parsed = read(
        b"Herds Come Down Early\n\n" + b"A.\n\n" * 10_001 + b"Snow Closes Passes\n\nIt fell."
    )

    assert [each.headline for each in parsed.articles] == ["Snow Closes Passes"]
    assert problems(parsed) == [("text-too-long", "line 1")]


def test_an_article_that_is_too_long_is_dropped() -> None:
    long = "\n\n".join(["x" * 99_999 + "."] * 3)
    parsed = read(
        f"Herds Come Down Early\n\n{long}\n\nSnow Closes Three Passes\n\nIt fell.".encode()
    )

    assert [(a.position, a.headline) for a in parsed.articles] == [(1, "Snow Closes Three Passes")]
    assert problems(parsed) == [("text-too-long", "line 1")]


def test_the_last_of_two_hundred_problems_counts_the_rest() -> None:
    tickers = "KGS/USD = abc\n" * 210 + "ZZZ/USD = 1\n" * 5
    parsed = read((tickers + PAGE).encode())

    assert len(parsed.problems) == 200
    assert problems(parsed)[198] == ("ticker-unreadable", "line 199")
    assert problems(parsed)[199] == ("ticker-unreadable", "line 200 and after")
    assert parsed.problems[199].detail == "and 16 more: 11 ticker-unreadable, 5 currency-unknown"


def test_a_loss_is_not_hidden_behind_notes() -> None:
    page = "Herds Come Down Early\n\n" + "It came.\n\nold habits\n\n" * 201
    parsed = read(f"{page}Some Herd Stays Up".encode())

    assert parsed.problems[199].reason == "article-without-text"
