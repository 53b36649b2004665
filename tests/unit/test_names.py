from datetime import UTC, datetime

import pytest

from services.enrichment.gazetteers import read
from services.enrichment.gazetteers.names import matcher
from services.enrichment.steps.names import names
from services.enrichment.steps.names.texts import HITS_MAX
from shared.news import Article, ArticleId, Document, Tag

WHOLE = matcher(read())


def article(text: str, language: str | None = None, url: str | None = None) -> Article:
    return Article(
        article_id=ArticleId("00000000-0000-0000-0000-000000000001"),
        source="a-source",
        headline="-",
        body=(text,),
        url=url,
        declared_language=language,
        observed_at=datetime(2024, 3, 22, tzinfo=UTC),
        revision=1,
        document=Document(sha256="0", media_type="text/plain", parser="p", parser_version=1),
        content_hash="0",
        text_hash="0",
    )


def told(text: str, language: str | None = None, url: str | None = None) -> set[str]:
    return {tag.code for tag in names(article(text, language, url), WHOLE)}


def spans(text: str, code: str) -> list[str]:
    tags = [tag for tag in names(article(text), WHOLE) if tag.code == code]
    return [span.text for tag in tags for span in tag.spans]


ASTANA, JALAL_ABAD, JALALABAD, MARY, OSH, TASHKENT = (
    *("1526273", "1528249", "1139715", "1218667", "1527534", "1512569"),
)
BISHKEK, MOSCOW, MOSCOW_IDAHO = "1528675", "524901", "5601538"
TOKAYEV, JAPAROV = "kassym-jomart-tokayev", "sadyr-japarov"


# People


def test_a_person_has_a_slug_for_a_code_and_a_country() -> None:
    (tag,) = names(article("A letter from Sadyr Japarov arrived."), WHOLE)

    assert isinstance(tag, Tag)
    assert (tag.scheme, tag.code, tag.kind, tag.country) == ("person", JAPAROV, "person", "KG")
    assert (tag.name, tag.confidence, tag.creator) == ("Sadyr Japarov", 100, "gazetteer/2")


def test_who_was_named_in_full_is_known_by_the_surname_later() -> None:
    assert spans("Ajay Banga came. The crowd heard Banga out.", "ajay-banga") == [
        "Ajay Banga",
        "Banga",
    ]


def test_a_surname_alone_counts_only_where_the_table_says_so() -> None:
    assert told("The crowd heard Banga out.") == set()
    assert TOKAYEV in told("The crowd heard Tokayev out.")


def test_a_surname_after_another_first_name_is_somebody_else() -> None:
    assert told("Sadyr Japarov came. Later Nurbek Japarov, a driver, spoke.") == {JAPAROV}
    assert spans("Sadyr Japarov met Nurbek Japarov.", JAPAROV) == ["Sadyr Japarov"]


@pytest.mark.parametrize(
    "text",
    [
        "Walter Houston bakes bread.",
        "Mr Washington has retired.",
        "Q. Lincoln signed it.",
        "Chad Brown lost his bag.",
    ],
)
def test_an_unknown_person_with_the_name_of_a_place_is_no_place(text: str) -> None:
    assert told(text, "en-US") == set()


def test_a_stranger_stays_one_for_the_rest_of_the_article() -> None:
    assert told("Walter Houston bakes. On Sunday Houston rests.", "en-US") == set()


# Bodies


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Air Astana hired pilots.", "air-astana"),
        ("Moscow Exchange opened late.", "moscow-exchange"),
    ],
)
def test_a_body_hides_the_place_in_its_name(text: str, code: str) -> None:
    assert told(text) == {code}


@pytest.mark.parametrize(
    "text",
    [
        "Guests left the Hotel Samarkand.",
        "The tanker Aktau is late.",
        "Osh Northern University is closed.",
        "Отель «Ташкент» закрыт.",
        "The White Lotus Bukhara resort is full.",
    ],
)
def test_a_place_in_the_name_of_a_house_or_a_ship_is_no_place(text: str) -> None:
    assert told(text) == set()


def test_a_quoted_town_is_its_club_and_a_bare_one_the_town() -> None:
    assert "fc-astana" in told("Вратарь «Астаны» ушёл.")
    assert told("Вратарь уехал из Астаны.") == {ASTANA}


@pytest.mark.parametrize(
    ("language", "code"),
    [("en-KZ", "national-bank-of-kazakhstan"), ("en-KG", "national-bank-of-the-kyrgyz-republic")],
)
def test_a_body_without_its_country_is_that_of_the_publishers(language: str, code: str) -> None:
    assert told("The National Bank was silent.", language) == {code}


def test_a_body_without_its_country_is_that_of_the_sentence_first() -> None:
    found = told("In Tajikistan the National Bank was silent.", "en-KG")
    assert found == {"TJ", "national-bank-of-tajikistan"}


def test_a_body_without_any_country_is_nobody() -> None:
    assert told("The National Bank was silent.") == set()


def test_the_address_of_an_article_says_where_its_publisher_is() -> None:
    found = told("The National Bank was silent.", url="https://news.example.kg/1")
    assert found == {"national-bank-of-the-kyrgyz-republic"}


# Homonyms


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("They moved to Moscow, Idaho, in spring.", {MOSCOW_IDAHO, "US-ID"}),
        ("They moved to Moscow in spring.", {MOSCOW}),
        ("Flights from Kabul to Jalalabad resumed.", {"1138958", JALALABAD}),
        ("Hay was cut in Jalal-Abad.", {JALAL_ABAD}),
        ("Georgia and Armenia traded.", {"GE", "AM"}),
        ("Judges in Georgia and Florida met.", {"US-GA", "US-FL"}),
        ("Rain fell in Punjab and in Lahore.", {"PK-PB", "1172451"}),
        ("Visitors left Singapore.", {"SG"}),
    ],
)
def test_the_bearer_of_a_name_is_the_one_that_the_text_speaks_for(
    text: str, expected: set[str]
) -> None:
    assert told(text) == expected


def test_the_publishers_country_decides_where_the_text_does_not() -> None:
    text = "A bakery in Birmingham burned."
    assert told(text, "en-GB") == {"2655603"}
    assert told(text + " Alabama sent help.", "en-US") == {"4049979", "US-AL"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("NEW OSH RULES ARE OUT", set()),
        ("We had osh with china plates and a roast turkey.", set()),
        ("Boats sank in the Jordan.", set()),
        ("A singer knew the Manas by heart.", set()),
        ("Miners in Mary went home.", {MARY}),
        ("They sold a Bukhara, and a Samarkand of 1900.", set()),
    ],
)
def test_what_only_looks_like_a_place_is_none(text: str, expected: set[str]) -> None:
    assert told(text) == expected


# Endings


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Ташкенттен кат келди.", "ky", {TASHKENT}),
        ("Астанадағы кездесу аяқталды.", "kk", {ASTANA}),
        ("Toshkentdagi maktab yopildi.", "uz", {TASHKENT}),
        ("Тошкентдаги мактаб ёпилди.", "uz-Cyrl", {TASHKENT}),
        ("Aşgabatdan habar geldi.", "tk", {"162183"}),
        ("Тоҷикистонро барф пӯшид.", "tg", {"TJ"}),
        ("В Ошской и Нарынской областях тепло.", "ru", {"KG-O", "KG-N"}),
        ("БИШКЕКТЕ ЖЕР ТИТИРЕДИ", "ky", {BISHKEK}),
    ],
)
def test_a_name_may_carry_the_endings_of_its_language(
    text: str, language: str, expected: set[str]
) -> None:
    assert told(text, language) == expected


@pytest.mark.parametrize("text", ["Ошибка в отчёте", "Ошалевший", "Astanabcdef", "Ташкентомания"])
def test_another_word_that_begins_like_a_name_is_none(text: str) -> None:
    assert told(text) == set()


# Commodities


def test_a_commodity_that_is_a_common_word_counts_near_a_word_of_trade() -> None:
    assert told("The price of gold rose.") == {"gold"}
    assert told("She won gold on Sunday.") == set()


# Bounds


def test_only_so_many_names_of_an_article_are_looked_at() -> None:
    tags = names(article("Osh; " * HITS_MAX + "Bishkek"), WHOLE)
    assert {tag.code for tag in tags} == {OSH}
