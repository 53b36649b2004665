from datetime import UTC, datetime

import pytest

from services.enrichment.gazetteers import read
from services.enrichment.gazetteers.names import Matcher, matcher
from services.enrichment.steps.names import names
from shared.news import Article, ArticleId, Document, Tag

WHOLE = matcher(read())
KINDS = {"country", "region", "place", "currency"}


def places(of: Article, found_by: Matcher) -> tuple[Tag, ...]:
    return tuple(tag for tag in names(of, found_by) if tag.kind in KINDS)


def article(headline: str = "-", *body: str) -> Article:
    return Article(
        article_id=ArticleId("00000000-0000-0000-0000-000000000001"),
        source="a-source",
        headline=headline,
        body=body,
        observed_at=datetime(2024, 3, 22, tzinfo=UTC),
        revision=1,
        document=Document(sha256="0", media_type="text/plain", parser="p", parser_version=1),
        content_hash="0",
        text_hash="0",
    )


def codes(text: str) -> set[str]:
    return {tag.code for tag in places(article("-", text), WHOLE)}


def only(headline: str, *body: str) -> Tag:
    (tag,) = places(article(headline, *body), WHOLE)
    return tag


KOSTANAY, OSH, MARY = "1519928", "1527534", "1218667"
NICE, SEMEY, PARIS = "2990440", "1519422", "2988507"


# Regions


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("in Kostanay", {KOSTANAY}),
        ("in the Kostanay region", {"KZ-39"}),
        ("the region of Kostanay", {"KZ-39"}),
        ("Kostanay and Kostanay Oblast", {KOSTANAY, "KZ-39"}),
        ("the West Kazakhstan and Atyrau regions", {"KZ-27", "KZ-23"}),
        (
            "the Karaganda, Ulytau, Zhambyl, Kyzylorda and Aktobe regions",
            {"KZ-35", "KZ-62", "KZ-31", "KZ-43", "KZ-15"},
        ),
        ("the Osh regional hospital", {OSH}),
        ("Osh, Naryn. Two regions", {OSH, "1527592"}),
    ],
)
def test_a_shared_name_is_the_region_where_the_text_says_so_and_else_the_town(
    text: str, expected: set[str]
) -> None:
    assert codes(text) == expected


# People and common words


@pytest.mark.parametrize(
    "text",
    [
        "Samat Abish, a nephew of former president Nursultan Nazarbayev",
        "Nursultan was guilty",
        "NASA’s Tracy Caldwell Dyson and Loral O’Hara",
        "Hans Zollmann, Alexey Miller, Eric Berger, Bruce Pannier and Erica Marat",
        "the Davis Center at Harvard; Ars Technica",
        "Michael Jordan won",
        "Jordan Peterson spoke",
        "said Jordan, a teacher",
        "the books of Jordan Peterson",
        "Mr. Jordan came. J. Jordan came. In the end president Jordan came",
        "Chad Smith plays",
        "Georgia Meloni and Giorgia Meloni",
        "Mary Smith wrote to Mary",
        "Paris Hilton flew",
        "Immanuel Kant; Иммануил Кант",
        "Serdar Berdimuhamedow",
        "Atlanta, Georgia",
        "New Mexico, the Indian Ocean and Latin American states",
    ],
)
def test_a_person_is_no_place(text: str) -> None:
    assert codes(text) == set()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("She lives in Jordan", {"JO"}),
        ("Georgia and Armenia", {"GE", "AM"}),
        ("Armenia and Georgia", {"AM", "GE"}),
        ("Syria, Jordan and Georgia", {"SY", "JO", "GE"}),
        ("Paris, France", {PARIS, "FR"}),
        ("In Paris, Russian envoys", {PARIS, "RU"}),
        ("Russian Georgia", {"RU"}),
        ("the city of Mary", {MARY}),
        ("Mary, Turkmenistan", {MARY}),
        ("Zhambyl region", {"KZ-31"}),
        ("в Канте", {"1528193"}),
    ],
)
def test_a_name_that_people_bear_is_a_place_after_a_preposition_or_beside_another(
    text: str, expected: set[str]
) -> None:
    assert codes(text) == expected


def test_a_doubtful_mention_counts_where_the_article_names_the_place_beyond_doubt() -> None:
    tag = only("-", "Jordan’s army is in Jordan. However Jordan said nothing.")
    assert [span.start for span in tag.spans] == [0, 20, 36]


def test_a_doubtful_mention_does_not_count_where_the_name_is_also_a_persons() -> None:
    tag = only("-", "In Jordan, Jordan Peterson spoke. “No,” said Jordan.")
    assert [span.start for span in tag.spans] == [3]


def test_a_sentence_that_ends_before_the_name_is_no_first_name() -> None:
    tag = only("-", "He met Putin. Georgia’s envoy was in Georgia.")
    assert [span.start for span in tag.spans] == [14, 37]


def test_capitals_in_a_headline_are_no_evidence_of_a_person() -> None:
    assert len(only("Jordan Signs Deal", "A deal was signed in Jordan.").spans) == 2
    assert places(article("Jordan Peterson Speaks", "Nobody came."), WHOLE) == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He ate turkey", set()),
        ("Talks with Turkey", {"TR"}),
        ("New OSH rules", set()),
        ("Floods in Osh", {OSH}),
        ("Nice work", set()),
        ("They flew. Nice is sunny", set()),
        ("They like Nice", {NICE}),
        ("много семей", set()),
        ("Семей растёт", set()),
        ("город Семей", {SEMEY}),
    ],
)
def test_a_common_word_is_a_place_by_its_capital_and_not_at_the_start(
    text: str, expected: set[str]
) -> None:
    assert codes(text) == expected


def test_a_common_word_in_a_headline_needs_a_preposition() -> None:
    assert places(article("Have a Nice Day"), WHOLE) == ()
    assert only("Attack in Nice").code == NICE


# Currencies


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the tenge fell", {"KZT"}),
        ("500 som", {"KGS"}),
        ("5 million som", {"KGS"}),
        ("12,500 soums", {"UZS"}),
        ("a 100-dollar note", {"USD"}),
        ("500 Canadian dollars", {"CAD"}),
        ("dollars and cents", set()),
        ("the sum of 5 and 6", set()),
        ("he won 5 games, in real terms", set()),
        ("KGS/USD = 0.01143 -0%", {"KGS", "USD"}),
        ("USD 500", {"USD"}),
        ("300 USD", {"USD"}),
        ("2 billion KZT", {"KZT"}),
        ("paid in USD", set()),
        ("ALL 5 of the TOP 10 at COP 29", set()),
        ("Euro 2024, 100 euros", {"EUR"}),
    ],
)
def test_a_currency_is_a_safe_word_or_stands_beside_a_number_or_a_code(
    text: str, expected: set[str]
) -> None:
    assert codes(text) == expected
