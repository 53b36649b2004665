"""A page without links: which of its entries is which article."""

from __future__ import annotations

from services.ingest.identity import article_id
from services.ingest.listing import Listing
from shared.news import Article
from tests.builders import entry, observed, words

SOURCE = "steppe-courier"
CLIMATE = article_id(SOURCE, "slug:climate")
WEATHER = article_id(SOURCE, "slug:weather")
TEXT = words(0, 102)


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


def test_a_headline_that_nobody_knows_is_an_article_of_its_own() -> None:
    weather = entry("Weather", TEXT, 1)

    assert Listing().identify(SOURCE, weather, [weather]) == WEATHER


def test_a_known_headline_names_its_article_wherever_it_stands() -> None:
    known = listing(recorded("Climate", 1), recorded("Weather", 2))
    weather = entry("WEATHER", TEXT, 1)

    assert known.identify(SOURCE, weather, [weather]) == WEATHER


def test_another_headline_at_the_same_place_over_the_same_text_is_a_revision() -> None:
    known = listing(recorded("Climate", 2))
    weather = entry("Weather", TEXT, 2)

    assert known.identify(SOURCE, weather, [weather]) == CLIMATE


def test_three_fifths_of_the_text_are_enough_for_a_revision_and_less_is_another_article() -> None:
    known = listing(recorded("Climate", 2))
    enough, too_little = entry("Weather", words(40, 142), 2), entry("Weather", words(41, 143), 2)

    assert known.identify(SOURCE, enough, [enough]) == CLIMATE
    assert known.identify(SOURCE, too_little, [too_little]) == WEATHER


def test_a_headline_beside_the_old_one_is_another_article() -> None:
    known = listing(recorded("Climate", 2))
    old, new = entry("Climate", words(200, 302), 1), entry("Weather", TEXT, 2)

    assert known.identify(SOURCE, new, [old, new]) == WEATHER


def test_another_headline_at_another_place_is_another_article() -> None:
    known = listing(recorded("Climate", 2))
    moved = entry("Weather", TEXT, 3)

    assert known.identify(SOURCE, moved, [moved]) == WEATHER


def test_an_article_keeps_its_id_under_its_second_headline() -> None:
    known = listing(recorded("Climate", 1), recorded("Weather", 1, article_id=CLIMATE))
    later = entry("Weather", words(300, 402), 5)

    assert known.identify(SOURCE, later, [later]) == CLIMATE
    assert known.id_by_slug == {"weather": CLIMATE}


def test_an_article_keeps_its_id_when_its_first_headline_comes_back() -> None:
    known = listing(recorded("Climate", 1), recorded("Weather", 1, article_id=CLIMATE))
    back = entry("Climate", TEXT, 7)

    assert known.identify(SOURCE, back, [back]) == CLIMATE


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

    assert known.identify(SOURCE, weather, [weather]) == snow


def test_an_article_stands_where_it_was_last_recorded() -> None:
    known = listing(recorded("Climate", 1), recorded("Climate", 4, body=words(0, 100)))
    first, fourth = entry("Weather", TEXT, 1), entry("Weather", TEXT, 4)

    assert known.identify(SOURCE, first, [first]) == WEATHER
    assert known.identify(SOURCE, fourth, [fourth]) == CLIMATE


def test_an_article_that_stood_on_no_page_is_not_remembered() -> None:
    known = listing(recorded("Climate", 1).model_copy(update={"position": None}))

    assert (known.placed, known.id_by_slug) == ({}, {})


def test_at_most_500_places_are_remembered_the_latest() -> None:
    articles = [recorded(f"Headline {n}", n, article_id=f"id-{n}") for n in range(1, 502)]
    known = listing(*articles)
    first, second = entry("Weather", TEXT, 1), entry("Weather", TEXT, 2)

    assert len(known.placed) == 500
    assert known.identify(SOURCE, first, [first]) == WEATHER
    assert known.identify(SOURCE, second, [second]) == "id-2"
