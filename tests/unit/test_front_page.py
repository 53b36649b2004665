"""The rules of the front page, one test for each; whole pages stand in tests/golden."""

from datetime import date
from pathlib import Path

import pytest

from services.ingest.parse import parse
from services.ingest.parse.document import Arrival, ArticleEntry, Parsed, RateEntry

PAGES = Path(__file__).parent.parent / "golden" / "front_pages"
OBSERVED_ON = date(2026, 1, 14)
PROSE = "The herds came down early, a shepherd in Naryn said."


def read(*blocks: str) -> Parsed:
    return parse("\n\n".join(blocks).encode(), Arrival(OBSERVED_ON))


def page(name: str) -> Parsed:
    return parse((PAGES / name).read_bytes(), Arrival(OBSERVED_ON))


def headlines(parsed: Parsed) -> list[str]:
    return [article.headline for article in parsed.articles]


def problems(parsed: Parsed) -> list[tuple[str, str]]:
    return [(problem.reason, problem.where) for problem in parsed.problems]


def test_an_english_page_in_title_case_is_read_whole() -> None:
    parsed = page("english_title_case.txt")

    assert parsed.listed_on == date(2026, 1, 14)
    assert parsed.rates == (
        RateEntry("KGS", "USD", "0.01150", 1, "-0", 2, 1),
        RateEntry("KZT", "USD", "0.00195", 1, "0.25", 2, 2),
    )
    assert [(a.position, a.line, a.headline, len(a.paragraphs)) for a in parsed.articles] == [
        (1, 7, "Kyrgyz Shepherds Move Winter Pastures Closer to the Road", 8),
        (2, 27, "Will the Tashkent Metro Reach the Airport?", 6),
        (3, 41, "Kazakh Apples Win a Second Buyer in the U.S.", 2),
        (4, 47, "‘Water Is Not for Sale’ Says Minister", 1),
        (5, 52, "“The Last Caravan” Opens in Ashgabat", 1),
    ]
    assert [a.dateline for a in parsed.articles] == ["NARYN, Kyrgyzstan", None, None, None, None]
    assert problems(parsed) == [("heading-uncertain", "line 23")]


def test_a_russian_page_is_read_whole() -> None:
    parsed = page("russian.txt")

    assert parsed.listed_on == date(2026, 1, 14)
    assert parsed.rates == (
        RateEntry("KZT", "USD", "0.00195", 1, "0.25", 1, 2),
        RateEntry("TJS", "USD", "0.10700", 1, "-0.10", 1, 3),
    )
    assert [(a.line, a.headline, len(a.paragraphs), a.dateline) for a in parsed.articles] == [
        (6, "Чабаны Нарына перегнали отары ближе к дороге", 9, "НАРЫН, 13 января"),
        (27, "«Последний караван» покажут в Ашхабаде", 5, None),
        (39, "Построят ли в Ташкенте ещё одну линию метро?", 1, None),
    ]
    assert problems(parsed) == [("ticker-unreadable", "line 1"), ("heading-uncertain", "line 19")]


def test_a_page_in_sentence_case_has_short_crossheads() -> None:
    parsed = page("english_sentence_case.txt")

    assert headlines(parsed) == [
        "Tajik farmers turn to drip lines as rivers shrink",
        "Uzbek railway orders thirty sleeping cars",
    ]
    assert parsed.articles[0].paragraphs[1] == "Old habits"
    assert parsed.articles[1].paragraphs[1] == "Who pays?"
    assert problems(parsed) == [("heading-uncertain", "line 7"), ("heading-uncertain", "line 15")]


def test_a_broken_page_gives_what_is_whole_and_names_the_rest() -> None:
    parsed = page("broken.txt")

    assert parsed.listed_on is None
    assert parsed.rates == (RateEntry("TMT", "USD", "0.28500", 1, None, 1, 7),)
    assert headlines(parsed) == ["Caspian Ferry Returns to Aktau"]
    assert problems(parsed) == [
        ("ticker-unreadable", "line 2"),
        ("rate-not-positive", "line 3"),
        ("currency-unknown", "line 4"),
        ("rate-out-of-range", "line 5"),
        ("date-unreadable", "line 8"),
        ("ticker-disagrees", "line 6"),
        ("date-missing", "line 7"),
        ("no-headline", "line 10"),
        ("article-without-text", "line 19"),
    ]


def test_a_page_says_what_it_was_read_as() -> None:
    parsed = read("Herds Come Down Early", PROSE)

    assert parsed.format == "front-page"
    assert parsed.parser_version == 1
    assert parsed.media_type == "text/plain"
    assert parsed.encoding == "utf-8"
    assert parsed.sha256 == "9dea8d28fc9d95327e7eecc4d15e4fc110b19be994646b5d2c2468bfa1734c97"
    assert parsed.articles == (ArticleEntry("Herds Come Down Early", (PROSE,), 1, None, 1),)
    assert parsed.problems == ()


def test_a_wrapped_paragraph_is_one_paragraph() -> None:
    parsed = read("Herds Come Down Early", "The herds came\n  down early,\na shepherd said.")

    assert parsed.articles[0].paragraphs == ("The herds came down early, a shepherd said.",)


def test_a_word_broken_by_a_soft_hyphen_is_made_whole() -> None:
    parsed = read("Herds Come Down Early", "The shep\xad\nherds of At-\nBashy left.\xad")

    assert parsed.articles[0].paragraphs == ("The shepherds of At- Bashy left.",)


def test_a_line_of_invisible_characters_is_blank() -> None:
    parsed = read("Herds Come Down Early\n \xa0\u200b\ufeff\nOne came.\n\u2003\xad\nTwo came.")

    assert parsed.articles[0].paragraphs == ("One came.", "Two came.")


def test_inner_characters_stay_as_they_came() -> None:
    parsed = read("Herds Come Down Early", "\u200b 10\xa0000  sheep, cafe\u0301. \xa0")

    assert parsed.articles[0].paragraphs == ("10\xa0000  sheep, cafe\u0301.",)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_line_end_ends_a_line(end: str) -> None:
    text = end.join(["13.01.2026", "", "Herds Come Down Early", "", "One came.", "", "Two."])

    parsed = parse(text.encode(), Arrival(OBSERVED_ON))

    assert parsed.listed_on == date(2026, 1, 13)
    assert parsed.articles == (
        ArticleEntry("Herds Come Down Early", ("One came.", "Two."), 1, None, 3),
    )


@pytest.mark.parametrize(
    "headline",
    [
        "Second Kazakh Buyer Found in the U.S.",
        "Second Kazakh Buyer Signs With Orchard Inc.",
        "Will the Tashkent Metro Reach the Airport?",
        "‘Water Is Not for Sale’ Says Minister",
        "«Караван» Едет в Мерв",
        "“Caravan” Opens in Ashgabat",
        '"Caravan" Opens in Ashgabat',
        "„Caravan“ Opens in Ashgabat",
        "Minister: “No Water for Sale”",
        "№1 in Kazakhstan Loses Final Match",
        "Photo Exhibition of Old Caravans Opens in Bishkek",
        "By 2030 Kazakhstan Will Double Apple Output",
        "Gas Price Rises Again (Updated)",
        "+7 Numbers Split Between Kazakhstan and Russia",
    ],
)
def test_a_line_like_a_headline_begins_an_article(headline: str) -> None:
    parsed = read("Herds Come Down Early", PROSE, headline, PROSE)

    assert headlines(parsed) == ["Herds Come Down Early", headline]
    assert parsed.problems == ()


@pytest.mark.parametrize(
    "line",
    [
        "The District Office Says the Move Has Three Parts:",
        "And Then the Snow Came…",
        "The Minister Went Home.",
        "“The Minister Went Home.”",
        "The Minister Went Home. (Kabar)",
        "The Minister Went Home,",
        "The Minister Went Home;",
        "• A New Well at Each Camp",
        "➤ A New Well at Each Camp",
        "* A New Well at Each Camp",
        "> A New Well at Each Camp",
        "1. A New Well at Each Camp",
        "b) A New Well at Each Camp",
        "— Мы Уже Всё Перевезли",
        "- Hay Bought Together",
        "By Aigerim Toleukhan",
        "BY AIGERIM TOLEUKHAN",
        "Photo: Orchard Union",
        "Photo by Orchard Union",
        "(Photo: Orchard Union)",
        "Фото: Союз Садоводов",
        "Фото пресс-службы Союза Садоводов Казахстана",
        "Photo AKIpress",
        "Source: Orchard Union of Almaty",
        "Image: Orchard Union of Almaty",
        "Автор Айгерим Толеухан",
        "Источник: Союз Садоводов",
        "Читайте также о Казахстане",
        "Reporting by Aigerim Toleukhan",
        "“The Water Came First",
        "The Water Came First”",
        "«Сначала Пришла Вода",
        "* * *",
        "Twenty Five Words " * 8 + "End",
        "Long" * 41,
        "He then left the north for the U.S.",
    ],
)
def test_a_line_unlike_a_headline_stays_in_its_article(line: str) -> None:
    parsed = read("Herds Come Down Early", PROSE, line, PROSE)

    assert [(a.headline, a.paragraphs) for a in parsed.articles] == [
        ("Herds Come Down Early", (PROSE, line, PROSE))
    ]
    assert parsed.problems == ()


@pytest.mark.parametrize(
    "quotation",
    [
        ("“First we dug.", "“Then Water Came", "“And It Stayed”"),
        ("«First we dug.", "Then Water Came", "And it stayed», he said."),
        ('"First we dug.', '"Then Water Came', '"And It Stayed"'),
        ('"First we dug.', "Then Water Came", 'And it stayed," he said.'),
        ("He said: “First we dug.", "“And It Stayed”"),
        ("„First we dug.", "„Then Water Came", "„And It Stayed“"),
        ("“First we dug.", "Then it stayed.” He added: “Good", "“So It Stayed”"),
    ],
)
def test_nothing_inside_a_running_quotation_is_a_headline(quotation: tuple[str, ...]) -> None:
    parsed = read("Herds Come Down Early", PROSE, *quotation, "Next Herd Comes Down", PROSE)

    assert headlines(parsed) == ["Herds Come Down Early", "Next Herd Comes Down"]
    assert parsed.articles[0].paragraphs == (PROSE, *quotation)
    assert parsed.problems == ()


def test_a_forgotten_closing_mark_swallows_no_headline() -> None:
    parsed = read(
        "Herds Come Down Early", "He said: “We dug.", "Next Herd Comes Down", "“Yes,” he."
    )

    assert headlines(parsed) == ["Herds Come Down Early", "Next Herd Comes Down"]


def test_a_heading_below_a_headline_is_a_subhead() -> None:
    parsed = read(
        "Herds Come Down Early", "Snow Closed the Passes in December", "OSH – Herds came.", PROSE
    )

    assert headlines(parsed) == ["Herds Come Down Early"]
    assert parsed.articles[0].paragraphs[0] == "Snow Closed the Passes in December"
    assert parsed.articles[0].dateline == "OSH"
    assert problems(parsed) == [("heading-uncertain", "line 3")]


@pytest.mark.parametrize("line", ["The early move", "Background", "Why Herders chose Naryn valley"])
def test_on_a_page_in_title_case_sentence_case_is_a_crosshead(line: str) -> None:
    parsed = read("Herds Come Down Early", PROSE, line, PROSE)

    assert parsed.articles[0].paragraphs == (PROSE, line, PROSE)
    assert problems(parsed) == [("heading-uncertain", "line 5")]


def test_small_words_do_not_make_a_headline_sentence_case() -> None:
    parsed = read(
        "Trade between Kazakhstan and China Grows despite Sanctions",
        PROSE,
        "Tea for Two from Osh to Khiva",
        PROSE,
    )

    assert len(parsed.articles) == 2


def test_names_do_not_make_a_headline_title_case() -> None:
    parsed = read("Tokayev meets Mirziyoyev in Tashkent", PROSE, "Herds come down early", PROSE)

    assert headlines(parsed) == ["Tokayev meets Mirziyoyev in Tashkent", "Herds come down early"]
    assert parsed.problems == ()


def test_a_headline_of_two_words_is_noted() -> None:
    parsed = read("Herds Come Down Early", PROSE, "Snow Falls", PROSE)

    assert headlines(parsed) == ["Herds Come Down Early", "Snow Falls"]
    assert problems(parsed) == [("heading-uncertain", "line 5")]


def test_a_full_stop_that_may_end_a_sentence_is_noted() -> None:
    parsed = read("Herds come down early", PROSE, "He then left for the U.S.", PROSE)

    assert headlines(parsed) == ["Herds come down early", "He then left for the U.S."]
    assert problems(parsed) == [("heading-uncertain", "line 5")]


def test_a_script_without_capitals_has_no_crossheads() -> None:
    parsed = read("ყაზახეთი და უზბეკეთი", PROSE, "გაზი", PROSE)

    assert headlines(parsed) == ["ყაზახეთი და უზბეკეთი", "გაზი"]


def test_a_heading_without_a_paragraph_near_it_is_text() -> None:
    parsed = read(
        "Herds Come Down Early", PROSE, "Read in Osh", "Read in Naryn Town", "Read in Talas", PROSE
    )

    assert headlines(parsed) == ["Herds Come Down Early", "Read in Naryn Town"]
    assert parsed.articles[0].paragraphs == (PROSE, "Read in Osh")
    assert problems(parsed) == [("heading-uncertain", "line 5"), ("heading-uncertain", "line 9")]


def test_labels_do_not_part_a_headline_from_its_text() -> None:
    parsed = read(
        "Herds Come Down Early",
        PROSE,
        "Snow Closes Three Passes",
        "By A. Osmonova",
        "Photo: X",
        PROSE,
    )

    assert parsed.articles[1].paragraphs == ("By A. Osmonova", "Photo: X", PROSE)
    assert parsed.problems == ()


def test_a_headline_without_text_is_no_article() -> None:
    parsed = read("Herds Come Down Early", PROSE, "Snow Closes Three Passes")

    assert headlines(parsed) == ["Herds Come Down Early"]
    assert parsed.articles[0].paragraphs == (PROSE,)
    assert problems(parsed) == [("article-without-text", "line 5")]


def test_a_headline_with_only_a_byline_is_no_article() -> None:
    parsed = read("Herds Come Down Early", "By Aigerim Toleukhan")

    assert parsed.articles == ()
    assert problems(parsed) == [("article-without-text", "line 1")]


def test_the_first_block_is_a_headline_whatever_ends_it() -> None:
    parsed = read("Herds Come Down Early.", PROSE)

    assert headlines(parsed) == ["Herds Come Down Early."]


def test_a_wrapped_first_headline_is_noted() -> None:
    parsed = read("Herds Come\nDown Early", PROSE)

    assert headlines(parsed) == ["Herds Come Down Early"]
    assert problems(parsed) == [("heading-uncertain", "line 1")]


@pytest.mark.parametrize("block", ["Long " * 33, "The herds came\ndown early.", "* * *"])
def test_a_first_block_that_is_no_headline_is_passed_over(block: str) -> None:
    parsed = read(block, "By Aigerim Toleukhan", PROSE, "Herds Come Down Early", PROSE)

    assert headlines(parsed) == ["Herds Come Down Early"]
    assert [p.reason for p in parsed.problems] == ["no-headline"]
    assert "3 blocks" in parsed.problems[0].detail


def test_a_heading_far_from_text_above_the_first_headline_is_loose() -> None:
    parsed = read("Long " * 33, "First Line of Osh", "Second Line of Osh", "Third of Osh", PROSE)

    assert headlines(parsed) == ["Second Line of Osh"]
    assert [p.reason for p in parsed.problems] == [
        "heading-uncertain",
        "heading-uncertain",
        "no-headline",
    ]


def test_a_page_of_rates_alone_is_whole() -> None:
    parsed = read("14 January 2026\nKGS/USD = 0.0115")

    assert len(parsed.rates) == 1
    assert parsed.problems == ()


def test_a_page_of_a_date_alone_has_no_headline() -> None:
    parsed = read("14 January 2026")

    assert parsed.listed_on == date(2026, 1, 14)
    assert problems(parsed) == [("no-headline", "line 1")]


@pytest.mark.parametrize(
    ("paragraph", "dateline"),
    [
        ("ALMATY, Kazakhstan – Herds came.", "ALMATY, Kazakhstan"),
        ("BISHKEK (AKIpress) — Herds came.", "BISHKEK (AKIpress)"),
        ("АСТАНА, 13 марта – Стада пришли.", "АСТАНА, 13 марта"),
        ("ОШ, 13 марта - Стада пришли.", "ОШ, 13 марта"),
        ("NUR-SULTAN -- Herds came.", "NUR-SULTAN"),
        ("ALMATY– Herds came.", "ALMATY"),
        ("SHYMKENT. March 13. KAZINFORM – Herds came.", "SHYMKENT. March 13. KAZINFORM"),
        ("ST. PETERSBURG, Russia – “Herds came,” he said.", "ST. PETERSBURG, Russia"),
        ("Almaty, Kazakhstan – Herds came.", None),
        ("NATO – The alliance met.", None),
        ("ALMATY – the old capital – met.", None),
        ("ALMATY-ASTANA trains run – Herds came.", None),
        ("B2 – Herds came.", None),
        ("U.S. – Kazakh trade grew.", None),
        ("ALMATY " * 9 + "– Herds came.", None),
        ("Herds came.", None),
    ],
)
def test_a_dateline_is_a_town_in_capitals_before_a_dash(
    paragraph: str, dateline: str | None
) -> None:
    parsed = read("Herds Come Down Early", paragraph, "OSH – Not the first paragraph.")

    assert parsed.articles[0].dateline == dateline
    assert parsed.articles[0].paragraphs[0] == paragraph
