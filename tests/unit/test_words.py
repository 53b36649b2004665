"""Days, numbers and names in five languages, written out by hand."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from services.api import front, typeset
from services.api.words import names, speaking
from services.api.words.languages import BY_CODE, LANGUAGES
from services.api.words.speaking import Place

NB = "\N{NO-BREAK SPACE}"


@contextmanager
def speaks(code: str) -> Iterator[None]:
    with speaking.at(Place(BY_CODE[code], "/", b"")):
        yield


@pytest.mark.parametrize(
    ("code", "day", "instant"),
    [
        ("en", "13 December 2025", "2 March 2026, 04:30 UTC"),
        ("ru", f"13 декабря 2025{NB}г.", f"2 марта 2026{NB}г., 04:30 UTC"),
        ("kk", f"2025{NB}ж. 13 желтоқсан", f"2026{NB}ж. 2 наурыз, 04:30 UTC"),
        ("ky", "2025-ж., 13-декабрь", "2026-ж., 2-март, 04:30 UTC"),
        ("uz", "13-dekabr, 2025", "2-mart, 2026, 04:30 UTC"),
    ],
)
def test_days_and_instants_are_written_as_the_language_writes_them(
    code: str, day: str, instant: str
) -> None:
    with speaks(code):
        assert typeset.day("2025-12-13").text == day
        at = typeset.instant("2026-03-02T09:30:00+05:00")

    assert (at.text, at.iso) == (instant, "2026-03-02T04:30:00Z")


MONTHS = {
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "kk": "қаңтар ақпан наурыз сәуір мамыр маусым шілде тамыз қыркүйек қазан қараша желтоқсан",
    "ky": "январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь",
    "uz": "yanvar fevral mart aprel may iyun iyul avgust sentabr oktabr noyabr dekabr",
}


@pytest.mark.parametrize("code", MONTHS)
def test_every_month_has_its_name(code: str) -> None:
    with speaks(code):
        days = [typeset.day(f"2026-{month:02}-01").text for month in range(1, 13)]

    wanted = MONTHS[code].split()
    assert [name for name, day in zip(wanted, days, strict=True) if name not in day] == []


@pytest.mark.parametrize(
    ("code", "value", "rise", "fall", "zero"),
    [
        ("en", "12345.6700", "+0.19%", "−0.30%", "−0%"),
        ("ru", "12345,6700", f"+0,19{NB}%", f"−0,30{NB}%", f"−0{NB}%"),
        ("kk", "12345,6700", "+0,19%", "−0,30%", "−0%"),
        ("ky", "12345,6700", "+0,19%", "−0,30%", "−0%"),
        ("uz", "12345,6700", "+0,19%", "−0,30%", "−0%"),
    ],
)
def test_numbers_have_the_decimal_mark_of_the_language_and_every_digit_of_their_source(
    code: str, value: str, rise: str, fall: str, zero: str
) -> None:
    with speaks(code):
        assert typeset.value("12345.6700") == value
        changes = [typeset.change(number, "percent") for number in ("0.19", "-0.30", "-0")]

    assert changes == [rise, fall, zero]


@pytest.mark.parametrize(
    ("code", "countries"),
    [
        ("en", "Kazakhstan Kyrgyzstan Tajikistan Turkmenistan Uzbekistan"),
        ("ru", "Казахстан Кыргызстан Таджикистан Туркменистан Узбекистан"),
        ("kk", "Қазақстан Қырғызстан Тәжікстан Түрікменстан Өзбекстан"),
        ("ky", "Казакстан Кыргызстан Тажикстан Түркмөнстан Өзбекстан"),
        ("uz", "Qozogʻiston Qirgʻiziston Tojikiston Turkmaniston Oʻzbekiston"),
    ],
)
def test_the_countries_of_the_desk_have_their_names(code: str, countries: str) -> None:
    with speaks(code):
        assert [names.country(one) for one in ("KZ", "KG", "TJ", "TM", "UZ")] == countries.split()


@pytest.mark.parametrize(
    ("code", "tenge", "som"),
    [
        ("en", "Kazakhstani Tenge", "Kyrgystani Som"),
        ("ru", "казахский тенге", "киргизский сом"),
        ("kk", "Қазақстан теңгесі", "Қырғызстан сомы"),
        ("ky", "Казакстан теңгеси", "Кыргызстан сому"),
        ("uz", "Qozogʻiston tengesi", "Qirgʻiziston somi"),
    ],
)
def test_currencies_have_the_names_of_cldr_in_letters_of_the_language(
    code: str, tenge: str, som: str
) -> None:
    with speaks(code):
        assert [names.currency(one) for one in ("KZT", "KGS")] == [tenge, som]


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda one: one.code)
def test_what_cldr_does_not_know_has_no_name(language: object) -> None:
    with speaks(language.code):  # type: ignore[attr-defined]
        assert names.country("XX") is None
        assert names.currency("QQQ") is None
        assert names.language_by_itself("x-y-z!") is None


def test_a_country_is_named_by_cldr_and_other_tags_as_the_wire_has_them() -> None:
    with speaks("ru"):
        assert front.tag_name("iso3166", "KZ", "Kazakhstan") == "Казахстан"
        assert front.tag_name("iso3166", "XX", "Nowhere") == "Nowhere"
        assert front.tag_name("iso4217", "KZT", "Kazakhstani tenge") == "казахский тенге"
        assert front.tag_name("iso4217", "QQQ", "Nothing") == "Nothing"
        assert front.tag_name("geonames", "1526384", "Almaty") == "Almaty"


@pytest.mark.parametrize(
    ("page", "text", "mark"),
    [("en", "en", None), ("en", "ru", "Русский"), ("ru", "ru", None), ("ru", "en", "English"),
     ("kk", "uz", "Oʻzbekcha"), ("uz", "tg", "Тоҷикӣ"), ("ky", "be", "Беларуская"),
     ("kk", "und", None), ("kk", "zz", "zz")],
)  # fmt: skip
def test_a_text_in_another_language_than_its_page_says_which(
    page: str, text: str, mark: str | None
) -> None:
    with speaks(page):
        assert front.foreign_name(text) == mark
