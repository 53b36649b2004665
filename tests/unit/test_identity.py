from __future__ import annotations

import pytest

from services.ingest.identity import (
    article_id,
    containment,
    namesake_number,
    numbers,
    shingles,
    slug,
    slug_key,
)
from tests.builders import words


@pytest.mark.parametrize(
    ("headline", "expected"),
    [
        (
            "Can Desert Shrubs Hold Back the Dust Around Nukus?",
            "can-desert-shrubs-hold-back-the-dust-around-nukus",
        ),
        ("В Оше открылась мастерская «Живой узор»", "в-оше-открылась-мастерская-живой-узор"),
        ("Ёлка в Орле", "елка-в-орле"),
        ("“Year’s” end: 2.33% — up", "year-s-end-2-33-up"),
        ("  Two\u00a0spaces \t", "two-spaces"),
        ("Қазақстан өзі", "қазақстан-өзі"),
        ("… — !", ""),
    ],
)
def test_a_slug_is_the_words_of_a_headline_in_any_script(headline: str, expected: str) -> None:
    assert slug(headline) == expected


def test_typography_does_not_change_a_slug() -> None:
    assert slug("Museum’s “Second Life” – Again") == slug('MUSEUM\'S "second life" -  again')


def test_a_slug_has_at_most_200_characters_and_no_hyphen_at_its_end() -> None:
    assert slug("a" * 300) == "a" * 200
    assert slug("a" * 199 + " tail") == "a" * 199


@pytest.mark.parametrize(
    ("source", "key", "expected"),
    [
        (
            "steppe-courier",
            "slug:dushanbe-airport-to-close-its-runway-for-ten-days-in-may",
            "027d266b-00bd-5080-811d-4d071fed54ba",
        ),
        (
            "steppe-courier",
            "slug:dushanbe-airport-to-close-its-runway-for-ten-days-in-may:2",
            "2842df32-59a1-53f0-9019-663087b54f34",
        ),
        (
            "silk-road-bulletin",
            "slug:в-оше-открылась-мастерская-живой-узор-для-молодых-ткачей",
            "70f22822-5caf-5a38-9992-3881052cca93",
        ),
        (
            "silk-road-bulletin",
            "url:https://bulletin.example/2026/tenge",
            "1a9c1f6c-9a23-5b8d-b298-2b62117062a2",
        ),
        ("silk-road-bulletin", "id:srb-2026-0302-4", "71df90a0-b340-5c1e-9a9a-d741fa7799fb"),
    ],
)
def test_the_id_of_an_article_is_the_same_for_ever(source: str, key: str, expected: str) -> None:
    assert article_id(source, key) == expected


def test_a_key_numbers_the_second_article_of_a_headline_and_those_after_it() -> None:
    assert slug_key("Weather", 1) == "slug:weather"
    assert slug_key("Weather", 2) == "slug:weather:2"


def test_a_namesake_has_the_number_under_which_it_got_its_id() -> None:
    second = article_id("steppe-courier", "slug:weather:2")

    assert namesake_number("steppe-courier", "WEATHER", second) == 2
    assert (
        namesake_number("steppe-courier", "Weather", article_id("steppe-courier", "slug:weather"))
        == 1
    )


def test_an_article_that_first_bore_another_headline_or_is_anothers_has_no_number() -> None:
    renamed = article_id("steppe-courier", "slug:climate")

    assert namesake_number("steppe-courier", "Weather", renamed) == 0
    assert (
        namesake_number("other-source", "Weather", article_id("steppe-courier", "slug:weather"))
        == 0
    )


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        (words(0, 102), words(0, 102), 1.0),
        (words(0, 102), words(80, 182), 0.2),  # the 20 runs from w80 w81 w82 on
        (words(0, 102), words(200, 302), 0.0),
        (words(0, 102), words(0, 12), 1.0),  # the whole of the smaller text
        (("one two",), ("one two",), 1.0),
        (("one two",), ("one two three four",), 0.0),
        ((), (), 1.0),
        ((), words(0, 10), 0.0),
    ],
)
def test_containment_is_the_share_of_the_smaller_text_in_the_other(
    a: tuple[str, ...], b: tuple[str, ...], expected: float
) -> None:
    assert containment(shingles(a), shingles(b)) == expected
    assert containment(shingles(b), shingles(a)) == expected


def test_how_paragraphs_are_cut_and_typography_do_not_change_a_text() -> None:
    assert shingles(("The “tenge” rose on", "Monday.")) == shingles(('the "Tenge" rose on monday',))


def test_numbers_are_found_as_written_digits_of_any_width() -> None:
    found = numbers(["Up 2.33% to 1,500 in ５ days, then 11.", "2026-03-02"])

    assert found == {"2.33", "1,500", "5", "11", "2026", "03", "02"}
