"""A page without links: which of its entries is which article."""

from __future__ import annotations

from datetime import date

from services.ingest.identity import article_id, slug, wording
from services.ingest.listing import Assigned, Listing
from services.ingest.parse.document import ArticleEntry
from shared.news import Article, ArticleId
from tests.builders import entry, observed, words

SOURCE = "steppe-courier"
CLIMATE = article_id(SOURCE, "slug:climate")
WEATHER = article_id(SOURCE, "slug:weather")
TEXT = words(0, 102)
TODAY, NEXT_DAY = date(2026, 3, 2), date(2026, 3, 3)
FX = (
    "The national bank set the dollar at {} tenge, the euro at {} tenge and the rouble at {} tenge."
)


def recorded(headline: str, position: int, **changes: object) -> Article:
    """An article of a page as the log has it, under the id of its headline unless given."""
    key = f"slug:{headline.lower()}"
    given = {"article_id": article_id(SOURCE, key), "body": TEXT, **changes}
    return observed(headline=headline, position=position, **given)


def listing(*articles: Article) -> Listing:
    """What is known after these events."""
    known = Listing()
    for each in articles:
        known.remember(each)
    return known


def identified(known: Listing, one: ArticleEntry, page: list[ArticleEntry]) -> ArticleId:
    """The article of an entry on a page of the next day."""
    slugs = {slug(other.headline) for other in page}
    return known.identify(SOURCE, one, wording(one.paragraphs, NEXT_DAY), slugs)


def test_a_headline_that_nobody_knows_is_an_article_of_its_own() -> None:
    weather = entry("Weather", TEXT, 1)

    assert identified(Listing(), weather, [weather]) == WEATHER


def test_a_known_headline_names_its_article_wherever_it_stands() -> None:
    known = listing(recorded("Climate", 1), recorded("Weather", 2))
    weather = entry("WEATHER", TEXT, 1)

    assert identified(known, weather, [weather]) == WEATHER


def test_another_headline_at_the_same_place_over_the_same_text_is_a_revision() -> None:
    known = listing(recorded("Climate", 2))
    weather = entry("Weather", TEXT, 2)

    assert identified(known, weather, [weather]) == CLIMATE


def test_three_fifths_of_the_text_are_enough_for_a_revision_and_less_is_another_article() -> None:
    known = listing(recorded("Climate", 2))
    enough, too_little = entry("Weather", words(40, 142), 2), entry("Weather", words(41, 143), 2)

    assert identified(known, enough, [enough]) == CLIMATE
    assert identified(known, too_little, [too_little]) == WEATHER


def test_a_headline_beside_the_old_one_is_another_article() -> None:
    known = listing(recorded("Climate", 2))
    old, new = entry("Climate", words(200, 302), 1), entry("Weather", TEXT, 2)

    assert identified(known, new, [old, new]) == WEATHER


def test_another_headline_at_another_place_is_another_article() -> None:
    known = listing(recorded("Climate", 2))
    moved = entry("Weather", TEXT, 3)

    assert identified(known, moved, [moved]) == WEATHER


def test_an_article_keeps_its_id_under_its_second_headline() -> None:
    known = listing(recorded("Climate", 1), recorded("Weather", 1, article_id=CLIMATE))
    later = entry("Weather", words(300, 402), 5)

    assert identified(known, later, [later]) == CLIMATE
    assert known.id_by_slug == {"weather": CLIMATE}


def test_an_article_keeps_its_id_when_its_first_headline_comes_back() -> None:
    known = listing(recorded("Climate", 1), recorded("Weather", 1, article_id=CLIMATE))
    back = entry("Climate", TEXT, 7)

    assert identified(known, back, [back]) == CLIMATE


def test_the_first_article_that_took_a_headline_keeps_it() -> None:
    other = article_id(SOURCE, "slug:snow")
    known = listing(
        recorded("Weather", 1, article_id=CLIMATE), recorded("Weather", 2, article_id=other)
    )

    assert known.id_by_slug == {"weather": CLIMATE}


def test_of_two_articles_at_one_place_the_later_one_is_revised() -> None:
    snow = article_id(SOURCE, "slug:snow")
    known = listing(recorded("Climate", 1), recorded("Snow", 1))
    weather = entry("Weather", TEXT, 1)

    assert identified(known, weather, [weather]) == snow


def test_an_article_stands_where_it_was_last_recorded() -> None:
    known = listing(recorded("Climate", 1), recorded("Climate", 4, body=words(0, 100)))
    first, fourth = entry("Weather", TEXT, 1), entry("Weather", TEXT, 4)

    assert identified(known, first, [first]) == WEATHER
    assert identified(known, fourth, [fourth]) == CLIMATE


def test_an_article_that_stood_on_no_page_is_not_remembered() -> None:
    known = listing(recorded("Climate", 1).model_copy(update={"position": None}))

    assert (known.placed, known.id_by_slug) == ({}, {})


def test_at_most_500_places_are_remembered_the_latest() -> None:
    articles = [recorded(f"Headline {n}", n, article_id=f"id-{n}") for n in range(1, 502)]
    known = listing(*articles)
    first, second = entry("Weather", TEXT, 1), entry("Weather", TEXT, 2)

    assert len(known.placed) == 500
    assert identified(known, first, [first]) == WEATHER
    assert identified(known, second, [second]) == "id-2"


def filled_in(*numbers: str) -> tuple[str, ...]:
    """The daily report with these numbers."""
    return (FX.format(*numbers), words(0, 40)[0])


def test_a_template_filled_in_anew_the_next_day_is_another_article() -> None:
    known = listing(recorded("Climate", 1, body=filled_in("512", "540", "6.1"), listed_on=TODAY))
    next_one = entry("Weather", filled_in("515", "544", "6.2"), 1)

    assert identified(known, next_one, [next_one]) == WEATHER
    (same_headline,) = known.assign(
        SOURCE, [entry("Climate", filled_in("515", "544", "6.2"), 1)], NEXT_DAY
    )
    assert same_headline.article_id == article_id(SOURCE, "slug:climate:2")


def test_a_text_that_keeps_half_of_its_numbers_is_a_revision_the_next_day_too() -> None:
    known = listing(recorded("Climate", 1, body=filled_in("512", "540", "6.1"), listed_on=TODAY))
    revised = entry("Weather", filled_in("512", "540", "6.2"), 1)

    assert identified(known, revised, [revised]) == CLIMATE


def test_a_correction_of_nearly_all_numbers_under_its_headline_is_a_revision() -> None:
    known = listing(recorded("Climate", 1, body=filled_in("512", "540", "6.1"), listed_on=TODAY))
    corrected = entry("Climate", filled_in("515", "544", "6.1"), 1)

    assert known.assign(SOURCE, [corrected], NEXT_DAY) == [Assigned(CLIMATE, is_recorded=False)]


def test_on_one_day_other_numbers_are_a_revision() -> None:
    known = listing(recorded("Climate", 1, body=filled_in("11", "12", "13"), listed_on=NEXT_DAY))
    revised = entry("Weather", filled_in("21", "22", "23"), 1)

    assert identified(known, revised, [revised]) == CLIMATE


def test_a_daily_article_of_one_headline_has_no_last_number() -> None:
    reports = [
        recorded(
            "Climate", 1, body=words(200 * n, 200 * n + 100),
            article_id=article_id(SOURCE, "slug:climate" if n == 1 else f"slug:climate:{n}"),
        )
        for n in range(1, 703)
    ]  # fmt: skip
    known = listing(*reports)

    assert known.assign(SOURCE, [entry("Climate", words(0, 100), 1)], None) == [
        Assigned(article_id(SOURCE, "slug:climate:703"), is_recorded=False)
    ]
    revised = entry("Climate", words(200 * 700, 200 * 700 + 90), 1)
    assert known.assign(SOURCE, [revised], None) == [
        Assigned(article_id(SOURCE, "slug:climate:700"), is_recorded=False)
    ]


def test_a_namesake_behind_one_that_the_log_refused_keeps_its_number() -> None:
    third = article_id(SOURCE, "slug:climate:3")
    known = listing(recorded("Climate", 1), recorded("Climate", 2, article_id=third))

    assert known.id_by_slug == {}
    assert known.namesakes_by_slug == {"climate": 3}
