from datetime import UTC, datetime

import pytest

from services.enrichment.gazetteers import read
from services.enrichment.gazetteers.names import Entry, Gazetteer, Matcher, matcher
from services.enrichment.steps.names import names
from shared.news import Article, ArticleId, Document, Span, Tag

WHOLE = matcher(read())
KINDS = {"country", "region", "place", "currency"}


def places(of: Article, found_by: Matcher) -> tuple[Tag, ...]:
    return tuple(tag for tag in names(of, found_by) if tag.kind in KINDS)


def article(headline: str = "-", *body: str, summary: str | None = None) -> Article:
    return Article(
        article_id=ArticleId("00000000-0000-0000-0000-000000000001"),
        source="a-source",
        headline=headline,
        summary=summary,
        body=body,
        observed_at=datetime(2024, 3, 22, tzinfo=UTC),
        revision=1,
        document=Document(sha256="0", media_type="text/plain", parser="p", parser_version=1),
        content_hash="0",
        text_hash="0",
    )


def codes(text: str) -> set[str]:
    return {tag.code for tag in places(article("-", text), WHOLE)}


def only(headline: str, *body: str, summary: str | None = None) -> Tag:
    (tag,) = places(article(headline, *body, summary=summary), WHOLE)
    return tag


ALMATY, ASTANA, BISHKEK, KOSTANAY, OSH = "1526384", "1526273", "1528675", "1519928", "1527534"
BAIKONUR = "1521368"


def test_a_tag_says_what_where_and_by_whom() -> None:
    assert only("-", "A summit in Bishkek.") == Tag(
        scheme="geonames",
        code=BISHKEK,
        name="Bishkek",
        kind="place",
        country="KG",
        latitude=42.87,
        longitude=74.59,
        relevance=60,
        confidence=100,
        creator="gazetteer/2",
        spans=(Span(field="body", paragraph=0, start=12, end=19, text="Bishkek"),),
    )


def test_a_country_a_region_a_place_and_a_currency_have_their_own_scheme() -> None:
    tags = places(article("-", "Kazakhstan: Ulytau and Almaty pay in tenge."), WHOLE)
    assert {(tag.scheme, tag.code, tag.kind) for tag in tags} == {
        ("iso3166", "KZ", "country"),
        ("iso3166-2", "KZ-62", "region"),
        ("geonames", ALMATY, "place"),
        ("iso4217", "KZT", "currency"),
    }


def test_a_place_does_not_bring_its_country_with_it() -> None:
    assert codes("A court in Astana has ruled.") == {ASTANA}


def test_spans_come_in_order_of_headline_summary_and_paragraphs() -> None:
    tag = only("Almaty grows", "Nothing.", "In Almaty.", summary="Snow in Almaty")
    assert [(s.field, s.paragraph, s.start, s.end) for s in tag.spans] == [
        ("headline", None, 0, 6),
        ("summary", None, 8, 14),
        ("body", 1, 3, 9),
    ]


def test_offsets_count_code_points() -> None:
    assert only("-", "🚀 из Байконура").spans == (
        Span(field="body", paragraph=0, start=5, end=14, text="Байконура"),
    )


def test_at_most_20_spans_are_kept_and_they_are_the_first() -> None:
    spans = only("-", "Almaty " * 25).spans
    assert [span.start for span in spans] == [7 * n for n in range(20)]


def test_at_most_50_tags_are_kept_and_they_are_the_most_relevant() -> None:
    names = [entry.name for entry in read().entries if entry.kind == "country"]
    tags = places(article("Kazakhstan", "; ".join(names)), WHOLE)
    assert len(tags) == 50
    assert tags[0].code == "KZ"


# Relevance and confidence


@pytest.mark.parametrize(
    ("headline", "body", "relevance"),
    [
        ("Kazakhstan", (), 40),
        ("Kazakh", (), 20),
        ("Kazakhstan", ("Kazakhstan",), 100),
        ("Kazakh", ("Kazakh",), 50),
        ("-", ("Kazakhstan", "-", "-", "-"), 30),
        ("-", ("-", "-", "-", "Kazakhstan"), 10),
        ("-", ("-", "-", "-", "Kazakh, Kazakh"), 5),
        ("-", ("-", "-", "-", "Kazakh Kazakhstan"), 10),
        ("-", ("-",) * 99 + ("Kazakh",), 1),
    ],
)
def test_relevance_is_headline_lead_and_spread_and_half_for_an_adjective(
    headline: str, body: tuple[str, ...], relevance: int
) -> None:
    assert only(headline, *body).relevance == relevance


def test_the_summary_is_the_lead_and_counts_as_a_text() -> None:
    assert only("-", "-", summary="Kazakhstan").relevance == 40


def test_tags_are_sorted_by_relevance_then_scheme_and_code() -> None:
    tags = places(article("Tashkent", "Kazakhstan, Armenia and Almaty."), WHOLE)
    assert [(t.relevance, t.code) for t in tags] == [
        (60, ALMATY),
        (60, "AM"),
        (60, "KZ"),
        (40, "1512569"),
    ]


@pytest.mark.parametrize(
    ("text", "confidence"),
    [
        ("Kazakhstan", 100),
        ("Kazakh", 60),
        ("Kazakh Kazakhstan", 100),
        ("a trip to Jordan", 80),
        ("500 som", 80),
        ("KGS/XYZ", 100),
    ],
)
def test_confidence_falls_with_a_rule_and_with_adjectives_only(text: str, confidence: int) -> None:
    assert only("-", text).confidence == confidence


# Words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Astana’s requirements", {ASTANA}),
        ("Astana's requirements", {ASTANA}),
        ("the cities’ mayors met Oman’ envoys", {"OM"}),
        ("Kazakhstanis", {"KZ"}),
        ("Kazakhstanization", set()),
        ("PanKazakh", set()),
        ("d’Oman", set()),
        ("Oman’schina", set()),
        ("the Kyrgyz-Kazakh border", {"KG", "KZ"}),
        ("an Astana-based firm", {ASTANA}),
        ("pro-Russian", {"RU"}),
        ("Anti-Russian", {"RU"}),
        ("S-Agro-Borovskoe", set()),
        ("S-Agro-Almaty", set()),
        ("-Almaty", {ALMATY}),
        ("ALMATY, Kazakhstan –", {ALMATY, "KZ"}),
        ("almaty and kazakhstan", set()),
        ("the U.S. and the UK", {"US", "GB"}),
        ("call us", set()),
        ("mare’s milk", set()),
        ("Sana'a, Sana’a", {"71137"}),
    ],
)
def test_only_whole_words_in_their_own_case_are_names(text: str, expected: set[str]) -> None:
    assert codes(text) == expected


def test_an_adjective_tags_its_country_over_its_own_letters() -> None:
    assert [s.text for s in only("-", "Kazakhstani authorities").spans] == ["Kazakhstani"]


def test_the_longest_name_wins() -> None:
    assert codes("Papua New Guinea, South Sudan, Guinea-Bissau") == {"PG", "SS", "GW"}
    assert [s.text for s in only("-", "the Baikonur Cosmodrome").spans] == ["Baikonur Cosmodrome"]


def test_a_longer_name_that_ends_inside_a_word_does_not_hide_the_shorter() -> None:
    country = Entry("iso3166", "XA", "Osh reg", "country", ())
    town = Entry("geonames", "1", "Osh", "place", ())
    tags = places(article("Osh regional"), matcher(Gazetteer((country, town), ())))
    assert [tag.code for tag in tags] == ["1"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Рейс в Алматы", {ALMATY}),
        ("прибыл из Бишкека", {BISHKEK}),
        ("граждане Казахстана", {"KZ"}),
        ("в Республике Казахстан", {"KZ"}),
        ("под Ташкентом, в Астане и Оше", {"1512569", ASTANA, OSH}),
        ("казахстанские компании", {"KZ"}),
        ("Кыргызская Республика", {"KG"}),
        ("космодром Байконур", {BAIKONUR}),
        ("в Кызылординской области", {"KZ-43"}),
        ("курс рубля к доллару — 100 тенге", {"RUB", "USD", "KZT"}),
        ("100 тыс. долларов", {"USD"}),
    ],
)
def test_russian_case_forms_are_names(text: str, expected: set[str]) -> None:
    assert codes(text) == expected


# The front page of the seed


FRONT_PAGE: tuple[tuple[Article, set[str]], ...] = (
    (
        article(
            "Kazakhstan Refuses to Ban Kyrgyz-Licensed Products Despite Threat",
            "From now on, Bishkek and Astana will also exchange information.",
            "trucks have become backed up on the Kyrgyz-Kazakh border",
        ),
        {"KZ", "KG", BISHKEK, ASTANA},
    ),
    (
        article(
            "German Company to Make Cosmetics From Kazakh Mare’s Milk",
            "horse’s milk from Kazakhstan’s S-Agro-Borovskoe, in the Kostanay region",
            "Its farm in the town of Mühlben is the largest in Germany. Hans Zollmann said so.",
            "our cooperation with Kazakhstan, especially with Kostanay",
        ),
        {"DE", "KZ", "KZ-39", KOSTANAY},
    ),
    (
        article(
            "Baikonur Launch to ISS Scheduled for Saturday 23rd March",
            "ALMATY, Kazakhstan – A spacecraft carrying three crewmembers from Russia, Belarus and"
            " the United States is scheduled to launch. NASA’s Loral O’Hara will return.",
            "tension over the war in Ukraine",
        ),
        {BAIKONUR, ALMATY, "KZ", "RU", "BY", "US", "UA"},
    ),
    (
        article(
            "Nazarbayev’s Nephew Samat Abish Handed Eight-Year Suspended Sentence",
            "An Astana court has found Samat Abish, a nephew of Kazakhstan’s former president"
            " Nursultan Nazarbayev, guilty.",
        ),
        {ASTANA, "KZ"},
    ),
    (
        article(
            "Huge Increase in Gas Supplies to Uzbekistan Sparks Debate Over Russian Influence",
            "ties: with China, the Gulf States, and Asia. Moscow’s influence has diminished",
            "Bruce Pannier of the Davis Center at Harvard",
        ),
        {"UZ", "RU", "CN", "524901"},
    ),
)


@pytest.mark.parametrize(("given", "expected"), FRONT_PAGE)
def test_the_front_page_is_tagged_as_an_editor_would(given: Article, expected: set[str]) -> None:
    assert {tag.code for tag in places(given, WHOLE)} == expected


def test_a_matcher_of_no_names_finds_nothing() -> None:
    empty: Matcher = matcher(Gazetteer((), ()))
    assert places(article("Kazakhstan"), empty) == ()
