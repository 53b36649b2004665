"""Every page in every language: its words, its links, its address, and what a client may try."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from starlette.testclient import TestClient

from services.api.words.extracting import TEMPLATE
from services.api.words.languages import LANGUAGES, TRANSLATED
from services.api.words.paths import MACHINES
from tests.view_files import ALMATY, KZ, SITE, UZ, ViewFile, article_id, client, story_id

TAGS = re.compile(r"<script.*?</script>|<[^>]+>", re.DOTALL)
CODES = [language.code for language in TRANSLATED]
PAGES = (
    "/",
    "/?source=bulletin&tag=iso3166:KZ",
    f"/articles/{article_id(1)}",
    f"/articles/{article_id(4)}",
    "/articles/none",
    f"/stories/{story_id(1)}",
    f"/stories/{story_id(2)}",
    "/rates/KGS-USD",
    "/rates/KGS-XXX",
    "/search",
    "/search?q=headline",
    "/search?q=nowhere",
    "/search?q=%22never+closed",
    "/tags",
    "/tags/iso3166:KZ",
    "/sources",
    "/sources/bulletin",
    "/about",
    "/wall",
    "/differences",
    "/differences?from=0",
    "/differences?from=0&limit=1",
    "/differences?from=8",
    "/differences?from=x",
)
HTML = {"Accept": "text/html"}


def api(folder: Path) -> TestClient:
    view = ViewFile(folder)
    for number in (1, 2, 3):
        view.article(number, KZ, UZ, ALMATY, language="tg", source="bulletin", credit="Bulletin")
    view.notice(4, "canceled")
    view.story(1, 1, 2)
    view.story(2, 3)
    view.merge(1, 2, 3)
    view.rate("KGS/USD", "0.01143", "2025-12-12")
    view.rate("KGS/USD", "0.01158", change="-0.30")
    view.publish()
    return client(folder)


def words(html: str) -> str:
    """The page as it is read."""
    return " ".join(unescape(TAGS.sub(" ", html)).split())


def attributes(html: str, name: str) -> list[str]:
    return [unescape(one) for one in re.findall(rf' {name}="([^"]*)"', html)]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    return api(tmp_path_factory.mktemp("views"))


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("code", CODES)
def test_no_english_text_is_left_on_a_page(desk: TestClient, code: str, path: str) -> None:
    with TEMPLATE.open("rb") as file:
        texts = [one for one in read_po(file) if one.id]
    english = [form for one in texts for form in ([one.id] if isinstance(one.id, str) else one.id)]
    html = desk.get(f"/{code}{path}").text
    read = " ".join([words(html), *attributes(html, "aria-label"), *attributes(html, "title")])

    left = [one for one in english if " " in one and "%" not in one and one in read]
    assert f'<html lang="{code}"' in html
    assert left == []


@pytest.mark.parametrize(
    ("code", "countries", "ticker"),
    [
        (
            "ru",
            "Казахстан Кыргызстан Таджикистан Туркменистан Узбекистан",
            "KGS/USD 0,01158 −0,30 % 13 декабря 2025 г. Курсы опубликованы: ",
        ),
        (
            "kk",
            "Қазақстан Қырғызстан Тәжікстан Түрікменстан Өзбекстан",
            "KGS/USD 0,01158 −0,30% 2025 ж. 13 желтоқсан Бағамдарды жариялаған: ",
        ),
        (
            "ky",
            "Казакстан Кыргызстан Тажикстан Түркмөнстан Өзбекстан",
            "KGS/USD 0,01158 −0,30% 2025-ж., 13-декабрь Курстарды жарыялаган: ",
        ),
        (
            "uz",
            "Qozogʻiston Qirgʻiziston Tojikiston Turkmaniston Oʻzbekiston",
            "KGS/USD 0,01158 −0,30% 13-dekabr, 2025 Kurslarni eʼlon qilgan: ",
        ),
    ],
)
def test_the_front_page_is_in_the_language(
    desk: TestClient, code: str, countries: str, ticker: str
) -> None:
    read = words(desk.get(f"/{code}/").text)

    assert f" {countries} {ticker}" in read


@pytest.mark.parametrize(
    ("path", "said"),
    [
        (f"/articles/{article_id(1)}", "Происхождение Источник Bulletin Дата 13 декабря 2025"),
        (f"/articles/{article_id(1)}", "Казахстан страна 90 из 100"),
        (f"/articles/{article_id(4)}", "410 Этот материал аннулирован Его больше нельзя"),
        (f"/articles/{article_id(4)}", "Кем аннулирован источник Источник steppe-courier"),
        ("/articles/none", "404 Такого материала нет Такого материала в ленте нет"),
        (f"/stories/{story_id(1)}", "Сюжет Headline 3 3 материала, 1 источник, 1 язык"),
        (f"/stories/{story_id(2)}", "Он объединён с другим сюжетом"),
        ("/rates/KGS-USD", "USD за KGS, как опубликовано"),
        ("/rates/KGS-XXX", "404 Такой пары нет Что именно не так, сказано по-английски: No series"),
        ("/nothing", "404 Здесь ничего нет По этому адресу страницы нет."),
        (
            "/?source=a&source=b",
            "422 Запрос составлен неверно Что именно не так, сказано по-английски:",
        ),
        ("/?cursor=x", "400 Этот указатель нельзя прочесть"),
        ("/?tag=iso3166:KZ&tag=none:none", "Здесь нет материалов Ничего такого в ленте нет."),
    ],
)
def test_pages_and_problems_are_in_russian(desk: TestClient, path: str, said: str) -> None:
    read = words(desk.get(f"/ru{path}", headers=HTML).text).replace("\N{NO-BREAK SPACE}", " ")

    assert said in read


def test_problems_for_programs_stay_english(desk: TestClient) -> None:
    answer = desk.get("/ru/nothing")

    assert (answer.status_code, answer.headers["Content-Type"]) == (404, "application/problem+json")
    assert answer.json()["title"] == "There is nothing here"
    assert answer.json()["detail"].startswith("Nothing is at /ru/nothing. ")


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("code", CODES)
def test_links_to_pages_stay_in_the_language(desk: TestClient, code: str, path: str) -> None:
    html = desk.get(f"/{code}{path}").text
    switch = re.compile(r'<nav class="languages".*?</nav>|<link [^>]*hreflang[^>]*>', re.DOTALL)
    ours = [one for one in attributes(switch.sub("", html), "href") if one.startswith("/")]

    strays = [
        one
        for one in ours
        if not one.startswith(f"/{code}/")
        and re.split("[/?]", one.removeprefix("/"))[0] not in MACHINES
    ]
    assert strays == []
    assert any(one.startswith(f"/{code}/") for one in ours)
    assert not any(one.split("/")[2] in MACHINES for one in ours if one.startswith(f"/{code}/"))


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda one: one.code)
def test_a_page_leads_to_itself_in_every_language_with_its_query(
    desk: TestClient, language: object
) -> None:
    prefix = language.prefix  # type: ignore[attr-defined]
    html = desk.get(f"{prefix}/?tag=iso3166:KZ&source=bulletin").text
    switch = html.partition('<nav class="languages"')[2].partition("</nav>")[0]
    query = "?tag=iso3166:KZ&source=bulletin"

    wanted = [f"/{query}", *(f"/{code}/{query}" for code in CODES)]
    assert attributes(switch, "href") == wanted
    assert attributes(html.partition("</head>")[0], "hreflang") == ["en", *CODES]
    (current,) = re.findall(r'<a href="([^"]*)"[^>]* aria-current="true"', switch)
    assert unescape(current) == f"{prefix}/{query}"


def test_the_reference_leads_to_the_front_page_of_other_languages(desk: TestClient) -> None:
    html = desk.get("/docs?said=by-the-first-reader").text
    switch = html.partition('<nav class="languages"')[2].partition("</nav>")[0]

    assert attributes(switch, "href") == ["/", "/ru/", "/kk/", "/ky/", "/uz/"]
    assert "by-the-first-reader" not in html
    assert attributes(html.partition("</head>")[0], "hreflang") == []


def test_a_problem_has_no_alternates(desk: TestClient) -> None:
    assert attributes(desk.get("/articles/none").text.partition("</head>")[0], "hreflang") == []


def test_texts_keep_their_own_language(desk: TestClient) -> None:
    html = desk.get(f"/kk/articles/{article_id(1)}").text

    assert '<h1 class="headline" lang="tg" dir="auto">Headline 1</h1>' in html
    assert '<div class="text" lang="tg" dir="auto">' in html


def test_a_page_has_another_etag_in_each_language(desk: TestClient) -> None:
    for path in ("/", f"/articles/{article_id(1)}", "/rates/KGS-USD"):
        tags = {one.code: desk.get(one.prefix + path).headers["ETag"] for one in LANGUAGES}
        assert len({*tags.values()}) == 5
        same = desk.get(f"/ru{path}", headers={"If-None-Match": tags["ru"]})
        other = desk.get(f"/ru{path}", headers={"If-None-Match": tags["en"]})
        assert (same.status_code, other.status_code) == (304, 200)


def test_neither_a_header_nor_a_cookie_chooses_the_language(desk: TestClient) -> None:
    said = {"Accept-Language": "ru, kk;q=0.9", "Cookie": "language=ru; lang=ru"}

    assert '<html lang="en">' in desk.get("/", headers=said).text
    assert '<html lang="kk">' in desk.get("/kk/", headers=said).text


def test_what_is_for_programs_is_in_no_language(desk: TestClient) -> None:
    """Whoever adds a path for programs names its first part in ``MACHINES``."""
    described = desk.get("/openapi.json").json()["paths"]
    paths = [*described, "/openapi.json", "/static/newswire.css"]

    for path in paths:
        answer = desk.get(f"/ru{path}")
        assert (path, answer.status_code) == (path, 404)
        assert answer.json()["type"] == "urn:newswire:problem:not-found"


@pytest.mark.parametrize(
    ("path", "status", "lang"),
    [
        ("/ru", 200, "ru"),
        ("/ru?tag=iso3166:KZ", 200, "ru"),
        ("/%72u/", 200, "ru"),
        ("/ru%2Frates%2FKGS-USD", 200, "ru"),
        ("/RU/", 404, "en"),
        ("//ru/", 404, "en"),
        ("/ru//", 404, "ru"),
        ("/ru//evil.example/", 404, "ru"),
        ("//evil.example/", 404, "en"),
        ("/ru/\\evil.example/", 404, "ru"),
        ("/ru/%5Cevil.example/", 404, "ru"),
        ("/ru/%2F%2Fevil.example/", 404, "ru"),
        ("/ru/%0d%0aLocation:%20https:%2F%2Fevil.example", 404, "ru"),
        ("/ru/ru/", 404, "ru"),
        ("/ru/kk/", 404, "ru"),
        ("/en/", 404, "en"),
        ("/ru/%22%3E%3Cscript%3Ealert(1)%3C/script%3E", 404, "ru"),
        ("/ru/" + "%D0%B0" * 2_000, 404, "ru"),
        ("/ru/%ff%fe%00", 404, "ru"),
        ("/de/", 404, "en"),
        ("/r%D1%83/", 404, "en"),
    ],
)
def test_a_strange_path_is_a_page_or_a_problem_and_leads_nowhere_else(
    desk: TestClient, path: str, status: int, lang: str
) -> None:
    answer = desk.get(f"http://testserver{path}", headers=HTML, follow_redirects=False)

    assert (answer.status_code, "Location" in answer.headers) == (status, False)
    assert f'<html lang="{lang}">' in answer.text
    assert len(answer.content) < (20_000 if status == 200 else 10_000)
    assert "<script>alert" not in answer.text
    hrefs = [one for one in attributes(answer.text, "href") if one != "#content"]
    assert hrefs
    own = f"{SITE.url}/"  # as the operator says, whatever Host is
    assert [
        one for one in hrefs if not one.startswith(own) and not re.match(r"/(?![/\\])", one)
    ] == []


def test_a_page_with_a_long_address_leads_to_the_front_page_of_other_languages(
    desk: TestClient,
) -> None:
    html = desk.get("/?source=bulletin&utm_source=" + "y" * 1_000).text
    switch = html.partition('<nav class="languages"')[2].partition("</nav>")[0]

    assert attributes(switch, "href") == ["/", "/ru/", "/kk/", "/ky/", "/uz/"]
